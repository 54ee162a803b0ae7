import { expect, test } from 'vitest';
import type { LiveEvent } from '../../core/contract/live.ts';
import { LiveStore, liveLimits } from './live-store.ts';

function storeWithFrames() {
  const frames: (() => void)[] = [];
  const store = new LiveStore((flush) => frames.push(flush));
  return {
    store,
    frames,
    frame: () => {
      for (const flush of frames.splice(0)) flush();
    },
  };
}

const message = (id: string): LiveEvent => ({
  channel: 'messages',
  id,
  body: JSON.stringify({ id, streamId: 's', timestamp: '', created: '' }),
});
const batch = (events: LiveEvent[], skipped = 0) => ({ type: 'batch' as const, events, skipped });

test('shows many batches at once, in the next frame, newest first', () => {
  const { store, frames, frame } = storeWithFrames();
  let told = 0;
  store.subscribe(() => told++);
  store.add(batch([message('1'), message('2')]));
  store.add(batch([message('3')]));
  expect(frames.length).toBe(1);
  expect(store.snapshot().entries).toEqual([]);
  frame();
  expect(told).toBe(1);
  expect(store.snapshot().entries.map(({ key }) => key)).toEqual(['3', '2', '1']);
  expect(store.snapshot().received).toBe(3);
});

test('keeps a bounded number of entries, with and without frames, and counts them all', () => {
  const { store, frame } = storeWithFrames();
  const many = Array.from({ length: liveLimits.entries + 10 }, (_, index) => message(String(index)));
  store.add(batch(many));
  frame();
  store.add(batch([message('last')]));
  frame();
  const { entries, received } = store.snapshot();
  expect(entries.length).toBe(liveLimits.entries);
  expect(entries[0]?.key).toBe('last');
  expect(received).toBe(liveLimits.entries + 11);
});

test('adds up what the platform left out', () => {
  const { store, frame } = storeWithFrames();
  store.add(batch([], 5));
  store.add(batch([], 2));
  frame();
  expect(store.snapshot().skipped).toBe(7);
});

test('joins the rates of before with those that come, each second once', () => {
  const { store, frame } = storeWithFrames();
  const point = (time: string) => ({ time, stored: {}, refused: 0 });
  store.add(batch([{ channel: 'metrics', point: point('2030-01-01T00:00:02.000Z') }]));
  store.setMetrics([point('2030-01-01T00:00:01.000Z'), point('2030-01-01T00:00:02.000Z')]);
  frame();
  expect(store.snapshot().metrics.map(({ time }) => time.slice(17, 19))).toEqual(['01', '02']);
});

test('replaces what it knows of FIFOs, and leaves other parts untouched', () => {
  const { store, frame } = storeWithFrames();
  store.add(batch([message('1')]));
  frame();
  const before = store.snapshot().entries;
  const fifo = { name: 'a', messages: 1, unacknowledged: 0, consumers: 0 };
  store.add(batch([{ channel: 'fifos', fifos: [fifo] }]));
  frame();
  expect(store.snapshot().fifos.get('a')).toEqual(fifo);
  expect(store.snapshot().entries).toBe(before);
});
