import { expect, it } from 'vitest';
import { nodeRandom } from '../platform/node/node-random.ts';
import { VirtualClock } from '../platform/virtual-clock.ts';
import { defaultSettings } from '../settings.ts';
import { PasswordCheck } from './password-check.ts';
import { hashPassword } from './passwords.ts';
import type { UserRecord } from './user-record.ts';

const userLocked = expect.objectContaining({ code: 'accounts.userLocked' });
const wrong = expect.objectContaining({ code: 'access.credentials' });

it('keeps locks and failures of users however many other names fail (manual 4.2)', async () => {
  const settings = { ...defaultSettings, loginMaxFailures: 2, loginMaxNames: 2 };
  const checks = new PasswordCheck(new VirtualClock(), settings, async () => {});
  const password = await hashPassword('Right-Pa55word', nodeRandom);
  const document = { roles: [], state: 'enabled', updatedMs: 0 } as const;
  const user = (id: string): UserRecord => ({
    ...{ id, login: id, tenantId: 't', createdMs: 0 },
    password,
    document,
  });
  const [bob, eve] = [user('bob'), user('eve')];
  const fail = (name: string, record?: UserRecord): Promise<unknown> =>
    checks.require(() => record, name, 'wrong').catch((error: unknown) => error);

  for (const _turn of [1, 2]) expect(await fail('bob', bob)).toEqual(wrong);
  expect(await fail('eve', eve)).toEqual(wrong);
  for (const name of ['n1', 'n1', 'n2', 'n3', 'n4']) expect(await fail(name)).toEqual(wrong);

  await expect(checks.require(() => bob, 'bob', 'Right-Pa55word')).rejects.toEqual(userLocked);
  expect(await fail('eve', eve)).toEqual(wrong);
  expect(await fail('eve', eve)).toEqual(userLocked);
  // Of names that no user has only the last ones are remembered: n1 was locked, and is not any more.
  expect(await fail('n1')).toEqual(wrong);
  expect(await fail('n4')).toEqual(wrong);
  expect(await fail('n4')).toEqual(userLocked);
});
