import { describe, expect, it } from 'vitest';
import { endOf, hashKey, type KeyDocument, recordOf, toApiKeyJson } from './key-record.ts';

const rateLimit = {
  ...{ httpMaxCalls: 1, httpWindowSize: 1, mqttDeviceMaxMessages: 1, mqttDeviceWindowSize: 1 },
  ...{ mqttBridgeMaxMessages: 1, mqttBridgeWindowSize: 1 },
};
const text = '0123456789abcdef0123456789abcdef';
const keyWith = (document: Partial<KeyDocument> = {}) =>
  recordOf({
    ...{ id: 'id', tenantId: 'tenant', createdMs: 1000, hash: hashKey(text) },
    document: { label: 'l', roles: ['DATA_R'], active: true, fifos: [], ...document },
  });

describe('the end of a key', () => {
  it.each([
    ['never, without bounds', {}, Number.POSITIVE_INFINITY],
    ['its last moment', { toMs: 5000 }, 5000],
    ['its time without use after it was made, when it was never used', { sessionTtlMs: 100 }, 1100],
    ['its time without use after the last use', { sessionTtlMs: 100, lastActivityMs: 3000 }, 3100],
    ['the first of both', { sessionTtlMs: 100, lastActivityMs: 3000, toMs: 3050 }, 3050],
  ] as const)('is %s', (_name, document, endMs) => {
    expect(endOf(keyWith(document))).toBe(endMs);
  });
});

describe('what is shown of a key', () => {
  it('has neither its text nor the hash of it, unless it was made now', () => {
    const key = keyWith({
      userId: 'user',
      sessionTtlMs: 100,
      clientCert: { required: true, caCertIds: ['c'] },
    });
    const shown = toApiKeyJson(key, rateLimit, 1050);
    expect(JSON.stringify(shown)).not.toMatch(new RegExp(`${text}|${key.hash}`));
    expect(toApiKeyJson(key, rateLimit, 1050, text).value).toBe(text);
    expect(shown).toEqual({
      ...{ id: 'id', tenantId: 'tenant', label: 'l', roles: ['DATA_R'], active: true, creationTs: 1000 },
      ...{ masterKey: true, sessionKey: true, userId: 'user', sessionTtl: 100, expired: false },
      ...{ scope: { fifos: [] }, clientCert: { required: true, caCertIds: ['c'] }, rateLimit },
    });
  });

  it('says that it has expired, from the very moment, and no debug mode that is over', () => {
    const key = keyWith({ toMs: 5000, debugUntilMs: 4000, parentId: 'p' });
    expect(toApiKeyJson(key, rateLimit, 3999)).toMatchObject({ expired: false, debugModeEndTs: 4000 });
    expect(toApiKeyJson(key, rateLimit, 4000)).not.toHaveProperty('debugModeEndTs');
    expect(toApiKeyJson(key, rateLimit, 4999).expired).toBe(false);
    expect(toApiKeyJson(key, rateLimit, 5000).expired).toBe(true);
  });
});

it('the text of a key means the same in both letter cases', () => {
  expect(hashKey(text.toUpperCase())).toBe(hashKey(text));
});
