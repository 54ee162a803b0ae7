import type { Integer } from './value.ts';
import { isWhole, type WireWhole } from './wire-number.ts';

/** What is written as CBOR. A `number` is a float, whatever its value; whole numbers are `{ whole }`. */
export type CborNode =
  | WireWhole
  | number
  | string
  | boolean
  | Uint8Array
  | readonly CborNode[]
  | ReadonlyMap<CborNode, CborNode>
  | { readonly tag: number; readonly item: CborNode };

/** A growing list of bytes. */
class Bytes {
  #bytes = new Uint8Array(256);
  #length = 0;

  #room(length: number): number {
    const start = this.#length;
    this.#length += length;
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#length, this.#bytes.length * 2));
      larger.set(this.#bytes.subarray(0, start));
      this.#bytes = larger;
    }
    return start;
  }

  add(bytes: Uint8Array): void {
    const start = this.#room(bytes.length);
    this.#bytes.set(bytes, start);
  }

  view(length: number): DataView {
    const start = this.#room(length);
    return new DataView(this.#bytes.buffer, start, length);
  }

  taken(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }
}

/** An item in its shortest form (RFC 8949, 4.2.1), but for maps, which keep the order of their keys. */
export function writeCbor(node: CborNode): Uint8Array {
  const out = new Bytes();
  write(node, out);
  return out.taken();
}

function write(node: CborNode, out: Bytes): void {
  if (typeof node === 'boolean') out.add(Uint8Array.of(node ? 0xf5 : 0xf4));
  else if (typeof node === 'number') float(node, out);
  else if (typeof node === 'string') {
    const bytes = new TextEncoder().encode(node);
    head(3, bytes.length, out);
    out.add(bytes);
  } else if (node instanceof Uint8Array) {
    head(2, node.length, out);
    out.add(node);
  } else if (node instanceof Map) {
    head(5, node.size, out);
    for (const [key, value] of node as ReadonlyMap<CborNode, CborNode>) {
      write(key, out);
      write(value, out);
    }
  } else if (Array.isArray(node)) {
    head(4, node.length, out);
    for (const item of node) write(item, out);
  } else if (isWhole(node)) {
    if (node.whole < 0) head(1, -1n - BigInt(node.whole), out);
    else head(0, node.whole, out);
  } else {
    const { tag, item } = node as { tag: number; item: CborNode };
    head(6, tag, out);
    write(item, out);
  }
}

function head(major: number, argument: Integer, out: Bytes): void {
  const first = major << 5;
  if (argument < 24) out.add(Uint8Array.of(first | Number(argument)));
  else if (argument < 0x100) out.add(Uint8Array.of(first | 24, Number(argument)));
  else if (argument < 0x1_0000) {
    const view = out.view(3);
    view.setUint8(0, first | 25);
    view.setUint16(1, Number(argument));
  } else if (argument < 0x1_0000_0000) {
    const view = out.view(5);
    view.setUint8(0, first | 26);
    view.setUint32(1, Number(argument));
  } else {
    const view = out.view(9);
    view.setUint8(0, first | 27);
    view.setBigUint64(1, BigInt(argument));
  }
}

function float(number: number, out: Bytes): void {
  const half = halfOf(number);
  if (half !== undefined) {
    const view = out.view(3);
    view.setUint8(0, 0xf9);
    view.setUint16(1, half);
  } else if (Math.fround(number) === number) {
    const view = out.view(5);
    view.setUint8(0, 0xfa);
    view.setFloat32(1, number);
  } else {
    const view = out.view(9);
    view.setUint8(0, 0xfb);
    view.setFloat64(1, number);
  }
}

/** The 16 bits of a float that 16 bits hold exactly; undefined for others. */
function halfOf(number: number): number | undefined {
  if (Number.isNaN(number)) return 0x7e00;
  const sign = number < 0 || Object.is(number, -0) ? 0x8000 : 0;
  const size = Math.abs(number);
  if (size === 0) return sign;
  if (size === Number.POSITIVE_INFINITY) return sign | 0x7c00;
  if (size >= 2 ** 16) return undefined;
  // Below 2^-14 the exponent stays and the leading bit goes (RFC 8949, appendix D).
  const exponent = Math.max(Math.floor(Math.log2(size)), -14);
  const mantissa = size * 2 ** (10 - exponent);
  if (!Number.isInteger(mantissa) || mantissa >= 2048) return undefined;
  return mantissa < 1024 ? sign | mantissa : sign | ((exponent + 15) << 10) | (mantissa - 1024);
}
