import { Lwm2mCodecError } from './codec-error.ts';
import { type Content, type DecodeContext, recordOf, typeAt } from './content.ts';
import type { Lwm2mPath } from './path.ts';
import { textOf } from './tlv-value.ts';
import {
  bytesOfBase64,
  type DataType,
  inRange,
  isWellFormed,
  type Lwm2mValue,
  linkText,
  parseDecimal,
  parseLinkText,
  parseWhole,
  rangeText,
  toBase64,
} from './value.ts';

const format = 'text';

/** Refuses a request for more than one value: text and opaque hold a single one. */
export function checkSingular(path: Lwm2mPath, name: string): void {
  if (path.resourceId === undefined)
    throw new Lwm2mCodecError('path', `${name} holds one value, and ${path} is not the path of a resource`, {
      format: name,
    });
}

/** Reads text/plain (LwM2M Core 1.1.1, 7.4.1): one value, of STRING when no model knows the type. */
export function decodeText(bytes: Uint8Array, context: DecodeContext): Content {
  const { path } = context;
  checkSingular(path, format);
  const refuse = (fault: 'malformed' | 'range' | 'type', reason: string): never => {
    throw new Lwm2mCodecError(fault, reason, { format, offset: 0, where: `${path}` });
  };
  const text = textOf(bytes) ?? refuse('malformed', 'the text is not UTF-8');
  const type = typeAt(path, context.findResource);
  return { records: [recordOf(path, typedText(text, type ?? 'STRING', refuse), type)], empty: [] };
}

/** The value of a type that a text stands for, as text/plain has it (appendix C). */
function typedText(
  text: string,
  type: DataType,
  refuse: (fault: 'malformed' | 'range' | 'type', reason: string) => never,
): Lwm2mValue {
  const shown = JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
  switch (type) {
    case 'STRING':
    case 'CORELNK':
      return { type, value: text };
    case 'INTEGER':
    case 'UNSIGNED_INTEGER':
    case 'TIME': {
      const value =
        parseWhole(text) ?? refuse('malformed', `${type} is a whole number in decimal, not ${shown}`);
      return inRange(type, value) ? { type, value } : refuse('range', `${type} holds ${rangeText(type)}`);
    }
    case 'FLOAT':
      return {
        type,
        value: parseDecimal(text) ?? refuse('malformed', `FLOAT is a number in decimal, not ${shown}`),
      };
    case 'BOOLEAN':
      if (text !== '0' && text !== '1') refuse('malformed', `BOOLEAN is 0 or 1, not ${shown}`);
      return { type, value: text === '1' };
    case 'OPAQUE':
      return { type, value: bytesOfBase64(text) ?? refuse('malformed', `OPAQUE is base64, not ${shown}`) };
    case 'OBJLNK':
      return {
        type,
        value: parseLinkText(text) ?? refuse('malformed', `OBJLNK is object:instance, not ${shown}`),
      };
    case 'NONE':
      return refuse('type', 'the resource can only be executed and has no value');
  }
}

/** A value as text/plain has it. @throws Lwm2mCodecError for what has no text: NaN, broken text, out of range. */
export function textOfValue(value: Lwm2mValue, where: string): string {
  const fail = (fault: 'type' | 'range', reason: string): never => {
    throw new Lwm2mCodecError(fault, reason, { format, where });
  };
  switch (value.type) {
    case 'STRING':
    case 'CORELNK':
      return isWellFormed(value.value) ? value.value : fail('type', 'the text has half a surrogate pair');
    case 'INTEGER':
    case 'UNSIGNED_INTEGER':
    case 'TIME':
      return inRange(value.type, value.value)
        ? String(value.value)
        : fail('range', `${value.type} holds ${rangeText(value.type)}`);
    case 'FLOAT':
      return Number.isFinite(value.value)
        ? String(value.value)
        : fail('type', `${value.value} has no decimal form`);
    case 'BOOLEAN':
      return value.value ? '1' : '0';
    case 'OPAQUE':
      return toBase64(value.value);
    case 'OBJLNK':
      return linkText(value.value);
  }
}

/** The one value that a format of single values writes, which has to be the one of `base` and to have no time. */
export function onlyRecord(content: Content, base: Lwm2mPath, name: string): Lwm2mValue {
  checkSingular(base, name);
  const [record, second] = content.records;
  if (!record || second || content.empty.length > 0)
    throw new Lwm2mCodecError('unsupported', `${name} holds exactly one value`, {
      format: name,
      where: `${base}`,
    });
  if (!record.path.equals(base))
    throw new Lwm2mCodecError('path', `${record.path} is not ${base}`, { format: name });
  if (record.timestampMs !== undefined)
    throw new Lwm2mCodecError('unsupported', `${name} has no times`, { format: name, where: `${base}` });
  return record.value;
}

export function encodeText(content: Content, base: Lwm2mPath): Uint8Array {
  return new TextEncoder().encode(textOfValue(onlyRecord(content, base, format), `${base}`));
}
