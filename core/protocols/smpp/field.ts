import { malformed, requireRange, SmppError } from './errors.ts';
import { commandStatus } from './status.ts';

/** How far a PDU was read. */
export interface Cursor {
  readonly bytes: Uint8Array;
  at: number;
}

/** One mandatory parameter of a PDU (SMPP 3.4, 3.1). */
export interface Field<Value> {
  readonly empty: Value;
  /** @throws SmppError `smpp.malformed` */
  read(from: Cursor, name: string): Value;
  /** @throws SmppError `smpp.range` */
  write(to: number[], value: Value, name: string): void;
}

/**
 * C-Octet String: ASCII that ends with a zero. Bytes above 127 are read as ISO 8859-1, for centres that send them.
 * @param size bytes that it may have, with the zero
 */
export function text(size: number): Field<string> {
  return {
    empty: '',
    read(from, name) {
      const end = from.bytes.indexOf(0, from.at);
      if (end < 0) throw malformed(`${name} does not end`, commandStatus.ESME_RINVCMDLEN);
      if (end - from.at >= size) {
        throw malformed(
          `${name} has ${end - from.at} characters, of ${size - 1} at most`,
          commandStatus.ESME_RINVPARLEN,
        );
      }
      const value = Buffer.from(from.bytes.subarray(from.at, end)).toString('latin1');
      from.at = end + 1;
      return value;
    },
    write(to, value, name) {
      if (value.length >= size || !isLatin1(value)) {
        throw new SmppError(
          'smpp.range',
          `${name} must have at most ${size - 1} characters of ISO 8859-1 and no zero, got ${JSON.stringify(value)}`,
        );
      }
      for (let index = 0; index < value.length; index++) to.push(value.charCodeAt(index));
      to.push(0);
    },
  };
}

/** True for ISO 8859-1 without zeros. */
export const isLatin1 = (value: string): boolean =>
  !value.includes('\0') && Buffer.from(value, 'latin1').toString('latin1') === value;

/** Integer of one byte. */
export const octet: Field<number> = {
  empty: 0,
  read(from, name) {
    const value = from.bytes[from.at];
    if (value === undefined) throw missing(name);
    from.at += 1;
    return value;
  },
  write(to, value, name) {
    requireRange(name, value, 0, 0xff);
    to.push(value);
  },
};

/** sm_length and short_message: at most 254 bytes (SMPP 3.4, 5.2.21). */
export const shortMessage: Field<Uint8Array> = {
  empty: new Uint8Array(0),
  read(from, name) {
    const length = octet.read(from, 'sm_length');
    if (length > maxShortMessageBytes || from.at + length > from.bytes.length) {
      throw malformed(
        `sm_length is ${length} where ${name} has ${from.bytes.length - from.at} bytes and may have ${maxShortMessageBytes}`,
        commandStatus.ESME_RINVMSGLEN,
      );
    }
    const value = new Uint8Array(from.bytes.subarray(from.at, from.at + length));
    from.at += length;
    return value;
  },
  write(to, value, name) {
    requireRange(`length of ${name}`, value.length, 0, maxShortMessageBytes);
    to.push(value.length, ...value);
  },
};

/** More goes into message_payload. */
export const maxShortMessageBytes = 254;

function missing(name: string): SmppError {
  return malformed(`the PDU ends before ${name}`, commandStatus.ESME_RINVCMDLEN);
}
