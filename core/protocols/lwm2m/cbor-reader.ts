import { Lwm2mCodecError } from './codec-error.ts';
import { type Integer, toInteger } from './value.ts';
import { isWhole, type WireWhole } from './wire-number.ts';

/** A tag around an item (RFC 8949, 3.4). */
export interface CborTagged {
  readonly tag: Integer;
  readonly item: CborItem;
}

/** A simple value other than false, true and null; 23 is `undefined`. */
export interface CborSimple {
  readonly simple: number;
}

export type CborItem =
  | WireWhole
  | number
  | string
  | boolean
  | null
  | Uint8Array
  | CborItem[]
  | ReadonlyMap<CborItem, CborItem>
  | CborTagged
  | CborSimple;

/** Items within one another; SenML needs two. */
const maxDepth = 16;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const isBreak = Symbol('break');

/**
 * Reads CBOR strictly (RFC 8949): one item and nothing behind it; well-formed; texts in UTF-8; no key of a map twice.
 * Lengths and numbers need not be in their shortest form, and may be indefinite, for that is well-formed too.
 */
class CborReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #format: string;
  #at = 0;

  constructor(bytes: Uint8Array, format: string) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#format = format;
  }

  document(): CborItem {
    const item = this.#item(0);
    if (this.#at < this.#bytes.length) this.#refuse('malformed', 'there is something behind the item');
    return item;
  }

  #refuse(fault: 'malformed' | 'truncated' | 'limit', reason: string, offset = this.#at): never {
    throw new Lwm2mCodecError(fault, reason, { format: this.#format, offset });
  }

  #take(length: number, what: string): number {
    const start = this.#at;
    if (start + length > this.#bytes.length)
      this.#refuse('truncated', `it ends within ${what}`, this.#bytes.length);
    this.#at += length;
    return start;
  }

  /** An item, which must not be the end of an indefinite one. */
  #item(depth: number): CborItem {
    const offset = this.#at;
    const item = this.#itemOrBreak(depth);
    return item === isBreak ? this.#refuse('malformed', 'a break where an item has to be', offset) : item;
  }

  #itemOrBreak(depth: number): CborItem | typeof isBreak {
    const offset = this.#at;
    if (depth > maxDepth) this.#refuse('limit', `items are within one another more than ${maxDepth} deep`);
    const initial = this.#view.getUint8(this.#take(1, 'an item that has to follow'));
    const major = initial >> 5;
    const info = initial & 0x1f;
    if (info > 27 && info < 31)
      this.#refuse('malformed', `byte 0x${initial.toString(16)} begins no item`, offset);
    if (major === 7) return this.#simpleOrFloat(info, offset);
    const argument = info === 31 ? undefined : this.#argument(info);
    if (argument === undefined && (major < 2 || major === 6))
      this.#refuse('malformed', 'a number or tag cannot be of indefinite length', offset);
    switch (major) {
      case 0:
        return { whole: argument ?? 0 };
      case 1:
        return { whole: toInteger(-1n - BigInt(argument ?? 0)) };
      case 2:
        return this.#chunks(2, argument, (start, end) => this.#bytes.slice(start, end), joinBytes);
      case 3:
        return this.#chunks(
          3,
          argument,
          (start, end) => this.#text(start, end),
          (texts) => texts.join(''),
        );
      case 4:
        return this.#array(argument, depth);
      case 5:
        return this.#map(argument, depth);
      default:
        return { tag: argument ?? 0, item: this.#item(depth + 1) };
    }
  }

  #argument(info: number): Integer {
    switch (info) {
      case 24:
        return this.#view.getUint8(this.#take(1, 'a number'));
      case 25:
        return this.#view.getUint16(this.#take(2, 'a number'));
      case 26:
        return this.#view.getUint32(this.#take(4, 'a number'));
      case 27:
        return toInteger(this.#view.getBigUint64(this.#take(8, 'a number')));
      default:
        return info;
    }
  }

  #length(argument: Integer, what: string): number {
    const left = this.#bytes.length - this.#at;
    if (argument > left)
      this.#refuse('truncated', `${what} of length ${argument} does not fit into the ${left} bytes left`);
    return Number(argument);
  }

  #text(start: number, end: number): string {
    try {
      return utf8.decode(this.#bytes.subarray(start, end));
    } catch {
      return this.#refuse('malformed', 'the text is not UTF-8', start);
    }
  }

  /** A string of bytes or of text: whole, or for an indefinite length in pieces that are whole. */
  #chunks<Part>(
    major: number,
    argument: Integer | undefined,
    read: (start: number, end: number) => Part,
    join: (parts: Part[]) => Part,
  ): Part {
    const one = (length: Integer): Part => {
      const bytes = this.#length(length, 'a string');
      const start = this.#take(bytes, 'a string');
      return read(start, start + bytes);
    };
    if (argument !== undefined) return one(argument);
    const parts: Part[] = [];
    for (;;) {
      const offset = this.#at;
      const initial = this.#view.getUint8(this.#take(1, 'a string of indefinite length'));
      if (initial === 0xff) return join(parts);
      const info = initial & 0x1f;
      if (initial >> 5 !== major || info > 27)
        this.#refuse('malformed', 'a string of indefinite length holds strings of its kind only', offset);
      parts.push(one(this.#argument(info)));
    }
  }

  #array(argument: Integer | undefined, depth: number): CborItem[] {
    const items: CborItem[] = [];
    const length = argument === undefined ? Number.POSITIVE_INFINITY : this.#length(argument, 'an array');
    while (items.length < length) {
      const item = argument === undefined ? this.#itemOrBreak(depth + 1) : this.#item(depth + 1);
      if (item === isBreak) break;
      items.push(item);
    }
    return items;
  }

  #map(argument: Integer | undefined, depth: number): ReadonlyMap<CborItem, CborItem> {
    const map = new Map<CborItem, CborItem>();
    const seen = new Set<unknown>();
    const length = argument === undefined ? Number.POSITIVE_INFINITY : this.#length(argument, 'a map');
    for (let index = 0; index < length; index++) {
      const offset = this.#at;
      const key = argument === undefined ? this.#itemOrBreak(depth + 1) : this.#item(depth + 1);
      if (key === isBreak) break;
      const identity = isWhole(key) ? `#${key.whole}` : typeof key === 'string' ? `"${key}` : key;
      if (seen.has(identity)) this.#refuse('malformed', 'a key is in the map twice', offset);
      seen.add(identity);
      map.set(key, this.#item(depth + 1));
    }
    return map;
  }

  #simpleOrFloat(info: number, offset: number): CborItem | typeof isBreak {
    switch (info) {
      case 20:
        return false;
      case 21:
        return true;
      case 22:
        return null;
      case 24: {
        const simple = this.#view.getUint8(this.#take(1, 'a simple value'));
        if (simple < 32) this.#refuse('malformed', `simple value ${simple} cannot take two bytes`, offset);
        return { simple };
      }
      case 25:
        return half(this.#view.getUint16(this.#take(2, 'a number')));
      case 26:
        return this.#view.getFloat32(this.#take(4, 'a number'));
      case 27:
        return this.#view.getFloat64(this.#take(8, 'a number'));
      case 31:
        return isBreak;
      default:
        return { simple: info };
    }
  }
}

function joinBytes(parts: Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

/** A float of 16 bits (RFC 8949, appendix D). */
function half(bits: number): number {
  const exponent = (bits >> 10) & 0x1f;
  const mantissa = bits & 0x3ff;
  const sign = bits & 0x8000 ? -1 : 1;
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  if (exponent === 31) return mantissa === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (mantissa + 1024) * 2 ** (exponent - 25);
}

export const isTagged = (item: CborItem): item is CborTagged =>
  typeof item === 'object' && item !== null && 'tag' in item;

/** The one item that bytes are. @throws Lwm2mCodecError with the byte where it goes wrong. */
export function readCbor(bytes: Uint8Array, format: string): CborItem {
  return new CborReader(bytes, format).document();
}
