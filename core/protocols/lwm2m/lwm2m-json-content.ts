import { type CodecFault, Lwm2mCodecError } from './codec-error.ts';
import {
  type Content,
  checkDistinct,
  checkRecordPath,
  checkRecords,
  type DecodeContext,
  defaultContentLimits,
  type ResourceRecord,
  recordOf,
  typeAt,
} from './content.ts';
import { type JsonItem, readJson } from './json-reader.ts';
import { Lwm2mPath } from './path.ts';
import { millisecondsOf } from './senml.ts';
import { baseName } from './senml-content.ts';
import { typedValue, type WireValue } from './typed-value.ts';
import {
  bytesOfBase64,
  type DataType,
  inRange,
  isWellFormed,
  type Lwm2mValue,
  linkText,
  rangeText,
  toBase64,
} from './value.ts';
import { isWireNumber, toNumber } from './wire-number.ts';

const format = 'LwM2M JSON';

type JsonObject = ReadonlyMap<string, JsonItem>;

function refuse(fault: CodecFault, reason: string, where?: string): never {
  throw new Lwm2mCodecError(fault, reason, { format, ...(where === undefined ? { offset: 0 } : { where }) });
}

function textField(object: JsonObject, name: string, where?: string): string | undefined {
  const value = object.get(name);
  if (value === undefined || typeof value === 'string') return value;
  return refuse('malformed', `${name} has to be a text`, where);
}

function numberField(object: JsonObject, name: string, where?: string): number | undefined {
  const value = object.get(name);
  if (value === undefined) return undefined;
  return isWireNumber(value) ? toNumber(value) : refuse('malformed', `${name} has to be a number`, where);
}

/**
 * Reads the JSON of LwM2M 1.0 (Core 1.0.2, 6.4.4). A name is relative to the base name; without one, to the path asked
 * for. A time is absolute when it and the base time add up to more than 0, otherwise relative to now.
 */
export function decodeLwm2mJson(bytes: Uint8Array, context: DecodeContext): Content {
  const document = readJson(bytes, format);
  if (!(document instanceof Map)) refuse('malformed', 'the payload is an object with an array e');
  const object = document as JsonObject;
  const entries = object.get('e');
  if (!Array.isArray(entries)) return refuse('malformed', 'e has to be an array');
  checkRecords(entries.length, context.limits ?? defaultContentLimits, format);
  const base = {
    name: textField(object, 'bn') ?? (context.path.kind === 'root' ? '/' : `${context.path}/`),
    isGiven: object.has('bn'),
    time: numberField(object, 'bt'),
  };
  const records = entries.map((entry, index) => entryOf(entry, `entry ${index + 1}`, base, context));
  checkDistinct(records, format);
  return { records, empty: [] };
}

function entryOf(
  entry: JsonItem,
  position: string,
  base: { name: string; isGiven: boolean; time: number | undefined },
  context: DecodeContext,
): ResourceRecord {
  if (!(entry instanceof Map)) refuse('malformed', 'an entry is an object', position);
  const object = entry as JsonObject;
  const name = textField(object, 'n', position) ?? '';
  const text = name === '' && !base.isGiven ? `${context.path}` : base.name + name;
  const path = Lwm2mPath.tryParse(text) ?? refuse('path', `${JSON.stringify(text)} is not a path`, position);
  const where = `${position} (${path})`;
  checkRecordPath(path, context.path, format, where);
  const type = typeAt(path, context.findResource);
  const value = typedValue(wireValue(object, type, where), type, (fault, reason) =>
    refuse(fault, reason, where),
  );
  const time = numberField(object, 't', where);
  if (time === undefined && base.time === undefined) return recordOf(path, value, type);
  const seconds = (time ?? 0) + (base.time ?? 0);
  const timestampMs = millisecondsOf(seconds, seconds > 0 ? 0 : context.nowMs, (fault, reason) =>
    refuse(fault, reason, where),
  );
  return recordOf(path, value, type, timestampMs);
}

/** The one value of an entry. OPAQUE is a text of base64, which only the type tells from others. */
function wireValue(object: JsonObject, type: DataType | undefined, where: string): WireValue {
  const values: WireValue[] = [];
  const number = object.get('v');
  if (number !== undefined)
    values.push({
      form: 'number',
      value: isWireNumber(number) ? number : refuse('malformed', 'v has to be a number', where),
    });
  const text = textField(object, 'sv', where);
  if (text !== undefined && type === 'OPAQUE')
    values.push({
      form: 'bytes',
      value: bytesOfBase64(text) ?? refuse('malformed', 'OPAQUE is base64', where),
    });
  else if (text !== undefined) values.push({ form: 'text', value: text });
  const link = textField(object, 'ov', where);
  if (link !== undefined) values.push({ form: 'link', value: link });
  const boolean = object.get('bv');
  if (boolean !== undefined)
    values.push({
      form: 'boolean',
      value:
        typeof boolean === 'boolean' ? boolean : refuse('malformed', 'bv has to be true or false', where),
    });
  const [value] = values;
  if (value === undefined || values.length > 1)
    return refuse('malformed', `the entry has ${values.length} values, not one`, where);
  return value;
}

/** Writes values as the JSON of LwM2M 1.0. */
export function encodeLwm2mJson(content: Content, base: Lwm2mPath): Uint8Array {
  if (content.empty.length > 0)
    refuse('unsupported', 'LwM2M JSON cannot say that something is empty', `${content.empty[0]}`);
  const prefix = baseName(base, content) || '/';
  const entries = content.records.map(({ path, value, timestampMs }) => {
    checkRecordPath(path, base, format, `${path}`);
    const name = `${path}`.slice(prefix.length);
    const fields = [
      ...(name === '' ? [] : [`"n":${JSON.stringify(name)}`]),
      valueField(value, `${path}`),
      ...(timestampMs === undefined ? [] : [`"t":${absoluteSeconds(timestampMs, `${path}`)}`]),
    ];
    return `{${fields.join(',')}}`;
  });
  return new TextEncoder().encode(`{"bn":${JSON.stringify(prefix)},"e":[${entries.join(',')}]}`);
}

function absoluteSeconds(timestampMs: number, where: string): number {
  if (timestampMs <= 0) refuse('range', 'LwM2M JSON has no absolute times before 1970', where);
  return timestampMs / 1000;
}

function valueField(value: Lwm2mValue, where: string): string {
  switch (value.type) {
    case 'STRING':
    case 'CORELNK':
      if (!isWellFormed(value.value)) refuse('type', 'the text has half a surrogate pair', where);
      return `"sv":${JSON.stringify(value.value)}`;
    case 'INTEGER':
    case 'UNSIGNED_INTEGER':
    case 'TIME':
      if (!inRange(value.type, value.value))
        refuse('range', `${value.type} holds ${rangeText(value.type)}`, where);
      return `"v":${value.value}`;
    case 'FLOAT':
      if (!Number.isFinite(value.value)) refuse('type', `${value.value} is no number of JSON`, where);
      return `"v":${value.value}`;
    case 'BOOLEAN':
      return `"bv":${value.value}`;
    case 'OPAQUE':
      return `"sv":"${toBase64(value.value)}"`;
    case 'OBJLNK':
      return `"ov":"${linkText(value.value)}"`;
  }
}
