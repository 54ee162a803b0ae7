import { type CodecFault, Lwm2mCodecError } from './codec-error.ts';
import type { WireValue } from './typed-value.ts';
import { toInteger } from './value.ts';
import { isWhole, toNumber, type WireNumber } from './wire-number.ts';

/** Labels of SenML by their names in JSON, with their numbers in CBOR (RFC 8428, 12.2); `vlo` is LwM2M's. */
export const senmlLabels = {
  bver: -1,
  bn: -2,
  bt: -3,
  bu: -4,
  bv: -5,
  bs: -6,
  n: 0,
  u: 1,
  v: 2,
  vs: 3,
  vb: 4,
  s: 5,
  t: 6,
  ut: 7,
  vd: 8,
} as const;

/** A record as it stands in a pack: some of the labels, values as the format wrote them. */
export interface SenmlRecord {
  readonly bver?: WireNumber;
  readonly bn?: string;
  readonly bt?: WireNumber;
  readonly bu?: string;
  readonly bv?: WireNumber;
  readonly bs?: WireNumber;
  readonly n?: string;
  readonly u?: string;
  readonly v?: WireNumber;
  readonly vs?: string;
  readonly vb?: boolean;
  readonly vd?: Uint8Array;
  readonly vlo?: string;
  readonly s?: WireNumber;
  readonly t?: WireNumber;
  readonly ut?: WireNumber;
}

/** A record that stands on its own, with everything that base fields say worked in (RFC 8428, 4.6). */
export interface ResolvedSenml {
  readonly name: string;
  /** Absent in a record that only names something, or has only a sum. */
  readonly value?: WireValue;
  readonly sum?: number;
  readonly unit?: string;
  /** In milliseconds since 1970; absent when neither the record nor a base time says anything. */
  readonly timestampMs?: number;
}

/** The version of SenML that RFC 8428 describes. */
const senmlVersion = 10;
/** Times below are relative to now (RFC 8428, 4.5.3). */
const relativeBelow = 2 ** 28;

/** Works base fields into the records that follow them. */
export function resolveSenml(pack: readonly SenmlRecord[], nowMs: number, format: string): ResolvedSenml[] {
  let base: SenmlRecord = {};
  return pack.map((record, index) => {
    const refuse = (fault: CodecFault, reason: string): never => {
      throw new Lwm2mCodecError(fault, reason, { format, where: `record ${index + 1}` });
    };
    base = { ...base, ...pickBase(record) };
    if (base.bver !== undefined && toNumber(base.bver) > senmlVersion)
      refuse('unsupported', `SenML version ${toNumber(base.bver)} is newer than ${senmlVersion}`);
    const value = onlyValue(record, base, refuse);
    const sum = sumOf(record, base);
    const unit = record.u ?? base.bu;
    const timestampMs = timeOf(record, base, nowMs, refuse);
    return {
      name: (base.bn ?? '') + (record.n ?? ''),
      ...(value !== undefined && { value }),
      ...(sum !== undefined && { sum }),
      ...(unit !== undefined && { unit }),
      ...(timestampMs !== undefined && { timestampMs }),
    };
  });
}

function pickBase({ bver, bn, bt, bu, bv, bs }: SenmlRecord): SenmlRecord {
  const given = Object.entries({ bver, bn, bt, bu, bv, bs }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given);
}

type Refuse = (fault: CodecFault, reason: string) => never;

function onlyValue(record: SenmlRecord, base: SenmlRecord, refuse: Refuse): WireValue | undefined {
  const values: WireValue[] = [];
  if (record.v !== undefined) values.push({ form: 'number', value: plus(record.v, base.bv) });
  if (record.vs !== undefined) values.push({ form: 'text', value: record.vs });
  if (record.vb !== undefined) values.push({ form: 'boolean', value: record.vb });
  if (record.vd !== undefined) values.push({ form: 'bytes', value: record.vd });
  if (record.vlo !== undefined) values.push({ form: 'link', value: record.vlo });
  if (values.length > 1) refuse('malformed', 'it has more than one value');
  return values[0];
}

/** The sum of a value and its base, exact for whole numbers. */
function plus(value: WireNumber, base: WireNumber | undefined): WireNumber {
  if (base === undefined) return value;
  if (isWhole(value) && isWhole(base)) return { whole: toInteger(BigInt(value.whole) + BigInt(base.whole)) };
  return toNumber(value) + toNumber(base);
}

function sumOf(record: SenmlRecord, base: SenmlRecord): number | undefined {
  if (record.s === undefined && base.bs === undefined) return undefined;
  return toNumber(record.s ?? 0) + toNumber(base.bs ?? 0);
}

function timeOf(record: SenmlRecord, base: SenmlRecord, nowMs: number, refuse: Refuse): number | undefined {
  if (record.t === undefined && base.bt === undefined) return undefined;
  const seconds = toNumber(record.t ?? 0) + toNumber(base.bt ?? 0);
  return millisecondsOf(seconds, seconds < relativeBelow ? nowMs : 0, refuse);
}

/** The last moment that JavaScript's dates have. */
const lastMs = 8.64e15;

/** Seconds as milliseconds since 1970, counted from `fromMs`. */
export function millisecondsOf(seconds: number, fromMs: number, refuse: Refuse): number {
  const time = fromMs + Math.round(seconds * 1000);
  return Math.abs(time) <= lastMs
    ? time
    : refuse('range', `the time ${seconds} s lies outside of all calendars`);
}
