import { ackModes } from './contract/commands.ts';
import { PlatformError } from './contract/errors.ts';

/** Letters, digits and what stands in IPv4 and IPv6 addresses and names of hosts; nothing at all is right too. */
const hostPattern = /^[\w.:-]{0,255}$/;

/** Words of settings that may not be any acknowledgement level. */
const choices: Readonly<Record<string, readonly unknown[]>> = { loraCommandAckMode: ['NONE', 'NETWORK'] };

const hostSettings = ['resourceLinkHost', 'lwm2mPublicHost'];
const fileSettings = ['dtlsKeyLogFile'];

/**
 * A setting that is no number is a list, true or false, one of a few words, a host, or a file.
 * @param usual its default, which tells which of these
 * @throws PlatformError `platform.setting`
 */
export function checkChoice(name: string, value: unknown, usual: unknown): void {
  if (fileSettings.includes(name)) {
    if (typeof value === 'string' && !value.includes('\0')) return;
    throw new PlatformError('platform.setting', `Setting ${name} must be the path of a file.`);
  }
  if (hostSettings.includes(name)) {
    if (hostPattern.test(String(value))) return;
    throw new PlatformError(
      'platform.setting',
      `Setting ${name} must be a host name or an address without port, got ${String(value)}.`,
    );
  }
  const words: readonly unknown[] | undefined =
    typeof usual === 'boolean'
      ? [true, false]
      : typeof usual === 'string'
        ? (choices[name] ?? ackModes)
        : undefined;
  if (!words || words.includes(value)) return;
  throw new PlatformError(
    'platform.setting',
    `Setting ${name} must be one of ${words.join(', ')}, got ${String(value)}.`,
  );
}
