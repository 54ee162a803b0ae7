/** Data types of resources (LwM2M Core 1.1.1, appendix C). A resource of type NONE can only be executed. */
export const dataTypes = [
  'STRING',
  'INTEGER',
  'UNSIGNED_INTEGER',
  'FLOAT',
  'BOOLEAN',
  'OPAQUE',
  'TIME',
  'OBJLNK',
  'CORELNK',
  'NONE',
] as const;
export type DataType = (typeof dataTypes)[number];

/** A whole number of up to 64 bits: a `number` where that is exact, otherwise a `bigint`; see `toInteger`. */
export type Integer = number | bigint;

/** The instance that a value of type OBJLNK points at; both ids are 65535 for "none" (appendix C). */
export interface ObjectLink {
  readonly objectId: number;
  readonly instanceId: number;
}

/**
 * A value with its type. Whole numbers are `Integer`; TIME is seconds since 1970 in UTC; OPAQUE is bytes; CORELNK is
 * text in link format.
 */
export type Lwm2mValue =
  | { readonly type: 'STRING' | 'CORELNK'; readonly value: string }
  | { readonly type: 'INTEGER' | 'UNSIGNED_INTEGER' | 'TIME'; readonly value: Integer }
  | { readonly type: 'FLOAT'; readonly value: number }
  | { readonly type: 'BOOLEAN'; readonly value: boolean }
  | { readonly type: 'OPAQUE'; readonly value: Uint8Array }
  | { readonly type: 'OBJLNK'; readonly value: ObjectLink };

/** Types that have values. */
export type ValueType = Lwm2mValue['type'];
export type IntegerType = 'INTEGER' | 'UNSIGNED_INTEGER' | 'TIME';

const ranges: Record<IntegerType, readonly [bigint, bigint]> = {
  INTEGER: [-(2n ** 63n), 2n ** 63n - 1n],
  UNSIGNED_INTEGER: [0n, 2n ** 64n - 1n],
  TIME: [-(2n ** 63n), 2n ** 63n - 1n],
};

/** The same number as `number` if that is exact. */
export function toInteger(whole: bigint): Integer {
  const number = Number(whole);
  return Number.isSafeInteger(number) ? number : whole;
}

/** Whether a whole number fits into the 64 bits of its type, signed or not. */
export function inRange(type: IntegerType, whole: Integer): boolean {
  const [least, most] = ranges[type];
  return whole >= least && whole <= most;
}

/** Smallest and largest whole number of a type, in words. */
export const rangeText = (type: IntegerType): string => `${ranges[type][0]} to ${ranges[type][1]}`;

/** Whether a text could be written in UTF-8: it has no half of a surrogate pair alone. */
export const isWellFormed = (text: string): boolean => !/\p{Surrogate}/u.test(text);

/** As it is written in text formats: `10:3` (appendix C). */
export const linkText = (link: ObjectLink): string => `${link.objectId}:${link.instanceId}`;

/** The link of a text such as `10:3`; undefined if it is none. */
export function parseLinkText(text: string): ObjectLink | undefined {
  const match = /^(0|[1-9]\d{0,4}):(0|[1-9]\d{0,4})$/.exec(text);
  const objectId = Number(match?.[1]);
  const instanceId = Number(match?.[2]);
  return objectId <= 65_535 && instanceId <= 65_535 ? { objectId, instanceId } : undefined;
}

/** What JSON can hold of a value. */
export type JsonValue = string | number | boolean;

const base64 = (bytes: Uint8Array): string => {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
};

/**
 * A value as JSON: whole numbers beyond 2^53 as decimal text (a JSON number would be rounded by most readers), numbers
 * that JSON lacks as "NaN", "Infinity" and "-Infinity", OPAQUE as base64, OBJLNK as `10:3`.
 */
export function valueToJson(value: Lwm2mValue): JsonValue {
  switch (value.type) {
    case 'INTEGER':
    case 'UNSIGNED_INTEGER':
    case 'TIME':
      return typeof value.value === 'bigint' ? String(value.value) : value.value;
    case 'FLOAT':
      return Number.isFinite(value.value) ? value.value : String(value.value);
    case 'OPAQUE':
      return base64(value.value);
    case 'OBJLNK':
      return linkText(value.value);
    default:
      return value.value;
  }
}

/** A value of a type out of its JSON form or a text of it, as users give values; undefined if it is none. */
export function valueFromJson(type: DataType, json: unknown): Lwm2mValue | undefined {
  switch (type) {
    case 'STRING':
    case 'CORELNK':
      return typeof json === 'string' && isWellFormed(json) ? { type, value: json } : undefined;
    case 'INTEGER':
    case 'UNSIGNED_INTEGER':
    case 'TIME': {
      const value = wholeOf(json);
      return value !== undefined && inRange(type, value) ? { type, value } : undefined;
    }
    case 'FLOAT': {
      const value = typeof json === 'string' ? parseDecimal(json) : json;
      return typeof value === 'number' && Number.isFinite(value) ? { type, value } : undefined;
    }
    case 'BOOLEAN': {
      if (typeof json === 'boolean') return { type, value: json };
      if (json === 'true' || json === '1' || json === 1) return { type, value: true };
      return json === 'false' || json === '0' || json === 0 ? { type, value: false } : undefined;
    }
    case 'OPAQUE': {
      const value = typeof json === 'string' ? bytesOfBase64(json) : undefined;
      return value && { type, value };
    }
    case 'OBJLNK': {
      const value = typeof json === 'string' ? parseLinkText(json) : undefined;
      return value && { type, value };
    }
    case 'NONE':
      return undefined;
  }
}

function wholeOf(json: unknown): Integer | undefined {
  if (typeof json === 'number') return Number.isSafeInteger(json) ? json : undefined;
  return typeof json === 'string' ? parseWhole(json) : undefined;
}

/** The whole number that a text of decimal digits stands for. */
export function parseWhole(text: string): Integer | undefined {
  return /^[+-]?\d{1,20}$/.test(text) ? toInteger(BigInt(text.replace('+', ''))) : undefined;
}

/** The finite number that a text in decimal, with an exponent or without, stands for. */
export function parseDecimal(text: string): number | undefined {
  if (!/^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/.test(text)) return undefined;
  const number = Number(text);
  return Number.isFinite(number) ? number : undefined;
}

/** The bytes of base64 in the alphabet of RFC 4648 section 4, padded to groups of four; undefined if it is none. */
export function bytesOfBase64(text: string): Uint8Array | undefined {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return undefined;
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** The bytes of base64 in the alphabet for URLs (RFC 4648 section 5), with padding or without. */
export function bytesOfBase64Url(text: string): Uint8Array | undefined {
  const bare = /^([A-Za-z0-9_-]*)={0,2}$/.exec(text)?.[1];
  if (bare === undefined || (bare.length !== text.length && text.length % 4 !== 0)) return undefined;
  const padded = bare
    .replaceAll('-', '+')
    .replaceAll('_', '/')
    .padEnd(Math.ceil(bare.length / 4) * 4, '=');
  return bytesOfBase64(padded);
}

/** Base64 as text/plain and LwM2M JSON have it. */
export const toBase64 = base64;

/** Base64 as SenML JSON has it: alphabet for URLs, no padding (RFC 8428, 4.3). */
export const toBase64Url = (bytes: Uint8Array): string =>
  base64(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
