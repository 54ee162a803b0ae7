import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../platform/virtual-clock.ts';
import fc from '../testing/properties.ts';
import { TokenBucket } from './token-bucket.ts';

const takeAll = (bucket: TokenBucket, tries: number): number =>
  Array.from({ length: tries }, () => bucket.take()).filter(Boolean).length;

describe('a token bucket', () => {
  it('gives as many at once as a window has, then one in each share of the window', () => {
    const clock = new VirtualClock();
    const bucket = new TokenBucket(clock, 4, 1000);
    expect(takeAll(bucket, 10)).toBe(4);
    expect(bucket.waitMs).toBe(250);
    clock.advance(249);
    expect(bucket.take()).toBe(false);
    expect(bucket.waitMs).toBe(1);
    clock.advance(1);
    expect(bucket.waitMs).toBe(0);
    expect(takeAll(bucket, 10)).toBe(1);
    clock.advance(3_600_000);
    expect(bucket.isFull).toBe(true);
    expect(takeAll(bucket, 10)).toBe(4);
    expect(bucket.isFull).toBe(false);
  });

  it('keeps what it has when the clock is set back, and goes on from there', () => {
    let nowMs = 100_000;
    const clock = Object.assign(new VirtualClock(), { now: () => nowMs });
    const bucket = new TokenBucket(clock, 2, 1000);
    expect(bucket.take()).toBe(true);
    nowMs = 1000;
    expect(bucket.take()).toBe(true);
    expect(bucket.take()).toBe(false);
    nowMs = 1500;
    expect(bucket.take()).toBe(true);
  });

  it('never gives more than a window has and what the time since then brings', () => {
    const steps = fc.array(fc.record({ waitMs: fc.nat(500), tries: fc.nat(20) }), { maxLength: 30 });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 5000 }),
        steps,
        (most, windowMs, all) => {
          const clock = new VirtualClock();
          const bucket = new TokenBucket(clock, most, windowMs);
          let given = 0;
          let elapsedMs = 0;
          for (const { waitMs, tries } of all) {
            clock.advance(waitMs);
            elapsedMs += waitMs;
            given += takeAll(bucket, tries);
            expect(given).toBeLessThanOrEqual(most + (elapsedMs * most) / windowMs + 1e-6);
            // What is asked for after the wait that it names is there.
            if (bucket.waitMs > 0) {
              const wait = bucket.waitMs;
              clock.advance(wait);
              elapsedMs += wait;
              expect(bucket.take()).toBe(true);
              given++;
            }
          }
        },
      ),
    );
  });
});
