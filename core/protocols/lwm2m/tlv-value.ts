import { type CodecFault, Lwm2mCodecError } from './codec-error.ts';
import { type DataType, inRange, isWellFormed, type Lwm2mValue, rangeText, toInteger } from './value.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The text that bytes are in UTF-8; undefined if they are none. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * The value that an entry of TLV holds (LwM2M Core 1.1.1, appendix C): whole numbers in 1, 2, 4 or 8 bytes, FLOAT in 4
 * or 8, BOOLEAN in 1, OBJLNK in 4. Without a type they are bytes.
 * @param refuse throws, with the place of the entry.
 */
export function decodeTlvValue(
  bytes: Uint8Array,
  type: DataType | undefined,
  refuse: (fault: CodecFault, reason: string) => never,
): Lwm2mValue {
  const length = (...allowed: number[]) => {
    if (!allowed.includes(bytes.length))
      refuse('malformed', `${type} takes ${allowed.join(', ')} bytes, not ${bytes.length}`);
  };
  switch (type) {
    case undefined:
    case 'OPAQUE':
      return { type: 'OPAQUE', value: bytes };
    case 'STRING':
    case 'CORELNK':
      return { type, value: textOf(bytes) ?? refuse('malformed', 'the text is not UTF-8') };
    case 'INTEGER':
    case 'TIME':
    case 'UNSIGNED_INTEGER':
      length(1, 2, 4, 8);
      return { type, value: toInteger(wholeOf(bytes, type !== 'UNSIGNED_INTEGER')) };
    case 'FLOAT':
      length(4, 8);
      return { type, value: bytes.length === 4 ? view(bytes).getFloat32(0) : view(bytes).getFloat64(0) };
    case 'BOOLEAN':
      length(1);
      if (bytes[0] !== 0 && bytes[0] !== 1) refuse('malformed', `BOOLEAN is 0 or 1, not ${bytes[0]}`);
      return { type, value: bytes[0] === 1 };
    case 'OBJLNK':
      length(4);
      return { type, value: { objectId: view(bytes).getUint16(0), instanceId: view(bytes).getUint16(2) } };
    case 'NONE':
      return refuse('type', 'the resource can only be executed and has no value');
  }
}

function wholeOf(bytes: Uint8Array, signed: boolean): bigint {
  let whole = 0n;
  for (const byte of bytes) whole = (whole << 8n) | BigInt(byte);
  return signed ? BigInt.asIntN(bytes.length * 8, whole) : whole;
}

/**
 * A value in the fewest bytes of its type; also the form of a single value in FLOAT's 4 bytes where that is exact.
 * @throws Lwm2mCodecError `range` for a whole number that 64 bits do not hold.
 */
export function encodeTlvValue(value: Lwm2mValue, where: string): Uint8Array {
  switch (value.type) {
    case 'OPAQUE':
      return value.value;
    case 'STRING':
    case 'CORELNK':
      if (!isWellFormed(value.value))
        throw new Lwm2mCodecError('type', 'the text has half a surrogate pair', { format: 'TLV', where });
      return new TextEncoder().encode(value.value);
    case 'INTEGER':
    case 'TIME':
    case 'UNSIGNED_INTEGER': {
      if (!inRange(value.type, value.value))
        throw new Lwm2mCodecError('range', `${value.type} holds ${rangeText(value.type)}`, {
          format: 'TLV',
          where,
        });
      return bytesOfWhole(BigInt(value.value), value.type !== 'UNSIGNED_INTEGER');
    }
    case 'FLOAT': {
      const exact = Math.fround(value.value) === value.value || Number.isNaN(value.value);
      const bytes = new Uint8Array(exact ? 4 : 8);
      if (exact) view(bytes).setFloat32(0, value.value);
      else view(bytes).setFloat64(0, value.value);
      return bytes;
    }
    case 'BOOLEAN':
      return Uint8Array.of(value.value ? 1 : 0);
    case 'OBJLNK': {
      const bytes = new Uint8Array(4);
      view(bytes).setUint16(0, value.value.objectId);
      view(bytes).setUint16(2, value.value.instanceId);
      return bytes;
    }
  }
}

function bytesOfWhole(whole: bigint, signed: boolean): Uint8Array {
  const fits = (bits: number) =>
    (signed ? BigInt.asIntN(bits, whole) : BigInt.asUintN(bits, whole)) === whole;
  const size = [1, 2, 4].find((bytes) => fits(bytes * 8)) ?? 8;
  const bytes = new Uint8Array(size);
  let rest = BigInt.asUintN(64, whole);
  for (let index = size - 1; index >= 0; index--) {
    bytes[index] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return bytes;
}
