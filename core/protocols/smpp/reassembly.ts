import type { PartOf } from './user-data-header.ts';

/** The part of a clock that reassembly needs. */
export interface ReassemblyClock {
  after(name: string, delayMs: number, run: () => void): { cancel(): void };
}

export interface ReassemblyLimits {
  /** How long the parts of a message may take to come, from the first that came. */
  readonly waitMs: number;
  /** Most messages that wait for parts at a time; the one that waits for longest gives way. */
  readonly maxMessages: number;
}

interface Waiting<Part> {
  readonly key: string;
  readonly parts: (Part | undefined)[];
  missing: number;
  readonly timer: { cancel(): void };
}

/** Why a message was given up. */
export type GivenUp = 'timeout' | 'overload';

/** Puts the parts of long messages together, in whatever order they come. */
export class Reassembly<Part> {
  private readonly clock: ReassemblyClock;
  private readonly limits: ReassemblyLimits;
  private readonly gaveUp: (parts: Part[], total: number, why: GivenUp) => void;
  /** In the order of their first parts. */
  private readonly waiting = new Map<string, Waiting<Part>>();

  /** @param gaveUp is told the parts of a message that will not be whole, and how many it has */
  constructor(
    clock: ReassemblyClock,
    limits: ReassemblyLimits,
    gaveUp: (parts: Part[], total: number, why: GivenUp) => void,
  ) {
    this.clock = clock;
    this.limits = limits;
    this.gaveUp = gaveUp;
  }

  /** Messages that wait for parts. */
  get size(): number {
    return this.waiting.size;
  }

  /**
   * @param sender whose references these are: both numbers of the message, for others use the same references
   * @param waitMs less than the limit for a part that came before a restart
   * @returns all parts in their order when this is the last that was missing; `waiting` for one that is not; `repeated` for
   *   one that is there already
   */
  take(sender: string, of: PartOf, part: Part, waitMs = this.limits.waitMs): Part[] | 'waiting' | 'repeated' {
    if (of.total === 1) return [part];
    const key = `${sender} ${of.reference} ${of.total}`;
    const message = this.waiting.get(key) ?? this.begin(key, of.total, waitMs);
    if (message.parts[of.number - 1] !== undefined) return 'repeated';
    message.parts[of.number - 1] = part;
    message.missing -= 1;
    if (message.missing > 0) return 'waiting';
    this.forget(message);
    return present(message);
  }

  /** Gives up nothing: what waits is forgotten. */
  clear(): void {
    for (const message of [...this.waiting.values()]) this.forget(message);
  }

  private begin(key: string, total: number, waitMs: number): Waiting<Part> {
    const [oldest] = this.waiting.values();
    if (oldest && this.waiting.size >= this.limits.maxMessages) this.giveUp(oldest, 'overload');
    const timer = this.clock.after('smpp-reassembly', waitMs, () => this.giveUp(message, 'timeout'));
    const message: Waiting<Part> = {
      key,
      parts: new Array<Part | undefined>(total).fill(undefined),
      missing: total,
      timer,
    };
    this.waiting.set(key, message);
    return message;
  }

  private giveUp(message: Waiting<Part>, why: GivenUp): void {
    this.forget(message);
    this.gaveUp(present(message), message.parts.length, why);
  }

  private forget(message: Waiting<Part>): void {
    message.timer.cancel();
    this.waiting.delete(message.key);
  }
}

const present = <Part>({ parts }: Waiting<Part>): Part[] => parts.filter((part) => part !== undefined);
