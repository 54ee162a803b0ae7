import type { ApplyResult, QueryResult } from './database.ts';
import type { Statement } from './types.ts';

/** Bytes within a buffer that moves between threads. */
export interface Slice {
  readonly buffer: ArrayBuffer;
  readonly offset: number;
  readonly length: number;
}

/** Where a group's payload is within a segment. */
export interface GroupPlace {
  readonly sequence: number;
  readonly offset: number;
  readonly length: number;
}

/** What the worker can be asked, by name: argument and answer. */
export interface Calls {
  open: { argument: Slice | undefined; answer: undefined };
  replay: { argument: { segment: ArrayBuffer; groups: readonly GroupPlace[] }; answer: ApplyResult };
  query: { argument: Statement; answer: QueryResult };
  /** Freezes the database with everything that was posted before, for {@link Calls.readFrozen}. */
  freeze: { argument: undefined; answer: FrozenImage };
  /** Fills the buffer with what comes next of the frozen database, and gives it back. */
  readFrozen: { argument: ArrayBuffer; answer: FrozenPart };
  /** Ends what {@link Calls.freeze} began. */
  thaw: { argument: undefined; answer: undefined };
  close: { argument: undefined; answer: undefined };
}

/** A database as it was behind a group. */
export interface FrozenImage {
  readonly lastGroup: number;
  readonly bytes: number;
}

export interface FrozenPart {
  readonly buffer: ArrayBuffer;
  /** Bytes of the buffer that were filled; 0 at the end. */
  readonly length: number;
  /** CRC-32 of all parts so far, made by the worker so that it costs the main thread nothing. */
  readonly crc: number;
}

export type CallName = keyof Calls;

export type Request =
  | { [Name in CallName]: { kind: Name; id: number; argument: Calls[Name]['argument'] } }[CallName]
  | { kind: 'apply'; sequence: number; payload: Slice };

export type Report =
  | { kind: 'answer'; id: number; answer: unknown }
  | { kind: 'refused'; id: number; reason: string }
  /** With the bytes that the database takes now. */
  | { kind: 'applied'; sequence: number; usedBytes: number }
  /** Nothing more is applied after this. */
  | { kind: 'failed'; reason: string };

/** Buffers below this size may be parts of Node's shared pool, which must not move to another thread. */
const alwaysOwnBytes = 65_536;

/** The bytes as a slice of a buffer that may move to another thread. */
export function sliceOf(bytes: Uint8Array): Slice {
  const { buffer, byteOffset, byteLength } = bytes;
  if (byteLength < alwaysOwnBytes || !(buffer instanceof ArrayBuffer)) {
    return { buffer: Uint8Array.from(bytes).buffer, offset: 0, length: byteLength };
  }
  return { buffer, offset: byteOffset, length: byteLength };
}
