const pad = (value: number, digits = 2): string => String(value).padStart(digits, '0');

/** `14:03:07.120` on this machine's clock, or in UTC. */
export function clockTime(time: string | number, utc = false): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return String(time);
  if (utc) return date.toISOString().slice(11, 23);
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => pad(part)).join(':');
  return `${clock}.${pad(date.getMilliseconds(), 3)}`;
}

/** `2030-01-31 14:03:07.120` on this machine's clock, or in UTC. */
export function dateTime(time: string | number, utc = false): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return String(time);
  if (utc) return date.toISOString().replace('T', ' ').replace('Z', '');
  const day = [pad(date.getFullYear(), 4), pad(date.getMonth() + 1), pad(date.getDate())].join('-');
  return `${day} ${clockTime(time)}`;
}

/** To the second, as a date field of the browser takes it; empty for what is no moment. */
export function fieldTime(time: string | number, utc: boolean): string {
  return Number.isNaN(new Date(time).getTime()) ? '' : dateTime(time, utc).slice(0, 19).replace(' ', 'T');
}

/** The moment that a date field of the browser holds, ISO 8601; undefined while it holds none. */
export function instantOf(field: string, utc: boolean): string | undefined {
  const moment = new Date(utc ? `${field}Z` : field);
  return field === '' || Number.isNaN(moment.getTime()) ? undefined : moment.toISOString();
}

/** `UTC`, or `UTC+01:00` as this machine's clock has it at that moment; now where there is none. */
export function zoneAt(time: string | number, utc: boolean): string {
  if (utc) return 'UTC';
  const moment = new Date(time);
  return `UTC${offsetOf(Number.isNaN(moment.getTime()) ? new Date() : moment)}`;
}

function offsetOf(moment: Date): string {
  const minutes = -moment.getTimezoneOffset();
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${pad(Math.trunc(size / 60))}:${pad(size % 60)}`;
}

/** Both, for a hint: local with its distance from UTC, then UTC. */
export function bothTimes(time: string | number): string {
  return `${dateTime(time)} ${offsetOf(new Date(time))}\n${dateTime(time, true)} UTC`;
}

/** The clock time of a moment of today, the date of any other. */
export function shortTime(time: string | number, now: number, utc = false): string {
  const full = dateTime(time, utc);
  return full.slice(0, 10) === dateTime(now, utc).slice(0, 10) ? full.slice(11) : full.slice(0, 10);
}

/** `12 s ago` in the words of the language; units from seconds to days. */
export function relativeTime(time: string | number, now: number, language: string): string {
  const seconds = Math.round((new Date(time).getTime() - now) / 1000);
  const size = Math.abs(seconds);
  const format = relativeFormat(language);
  if (size < 60) return format.format(seconds, 'second');
  if (size < 3600) return format.format(Math.trunc(seconds / 60), 'minute');
  if (size < 86_400) return format.format(Math.trunc(seconds / 3600), 'hour');
  return format.format(Math.trunc(seconds / 86_400), 'day');
}

const relativeFormats = new Map<string, Intl.RelativeTimeFormat>();

/** Made once for a language: making one takes longer than all it formats. */
function relativeFormat(language: string): Intl.RelativeTimeFormat {
  let format = relativeFormats.get(language);
  if (!format) {
    format = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' });
    relativeFormats.set(language, format);
  }
  return format;
}
