/** What came does not have the form that its specification asks for. */
export class MalformedError extends Error {}

export const noBytes = new Uint8Array(0);

/** Reads numbers and vectors of TLS (RFC 5246, 4) from bytes, in network order. */
export class ByteReader {
  private readonly bytes: Uint8Array;
  private position = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get left(): number {
    return this.bytes.length - this.position;
  }

  uint8(): number {
    return this.number(1);
  }

  uint16(): number {
    return this.number(2);
  }

  uint24(): number {
    return this.number(3);
  }

  /** The next `length` bytes, not copied. */
  take(length: number): Uint8Array {
    if (this.left < length) throw new MalformedError(`${length} bytes expected, ${this.left} are left`);
    this.position += length;
    return this.bytes.subarray(this.position - length, this.position);
  }

  /** A vector: its length in `lengthBytes` bytes, then its content, which has `least` to `most` bytes. */
  vector(lengthBytes: 1 | 2, least: number, most: number): Uint8Array {
    const length = this.number(lengthBytes);
    if (length < least || length > most) {
      throw new MalformedError(`a vector of ${length} bytes, where ${least} to ${most} are allowed`);
    }
    return this.take(length);
  }

  /** @throws MalformedError when something is left */
  end(): void {
    if (this.left > 0) throw new MalformedError(`${this.left} bytes too many`);
  }

  private number(count: number): number {
    const bytes = this.take(count);
    let value = 0;
    for (let index = 0; index < count; index++) value = value * 256 + (bytes[index] ?? 0);
    return value;
  }
}

/** Numbers of 1 to 6 bytes in network order. */
export function writeNumber(target: Uint8Array, offset: number, value: number, count: number): void {
  let rest = value;
  for (let index = offset + count - 1; index >= offset; index--) {
    target[index] = rest % 256;
    rest = Math.floor(rest / 256);
  }
}

export function numberBytes(value: number, count: number): Uint8Array {
  const bytes = new Uint8Array(count);
  writeNumber(bytes, 0, value, count);
  return bytes;
}

/** A vector of TLS: length, then content. */
export function vectorBytes(lengthBytes: 1 | 2, content: Uint8Array): Uint8Array {
  return concat(numberBytes(content.length, lengthBytes), content);
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const joined = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
}

export function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}
