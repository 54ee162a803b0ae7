import { PlatformError } from '../contract/errors.ts';
import { shortenText } from '../contract/text.ts';
import { describeValue as describe } from './describe-value.ts';

/** What a device or an application said, checked and in one form; the platform has added nothing yet. */
export interface DataMessageInput {
  streamId: string | undefined;
  timestampMs: number | undefined;
  model: string | undefined;
  value: Record<string, unknown> | undefined;
  location: Location | undefined;
  tags: readonly string[] | undefined;
  encoding: string | undefined;
  /** Names of fields that were there and mean nothing to the platform. */
  ignored: readonly string[];
}

export interface Location {
  lat: number;
  lon: number;
  alt?: number;
  accuracy?: number;
  provider?: string;
}

/** The message breaks a rule of the data model; `details` names the field. */
export class InvalidMessageError extends PlatformError {
  constructor(details: string) {
    super('data.invalidMessage', 'The data message is not valid.', { details });
  }
}

/** Characters of the name of a stream. */
export const longestStreamId = 255;
/** Characters of the name of a model. */
export const longestModel = 128;
/** Characters of one tag. */
export const longestTag = 255;
/** Characters of the name of an encoding. */
export const longestEncoding = 255;
/** Characters of the name of what measured a location. */
export const longestProvider = 255;

/** A trace names so many unknown fields at most, and so much of each name, since thousands of traces are kept. */
const mostIgnoredFields = 20;
const longestIgnoredField = 64;

const noFields: readonly string[] = [];
// The manual (6.6.4) forbids quotes, backslash, ; { } ( ); the data model of the API adds the space, and we add
// control characters, which no store keeps faithfully.
const forbiddenInStreamId = /['"\\;{}()\s\p{Cc}]/u;
const forbiddenInModel = /[ .]/;
const isoTimestamp = /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/;

/**
 * Reads a data message from parsed JSON (manual 6.5.5.1, 6.6.4). Device clients also send the short names
 * `s ts m v t loc`; when both forms of a field are there the message is refused.
 * @throws InvalidMessageError naming the field, what is wrong and what is allowed.
 */
export function readDataMessage(raw: unknown): DataMessageInput {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    throw new InvalidMessageError(`a data message is a JSON object, got ${describe(raw)}`);
  }
  const input: DataMessageInput = {
    streamId: undefined,
    timestampMs: undefined,
    model: undefined,
    value: undefined,
    location: undefined,
    tags: undefined,
    encoding: undefined,
    ignored: noFields,
  };
  for (const [name, field] of Object.entries(raw)) {
    if (field === null) continue;
    switch (name) {
      case 's':
      case 'streamId':
        once(input.streamId, 'streamId', 's');
        input.streamId = readStreamId(field);
        break;
      case 'ts':
      case 'timestamp':
        once(input.timestampMs, 'timestamp', 'ts');
        input.timestampMs = readTimestamp(field);
        break;
      case 'm':
      case 'model':
        once(input.model, 'model', 'm');
        input.model = readModel(field);
        break;
      case 'v':
      case 'value':
        once(input.value, 'value', 'v');
        input.value = readValue(field);
        break;
      case 't':
      case 'tags':
        once(input.tags, 'tags', 't');
        input.tags = readTags(field);
        break;
      case 'loc':
      case 'location':
        once(input.location, 'location', 'loc');
        input.location = readLocation(field);
        break;
      case 'metadata':
        input.encoding = readEncoding(field);
        break;
      default:
        if (input.ignored.length < mostIgnoredFields)
          input.ignored = [...input.ignored, shortenText(name, longestIgnoredField)];
    }
  }
  return input;
}

/** @throws InvalidMessageError when the text is longer than `limit` characters. */
function limitLength(text: string, name: string, limit: number): string {
  if (text.length <= limit) return text;
  throw new InvalidMessageError(
    `${name} is ${text.length} characters long; at most ${limit} are allowed, got ${describe(text)}`,
  );
}

function once(earlier: unknown, long: string, short: string): void {
  if (earlier !== undefined)
    throw new InvalidMessageError(`both ${long} and ${short} are given: send one of them`);
}

/** @throws InvalidMessageError when it cannot name a stream. */
export function readStreamId(field: unknown): string {
  if (typeof field !== 'string' || field === '') {
    throw new InvalidMessageError(`streamId must be a text that is not empty, got ${describe(field)}`);
  }
  limitLength(field, 'streamId', longestStreamId);
  const found = forbiddenInStreamId.exec(field);
  if (found) {
    throw new InvalidMessageError(
      `streamId has ${JSON.stringify(found[0])} at position ${found.index}; not allowed: ' " \\ ; { } ( ) and space`,
    );
  }
  return field;
}

/**
 * ISO 8601 date and time; without a zone it counts as UTC.
 * @throws InvalidMessageError
 */
/** @throws InvalidMessageError when it is no date and time of ISO 8601; one without a zone is in UTC. */
export function readTimestamp(field: unknown): number {
  const parts = typeof field === 'string' ? isoTimestamp.exec(field) : null;
  if (typeof field === 'string' && parts) {
    const [year, month, day] = parts.slice(1).map(Number) as [number, number, number];
    const zoned = /(Z|[+-]\d\d:?\d\d)$/.test(field) ? field : `${field}Z`;
    const epochMs = Date.parse(zoned);
    // `Date.parse` takes the 31st of any month and counts on into the next one.
    if (!Number.isNaN(epochMs) && day <= daysOf(year, month)) return epochMs;
  }
  throw new InvalidMessageError(
    `timestamp must be an ISO 8601 date and time such as 2030-01-31T12:00:00.000Z, got ${describe(field)}`,
  );
}

