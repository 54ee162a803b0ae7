import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ApiKeyJson } from '../contract/api-keys.ts';
import { roles } from '../contract/roles.ts';
import { silentLogger } from '../platform/logger.ts';
import { nodeRandom } from '../platform/node/node-random.ts';
import { defaultSettings } from '../settings.ts';
import { TestServices, testMasterKey } from '../testing/test-services.ts';
import { AccountsService } from './accounts-service.ts';
import type { KeyGrant } from './types.ts';

let services: TestServices;
let revoked: string[];

beforeEach(async () => {
  services = await TestServices.start();
  revoked = [];
  services.bus.on('keyRevoked', revoked, ({ keyId }) => revoked.push(keyId));
});
afterEach(async () => services[Symbol.asyncDispose]());

function grantOf(keyText: string | undefined): KeyGrant {
  const granted = services.accounts.authenticate(keyText);
  if (typeof granted === 'string') throw new Error(granted);
  return granted;
}
const master = (): KeyGrant => grantOf(testMasterKey);
const make = (
  request: Parameters<AccountsService['apiKeys']['create']>[1],
  by = master(),
): Promise<ApiKeyJson> => services.accounts.apiKeys.create(by, request);

describe('the first start', () => {
  it('makes one tenant with a random master key, and shows that key once', async () => {
    await services.store.commit([
      { sql: 'delete from api_keys', parameters: [] },
      { sql: 'delete from tenants', parameters: [] },
    ]);
    const { store, clock, wireClock, bus } = services;
    const parts = { store, clock, wireClock, bus, random: nodeRandom, logger: silentLogger };
    const first = new AccountsService(parts, defaultSettings);
    const { tenantId, newMasterKey } = await first.start();
    expect(newMasterKey).toMatch(/^[0-9a-f]{32}$/);
    expect(first.authenticate(newMasterKey)).toMatchObject({
      tenantId,
      roles: new Set(roles),
      fifos: undefined,
    });
    expect(first.tenantList().map(({ id }) => id)).toEqual([tenantId]);
    await first.stop();

    const second = new AccountsService(parts, defaultSettings);
    expect(await second.start()).toEqual({ tenantId });
    expect(second.authenticate(newMasterKey)).toMatchObject({ tenantId });
    await second.stop();

    const third = new AccountsService(parts, { ...defaultSettings, masterKey: 'f'.repeat(32) });
    expect(await third.start()).toEqual({ tenantId });
    expect(third.authenticate(newMasterKey)).toBe('unknown');
    expect(third.authenticate('F'.repeat(32))).toMatchObject({ tenantId });
    await third.stop();
    expect(clock.pendingTimers()).toEqual(services.clock.pendingTimers());
  });

  it.each(['', 'x'.repeat(32), '0'.repeat(31), '0'.repeat(33)])(
    'refuses the master key %j',
    async (masterKey) => {
      const { store, clock, wireClock, bus } = services;
      const parts = { store, clock, wireClock, bus, random: nodeRandom, logger: silentLogger };
      await expect(
        new AccountsService(parts, { ...defaultSettings, masterKey }).start(),
      ).rejects.toMatchObject({
        code: 'platform.setting',
      });
    },
  );

  it('never stores the text of a key', async () => {
    const { value } = await make({ label: 'a' });
    const rows = JSON.stringify(
      await services.store.query({ sql: 'select * from api_keys', parameters: [] }),
    );
    expect(rows).not.toContain(testMasterKey);
    expect(rows).not.toContain(value);
  });
});

