import type { RespondingDevice } from './responder.ts';

/**
 * What the devices of a fleet have of one kind, by name: parameters, or versions of resources. All responders of the
 * kind share it: who answers a request says nothing about what the device has.
 */
export class Holding<Value> {
  private readonly kind: string;
  private readonly atFirst: ReadonlyMap<string, Value>;

  /** @param atFirst what each responder says that devices have at first; of two with one name, the first counts */
  constructor(kind: string, atFirst: readonly (readonly [string, Value])[]) {
    this.kind = kind;
    this.atFirst = new Map([...atFirst].reverse());
  }

  /** What a device has now; whoever changes it, changes what the device has. */
  of({ memory }: RespondingDevice): Map<string, Value> {
    const known = memory.get(this.kind) as Map<string, Value> | undefined;
    if (known) return known;
    const made = new Map(this.atFirst);
    memory.set(this.kind, made);
    return made;
  }
}
