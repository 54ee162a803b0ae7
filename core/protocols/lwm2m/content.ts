import { Lwm2mCodecError } from './codec-error.ts';
import type { Lwm2mPath } from './path.ts';
import type { DataType, Lwm2mValue } from './value.ts';

/** A value at its path, as a payload has it. */
export interface ResourceRecord {
  /** Of a resource, or of an instance of one. */
  readonly path: Lwm2mPath;
  readonly value: Lwm2mValue;
  /** When it was so, in milliseconds since 1970; absent when the payload does not say. */
  readonly timestampMs?: number;
  /** No model says which type it has: the type is the one nearest to how it was written. */
  readonly guessed?: true;
}

/** What a payload says, whatever its format. */
export interface Content {
  /** In the order of the payload. */
  readonly records: readonly ResourceRecord[];
  /** Object instances and resources with instances that are there and have nothing in them (TLV only). */
  readonly empty: readonly Lwm2mPath[];
}

/** What codecs ask of a model. */
export interface ResourceFacts {
  readonly type: DataType;
  /** Whether it has instances. */
  readonly multiple: boolean;
}

/** Finds a resource of the objects of one device, each in the version that the device has. */
export type FindResource = (objectId: number, resourceId: number) => ResourceFacts | undefined;

export interface ContentLimits {
  /** Most bytes of a payload. */
  readonly maxBytes: number;
  /** Most values of a payload. */
  readonly maxRecords: number;
}

export const defaultContentLimits: ContentLimits = { maxBytes: 1_048_576, maxRecords: 10_000 };

export interface DecodeContext {
  /** What the request or observation pointed at; the root for composite ones and for Send. */
  readonly path: Lwm2mPath;
  /** Types of resources; without it, and where it knows nothing, types are guessed. */
  readonly findResource?: FindResource;
  /** When the payload came, in milliseconds since 1970: times that are relative count from here. */
  readonly nowMs: number;
  /**
   * The instance that resources in TLV are of when they have no instance around them and `path` is that of an object; 0
   * unless given. For Create, whose client may choose the id (LwM2M Core 1.1.1, 6.3.6).
   */
  readonly newInstanceId?: number;
  /** `defaultContentLimits` unless given. */
  readonly limits?: ContentLimits;
}

/** The type of a resource, unless no model knows it. */
export function typeAt(path: Lwm2mPath, find: FindResource | undefined): DataType | undefined {
  const { objectId, resourceId } = path;
  return objectId === undefined || resourceId === undefined ? undefined : find?.(objectId, resourceId)?.type;
}

/** A record, marked when its type was guessed, and timed when there is a time. */
export function recordOf(
  path: Lwm2mPath,
  value: Lwm2mValue,
  modelType: DataType | undefined,
  timestampMs?: number,
): ResourceRecord {
  return {
    path,
    value,
    ...(timestampMs !== undefined && { timestampMs }),
    ...(modelType === undefined && { guessed: true as const }),
  };
}

/** Refuses a payload that is longer than the limits allow. */
export function checkSize(bytes: Uint8Array, limits: ContentLimits, format: string): void {
  if (bytes.length > limits.maxBytes)
    throw new Lwm2mCodecError('limit', `${bytes.length} bytes are more than maxBytes, ${limits.maxBytes}`, {
      format,
    });
}

/** Refuses one record more than the limits allow. */
export function checkRecords(count: number, limits: ContentLimits, format: string): void {
  if (count > limits.maxRecords)
    throw new Lwm2mCodecError('limit', `it has more values than maxRecords, ${limits.maxRecords}`, {
      format,
    });
}

/** Refuses what is not a path of a value, and a path outside of what was asked for. */
export function checkRecordPath(path: Lwm2mPath, base: Lwm2mPath, format: string, where: string): void {
  if (path.resourceId === undefined)
    throw new Lwm2mCodecError('path', `${path} is not the path of a resource`, { format, where });
  if (!path.startsWith(base))
    throw new Lwm2mCodecError('path', `${path} is not at or below ${base}, which was asked for`, {
      format,
      where,
    });
}

/** Refuses two values for the same path and time. */
export function checkDistinct(records: readonly ResourceRecord[], format: string): void {
  const seen = new Set<string>();
  for (const { path, timestampMs } of records) {
    const key = `${path}@${timestampMs ?? ''}`;
    if (seen.has(key))
      throw new Lwm2mCodecError('malformed', `${path} has two values for one time`, { format });
    seen.add(key);
  }
}
