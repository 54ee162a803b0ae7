import { PlatformError } from '../../../core/contract/errors.ts';

/** system_id of at most 15 characters, password of at most 8 (SMPP 3.4, 5.2.1 and 5.2.2). */
const account = /^([\x21-\x39\x3b-\x7e]{1,15}):([\x21-\x7e]{0,8})$/;

/**
 * Who may bind: passwords by system_id.
 * @throws PlatformError `platform.setting`
 */
export function readAccounts(settings: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    settings.map((text) => {
      const [, systemId = '', password = ''] = account.exec(text) ?? [];
      if (systemId !== '') return [systemId, password] as const;
      throw new PlatformError(
        'platform.setting',
        'Setting smscAccounts must name accounts as systemId:password: a system_id of 1 to 15 characters, a password of at most 8, no spaces.',
      );
    }),
  );
}
