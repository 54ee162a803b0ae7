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
  const day = [date.getFullYear(), pad(date.getMonth() + 1), pad(date.getDate())].join('-');
  return `${day} ${clockTime(time)}`;
}

/** Both, for a hint: local with its distance from UTC, then UTC. */
export function bothTimes(time: string | number): string {
  const minutes = -new Date(time).getTimezoneOffset();
  const zone = `${minutes < 0 ? '-' : '+'}${pad(Math.trunc(Math.abs(minutes) / 60))}:${pad(Math.abs(minutes) % 60)}`;
  return `${dateTime(time)} ${zone}\n${dateTime(time, true)} UTC`;
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