describe('authenticate', () => {
  it.each([undefined, '', 'short', 'g'.repeat(32), `${testMasterKey}0`, ` ${testMasterKey}`])(
    'malformed: %j',
    (text) => {
      expect(services.accounts.authenticate(text)).toBe('malformed');
    },
  );

  it('tells unknown, inactive and outside validity apart', async () => {
    expect(services.accounts.authenticate('0'.repeat(32))).toBe('unknown');
    const off = await make({ label: 'off', active: false });
    expect(services.accounts.authenticate(off.value)).toBe('inactive');
    const nowMs = services.clock.now();
    const later = await make({ label: 'later', from: nowMs + 1000, to: nowMs + 2000 });
    expect(services.accounts.authenticate(later.value)).toBe('outside-validity');
    services.clock.advance(1000);
    expect(services.accounts.authenticate(later.value)).toMatchObject({ keyId: later.id });
    services.clock.advance(1000);
    expect(services.accounts.authenticate(later.value)).toBe('outside-validity');
    expect(services.accounts.apiKeys.get(services.tenantId, later.id).expired).toBe(true);
  });

  it('gives the same object for each use', () => {
    expect(master()).toBe(master());
    expect(master()).toBe(grantOf(testMasterKey.toUpperCase()));
  });
});

describe('create', () => {
  it('answers every field, and the value this once', async () => {
    const made = await make({
      label: 'app',
      description: 'reads data',
      roles: ['DATA_R', 'BUS_R', 'DATA_R'],
      from: 1000,
      to: services.clock.now() + 1000,
      scope: { fifos: ['a', 'b'] },
    });
    expect(made).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{24}$/),
      tenantId: services.tenantId,
      label: 'app',
      description: 'reads data',
      parentId: master().keyId,
      roles: ['DATA_R', 'BUS_R'],
      active: true,
      from: 1000,
      to: services.clock.now() + 1000,
      creationTs: services.clock.now(),
      masterKey: false,
      sessionKey: false,
      expired: false,
      scope: { fifos: ['a', 'b'] },
      clientCert: { required: false, caCertIds: [] },
      rateLimit: services.accounts.rates.shown,
      value: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    const { value: _value, ...shown } = made;
    expect(services.accounts.apiKeys.get(services.tenantId, made.id)).toEqual(shown);
    expect(grantOf(made.value)).toMatchObject({ keyId: made.id, fifos: new Set(['a', 'b']) });
  });

  it('gives a child no more than its creator has', async () => {
    const toMs = services.clock.now() + 60_000;
    const limited = await make({
      label: 'limited',
      roles: ['API_KEY_W', 'DATA_R'],
      to: toMs,
      scope: { fifos: ['a'] },
    });
    const by = grantOf(limited.value);
    for (const request of [
      { roles: ['DATA_W' as const] },
      { to: toMs + 1 },
      { to: -1 },
      { scope: { fifos: ['b'] } },
    ]) {
      await expect(make({ label: 'more', ...request }, by)).rejects.toMatchObject({
        code: 'access.forbidden',
      });
    }
    const child = await make({ label: 'same', roles: ['DATA_R'] }, by);
    expect(child).toMatchObject({ parentId: limited.id, to: toMs, scope: { fifos: ['a'] } });
  });

  it('makes a key below another only within the rights of the caller', async () => {
    const strong = await make({ label: 'strong', roles: ['DATA_W', 'DATA_R'] });
    const weak = grantOf((await make({ label: 'weak', roles: ['API_KEY_W', 'DATA_R'] })).value);
    await expect(make({ label: 'x', parentId: strong.id }, weak)).rejects.toMatchObject({
      code: 'access.forbidden',
    });
    const child = await make({ label: 'x', parentId: strong.id, roles: ['DATA_R'] });
    expect(child.parentId).toBe(strong.id);
    await expect(make({ label: 'x', parentId: strong.id, roles: ['BUS_R'] })).rejects.toMatchObject({
      code: 'access.forbidden',
    });
    await expect(make({ label: 'x', parentId: 'nobody' })).rejects.toMatchObject({
      code: 'accounts.keyNotFound',
    });
  });

  it('refuses a key that would ask for client certificates of nobody', async () => {
    const clientCert = { required: true, caCertIds: [] };
    await expect(make({ label: 'x', clientCert })).rejects.toMatchObject({ code: 'api.invalidParameter' });
  });
});

