// @vitest-environment happy-dom
import { cleanup, renderHook } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import type { StreamEntry } from '../../live/live-store.ts';
import { rowOfMessage } from './message-row.ts';
import { useRows } from './use-rows.ts';

afterEach(cleanup);

const entry = (id: string, model = 'a'): StreamEntry => ({
  kind: 'message',
  key: id,
  message: { id, streamId: 's', timestamp: '', created: '', model },
});
const everything = {};

interface Props {
  live: readonly StreamEntry[];
  frozen: boolean;
}

function setup(live: readonly StreamEntry[], filters = everything) {
  const before = [rowOfMessage(entryMessage('1')), rowOfMessage(entryMessage('0'))];
  return renderHook(({ live: entries, frozen }: Props) => useRows(entries, before, filters, frozen), {
    initialProps: { live, frozen: false },
  });
}

const entryMessage = (id: string) => ({ id, streamId: 's', timestamp: '', created: '', model: 'a' });
const keys = (rows: readonly { key: string }[]): string => rows.map(({ key }) => key).join();

test('live rows stand above those of before, each message once', () => {
  const { result } = setup([entry('2'), entry('1')]);
  expect(keys(result.current.rows)).toBe('2,1,0');
});

test('a frozen list stays and counts what came, and shows it when it thaws', () => {
  const first = [entry('2')];
  const { result, rerender } = setup(first);
  rerender({ live: first, frozen: true });
  const later = [entry('4'), entry('3'), ...first];
  rerender({ live: later, frozen: true });
  expect(keys(result.current.rows)).toBe('2,1,0');
  expect(result.current.fresh).toBe(2);
  rerender({ live: later, frozen: false });
  expect(keys(result.current.rows)).toBe('4,3,2,1,0');
  expect(result.current.fresh).toBe(0);
});

test('only what the filters let through is new', () => {
  const filters = { model: 'a' };
  const { result, rerender } = setup([], filters);
  rerender({ live: [], frozen: true });
  rerender({ live: [entry('4', 'b'), entry('3', 'a')], frozen: true });
  expect(result.current.fresh).toBe(1);
});

test('a message that the live list left out does not stand below older ones', () => {
  const at = (id: string, created: string) => ({ id, streamId: 's', timestamp: '', created });
  const live: StreamEntry[] = ['09', '07'].map((second) => ({
    kind: 'message',
    key: second,
    message: at(second, second),
  }));
  const before = ['08', '06'].map((second) => rowOfMessage(at(second, second)));
  const { result } = renderHook(() => useRows(live, before, everything, false));
  expect(keys(result.current.rows)).toBe('09,07,06');
});
