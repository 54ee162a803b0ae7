import { afterEach, expect, it, vi } from 'vitest';
import { hearPlatformTime, platformNow } from './platform-time.ts';

const time = '2031-01-01T00:00:00.000Z';
const realTime = '2026-01-01T00:00:00.000Z';
const base = Date.parse(time);

afterEach(() => {
  hearPlatformTime({ mode: 'real', time: realTime, realTime, speed: 1 });
  vi.useRealTimers();
});

it('goes on with what the platform last said of its time', () => {
  vi.useFakeTimers({ now: Date.parse(realTime) });
  expect(platformNow()).toBe(Date.parse(realTime));
  hearPlatformTime({ mode: 'frozen', time, realTime, speed: 0 });
  vi.advanceTimersByTime(5000);
  expect(platformNow()).toBe(base);
  hearPlatformTime({ mode: 'running', time, realTime, speed: 60 });
  vi.advanceTimersByTime(5000);
  expect(platformNow()).toBe(base + 300_000);
  hearPlatformTime({ mode: 'real', time: realTime, realTime, speed: 1 });
  expect(platformNow()).toBe(Date.now());
});
