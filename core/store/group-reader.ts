import { op, tag } from './group-format.ts';
import type { SqlValue } from './types.ts';

/** Receives what a payload says, in its order. */
export interface GroupReader {
  define(sql: string): void;
  execute(statement: number, parameters: SqlValue[]): void;
  endTransaction(): void;
}

/** A payload that no encoder of ours has written. */
export class CodecError extends Error {}

/**
 * Reads a payload.
 * @throws CodecError where the bytes are no payload; what came before has been handed to the reader by then.
 */
export function readGroup(payload: Uint8Array, reader: GroupReader): void {
  new Cursor(payload).readAll(reader);
}

class Cursor {
  private readonly buffer: Buffer;
  private position = 0;

  constructor(payload: Uint8Array) {
    this.buffer = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  }

  readAll(reader: GroupReader): void {
    let defined = 0;
    let open = false;
    while (this.position < this.buffer.length) {
      const code = this.byte();
      if (code === op.execute) {
        const statement = this.varint();
        if (statement >= defined) throw this.wrong(`statement ${statement} is not defined`);
        reader.execute(statement, this.values(this.varint()));
        open = true;
      } else if (code === op.define) {
        reader.define(this.text(this.varint()));
        defined += 1;
        open = true;
      } else if (code === op.end) {
        reader.endTransaction();
        open = false;
      } else throw this.wrong(`operation ${code} is unknown`);
    }
    if (open) throw this.wrong('the last transaction has no end');
  }

  private values(count: number): SqlValue[] {
    // A value takes at least one byte, so a wrong count cannot ask for more memory than there are bytes.
    if (count > this.buffer.length - this.position) throw this.wrong(`${count} parameters do not fit`);
    const values: SqlValue[] = new Array(count);
    for (let index = 0; index < count; index++) values[index] = this.value();
    return values;
  }

  private value(): SqlValue {
    const kind = this.byte();
    switch (kind) {
      case tag.null:
        return null;
      case tag.whole: {
        const zigzag = this.varint();
        return zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
      }
      case tag.float:
        return this.buffer.readDoubleLE(this.skip(8));
      case tag.shortText:
        return this.text(this.byte());
      case tag.text:
        return this.text(this.buffer.readUInt32LE(this.skip(4)));
      case tag.bytes: {
        const length = this.buffer.readUInt32LE(this.skip(4));
        const start = this.skip(length);
        return new Uint8Array(this.buffer.subarray(start, start + length));
      }
      default:
        throw this.wrong(`value kind ${kind} is unknown`);
    }
  }

  private text(length: number): string {
    const start = this.skip(length);
    return this.buffer.toString('utf8', start, start + length);
  }

  private varint(): number {
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = this.byte();
      value += (byte & 127) * factor;
      if (byte < 128) return value;
      factor *= 128;
      if (factor > 2 ** 49) throw this.wrong('a number is longer than 8 bytes');
    }
  }

  private byte(): number {
    return this.buffer[this.skip(1)] as number;
  }

  /** Moves on over `bytes` and returns where they start. */
  private skip(bytes: number): number {
    const start = this.position;
    if (bytes > this.buffer.length - start) throw this.wrong(`${bytes} bytes are missing`);
    this.position = start + bytes;
    return start;
  }

  private wrong(what: string): CodecError {
    return new CodecError(`Byte ${this.position} of ${this.buffer.length}: ${what}`);
  }
}
