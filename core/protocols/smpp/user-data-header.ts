import { malformed, requireRange } from './errors.ts';
import { commandStatus } from './status.ts';

/** Which part of a long message this is. */
export interface PartOf {
  /** The same for all parts; 8 bits in a header of the short form, else 16. */
  readonly reference: number;
  /** 1 to 255. */
  readonly total: number;
  /** From 1 to {@link total}. */
  readonly number: number;
}

export interface UserData {
  /** Bytes of the header with its length; 0 without one. */
  readonly headerBytes: number;
  /** What is behind the header. */
  readonly content: Uint8Array;
  readonly part: PartOf | undefined;
}

const concatenation8 = 0x00;
const concatenation16 = 0x08;

/**
 * Takes the user data header off a message (3GPP 23.040, 9.2.3.24). Elements beside concatenation are skipped; of two
 * concatenations the last counts, and one that says what cannot be counts as none.
 * @throws SmppError `smpp.malformed` where the header, or an element of it, ends behind its room
 */
export function readUserDataHeader(bytes: Uint8Array): UserData {
  const headerBytes = (bytes[0] ?? 0) + 1;
  if (bytes.length < headerBytes) {
    throw malformed(
      `the user data header has ${headerBytes} bytes where the message has ${bytes.length}`,
      commandStatus.ESME_RINVMSGLEN,
    );
  }
  let part: PartOf | undefined;
  let at = 1;
  while (at < headerBytes) {
    const id = bytes[at];
    const length = bytes[at + 1];
    if (length === undefined || at + 2 + length > headerBytes) {
      throw malformed(`element ${id} of the user data header ends behind it`, commandStatus.ESME_RINVMSGLEN);
    }
    const value = bytes.subarray(at + 2, at + 2 + length);
    if (id === concatenation8 && length === 3) part = partOf(value[0] ?? 0, value[1], value[2]) ?? part;
    if (id === concatenation16 && length === 4) {
      part = partOf((value[0] ?? 0) * 256 + (value[1] ?? 0), value[2], value[3]) ?? part;
    }
    at += 2 + length;
  }
  return { headerBytes, content: new Uint8Array(bytes.subarray(headerBytes)), part };
}

/** What says which part a message is, by a header or by options; undefined for what cannot be. */
export function partOf(reference: number, total = 0, number = 0): PartOf | undefined {
  if (total < 1 || number < 1 || number > total) return undefined;
  return { reference, total, number };
}

/** @throws SmppError `smpp.range` */
export function writeConcatenation({ reference, total, number }: PartOf, bits: 8 | 16): Uint8Array {
  requireRange('total', total, 1, 255);
  requireRange('number', number, 1, total);
  requireRange('reference', reference, 0, bits === 8 ? 0xff : 0xffff);
  if (bits === 8) return Uint8Array.of(5, concatenation8, 3, reference, total, number);
  return Uint8Array.of(6, concatenation16, 4, reference >>> 8, reference & 0xff, total, number);
}

/** Bytes that {@link writeConcatenation} makes. */
export const concatenationBytes = (bits: 8 | 16): number => (bits === 8 ? 6 : 7);
