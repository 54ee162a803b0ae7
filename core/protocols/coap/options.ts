import { CoapError } from './errors.ts';
import { type CoapOption, noBytes } from './message.ts';

interface OptionDefinition {
  readonly name: string;
  readonly number: number;
  readonly format: 'empty' | 'opaque' | 'uint' | 'string';
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly repeatable: boolean;
}

const option = (
  name: string,
  number: number,
  format: OptionDefinition['format'],
  [minBytes, maxBytes]: readonly [number, number],
  repeatable: 'repeatable' | 'once' = 'once',
): OptionDefinition => ({
  name,
  number,
  format,
  minBytes,
  maxBytes,
  repeatable: repeatable === 'repeatable',
});

/** RFC 7252 5.10, RFC 7641 2, RFC 7959 2.1 and 4, RFC 7967 2. */
const definitions: readonly OptionDefinition[] = [
  option('If-Match', 1, 'opaque', [0, 8], 'repeatable'),
  option('Uri-Host', 3, 'string', [1, 255]),
  option('ETag', 4, 'opaque', [1, 8], 'repeatable'),
  option('If-None-Match', 5, 'empty', [0, 0]),
  option('Observe', 6, 'uint', [0, 3]),
  option('Uri-Port', 7, 'uint', [0, 2]),
  option('Location-Path', 8, 'string', [0, 255], 'repeatable'),
  option('Uri-Path', 11, 'string', [0, 255], 'repeatable'),
  option('Content-Format', 12, 'uint', [0, 2]),
  option('Max-Age', 14, 'uint', [0, 4]),
  option('Uri-Query', 15, 'string', [0, 255], 'repeatable'),
  option('Accept', 17, 'uint', [0, 2]),
  option('Location-Query', 20, 'string', [0, 255], 'repeatable'),
  option('Block2', 23, 'uint', [0, 3]),
  option('Block1', 27, 'uint', [0, 3]),
  option('Size2', 28, 'uint', [0, 4]),
  option('Proxy-Uri', 35, 'string', [1, 1034]),
  option('Proxy-Scheme', 39, 'string', [1, 255]),
  option('Size1', 60, 'uint', [0, 4]),
  option('No-Response', 258, 'uint', [0, 1]),
];

const byNumber = new Map(definitions.map((definition) => [definition.number, definition]));

/** Numbers of the options that the endpoint and its users name. */
export const optionNumbers = {
  ifMatch: 1,
  uriHost: 3,
  etag: 4,
  ifNoneMatch: 5,
  observe: 6,
  uriPort: 7,
  locationPath: 8,
  uriPath: 11,
  contentFormat: 12,
  maxAge: 14,
  uriQuery: 15,
  accept: 17,
  locationQuery: 20,
  block2: 23,
  block1: 27,
  size2: 28,
  proxyUri: 35,
  proxyScheme: 39,
  size1: 60,
  noResponse: 258,
} as const;

/** RFC 7252 5.4.6. */
export const isCritical = (number: number): boolean => (number & 0b1) !== 0;
export const isUnsafe = (number: number): boolean => (number & 0b10) !== 0;
/** True when caches, and the matching of blocks, do not look at the option. */
export const isNoCacheKey = (number: number): boolean => (number & 0b11110) === 0b11100;

/** The option's name, or its number when it is not known. */
export function optionText(number: number): string {
  return byNumber.get(number)?.name ?? String(number);
}

/** Its format; `opaque` when it is not known. */
export function optionFormat(number: number): OptionDefinition['format'] {
  return byNumber.get(number)?.format ?? 'opaque';
}

/**
 * True when an option is to be treated as one that is not known, because of its length or because it is there
 * twice (RFC 7252 5.4.3, 5.4.5). False for those that the table does not have.
 */
export function isUnfit(options: readonly CoapOption[], index: number): boolean {
  const { number, value } = options[index] as CoapOption;
  const definition = byNumber.get(number);
  if (!definition) return false;
  if (value.length < definition.minBytes || value.length > definition.maxBytes) return true;
  if (!definition.repeatable && index > 0 && options[index - 1]?.number === number) return true;
  return definition.format === 'string' && !isUtf8(value);
}

/** Unsigned, in as few bytes as it needs (RFC 7252 3.2). */
export function uintOption(number: number, value: number): CoapOption {
  if (!Number.isInteger(value) || value < 0 || value > 0xffff_ffff) {
    throw new CoapError('coap.malformed', `${optionText(number)} cannot be ${value}`);
  }
  let bytes = 0;
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) bytes++;
  const encoded = bytes === 0 ? noBytes : new Uint8Array(bytes);
  for (let index = bytes - 1, rest = value; index >= 0; index--, rest = Math.floor(rest / 256)) {
    encoded[index] = rest % 256;
  }
  return { number, value: encoded };
}

/** @throws CoapError coap.malformed when the text has more bytes than the option can hold */
export function stringOption(number: number, text: string): CoapOption {
  const value = Buffer.from(text, 'utf8');
  const definition = byNumber.get(number);
  if (definition && (value.length > definition.maxBytes || value.length < definition.minBytes)) {
    const { name, minBytes, maxBytes } = definition;
    throw new CoapError(
      'coap.malformed',
      `${name} takes ${minBytes} to ${maxBytes} bytes, got ${value.length}: ${text.slice(0, 40)}`,
    );
  }
  return { number, value };
}

/** An unsigned number, leading zeros allowed (RFC 7252 3.2). */
export function readUint(value: Uint8Array): number {
  let result = 0;
  for (const byte of value) result = result * 256 + byte;
  return result;
}

/** The text of an option that {@link isUnfit} let through. */
export function readString(value: Uint8Array): string {
  return asBuffer(value).toString(isAscii(value) ? 'latin1' : 'utf8');
}

export function findOption(options: readonly CoapOption[], number: number): Uint8Array | undefined {
  for (const candidate of options) if (candidate.number === number) return candidate.value;
  return undefined;
}

export function findUint(options: readonly CoapOption[], number: number): number | undefined {
  const value = findOption(options, number);
  return value && readUint(value);
}

export function findStrings(options: readonly CoapOption[], number: number): string[] {
  const found: string[] = [];
  for (const candidate of options) if (candidate.number === number) found.push(readString(candidate.value));
  return found;
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

function isUtf8(value: Uint8Array): boolean {
  if (isAscii(value)) return true;
  try {
    strictUtf8.decode(value);
    return true;
  } catch {
    return false;
  }
}

function isAscii(value: Uint8Array): boolean {
  for (let index = 0; index < value.length; index++) if ((value[index] as number) > 0x7f) return false;
  return true;
}

export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
