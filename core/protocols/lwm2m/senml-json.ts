import { type CodecFault, Lwm2mCodecError } from './codec-error.ts';
import { type JsonItem, readJson } from './json-reader.ts';
import { type SenmlRecord, senmlLabels } from './senml.ts';
import { bytesOfBase64Url, toBase64Url } from './value.ts';
import { isWhole, isWireNumber, type WireNumber } from './wire-number.ts';

const format = 'SenML JSON';
const texts = ['bn', 'bu', 'n', 'u', 'vs', 'vlo'] as const;
const numbers = ['bver', 'bt', 'bv', 'bs', 'v', 's', 't', 'ut'] as const;

/** The records of a pack in JSON (RFC 8428, 5), as they are written. */
export function readSenmlJson(bytes: Uint8Array): SenmlRecord[] {
  const pack = readJson(bytes, format);
  if (!Array.isArray(pack))
    throw new Lwm2mCodecError('malformed', 'a pack is an array of records', { format, offset: 0 });
  return pack.map((item, index) => recordOf(item, `record ${index + 1}`));
}

function recordOf(item: JsonItem, where: string): SenmlRecord {
  const refuse = (fault: CodecFault, reason: string): never => {
    throw new Lwm2mCodecError(fault, reason, { format, where });
  };
  if (!(item instanceof Map)) return refuse('malformed', 'a record is an object');
  const record: Record<string, unknown> = {};
  for (const [label, value] of item) {
    if ((texts as readonly string[]).includes(label))
      record[label] = typeof value === 'string' ? value : refuse('malformed', `${label} has to be a text`);
    else if ((numbers as readonly string[]).includes(label))
      record[label] = isWireNumber(value) ? value : refuse('malformed', `${label} has to be a number`);
    else if (label === 'vb')
      record.vb = typeof value === 'boolean' ? value : refuse('malformed', 'vb has to be true or false');
    else if (label === 'vd')
      record.vd =
        (typeof value === 'string' ? bytesOfBase64Url(value) : undefined) ??
        refuse('malformed', 'vd has to be base64 in the alphabet for URLs');
    else if (label.endsWith('_')) refuse('unsupported', `${label} has to be understood, and is not`);
  }
  return record;
}

/** Records as a pack in JSON. Numbers keep all their digits. */
export function writeSenmlJson(pack: readonly SenmlRecord[]): Uint8Array {
  const records = pack.map((record) => {
    const fields = Object.entries(record).map(
      ([label, value]) => `${JSON.stringify(label)}:${jsonOf(value)}`,
    );
    return `{${fields.join(',')}}`;
  });
  return new TextEncoder().encode(`[${records.join(',')}]`);
}

function jsonOf(value: WireNumber | string | boolean | Uint8Array): string {
  if (value instanceof Uint8Array) return JSON.stringify(toBase64Url(value));
  return isWhole(value) ? String(value.whole) : JSON.stringify(value);
}

/** Whether a label is one of SenML. */
export const isSenmlLabel = (label: string): label is keyof typeof senmlLabels =>
  Object.hasOwn(senmlLabels, label);