describe('update', () => {
  const update = (id: string, request: Parameters<AccountsService['apiKeys']['update']>[2], by = master()) =>
    services.accounts.apiKeys.update(by, id, request);

  it('changes what is given and keeps the rest', async () => {
    const made = await make({
      label: 'a',
      description: 'b',
      roles: ['DATA_R'],
      from: 5,
      to: services.clock.now() + 5,
    });
    const changed = await update(made.id, { label: 'c', from: -1, to: -1, roles: ['DATA_R', 'DATA_W'] });
    expect(changed).toMatchObject({ label: 'c', description: 'b', roles: ['DATA_R', 'DATA_W'] });
    expect(changed).not.toHaveProperty('from');
    expect(changed).not.toHaveProperty('to');
    expect(changed).not.toHaveProperty('value');
    expect(revoked).toEqual([]);
    expect(grantOf(made.value).roles).toEqual(new Set(['DATA_R', 'DATA_W']));
  });

  it('gives a new value on demand, and ends the old one', async () => {
    const made = await make({ label: 'a', roles: ['DATA_R'] });
    const { value } = await update(made.id, { regenerateValue: true });
    expect(value).toMatch(/^[0-9a-f]{32}$/);
    expect(services.accounts.authenticate(made.value)).toBe('unknown');
    expect(grantOf(value).keyId).toBe(made.id);
    expect(revoked).toEqual([made.id]);
  });

  it('takes from the keys below what it takes from a key', async () => {
    const parent = await make({ label: 'p', roles: ['DATA_R', 'API_KEY_W'], scope: { fifos: ['a', 'b'] } });
    const child = await make(
      { label: 'c', roles: ['DATA_R'], scope: { fifos: ['b'] } },
      grantOf(parent.value),
    );
    const before = grantOf(child.value);
    await update(parent.id, { roles: ['API_KEY_W'], scope: { fifos: ['a'] } });
    expect(revoked.sort()).toEqual([parent.id, child.id].sort());
    expect(grantOf(child.value)).toMatchObject({ roles: new Set(), fifos: new Set() });
    expect(grantOf(child.value)).not.toBe(before);
    await update(parent.id, { active: false });
    expect(services.accounts.authenticate(child.value)).toBe('inactive');
    await update(parent.id, { active: true, roles: ['API_KEY_W', 'DATA_R'], scope: { fifos: ['b'] } });
    expect(grantOf(child.value)).toMatchObject({ roles: new Set(['DATA_R']), fifos: new Set(['b']) });
    await services.restart({ stopped: true });
    expect(grantOf(child.value)).toMatchObject({ roles: new Set(['DATA_R']), fifos: new Set(['b']) });
  });

  it('lets nobody gain by changing a key', async () => {
    const strong = await make({ label: 's', roles: ['DATA_W'] });
    const weak = await make({ label: 'w', roles: ['API_KEY_W', 'DATA_R'], to: services.clock.now() + 1000 });
    const by = grantOf(weak.value);
    const forbidden = { code: 'access.forbidden' };
    await expect(update(strong.id, { regenerateValue: true }, by)).rejects.toMatchObject(forbidden);
    await expect(update(weak.id, { roles: ['DATA_W'] }, by)).rejects.toMatchObject(forbidden);
    await expect(update(weak.id, { to: -1 }, by)).rejects.toMatchObject(forbidden);
    await expect(services.accounts.apiKeys.delete(by, strong.id)).rejects.toMatchObject(forbidden);
  });

  it('keeps a master key whole, but gives it a new value', async () => {
    const { keyId } = master();
    const guarded = { code: 'accounts.masterKey' };
    for (const request of [
      { active: false },
      { roles: [] },
      { to: 1 },
      { from: 1 },
      { scope: { fifos: ['a'] } },
    ]) {
      await expect(update(keyId, request)).rejects.toMatchObject(guarded);
    }
    await expect(services.accounts.apiKeys.delete(master(), keyId)).rejects.toMatchObject(guarded);
    const all = grantOf((await make({ label: 'all', roles: [...roles] })).value);
    await expect(update(keyId, { regenerateValue: true }, all)).rejects.toMatchObject(guarded);
    expect((await update(keyId, { label: 'root' })).label).toBe('root');
    const { value } = await update(keyId, { regenerateValue: true });
    expect(services.accounts.authenticate(testMasterKey)).toBe('unknown');
    expect(grantOf(value).keyId).toBe(keyId);
  });

  it('refuses a validity that ends before it begins', async () => {
    const made = await make({ label: 'a' });
    await expect(update(made.id, { from: 10, to: 10 })).rejects.toMatchObject({
      code: 'api.invalidParameter',
    });
  });

  it('keeps the order of changes that are asked for at once', async () => {
    const made = await make({ label: '0' });
    await Promise.all(Array.from({ length: 20 }, (_each, index) => update(made.id, { label: `${index}` })));
    expect(services.accounts.apiKeys.get(services.tenantId, made.id).label).toBe('19');
    await services.restart({ stopped: false });
    expect(services.accounts.apiKeys.get(services.tenantId, made.id).label).toBe('19');
  });
});

