import { describe, expect, it } from 'vitest';
import type { BenchOperationJson } from '../../../core/contract/twin-bench.ts';
import { conditionsByPath } from './twin-conditions.ts';

const operation = (given: Partial<BenchOperationJson>) =>
  ({ id: 'a', status: 'OK', steps: [], ...given }) as unknown as BenchOperationJson;
const set = (metadata: readonly object[], status = 'OK') =>
  operation({ type: 'WRITE-METADATA', status, values: [{ path: '/3/0/9', metadata }] } as never);

describe('conditionsByPath', () => {
  it('adds up what a device has taken, and nothing that it has not', () => {
    const first = set([
      { name: 'gt', value: '50' },
      { name: 'pmin', value: 20 },
    ]);
    expect(conditionsByPath([first]).get('/3/0/9')).toBe('pmin 20, gt 50');
    expect(conditionsByPath([first, set([{ name: 'gt' }])]).get('/3/0/9')).toBe('pmin 20');
    expect(conditionsByPath([set([{ name: 'gt', value: 1 }], 'FAILED')]).size).toBe(0);
  });

  it('goes by what the device says of itself, which may be nothing any more', () => {
    const before = set([{ name: 'pmin', value: 20 }]);
    const found = (attributes: object) =>
      operation({ type: 'DISCOVER', links: [{ path: '/3/0/9', attributes }] } as never);
    expect(conditionsByPath([before, found({ pmax: 60 })]).get('/3/0/9')).toBe('pmax 60');
    expect(conditionsByPath([before, found({})]).size).toBe(0);
  });
});
