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
  expect(refreshed).toEqual(['commands', 'configuration', 'devices']);
  refresh.batch(batch('devices'));
  vi.advanceTimersByTime(10_000);
  expect(refreshed.length).toBe(4);
});

test('after a gap everything is asked for', () => {
  const refreshed: string[] = [];
  refreshOnEvents((area) => refreshed.push(area)).all();
  expect(refreshed).toEqual([...areas]);
});
