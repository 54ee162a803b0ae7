import { expect, test } from 'vitest';
import type { ApiKeyJson } from '../../../core/contract/api-keys.ts';
import { keysBelow, placeKeys } from './key-tree.ts';

const rateLimit = {
  ...{ httpMaxCalls: 1, httpWindowSize: 1, mqttDeviceMaxMessages: 1, mqttDeviceWindowSize: 1 },
  ...{ mqttBridgeMaxMessages: 1, mqttBridgeWindowSize: 1 },
};
const key = (id: string, parentId?: string, more: Partial<ApiKeyJson> = {}): ApiKeyJson => ({
  ...{ id, tenantId: 't', label: id, roles: [], active: true, creationTs: 0, expired: false },
  ...{ masterKey: parentId === undefined, sessionKey: false },
  ...{ scope: { fifos: [] }, clientCert: { required: false, caCertIds: [] } },
  ...(parentId !== undefined && { parentId }),
  rateLimit,
  ...more,
});
const keys = [
  key('master'),
  key('a', 'master', { active: false }),
  key('b', 'master', { from: 2000 }),
  key('a1', 'a'),
  key('a11', 'a1', { expired: true }),
];

test('each key stands under the one that made it, and shares its fate', () => {
  const shown = placeKeys(keys, 1000).map(({ key: { id }, depth, condition }) => [id, depth, condition]);
  expect(shown).toEqual([
    ['master', 0, 'active'],
    ['a', 1, 'inactive'],
    ['a1', 2, 'offAbove'],
    ['a11', 3, 'expired'],
    ['b', 1, 'notYet'],
  ]);
  expect(placeKeys(keys, 3000).at(-1)?.condition).toBe('active');
});

test('a key whose parent is not in the list stands at the top', () => {
  expect(placeKeys([key('a1', 'a')], 0)).toMatchObject([{ depth: 0 }]);
});

test('all keys below one are told, at any depth', () => {
  expect(keysBelow(keys, 'a').map(({ id }) => id)).toEqual(['a1', 'a11']);
  expect(keysBelow(keys, 'b')).toEqual([]);
});
