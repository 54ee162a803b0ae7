import { PlatformError } from '../core/contract/errors.ts';
import { defaultSettings, type PlatformSettings } from '../core/settings.ts';

/**
 * Reads `NAME=VALUE` of `--set` flags; the last of a name counts.
 * @throws PlatformError `platform.setting` naming the flag, what is wrong and what is allowed.
 */
export function readSettings(assignments: readonly string[]): Partial<PlatformSettings> {
  const settings: Record<string, number | boolean | string | string[]> = {};
  for (const assignment of assignments) {
    const equals = assignment.indexOf('=');
    const name = equals < 0 ? assignment : assignment.slice(0, equals);
    const text = equals < 0 ? '' : assignment.slice(equals + 1);
    const usual: unknown = Object.hasOwn(defaultSettings, name)
      ? Reflect.get(defaultSettings, name)
      : undefined;
    if (usual === undefined) {
      throw wrong(
        `no setting has the name ${JSON.stringify(name)}; there are ${Object.keys(defaultSettings).join(', ')}`,
      );
    }
    settings[name] = readLike(usual, name, text);
  }
  return settings;
}

/** Reads a value of the kind that the default is of. */
function readLike(usual: unknown, name: string, text: string): number | boolean | string | string[] {
  if (typeof usual === 'number') return readNumber(name, text);
  if (typeof usual === 'boolean') return readBoolean(name, text);
  return typeof usual === 'string' ? text : readList(text);
}

function readBoolean(name: string, text: string): boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  throw wrong(`${name} must be true or false, got ${JSON.stringify(text)}`);
}

function readNumber(name: string, text: string): number {
  const value = Number(text);
  if (/^\d{1,15}$/.test(text) && value > 0) return value;
  throw wrong(`${name} must be a whole number above 0, got ${JSON.stringify(text)}`);
}

function readList(text: string): string[] {
  return text.split(',').filter((item) => item !== '');
}

function wrong(what: string): PlatformError {
  return new PlatformError('platform.setting', `--set NAME=VALUE: ${what}.`);
}
