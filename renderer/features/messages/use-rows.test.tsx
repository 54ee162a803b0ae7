// @vitest-environment happy-dom
import { cleanup, renderHook } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { liveLimits, type StreamEntry } from '../../live/live-store.ts';
import { type HistoryPage, historyOf } from './history.ts';
import { type MessageFilters, rowMatcher } from './message-filter.ts';
import { useRows } from './use-rows.ts';

afterEach(cleanup);

const idOf = (n: number): string => `6000000000ff${n.toString(16).padStart(12, '0')}`;
const timeOf = (n: number): string => new Date(n * 1000).toISOString();
const message = (n: number, model = 'a') => ({
  ...{ id: idOf(n), streamId: 's', timestamp: timeOf(n), created: timeOf(n), model },
});
const entry = (n: number, model = 'a'): StreamEntry => ({
  ...{ kind: 'message', key: idOf(n), message: message(n, model) },
});
const refusalOf = (n: number) => ({
  ...{ traceId: `refused-x-${n}`, time: timeOf(n), connector: 'mqtt', sender: 'dev', target: 'dev/data' },
  ...{ simulated: false, reason: 'not JSON' },
});
const refusedEntry = (n: number): StreamEntry => ({
  ...{ kind: 'refusal', key: `refused-x-${n}`, refusal: { channel: 'refusals', ...refusalOf(n) } },
});

const pageOf = (numbers: readonly number[], more: Partial<HistoryPage> = {}): HistoryPage => ({
  messages: numbers.map((n) => message(n)),
  newestId: numbers[0] === undefined ? null : idOf(numbers[0]),
  lookedBackTo: { id: idOf(numbers.at(-1) ?? 0), created: timeOf(numbers.at(-1) ?? 0) },
  ...{ more: false, refusals: [], anchor: undefined, leftOutBefore: 0 },
  ...more,
});

interface Props {
  live: readonly StreamEntry[];
  frozen?: boolean;
  skipped?: number;
  pages?: readonly HistoryPage[];
}

function setup(first: Props, filters: MessageFilters = {}) {
  const matches = rowMatcher(filters);
  const usual = historyOf([pageOf([1, 0])], matches);
  const hook = ({ live, frozen = false, skipped = 0, pages }: Props) =>
    useRows({ entries: live, skipped }, pages ? historyOf(pages, matches) : usual, matches, frozen);
  return renderHook(hook, { initialProps: first });
}
const shown = ({ rows }: { rows: readonly { key: string }[] }): string =>
  rows
    .map(({ key }) => (key.startsWith('refused') ? key.slice(8) : Number.parseInt(key.slice(12), 16)))
    .join();

test('live rows stand above those of before, each message once', () => {
  const { result } = setup({ live: [entry(2), entry(1)] });
  expect(shown(result.current)).toBe('2,1,0');
});

test('a frozen list stays and counts what came, and shows it when it thaws', () => {
  const first = [entry(2)];
  const { result, rerender } = setup({ live: first });
  rerender({ live: first, frozen: true });
  const later = [entry(4), entry(3), ...first];
  rerender({ live: later, frozen: true });
  expect(shown(result.current)).toBe('2,1,0');
  expect(result.current.fresh).toEqual({ count: 2, atLeast: false });
  rerender({ live: later });
  expect(shown(result.current)).toBe('4,3,2,1,0');
  expect(result.current.fresh.count).toBe(0);
});

test('says that there are more new ones than the window keeps', () => {
  const first = [entry(2)];
  const { result, rerender } = setup({ live: first });
  rerender({ live: first, frozen: true });
  rerender({ live: [entry(5), entry(4)], frozen: true });
  expect(result.current.fresh).toEqual({ count: 2, atLeast: true });
});

test('only what the filters let through is new', () => {
  const { result, rerender } = setup({ live: [] }, { model: 'a' });
  rerender({ live: [], frozen: true });
  rerender({ live: [entry(4, 'b'), entry(3, 'a')], frozen: true });
  expect(result.current.fresh.count).toBe(1);
});

test('what the store has told is not taken from the live list again, also where that left some out', () => {
  const { result } = setup({ live: [entry(5), entry(3), entry(1)], pages: [pageOf([4, 3, 2, 1])] });
  expect(shown(result.current)).toBe('5,4,3,2,1');
});

test('counts what was left out since the look into the past', () => {
  const pages = [pageOf([1], { leftOutBefore: 10 })];
  expect(setup({ live: [], skipped: 10, pages }).result.current.leftOut).toBe(0);
  expect(setup({ live: [], skipped: 13, pages }).result.current.leftOut).toBe(3);
});

test('refused publications stand among the stored ones by time, as far back as those are known', () => {
  const refusals = [refusalOf(6), refusalOf(4), refusalOf(2)];
  const live = [entry(7), refusedEntry(6), entry(5)];
  expect(shown(setup({ live, pages: [pageOf([5, 3], { refusals })] }).result.current)).toBe(
    '7,x-6,5,x-4,3,x-2',
  );
  const more = { refusals, more: true };
  expect(shown(setup({ live, pages: [pageOf([5, 3], more)] }).result.current)).toBe('7,x-6,5,x-4,3');
});

test('when the window has dropped what joins it to the past, it shows no past', () => {
  const live = Array.from({ length: liveLimits.entries }, (_, index) =>
    entry(liveLimits.entries + 10 - index),
  );
  const { result, rerender } = setup({ live });
  expect(result.current.whole).toBe(false);
  expect(result.current.rows.length).toBe(liveLimits.entries);
  const oldest = live.at(-1) as StreamEntry;
  rerender({ live, pages: [pageOf([10, 9], { anchor: oldest.key })] });
  expect(result.current.whole).toBe(true);
  expect(shown(result.current)).toMatch(/,11,10,9$/);
});
