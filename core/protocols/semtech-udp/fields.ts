import { malformed } from './errors.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** @throws SemtechUdpError `semtech.malformed` */
export function asObject(value: unknown, place: string): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw malformed(`${place} must be an object, got ${describe(value)}`);
}

/** Reads fields of one object, each error with its place: `rxpk[0].freq`. */
export class FieldReader {
  private readonly object: JsonObject;
  private readonly place: string;

  constructor(object: JsonObject, place: string) {
    this.object = object;
    this.place = place;
  }

  has(name: string): boolean {
    return this.object[name] !== undefined && this.object[name] !== null;
  }

  /** Undefined when it is not there. */
  optional<T>(name: string, read: (name: string) => T): T | undefined {
    return this.has(name) ? read(name) : undefined;
  }

  number(name: string, least = -Number.MAX_VALUE, most = Number.MAX_VALUE): number {
    const value = this.object[name];
    if (typeof value === 'number' && value >= least && value <= most) return value;
    const range = most === Number.MAX_VALUE ? '' : ` from ${least} to ${most}`;
    throw this.wrong(name, `must be a number${range}`);
  }

  integer(name: string, least: number, most: number): number {
    const value = this.object[name];
    if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most)
      return value as number;
    throw this.wrong(name, `must be a whole number from ${least} to ${most}`);
  }

  boolean(name: string): boolean {
    const value = this.object[name];
    if (typeof value === 'boolean') return value;
    throw this.wrong(name, 'must be true or false');
  }

  text(name: string, pattern?: RegExp, form = 'a text'): string {
    const value = this.object[name];
    if (typeof value === 'string' && (pattern?.test(value) ?? true)) return value;
    throw this.wrong(name, `must be ${form}`);
  }

  /** A time of any form that JavaScript reads, in milliseconds since the epoch. */
  time(name: string): number {
    const value = this.object[name];
    const epochMs = typeof value === 'string' ? Date.parse(value) : Number.NaN;
    if (!Number.isNaN(epochMs)) return epochMs;
    throw this.wrong(name, 'must be a time, such as 2014-01-12T08:59:28.000000Z');
  }

  /** Base64 with or without padding, and of either alphabet: gateways send all of these. */
  base64(name: string): Uint8Array {
    const value = this.object[name];
    if (
      typeof value === 'string' &&
      /^[A-Za-z0-9+/_-]*={0,2}$/.test(value) &&
      value.replace(/=+$/, '').length % 4 !== 1
    )
      return new Uint8Array(Buffer.from(value, 'base64'));
    throw this.wrong(name, 'must be Base64');
  }

  wrong(name: string, what: string): Error {
    return malformed(`${this.place}.${name} ${what}, got ${describe(this.object[name])}`);
  }
}

/** A value in an error: short, whatever came. */
export function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  // Written out, one that is deep enough would use up the stack.
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
