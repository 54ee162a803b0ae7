import { describe, expect, it } from 'vitest';
import type { DataMessageFilter } from '../contract/routing.ts';
import { compileFilter, type MessageFacts } from './filter.ts';

const facts: MessageFacts = {
  connector: 'mqtt',
  deviceId: 'urn:lo:nsid:a:1',
  groupPath: '/france/lyon',
  tags: ['red', 'big'],
};

describe('compileFilter (facts 10)', () => {
  it.each<[string, DataMessageFilter, boolean]>([
    ['nothing asked', {}, true],
    ['empty lists', { connectors: [], deviceIds: [], groupPaths: [], tags: [] }, true],
    ['connector', { connectors: ['lora', 'mqtt'] }, true],
    ['other connector', { connectors: ['lora'] }, false],
    ['device', { deviceIds: ['urn:lo:nsid:a:1'] }, true],
    ['other device', { deviceIds: ['urn:lo:nsid:a:2'] }, false],
    ['group', { groupPaths: [{ path: '/france/lyon', includeSubPath: false }] }, true],
    ['parent group alone', { groupPaths: [{ path: '/france', includeSubPath: false }] }, false],
    ['parent group with those below', { groupPaths: [{ path: '/france', includeSubPath: true }] }, true],
    ['root with those below', { groupPaths: [{ path: '/', includeSubPath: true }] }, true],
    ['group whose name only begins alike', { groupPaths: [{ path: '/fran', includeSubPath: true }] }, false],
    ['one tag', { tags: [['red']] }, true],
    ['both tags', { tags: [['red', 'big']] }, true],
    ['a tag too many', { tags: [['red', 'small']] }, false],
    ['one of two lists', { tags: [['small'], ['big']] }, true],
    ['two fields that hold', { connectors: ['mqtt'], tags: [['red']] }, true],
    ['one of two fields', { connectors: ['mqtt'], tags: [['blue']] }, false],
  ])('%s', (_name, filter, expected) => {
    expect(compileFilter(filter)(facts)).toBe(expected);
  });

  it('lets no message without a device through a filter of devices or groups', () => {
    const posted = { connector: 'http' as const, deviceId: undefined, groupPath: undefined, tags: [] };
    expect(compileFilter({ deviceIds: ['x'] })(posted)).toBe(false);
    expect(compileFilter({ groupPaths: [{ path: '/', includeSubPath: true }] })(posted)).toBe(false);
    expect(compileFilter({ connectors: ['http'] })(posted)).toBe(true);
  });
});
