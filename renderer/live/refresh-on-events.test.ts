import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { LiveEvent } from '../../core/contract/live.ts';
import { areas, refreshOnEvents } from './refresh-on-events.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const batch = (...channels: LiveEvent['channel'][]) => ({
  type: 'batch' as const,
  events: channels.map((channel) => ({ channel }) as LiveEvent),
  skipped: 0,
});

test('asks for an area once, however many events it had', () => {
  const refreshed: string[] = [];
  const refresh = refreshOnEvents((area) => refreshed.push(area));
  refresh.batch(batch('devices', 'devices', 'messages'));
  refresh.batch(batch('commands', 'configuration', 'devices'));
  expect(refreshed).toEqual([]);
  vi.advanceTimersByTime(10_000);
  expect(refreshed).toEqual(['devices', 'commands', 'configuration']);
  refresh.batch(batch('devices'));
  vi.advanceTimersByTime(10_000);
  expect(refreshed.length).toBe(4);
});

test('asks at once after a rest, and at most every one and a half seconds in a stream', () => {
  const refreshed: number[] = [];
  const begunMs = performance.now();
  const refresh = refreshOnEvents(() => refreshed.push(performance.now() - begunMs));
  for (let passedMs = 0; passedMs < 4000; passedMs += 50) {
    refresh.batch(batch('devices'));
    vi.advanceTimersByTime(50);
  }
  expect(refreshed).toEqual([100, 1600, 3100]);
});

test('after a gap everything is asked for', () => {
  const refreshed: string[] = [];
  refreshOnEvents((area) => refreshed.push(area)).all();
  expect(refreshed).toEqual([...areas]);
});
