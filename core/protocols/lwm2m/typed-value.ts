import type { CodecFault } from './codec-error.ts';
import { type DataType, inRange, isWellFormed, type Lwm2mValue, parseLinkText, rangeText } from './value.ts';
import { isWhole, toNumber, toWhole, type WireNumber } from './wire-number.ts';

/**
 * A value as LwM2M JSON, SenML and CBOR write it.
 */
export type WireValue =
  | { readonly form: 'number'; readonly value: WireNumber }
  | { readonly form: 'text'; readonly value: string }
  | { readonly form: 'boolean'; readonly value: boolean }
  | { readonly form: 'bytes'; readonly value: Uint8Array }
  | { readonly form: 'link'; readonly value: string };

type Refuse = (fault: CodecFault, reason: string) => never;

/** What each type is written as. */
const forms: Record<Exclude<DataType, 'NONE'>, WireValue['form']> = {
  STRING: 'text',
  CORELNK: 'text',
  INTEGER: 'number',
  UNSIGNED_INTEGER: 'number',
  TIME: 'number',
  FLOAT: 'number',
  BOOLEAN: 'boolean',
  OPAQUE: 'bytes',
  OBJLNK: 'link',
};

/** The value of a type that a form stands for; without a type the one nearest to the form. */
export function typedValue(wire: WireValue, type: DataType | undefined, refuse: Refuse): Lwm2mValue {
  if (type === undefined) return guessedValue(wire, refuse);
  if (type === 'NONE') return refuse('type', 'the resource can only be executed and has no value');
  if (wire.form === 'text' && isWellFormed(wire.value) === false)
    return refuse('malformed', 'the text has half a surrogate pair');
  switch (type) {
    case 'STRING':
    case 'CORELNK':
      if (wire.form === 'text') return { type, value: wire.value };
      break;
    case 'INTEGER':
    case 'UNSIGNED_INTEGER':
    case 'TIME':
      if (wire.form === 'number') return { type, value: wholeIn(type, wire.value, refuse) };
      break;
    case 'FLOAT':
      if (wire.form === 'number') return { type, value: toNumber(wire.value) };
      break;
    case 'BOOLEAN':
      if (wire.form === 'boolean') return { type, value: wire.value };
      break;
    case 'OPAQUE':
      if (wire.form === 'bytes') return { type, value: wire.value };
      break;
    case 'OBJLNK':
      if (wire.form === 'link') return linkValue(wire.value, refuse);
      break;
  }
  return refuse(
    'type',
    `the resource is of type ${type}, which is written as ${forms[type]}, not as ${wire.form}`,
  );
}

function guessedValue(wire: WireValue, refuse: Refuse): Lwm2mValue {
  switch (wire.form) {
    case 'text':
      if (!isWellFormed(wire.value)) return refuse('malformed', 'the text has half a surrogate pair');
      return { type: 'STRING', value: wire.value };
    case 'boolean':
      return { type: 'BOOLEAN', value: wire.value };
    case 'bytes':
      return { type: 'OPAQUE', value: wire.value };
    case 'link':
      return linkValue(wire.value, refuse);
    case 'number': {
      if (!isWhole(wire.value)) return { type: 'FLOAT', value: wire.value };
      const { whole } = wire.value;
      if (inRange('INTEGER', whole)) return { type: 'INTEGER', value: whole };
      if (inRange('UNSIGNED_INTEGER', whole)) return { type: 'UNSIGNED_INTEGER', value: whole };
      return refuse('range', `${whole} has more than 64 bits`);
    }
  }
}

function wholeIn(type: 'INTEGER' | 'UNSIGNED_INTEGER' | 'TIME', number: WireNumber, refuse: Refuse) {
  const whole = toWhole(number);
  if (whole === undefined) return refuse('type', `${type} is a whole number, not ${number}`);
  return inRange(type, whole) ? whole : refuse('range', `${type} holds ${rangeText(type)}, not ${whole}`);
}

const linkValue = (text: string, refuse: Refuse): Lwm2mValue => ({
  type: 'OBJLNK',
  value: parseLinkText(text) ?? refuse('malformed', `OBJLNK is object:instance, not ${JSON.stringify(text)}`),
});
