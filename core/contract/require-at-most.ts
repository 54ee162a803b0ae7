import { invalidParameter } from './invalid-parameter.ts';

/**
 * Holds a count, or a number, against a limit that is a setting.
 * @param what of which there may be so many; undefined: the field itself is a number
 * @throws PlatformError `api.invalidParameter`, naming the field, the limit and the setting
 */
export function requireAtMost<Name extends string>(
  limits: Readonly<Record<Name, number>>,
  name: Name,
  count: number | undefined,
  field: string,
  what?: string,
): void {
  if (count === undefined || count <= limits[name]) return;
  const rule =
    what === undefined ? `must be at most ${limits[name]}` : `must hold at most ${limits[name]} ${what}`;
  throw invalidParameter(`${field}: ${rule}, got ${count} (setting ${name})`);
}
