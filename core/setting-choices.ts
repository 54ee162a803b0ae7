import { usSubBands } from './connectors/lora/lora-settings.ts';
import { ackModes } from './contract/commands.ts';
import { PlatformError } from './contract/errors.ts';
import { longMessageForms } from './protocols/smpp/segments.ts';

/** Letters, digits and what stands in IPv4 and IPv6 addresses and names of hosts; nothing at all is right too. */
const hostPattern = /^[\w.:-]{0,255}$/;

/** Words of settings that may not be any acknowledgement level. */
const choices: Readonly<Record<string, readonly unknown[]>> = {
  loraCommandAckMode: ['NONE', 'NETWORK'],
  loraUs915SubBand: usSubBands,
  smsCommandAckMode: ['NONE', 'NETWORK'],
  smsDefaultAlphabet: ['GSM7', 'GSM7_PACKED', 'LATIN1', 'ASCII'],
  smsLongMessages: longMessageForms,
};

/** Settings that are texts with a form of their own. */
const forms: Readonly<Record<string, { readonly pattern: RegExp; readonly words: string }>> = {
  smppSystemId: { pattern: /^[!-~]{1,15}$/, words: '1 to 15 characters of ASCII without spaces' },
  smppPassword: { pattern: /^[!-~]{0,8}$/, words: 'at most 8 characters of ASCII without spaces' },
  smppAddressRange: { pattern: /^[!-~]{0,40}$/, words: 'at most 40 characters of ASCII without spaces' },
  smppSystemType: { pattern: /^[!-~]{0,12}$/, words: 'at most 12 characters of ASCII without spaces' },
};
const phoneNumber = /^\+?\d{3,15}$/;

const hostSettings = ['resourceLinkHost', 'lwm2mPublicHost', 'smppHost'];
const fileSettings = ['dtlsKeyLogFile', 'smppTlsCaFile'];
const phoneNumberSettings = ['smsServerPhoneNumbers'];

/**
 * A setting that is no number is a list, true or false, one of a few words, a host, a file, or a text of its own form.
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
  const form = forms[name];
  if (form) {
    if (typeof value === 'string' && form.pattern.test(value)) return;
    // Its value is not told: one of them is a password.
    throw new PlatformError('platform.setting', `Setting ${name} must be ${form.words}.`);
  }
  if (phoneNumberSettings.includes(name)) {
    const numbers: readonly unknown[] = Array.isArray(value) ? value : [];
    if (numbers.length > 0 && numbers.every((number) => phoneNumber.test(String(number)))) return;
    throw new PlatformError(
      'platform.setting',
      `Setting ${name} must be a list of numbers of 3 to 15 digits, with or without + before them, got ${JSON.stringify(value)}.`,
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
