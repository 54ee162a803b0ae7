import { expect, test } from 'vitest';
import type { ApiKeyJson } from '../../../core/contract/api-keys.ts';
import { keyProblems, toCreateRequest, toKeyForm, toUpdateRequest } from './key-form.ts';

const rateLimit = {
  ...{ httpMaxCalls: 1, httpWindowSize: 1, mqttDeviceMaxMessages: 1, mqttDeviceWindowSize: 1 },
  ...{ mqttBridgeMaxMessages: 1, mqttBridgeWindowSize: 1 },
};
const key: ApiKeyJson = {
  ...{ id: 'k', tenantId: 't', label: 'Site', parentId: 'm', roles: ['DATA_R', 'DEVICE_R'], active: true },
  ...{ from: 1_900_000_000_000, creationTs: 0, masterKey: false, sessionKey: false, expired: false },
  ...{ scope: { fifos: ['orders'] }, clientCert: { required: false, caCertIds: [] } },
  rateLimit,
};
const form = toKeyForm(key);
const fresh = { ...toKeyForm(), label: 'New' };

test('a form that was not touched changes nothing', () => {
  expect(toUpdateRequest(form, key)).toEqual({});
  expect(toUpdateRequest({ ...form, roles: [...form.roles].reverse() }, key)).toEqual({});
});

test('only what was changed is named; an emptied moment takes the bound away', () => {
  const changed = { ...form, label: 'Yard', from: '', roles: ['DEVICE_R'] as const, fifos: [] };
  const request = { label: 'Yard', from: -1, roles: ['DEVICE_R'], scope: { fifos: [] } };
  expect(toUpdateRequest(changed, key)).toEqual(request);
});

test('a new key names what was given and nothing else', () => {
  expect(toCreateRequest(fresh)).toEqual({ label: 'New', roles: ['DEVICE_ACCESS'] });
  const full = {
    ...fresh,
    parentId: 'p',
    to: new Date(2_000_000_000_000).toISOString(),
    idleMinutes: '30',
    certRequired: true,
  };
  expect(toCreateRequest({ ...full, caCertIds: ['c'] })).toEqual({
    ...{ label: 'New', roles: ['DEVICE_ACCESS'], parentId: 'p', to: 2_000_000_000_000 },
    ...{ clientCert: { required: true, caCertIds: ['c'] }, sessionTtl: 1_800_000 },
  });
});

test.each([
  [{ label: '' }, 'label'],
  [{ label: 'x'.repeat(25) }, 'label'],
  [{ description: 'x'.repeat(141) }, 'description'],
  [{ fifos: ['a b'] }, 'scope'],
  [{ from: '2031-01-01T00:00:00Z', to: '2030-01-01T00:00:00Z' }, 'to'],
  [{ certRequired: true }, 'clientCert'],
  [{ idleMinutes: '0' }, 'sessionTtl'],
])('%j does not fit', (change, field) => {
  const problems = keyProblems({ ...fresh, ...change }, undefined, 'is needed');
  expect([...problems.keys()].map((path) => path.split('.')[0])).toEqual([field]);
});

test('what the form shows of a moment is that moment', () => {
  expect(keyProblems(form, key, 'is needed').size).toBe(0);
  expect(Date.parse(form.from)).toBe(1_900_000_000_000);
});
