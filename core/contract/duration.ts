/** A duration of ISO 8601 in its parts; fractions are taken in the last one. */
const pattern =
  /^P(?=.)(?:(?<years>\d+)Y)?(?:(?<months>\d+)M)?(?:(?<weeks>\d+(?:[.,]\d+)?)W)?(?:(?<days>\d+(?:[.,]\d+)?)D)?(?:T(?=\d)(?:(?<hours>\d+(?:[.,]\d+)?)H)?(?:(?<minutes>\d+(?:[.,]\d+)?)M)?(?:(?<seconds>\d+(?:[.,]\d+)?)S)?)?$/;

/** A fraction may stand in the smallest part only (ISO 8601-1, 5.5.2.3). */
const innerFraction = /[.,]\d+[A-Z].*\d/;

const partMs = { weeks: 604_800_000, days: 86_400_000, hours: 3_600_000, minutes: 60_000, seconds: 1000 };

/** True for `PT30S`, `P7D`, `P1Y2M`, `PT1.5H`; false for anything else, a negative one too. */
export function isDuration(text: string): boolean {
  return text.length <= 100 && pattern.test(text) && !innerFraction.test(text);
}

/**
 * The moment a duration after another, in milliseconds since the Unix epoch. Years and months go by the calendar in
 * UTC; a day that the month does not have becomes its last one. A day has 24 hours.
 * @param text as {@link isDuration} accepts it
 * @throws RangeError for anything else
 */
export function addDuration(fromMs: number, text: string): number {
  const parts = isDuration(text) ? pattern.exec(text)?.groups : undefined;
  if (!parts) throw new RangeError(`not a duration: ${text}`);
  const number = (name: string): number => Number((parts[name] ?? '0').replace(',', '.'));
  let atMs = addMonths(fromMs, number('years') * 12 + number('months'));
  for (const [name, ms] of Object.entries(partMs)) atMs += number(name) * ms;
  return Math.round(atMs);
}

function addMonths(fromMs: number, months: number): number {
  if (months === 0) return fromMs;
  const from = new Date(fromMs);
  const day = from.getUTCDate();
  const first = new Date(fromMs);
  first.setUTCDate(1);
  first.setUTCMonth(from.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(day, lastDay));
  return first.getTime();
}
