import { type CborItem, isTagged, readCbor } from './cbor-reader.ts';
import { type CborNode, writeCbor } from './cbor-writer.ts';
import { type CodecFault, Lwm2mCodecError } from './codec-error.ts';
import { type Content, type DecodeContext, recordOf, typeAt } from './content.ts';
import type { Lwm2mPath } from './path.ts';
import { numberOf } from './senml-cbor.ts';
import { checkSingular, onlyRecord } from './text-content.ts';
import { typedValue, type WireValue } from './typed-value.ts';
import { type DataType, inRange, isWellFormed, type Lwm2mValue, linkText, rangeText } from './value.ts';

const format = 'CBOR';
/** Tags of RFC 8949, 3.4.1 and 3.4.2: a time as text, and as seconds since 1970. */
const dateText = 0;
const epochTime = 1;

type Refuse = (fault: CodecFault, reason: string) => never;

/** Reads application/cbor (LwM2M Core 1.1.1, 7.4.6): one item that is the value of a resource or resource instance. */
export function decodeCbor(bytes: Uint8Array, context: DecodeContext): Content {
  const { path } = context;
  checkSingular(path, format);
  const refuse: Refuse = (fault, reason) => {
    throw new Lwm2mCodecError(fault, reason, { format, offset: 0, where: `${path}` });
  };
  const type = typeAt(path, context.findResource);
  return { records: [recordOf(path, valueOfItem(readCbor(bytes, format), type, refuse), type)], empty: [] };
}

function valueOfItem(item: CborItem, type: DataType | undefined, refuse: Refuse): Lwm2mValue {
  if (isTagged(item) && (item.tag === epochTime || item.tag === dateText))
    return timeOf(item.item, item.tag, type ?? 'TIME', refuse);
  return typedValue(wireValue(item, type, refuse), type, refuse);
}

/** A tagged time. A fraction of a second is cut off: TIME holds whole seconds. */
function timeOf(item: CborItem, tag: number, type: DataType, refuse: Refuse): Lwm2mValue {
  if (type !== 'TIME') return refuse('type', `the resource is of type ${type}, not TIME`);
  if (tag === epochTime) {
    const seconds = numberOf(item) ?? refuse('malformed', 'a time of tag 1 is a number of seconds');
    const whole = typeof seconds === 'number' ? { whole: Math.floor(seconds) } : seconds;
    return typedValue({ form: 'number', value: whole }, 'TIME', refuse);
  }
  const isText =
    typeof item === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(item);
  const time = isText ? Date.parse(item) : Number.NaN;
  if (Number.isNaN(time)) refuse('malformed', 'a time of tag 0 is a date and time of RFC 3339');
  return { type: 'TIME', value: Math.floor(time / 1000) };
}

function wireValue(item: CborItem, type: DataType | undefined, refuse: Refuse): WireValue {
  if (typeof item === 'string') return { form: type === 'OBJLNK' ? 'link' : 'text', value: item };
  if (typeof item === 'boolean') return { form: 'boolean', value: item };
  if (item instanceof Uint8Array) return { form: 'bytes', value: item };
  const number = numberOf(item);
  if (number !== undefined) return { form: 'number', value: number };
  return refuse('type', 'the item is no number, text, bytes, true or false');
}

export function encodeCbor(content: Content, base: Lwm2mPath): Uint8Array {
  return writeCbor(nodeOf(onlyRecord(content, base, format), `${base}`));
}

function nodeOf(value: Lwm2mValue, where: string): CborNode {
  const fail = (fault: CodecFault, reason: string): never => {
    throw new Lwm2mCodecError(fault, reason, { format, where });
  };
  switch (value.type) {
    case 'STRING':
    case 'CORELNK':
      return isWellFormed(value.value) ? value.value : fail('type', 'the text has half a surrogate pair');
    case 'INTEGER':
    case 'UNSIGNED_INTEGER':
    case 'TIME': {
      if (!inRange(value.type, value.value)) fail('range', `${value.type} holds ${rangeText(value.type)}`);
      const whole = { whole: value.value };
      return value.type === 'TIME' ? { tag: epochTime, item: whole } : whole;
    }
    case 'OBJLNK':
      return linkText(value.value);
    default:
      return value.value;
  }
}
