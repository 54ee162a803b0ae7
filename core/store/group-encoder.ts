import { op, tag } from './group-format.ts';
import type { Statement } from './types.ts';

const largestWhole = 2 ** 51;
const smallestBufferBytes = 4096;
/** SQL texts that a program makes up (lists of ids) must not grow the dictionary without bound. */
const dictionaryLimit = 2000;

interface Definition {
  /** The group in which `id` counts. */
  stamp: number;
  id: number;
}

export interface EncodedGroup {
  /** Free room for a header, then the payload. Owns its whole ArrayBuffer. */
  readonly bytes: Buffer;
  readonly payloadLength: number;
  readonly transactions: number;
  readonly statements: number;
}

/** Collects transactions, straight in their binary form, until {@link take} hands the group out. */
export class GroupEncoder {
  private readonly headerBytes: number;
  private readonly dictionary = new Map<string, Definition>();
  private stamp = 1;
  private definitions = 0;
  private buffer: Buffer;
  private position: number;
  private transactions = 0;
  private statements = 0;

  /** @param headerBytes room left free at the start of each group. */
  constructor(headerBytes: number) {
    this.headerBytes = headerBytes;
    this.buffer = Buffer.allocUnsafeSlow(smallestBufferBytes);
    this.position = headerBytes;
  }

  /** Bytes collected so far, without the header. */
  get payloadLength(): number {
    return this.position - this.headerBytes;
  }

  /**
   * Adds one transaction and returns how many statements it has.
   * @throws TypeError when a parameter is of a kind that the store cannot keep; nothing is added then.
   */
  add(transaction: readonly Statement[]): number {
    const start = this.position;
    const firstDefinition = this.definitions;
    try {
      for (const statement of transaction) this.execute(statement);
    } catch (error) {
      this.position = start;
      this.forget(firstDefinition);
      throw error;
    }
    this.reserve(1);
    this.buffer[this.position++] = op.end;
    this.transactions += 1;
    this.statements += transaction.length;
    return transaction.length;
  }

  /** Hands out what was collected and starts the next group. */
  take(): EncodedGroup {
    const { buffer, position, transactions, statements } = this;
    const taken = {
      bytes: buffer.subarray(0, position),
      payloadLength: this.payloadLength,
      transactions,
      statements,
    };
    // The next group is likely to be as large as this one.
    this.buffer = Buffer.allocUnsafeSlow(Math.max(smallestBufferBytes, position + (position >> 2)));
    this.position = this.headerBytes;
    this.transactions = 0;
    this.statements = 0;
    this.definitions = 0;
    this.stamp += 1;
    if (this.dictionary.size > dictionaryLimit) this.dictionary.clear();
    return taken;
  }

  private execute({ sql, parameters }: Statement): void {
    let definition = this.dictionary.get(sql);
    if (definition?.stamp !== this.stamp) definition = this.define(sql, definition);
    this.reserve(16);
    this.buffer[this.position++] = op.execute;
    this.varint(definition.id);
    this.varint(parameters.length);
    for (let index = 0; index < parameters.length; index++) this.value(parameters[index], index, sql);
  }

  private define(sql: string, known: Definition | undefined): Definition {
    this.reserve(sql.length * 3 + 16);
    this.buffer[this.position++] = op.define;
    this.varint(Buffer.byteLength(sql));
    this.position += this.buffer.write(sql, this.position);
    const definition = known ?? { stamp: 0, id: 0 };
    definition.stamp = this.stamp;
    definition.id = this.definitions++;
    if (!known) this.dictionary.set(sql, definition);
    return definition;
  }

  private forget(firstDefinition: number): void {
    if (this.definitions === firstDefinition) return;
    for (const definition of this.dictionary.values()) {
      if (definition.stamp === this.stamp && definition.id >= firstDefinition) definition.stamp = 0;
    }
    this.definitions = firstDefinition;
  }

  private value(value: unknown, index: number, sql: string): void {
    if (typeof value === 'string') this.text(value, index, sql);
    else if (typeof value === 'number') this.number(value, index, sql);
    else if (value === null) {
      this.reserve(1);
      this.buffer[this.position++] = tag.null;
    } else if (value instanceof Uint8Array) {
      this.reserve(5 + value.byteLength);
      this.buffer[this.position++] = tag.bytes;
      this.position = this.buffer.writeUInt32LE(value.byteLength, this.position);
      this.buffer.set(value, this.position);
      this.position += value.byteLength;
    } else throw refusal(describe(value), index, sql);
  }

  private text(value: string, index: number, sql: string): void {
    // SQLite would cut such a text when it is read, and PostgreSQL refuses it.
    if (value.includes('\0')) throw refusal('a text with the character U+0000', index, sql);
    const { length } = value;
    this.reserve(5 + length * 3);
    const { buffer, position } = this;
    if (length < 85) {
      const written = buffer.write(value, position + 2);
      buffer[position] = tag.shortText;
      buffer[position + 1] = written;
      this.position = position + 2 + written;
    } else {
      const written = buffer.write(value, position + 5);
      buffer[position] = tag.text;
      buffer.writeUInt32LE(written, position + 1);
      this.position = position + 5 + written;
    }
  }

  private number(value: number, index: number, sql: string): void {
    this.reserve(9);
    if (Number.isInteger(value) && value > -largestWhole && value < largestWhole && !Object.is(value, -0)) {
      this.buffer[this.position++] = tag.whole;
      this.varint(value >= 0 ? value * 2 : -value * 2 - 1);
    } else if (Number.isFinite(value)) {
      this.buffer[this.position++] = tag.float;
      this.position = this.buffer.writeDoubleLE(value, this.position);
    } else throw refusal(`the number ${value}`, index, sql);
  }

  /** Seven bits a byte, the lowest first; the room was reserved by the caller. */
  private varint(value: number): void {
    const { buffer } = this;
    let rest = value;
    while (rest > 0x7fffffff) {
      buffer[this.position++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    while (rest > 127) {
      buffer[this.position++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    buffer[this.position++] = rest;
  }

  private reserve(bytes: number): void {
    const needed = this.position + bytes;
    if (needed <= this.buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.buffer.length * 2));
    this.buffer.copy(larger, 0, 0, this.position);
    this.buffer = larger;
  }
}

/**
 * Checks the parameters of a statement that is not encoded.
 * @throws TypeError as {@link GroupEncoder.add}.
 */
export function checkParameters({ sql, parameters }: Statement): void {
  for (const [index, value] of parameters.entries()) {
    if (typeof value === 'number' ? Number.isFinite(value) : typeof value === 'string') continue;
    if (value === null || value instanceof Uint8Array) continue;
    throw refusal(typeof value === 'number' ? `the number ${value}` : describe(value), index, sql);
  }
}

function refusal(what: string, index: number, sql: string): TypeError {
  return new TypeError(
    `Parameter ${index + 1} is ${what}; the store keeps null, finite numbers, text and bytes. Statement: ${sql}`,
  );
}

function describe(value: unknown): string {
  if (value === undefined) return 'undefined';
  return typeof value === 'object' ? `an object (${value?.constructor?.name})` : `a ${typeof value}`;
}