/** Months count from 1. */
function daysOf(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function readModel(field: unknown): string {
  if (typeof field !== 'string')
    throw new InvalidMessageError(`model must be a text, got ${describe(field)}`);
  if (forbiddenInModel.test(field)) {
    throw new InvalidMessageError(`model ${describe(field)} has a space or a dot; neither is allowed`);
  }
  return limitLength(field, 'model', longestModel);
}

function readValue(field: unknown): Record<string, unknown> {
  if (typeof field !== 'object' || field === null || Array.isArray(field)) {
    throw new InvalidMessageError(`value must be a JSON object, got ${describe(field)}`);
  }
  checkNode(field, 'value', 0);
  return field as Record<string, unknown>;
}

/** Deeper nesting than any real payload; it bounds the recursion below and in the JSON writer. */
const deepestValue = 100;

function checkNode(node: unknown, path: string, depth: number): void {
  if (typeof node === 'number' && !Number.isFinite(node))
    throw new InvalidMessageError(`${path} is a number out of range`);
  if (typeof node !== 'object' || node === null) return;
  if (depth > deepestValue)
    throw new InvalidMessageError(`value is nested more than ${deepestValue} levels deep`);
  if (Array.isArray(node)) {
    for (let index = 0; index < node.length; index++) checkItem(node[index], path, index, depth);
    return;
  }
  for (const [key, item] of Object.entries(node)) {
    if (key.includes('.'))
      throw new InvalidMessageError(`${path} has the key ${describe(key)}: no dot in a key`);
    if (key.startsWith('$'))
      throw new InvalidMessageError(`${path} has the key ${describe(key)}: a key must not start with $`);
    checkItem(item, path, key, depth);
  }
}

/** The path is made only where it may be needed: most items are plain. */
function checkItem(item: unknown, path: string, key: string | number, depth: number): void {
  if (typeof item === 'string' || typeof item === 'boolean' || Number.isFinite(item)) return;
  const place = typeof key === 'number' ? `[${key}]` : `.${shortenText(key, longestIgnoredField)}`;
  checkNode(item, path + place, depth + 1);
}

function readTags(field: unknown): readonly string[] {
  if (!Array.isArray(field))
    throw new InvalidMessageError(`tags must be a list of texts, got ${describe(field)}`);
  field.forEach((tag, index) => {
    if (typeof tag !== 'string')
      throw new InvalidMessageError(`tags[${index}] must be a text, got ${describe(tag)}`);
    limitLength(tag, `tags[${index}]`, longestTag);
  });
  return field as string[];
}

function readLocation(field: unknown): Location {
  if (Array.isArray(field)) {
    if (field.length !== 2) {
      throw new InvalidMessageError(`a location list is [latitude, longitude], got ${describe(field)}`);
    }
    return { lat: readDegrees(field[0], 'lat', 90), lon: readDegrees(field[1], 'lon', 180) };
  }
  if (typeof field !== 'object' || field === null) {
    throw new InvalidMessageError(`location must be an object with lat and lon, got ${describe(field)}`);
  }
  const { lat, lon, alt, accuracy, provider } = field as Record<string, unknown>;
  const location: Location = { lat: readDegrees(lat, 'lat', 90), lon: readDegrees(lon, 'lon', 180) };
  if (alt !== undefined && alt !== null) location.alt = readNumber(alt, 'alt');
  if (accuracy !== undefined && accuracy !== null) location.accuracy = readNumber(accuracy, 'accuracy');
  if (provider !== undefined && provider !== null) {
    if (typeof provider !== 'string') {
      throw new InvalidMessageError(`location.provider must be a text, got ${describe(provider)}`);
    }
    location.provider = limitLength(provider, 'location.provider', longestProvider);
  }
  return location;
}

function readDegrees(field: unknown, name: string, limit: number): number {
  const degrees = readNumber(field, name);
  if (Math.abs(degrees) > limit) {
    throw new InvalidMessageError(`location.${name} must be between -${limit} and ${limit}, got ${degrees}`);
  }
  return degrees;
}

function readNumber(field: unknown, name: string): number {
  if (typeof field !== 'number' || !Number.isFinite(field))
    throw new InvalidMessageError(`location.${name} must be a number, got ${describe(field)}`);
  return field;
}

function readEncoding(field: unknown): string | undefined {
  const encoding: unknown =
    typeof field === 'object' && field !== null ? Reflect.get(field, 'encoding') : undefined;
  if (encoding === undefined || encoding === null) return undefined;
  if (typeof encoding !== 'string') {
    throw new InvalidMessageError(`metadata.encoding must be a text, got ${describe(encoding)}`);
  }
  return limitLength(encoding, 'metadata.encoding', longestEncoding);
}

/** How much one message may hold. */
export interface DataLimits {
  /** Bytes of the value as JSON text. */
  readonly dataMaxValueBytes: number;
  readonly dataMaxTags: number;
}

/**
 * @param writtenBytes length of the text the message came as; only when that is over the limit is the value
 * itself measured.
 * @throws InvalidMessageError when the message holds more than the limits allow.
 */
export function checkLimits(input: DataMessageInput, writtenBytes: number, limits: DataLimits): void {
  const { dataMaxTags, dataMaxValueBytes: maxBytes } = limits;
  const tags = input.tags?.length ?? 0;
  if (tags > dataMaxTags)
    throw new InvalidMessageError(
      `there are ${tags} tags; at most ${dataMaxTags} are allowed (setting dataMaxTags)`,
    );
  if (writtenBytes <= maxBytes || input.value === undefined) return;
  const bytes = Buffer.byteLength(JSON.stringify(input.value));
  if (bytes > maxBytes) {
    throw new InvalidMessageError(
      `value is ${bytes} bytes long; at most ${maxBytes} are allowed (setting dataMaxValueBytes)`,
    );
  }
}
