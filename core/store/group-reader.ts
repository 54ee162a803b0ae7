import { op, tag } from './group-format.ts';

/** Receives what a payload says, in its order. Parameters are counted from 0. */
export interface GroupReader {
  /** The next statement number, counted from 0, means this SQL. */
  define(sql: string): void;
  /** A statement with so many parameters begins; they follow. */
  begin(statement: number, parameters: number): void;
  null(index: number): void;
  number(index: number, value: number): void;
  /** The UTF-8 of a text, as a place in the payload. */
  text(index: number, start: number, length: number): void;
  /** Bytes, as a place in the payload. */
  bytes(index: number, start: number, length: number): void;
  /** The statement's parameters are complete. */
  execute(): void;
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
    let statements = 0;
    let open = false;
    while (this.position < this.buffer.length) {
      const code = this.byte();
      if (code === op.execute) {
        const statement = this.varint();
        if (statement >= statements) throw this.wrong(`statement ${statement} is not defined`);
        const count = this.varint();
        // A value takes at least one byte, so a wrong count cannot ask for more memory than there are bytes.
        if (count > this.buffer.length - this.position) throw this.wrong(`${count} parameters do not fit`);
        reader.begin(statement, count);
        for (let index = 0; index < count; index++) this.value(index, reader);
        reader.execute();
        open = true;
      } else if (code === op.define) {
        const length = this.varint();
        const start = this.skip(length);
        reader.define(this.buffer.toString('utf8', start, start + length));
        statements += 1;
        open = true;
      } else if (code === op.end) {
        reader.endTransaction();
        open = false;
      } else throw this.wrong(`operation ${code} is unknown`);
    }
    if (open) throw this.wrong('the last transaction has no end');
  }

  private value(index: number, reader: GroupReader): void {
    const kind = this.byte();
    switch (kind) {
      case tag.null:
        reader.null(index);
        return;
      case tag.whole: {
        const zigzag = this.varint();
        reader.number(index, zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2);
        return;
      }
      case tag.float:
        reader.number(index, this.buffer.readDoubleLE(this.skip(8)));
        return;
      case tag.shortText: {
        const length = this.byte();
        reader.text(index, this.skip(length), length);
        return;
      }
      case tag.text: {
        const length = this.buffer.readUInt32LE(this.skip(4));
        reader.text(index, this.skip(length), length);
        return;
      }
      case tag.bytes: {
        const length = this.buffer.readUInt32LE(this.skip(4));
        reader.bytes(index, this.skip(length), length);
        return;
      }
      default:
        throw this.wrong(`value kind ${kind} is unknown`);
    }
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
