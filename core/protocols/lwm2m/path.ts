import { Lwm2mCodecError } from './codec-error.ts';

/** What a path leads to, by its number of segments. */
export const pathKinds = ['root', 'object', 'instance', 'resource', 'resource-instance'] as const;
export type PathKind = (typeof pathKinds)[number];

const maxId = 65_535;
/** LwM2M Core 1.1.1, 7.2: MAX_ID names no object instance. */
export const maxInstanceId = maxId - 1;

const largest = [maxId, maxInstanceId, maxId, maxId] as const;
const names = ['object', 'object instance', 'resource', 'resource instance'] as const;

function refuse(reason: string, where: string): never {
  throw new Lwm2mCodecError('path', reason, { format: 'path', where });
}

function checkId(id: number, level: number, where: string): void {
  const most = largest[level] ?? maxId;
  if (!Number.isInteger(id) || id < 0 || id > most)
    refuse(`the ${names[level]} id has to be a whole number from 0 to ${most}, not ${id}`, where);
}

/**
 * A path of LwM2M: `/`, `/object`, `/object/instance`, `/object/instance/resource` or one with a resource instance
 * (LwM2M Core 1.1.1, 7.3.1). Paths are immutable; compare them with `equals` or as texts.
 */
export class Lwm2mPath {
  static readonly root = new Lwm2mPath([]);

  /** Ids from the object on; none for the root. */
  readonly ids: readonly number[];

  private constructor(ids: readonly number[]) {
    this.ids = ids;
  }

  /** @throws Lwm2mCodecError `path` for more than four ids, or an id out of its range. */
  static of(...ids: readonly number[]): Lwm2mPath {
    const where = `/${ids.join('/')}`;
    if (ids.length > 4) refuse('a path has at most four segments', where);
    ids.forEach((id, level) => {
      checkId(id, level, where);
    });
    return ids.length === 0 ? Lwm2mPath.root : new Lwm2mPath([...ids]);
  }

  /**
   * Reads the text of a path: decimal ids without leading zeros, each after a `/`; nothing behind the last one.
   * @throws Lwm2mCodecError `path`.
   */
  static parse(text: string): Lwm2mPath {
    const where = JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
    if (text === '/') return Lwm2mPath.root;
    if (!text.startsWith('/')) refuse('a path begins with /', where);
    const segments = text.slice(1).split('/');
    if (segments.length > 4) refuse('a path has at most four segments', where);
    const ids = segments.map((segment, level) => {
      if (!/^(0|[1-9]\d{0,4})$/.test(segment))
        refuse(`the ${names[level]} id has to be a decimal number without leading zeros`, where);
      const id = Number(segment);
      checkId(id, level, where);
      return id;
    });
    return new Lwm2mPath(ids);
  }

  /** `parse` without an error: undefined for a text that is no path. */
  static tryParse(text: string): Lwm2mPath | undefined {
    try {
      return Lwm2mPath.parse(text);
    } catch (error) {
      if (error instanceof Lwm2mCodecError) return undefined;
      throw error;
    }
  }

  get kind(): PathKind {
    return pathKinds[this.ids.length] as PathKind;
  }

  get objectId(): number | undefined {
    return this.ids[0];
  }

  get instanceId(): number | undefined {
    return this.ids[1];
  }

  get resourceId(): number | undefined {
    return this.ids[2];
  }

  get resourceInstanceId(): number | undefined {
    return this.ids[3];
  }

  /** One level up; the root has none. */
  get parent(): Lwm2mPath | undefined {
    return this.ids.length === 0 ? undefined : new Lwm2mPath(this.ids.slice(0, -1));
  }

  /** @throws Lwm2mCodecError `path` below a resource instance, or for an id out of its range. */
  child(id: number): Lwm2mPath {
    return Lwm2mPath.of(...this.ids, id);
  }

  equals(other: Lwm2mPath): boolean {
    return this.ids.length === other.ids.length && other.startsWith(this);
  }

  /** Whether it is `ancestor` or lies below it. */
  startsWith(ancestor: Lwm2mPath): boolean {
    return ancestor.ids.every((id, level) => this.ids[level] === id);
  }

  toString(): string {
    return `/${this.ids.join('/')}`;
  }

  toJSON(): string {
    return this.toString();
  }
}

/** Orders paths by their ids, a path before those below it. */
export function comparePaths(one: Lwm2mPath, other: Lwm2mPath): number {
  const levels = Math.min(one.ids.length, other.ids.length);
  for (let level = 0; level < levels; level++) {
    const difference = (one.ids[level] as number) - (other.ids[level] as number);
    if (difference !== 0) return difference;
  }
  return one.ids.length - other.ids.length;
}
