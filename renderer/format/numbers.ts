import i18next from 'i18next';

const formats = new Map<string, Intl.NumberFormat>();

/** Made once for a language: making one takes longer than all it writes. */
function formatOf(language: string, decimals: number, leastDecimals = decimals): Intl.NumberFormat {
  const place = `${language} ${decimals} ${leastDecimals}`;
  let format = formats.get(place);
  if (!format) {
    format = new Intl.NumberFormat(language, {
      minimumFractionDigits: leastDecimals,
      maximumFractionDigits: decimals,
    });
    formats.set(place, format);
  }
  return format;
}

/** `1,234,567` as the language writes it. */
export const count = (value: number, language: string): string => formatOf(language, 0).format(value);

/** `37.8`, `1,240.0` as the language writes it, for what is so many a second. */
export const rate = (value: number, language: string): string => formatOf(language, 1).format(value);

const byteUnits = ['B', 'KiB', 'MiB', 'GiB'];

/** What is written without being told a language is written in that of the portal. */
const current = (): string => i18next.language ?? 'en';

/** `512 B`, `1.5 KiB`. */
export function bytes(value: number, language = current()): string {
  let amount = value;
  let unit = 0;
  while (amount >= 1024 && unit < byteUnits.length - 1) {
    amount /= 1024;
    unit++;
  }
  return `${formatOf(language, unit > 0 && amount < 10 ? 1 : 0).format(amount)} ${byteUnits[unit]}`;
}

/** A span of time with a unit that fits it: `0.12 ms`, `3.4 s`, `2 min 5 s`, `3 d 4 h`. */
export function duration(ms: number, language = current()): string {
  const trim = (value: number, digits: number): string => formatOf(language, digits, 0).format(value);
  if (ms < 1000) return `${trim(ms, ms < 1 ? 3 : ms < 10 ? 2 : 0)} ms`;
  if (ms < 60_000) return `${trim(ms / 1000, 1)} s`;
  if (ms < 3_600_000) return pair(ms / 1000, 60, 'min', 's');
  if (ms < 86_400_000) return pair(ms / 60_000, 60, 'h', 'min');
  return pair(ms / 3_600_000, 24, 'd', 'h');
}

function pair(small: number, factor: number, largeUnit: string, smallUnit: string): string {
  const rounded = Math.floor(small);
  const rest = rounded % factor;
  const head = `${Math.floor(rounded / factor)} ${largeUnit}`;
  return rest === 0 ? head : `${head} ${rest} ${smallUnit}`;
}

/** A value of a message as its JSON has it, in every language, without the noise of binary fractions. */
export const measured = (value: number): string => String(Number(value.toPrecision(12)));
