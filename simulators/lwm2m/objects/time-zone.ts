/**
 * The offset from UTC that a time zone has at a time, as in `+02:00`.
 * @param zone name in the time zone database of IANA; undefined is answered for any other text
 */
export function utcOffset(zone: string, atMs: number): string | undefined {
  if (!/^[A-Za-z]/.test(zone)) return undefined;
  try {
    const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
    const name = format.formatToParts(atMs).find(({ type }) => type === 'timeZoneName')?.value ?? '';
    return /^GMT([+-]\d\d:\d\d)/.exec(name)?.[1] ?? '+00:00';
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Whether a text is an offset from UTC of ISO 8601: `Z`, `+02:00`, `-0330`, `+05`. */
export const isUtcOffset = (text: string): boolean => /^(?:Z|[+-](?:0\d|1[0-4])(?::?[0-5]\d)?)$/.test(text);
