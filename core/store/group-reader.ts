import { op, tag } from './group-format.ts';
import type { SqlValue } from './types.ts';

/** Receives what a payload says, in its order. */
export interface GroupReader {
  /** Returns true when long texts of the statement shall come as their UTF-8 bytes. */
  define(sql: string): boolean;
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
    const asBytes: boolean[] = [];
    let open = false;
    while (this.position < this.buffer.length) {
      const code = this.byte();
      if (code === op.execute) {
        const statement = this.varint();
        const bytes = asBytes[statement];
        if (bytes === undefined) throw this.wrong(`statement ${statement} is not defined`);
        reader.execute(statement, this.values(this.varint(), bytes));
        open = true;
      } else if (code === op.define) {
        asBytes.push(reader.define(this.text(this.varint())));
        open = true;
      } else if (code === op.end) {
        reader.endTransaction();
        open = false;
      } else throw this.wrong(`operation ${code} is unknown`);
    }
    if (open) throw this.wrong('the last transaction has no end');
  }

  private values(count: number, asBytes: boolean): SqlValue[] {
    // A value takes at least one byte, so a wrong count cannot ask for more memory than there are bytes.
    if (count > this.buffer.length - this.position) throw this.wrong(`${count} parameters do not fit`);
    const values: SqlValue[] = new Array(count);
    for (let index = 0; index < count; index++) values[index] = this.value(asBytes);
    return values;
  }

  private value(asBytes: boolean): SqlValue {
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
      case tag.text: {
        const length = this.buffer.readUInt32LE(this.skip(4));
        return asBytes ? this.bytes(length) : this.text(length);
      }
      case tag.bytes:
        return new Uint8Array(this.bytes(this.buffer.readUInt32LE(this.skip(4))));
      default:
        throw this.wrong(`value kind ${kind} is unknown`);
    }
  }

  /** A view of the payload. */
  private bytes(length: number): Uint8Array {
    const start = this.skip(length);
    return this.buffer.subarray(start, start + length);
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
