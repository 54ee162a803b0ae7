import { expect, test } from 'vitest';
import type { BenchObservationJson, BenchOperationJson } from '../../../core/contract/twin-bench.ts';
import { observedBy, operationsByRow, withOperation } from './twin-activity.ts';

const operation = (id: string, more: Partial<BenchOperationJson>): BenchOperationJson => ({
  ...{ id, type: 'READ', paths: ['/3/0'], status: 'SENT', attempt: 1, steps: [] },
  ...{ created: '2030-01-01T00:00:00Z', updated: '2030-01-01T00:00:01Z' },
  ...more,
});
const observation = (...paths: string[]): BenchObservationJson => ({
  ...{ id: paths.join(), paths, status: 'OBSERVING', created: '2030-01-01T00:00:00Z' },
  ...{ attempts: 1, waits: false, notifications: 0 },
});

test('a row has its newest operation while that goes on, and one that has just failed', () => {
  const operations = [
    operation('1', { status: 'FAILED' }),
    operation('2', {}),
    operation('3', { paths: ['/4/0'], status: 'OK' }),
    operation('4', { paths: ['/5/0'], status: 'FAILED', updated: '2030-01-01T00:01:00Z' }),
    operation('5', { paths: ['/6/0'], status: 'FAILED' }),
    operation('6', { type: 'WRITE', paths: ['/'], values: [{ path: '/3/0/15', value: 'x' }] }),
  ];
  const rows = operationsByRow(operations, Date.parse('2030-01-01T00:00:30Z'));
  expect([...rows].map(([path, { id }]) => `${path} ${id}`)).toEqual([
    '/3/0 2',
    '/5/0 4',
    '/3/0/15 6',
    '/ 6',
  ]);
});

test('a path is observed by itself before it is with what is nearest above it', () => {
  const observations = [observation('/3'), observation('/3/0', '/4/0'), observation('/3/0/9')];
  const by = (path: string) => {
    const found = observedBy(observations, path);
    return found && `${found.observation.id} ${found.exactly}`;
  };
  expect(['/3/0/9', '/3/0/1', '/4/0', '/3/1', '/30/0'].map(by)).toEqual([
    '/3/0/9 true',
    '/3/0,/4/0 false',
    '/3/0,/4/0 true',
    '/3 false',
    undefined,
  ]);
});

test('what was told late does not take an operation back', () => {
  const sent = operation('1', { status: 'SENT', updated: '2030-01-01T00:00:02Z' });
  const pending = operation('1', { status: 'PENDING', updated: '2030-01-01T00:00:01Z' });
  expect(withOperation([sent], pending)).toEqual([sent]);
  expect(withOperation([pending], sent)).toEqual([sent]);
  expect(withOperation([sent], operation('2', {}))).toHaveLength(2);
});
