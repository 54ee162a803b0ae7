import { SmppError } from './errors.ts';

const secondMs = 1000;
const unitsMs = [365 * 86_400, 30 * 86_400, 86_400, 3600, 60, 1].map((seconds) => seconds * secondMs);
const longestMs = 100 * 365 * 86_400 * secondMs;

/**
 * A span of time in the relative format (SMPP 3.4, 7.1.1.2), whole seconds: a year is 365 days there, a month 30.
 * @throws SmppError `smpp.range` from 0 ms down, and from a hundred years up
 */
export function relativeTime(spanMs: number): string {
  if (!(spanMs > 0 && spanMs < longestMs)) {
    throw new SmppError('smpp.range', `a span must be above 0 and below ${longestMs} ms, got ${spanMs}`);
  }
  let rest = Math.ceil(spanMs / secondMs) * secondMs;
  const digits = unitsMs.map((unitMs) => {
    const count = Math.floor(rest / unitMs);
    rest -= count * unitMs;
    return String(count).padStart(2, '0');
  });
  return `${digits.join('')}000R`;
}

/**
 * When a scheduled delivery or the end of a validity is (SMPP 3.4, 7.1.1).
 * @returns milliseconds since 1970; undefined for an empty text or one that is no time
 */
export function readTime(text: string, nowMs: number): number | undefined {
  const found = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d)(\d\d)([-+R])$/.exec(text);
  if (!found) return undefined;
  const [years = 0, months = 0, days = 0, hours = 0, minutes = 0, seconds = 0, tenths = 0, quarters = 0] =
    found.slice(1, 9).map(Number);
  const sign = found[9];
  if (sign === 'R') {
    const counts = [years, months, days, hours, minutes, seconds];
    return nowMs + counts.reduce((sum, count, index) => sum + count * (unitsMs[index] ?? 0), 0);
  }
  const local = Date.UTC(2000 + years, months - 1, days, hours, minutes, seconds, tenths * 100);
  const date = new Date(local);
  if (date.getUTCMonth() !== months - 1 || date.getUTCDate() !== days || hours > 23 || minutes > 59) {
    return undefined;
  }
  return local - (sign === '+' ? 1 : -1) * quarters * 15 * 60 * secondMs;
}
