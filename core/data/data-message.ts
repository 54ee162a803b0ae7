import { PlatformError } from '../contract/errors.ts';

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

const noFields: readonly string[] = [];
// The manual (6.6.4) forbids quotes, backslash, ; { } ( ); the data model of the API adds the space, and we add
// control characters, which no store keeps faithfully.
const forbiddenInStreamId = /['"\\;{}()\s\p{Cc}]/u;
const forbiddenInModel = /[ .]/;
const isoTimestamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/;

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
        input.ignored = [...input.ignored, name];
    }
  }
  return input;
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
function readTimestamp(field: unknown): number {
  if (typeof field === 'string' && isoTimestamp.test(field)) {
    const zoned = /(Z|[+-]\d\d:?\d\d)$/.test(field) ? field : `${field}Z`;
    const epochMs = Date.parse(zoned);
    if (!Number.isNaN(epochMs)) return epochMs;
  }
  throw new InvalidMessageError(
    `timestamp must be an ISO 8601 date and time such as 2030-01-31T12:00:00.000Z, got ${describe(field)}`,
  );
}

function readModel(field: unknown): string {
  if (typeof field !== 'string')
    throw new InvalidMessageError(`model must be a text, got ${describe(field)}`);
  if (forbiddenInModel.test(field)) {
    throw new InvalidMessageError(`model ${describe(field)} has a space or a dot; neither is allowed`);
  }
  return field;
}

function readValue(field: unknown): Record<string, unknown> {
  if (typeof field !== 'object' || field === null || Array.isArray(field)) {
    throw new InvalidMessageError(`value must be a JSON object, got ${describe(field)}`);
  }
  checkKeys(field, 'value', 0);
  return field as Record<string, unknown>;
}

/** Deeper nesting than any real payload; it bounds the recursion below and in the JSON writer. */
const deepestValue = 100;

function checkKeys(node: object, path: string, depth: number): void {
  if (depth > deepestValue)
    throw new InvalidMessageError(`value is nested more than ${deepestValue} levels deep`);
  if (Array.isArray(node)) {
    for (let index = 0; index < node.length; index++) {
      const item: unknown = node[index];
      if (typeof item === 'object' && item !== null) checkKeys(item, `${path}[${index}]`, depth + 1);
    }
    return;
  }
  for (const [key, item] of Object.entries(node)) {
    if (key.includes('.'))
      throw new InvalidMessageError(`${path} has the key ${JSON.stringify(key)}: no dot in a key`);
    if (key.startsWith('$')) {
      throw new InvalidMessageError(
        `${path} has the key ${JSON.stringify(key)}: a key must not start with $`,
      );
    }
    if (typeof item === 'object' && item !== null) checkKeys(item, `${path}.${key}`, depth + 1);
  }
}

function readTags(field: unknown): readonly string[] {
  if (!Array.isArray(field))
    throw new InvalidMessageError(`tags must be a list of texts, got ${describe(field)}`);
  field.forEach((tag, index) => {
    if (typeof tag !== 'string')
      throw new InvalidMessageError(`tags[${index}] must be a text, got ${describe(tag)}`);
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
    location.provider = provider;
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
  if (typeof field !== 'number')
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
  return encoding;
}

/** A value as an error shows it: short, and never longer than a line. */
function describe(field: unknown): string {
  if (field === undefined) return 'nothing';
  const text = JSON.stringify(field);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/**
 * @param writtenBytes length of the text the message came as; only when that is over the limit is the value
 * itself measured.
 * @throws InvalidMessageError when the value is longer than `maxBytes` as JSON text.
 */
export function checkValueSize(input: DataMessageInput, writtenBytes: number, maxBytes: number): void {
  if (writtenBytes <= maxBytes || input.value === undefined) return;
  const bytes = Buffer.byteLength(JSON.stringify(input.value));
  if (bytes > maxBytes) {
    throw new InvalidMessageError(`value is ${bytes} bytes long; at most ${maxBytes} are allowed`);
  }
}
