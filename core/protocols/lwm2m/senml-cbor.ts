import { type CborItem, isTagged, readCbor } from './cbor-reader.ts';
import { type CborNode, writeCbor } from './cbor-writer.ts';
import { type CodecFault, Lwm2mCodecError } from './codec-error.ts';
import { type SenmlRecord, senmlLabels } from './senml.ts';
import { isWhole, isWireNumber, toWhole, type WireNumber } from './wire-number.ts';

const format = 'SenML CBOR';
const byNumber = new Map(Object.entries(senmlLabels).map(([label, number]) => [number as number, label]));

/** The records of a pack in CBOR (RFC 8428, 6), as they are written. */
export function readSenmlCbor(bytes: Uint8Array): SenmlRecord[] {
  const pack = readCbor(bytes, format);
  if (!Array.isArray(pack))
    throw new Lwm2mCodecError('malformed', 'a pack is an array of records', { format, offset: 0 });
  return pack.map((item, index) => recordOf(item, `record ${index + 1}`));
}

function recordOf(item: CborItem, where: string): SenmlRecord {
  const refuse = (fault: CodecFault, reason: string): never => {
    throw new Lwm2mCodecError(fault, reason, { format, where });
  };
  if (!(item instanceof Map)) return refuse('malformed', 'a record is a map');
  const record: Record<string, unknown> = {};
  for (const [key, value] of item as ReadonlyMap<CborItem, CborItem>) {
    const label = labelOf(key, refuse);
    if (label !== undefined) record[label] = fieldOf(label, value, refuse);
  }
  return record;
}

/** The name of a label; undefined for one that may be ignored (RFC 8428, 4.4). */
function labelOf(key: CborItem, refuse: (fault: CodecFault, reason: string) => never): string | undefined {
  if (isWhole(key)) return byNumber.get(Number(key.whole));
  if (typeof key !== 'string') return refuse('malformed', 'a label is a whole number or a text');
  if (key.endsWith('_')) return refuse('unsupported', `${key} has to be understood, and is not`);
  return key === 'vlo' ? key : undefined;
}

function fieldOf(
  label: string,
  value: CborItem,
  refuse: (fault: CodecFault, reason: string) => never,
): WireNumber | string | boolean | Uint8Array {
  switch (label) {
    case 'bn':
    case 'bu':
    case 'n':
    case 'u':
    case 'vs':
    case 'vlo':
      return typeof value === 'string' ? value : refuse('malformed', `${label} has to be a text`);
    case 'vb':
      return typeof value === 'boolean' ? value : refuse('malformed', 'vb has to be true or false');
    case 'vd':
      return value instanceof Uint8Array ? value : refuse('malformed', 'vd has to be bytes');
    default:
      return numberOf(value) ?? refuse('malformed', `${label} has to be a number`);
  }
}

/** A number, or a decimal fraction, which RFC 8428, 6 allows as well (tag 4: exponent and mantissa). */
export function numberOf(item: CborItem): WireNumber | undefined {
  if (isWireNumber(item)) return item;
  if (!isTagged(item) || item.tag !== 4 || !Array.isArray(item.item) || item.item.length !== 2)
    return undefined;
  const [exponent, mantissa] = item.item.map((part) => (isWireNumber(part) ? toWhole(part) : undefined));
  if (exponent === undefined || mantissa === undefined) return undefined;
  const number = Number(`${mantissa}e${exponent}`);
  return Number.isFinite(number) ? number : undefined;
}

/** Records as a pack in CBOR, lengths and numbers in their shortest form. */
export function writeSenmlCbor(pack: readonly SenmlRecord[]): Uint8Array {
  return writeCbor(
    pack.map((record) => {
      const fields = Object.entries(record).map(([label, value]): [CborNode, CborNode] => {
        const number = Object.hasOwn(senmlLabels, label)
          ? senmlLabels[label as keyof typeof senmlLabels]
          : undefined;
        return [number === undefined ? label : { whole: number }, value as CborNode];
      });
      return new Map(fields);
    }),
  );
}