describe('delete', () => {
  it('takes the keys below along', async () => {
    const parent = await make({ label: 'p', roles: ['API_KEY_W', 'DATA_R'] });
    const child = await make({ label: 'c', roles: ['API_KEY_W'] }, grantOf(parent.value));
    const grandchild = await make({ label: 'g' }, grantOf(child.value));
    await services.accounts.apiKeys.delete(master(), parent.id);
    expect(revoked.sort()).toEqual([parent.id, child.id, grandchild.id].sort());
    for (const { id, value } of [parent, child, grandchild]) {
      expect(services.accounts.authenticate(value)).toBe('unknown');
      expect(() => services.accounts.apiKeys.get(services.tenantId, id)).toThrow(/no API key/);
    }
    await services.restart({ stopped: false });
    expect(services.accounts.apiKeys.list(services.tenantId)).toHaveLength(1);
  });
});

describe('upkeep', () => {
  it('writes the time of last use, late and in one go', async () => {
    const made = await make({ label: 'a' });
    services.clock.advance(1000);
    grantOf(made.value);
    const usedMs = services.clock.now();
    await services.restart({ stopped: true });
    expect(services.accounts.apiKeys.get(services.tenantId, made.id).lastActivity).toBe(usedMs);
  });

  it('ends the sessions of a key whose time is over', async () => {
    const made = await make({ label: 'a', to: services.clock.now() + 7000 });
    services.clock.advance(6000);
    expect(revoked).toEqual([]);
    services.clock.advance(5000);
    expect(revoked).toEqual([made.id]);
    services.clock.advance(20_000);
    expect(revoked).toEqual([made.id]);
  });
});

describe('tenants', () => {
  it('know nothing of each other', async () => {
    const other = await services.accounts.createTenant('other');
    const stranger = grantOf(other.masterKey);
    expect(stranger.tenantId).not.toBe(services.tenantId);
    const { keyId } = master();
    expect(() => services.accounts.apiKeys.get(other.tenantId, keyId)).toThrow(/no API key/);
    await expect(services.accounts.apiKeys.delete(stranger, keyId)).rejects.toMatchObject({
      code: 'accounts.keyNotFound',
    });
    await expect(make({ label: 'x', parentId: keyId }, stranger)).rejects.toMatchObject({
      code: 'accounts.keyNotFound',
    });
    expect(services.accounts.apiKeys.list(other.tenantId)).toHaveLength(1);
    await expect(services.accounts.createTenant('other')).rejects.toMatchObject({
      code: 'accounts.tenantDuplicate',
    });
  });
});
