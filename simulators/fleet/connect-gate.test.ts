import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../core/platform/virtual-clock.ts';
import { ConnectGate } from './connect-gate.ts';
import { Schedule } from './schedule.ts';

function gateOf(connectsPerS: number) {
  const clock = new VirtualClock(1_000_000);
  const gate = new ConnectGate(new Schedule(clock, 'test'), connectsPerS);
  return { clock, gate };
}

describe('ConnectGate', () => {
  it('keeps to the rate', () => {
    const { clock, gate } = gateOf(50);
    const times: number[] = [];
    for (let device = 0; device < 200; device++) {
      gate.enter(() => {
        times.push(clock.now() - 1_000_000);
        gate.leave();
      });
    }
    clock.advance(1000);
    expect(times.length).toBeGreaterThanOrEqual(48);
    expect(times.length).toBeLessThanOrEqual(52);
    clock.advance(3000);
    expect(times.length).toBe(200);
  });

  it('waits when too many are under way, and goes on when one is through', () => {
    const { clock, gate } = gateOf(5000);
    let begun = 0;
    for (let device = 0; device < 150; device++) gate.enter(() => begun++);
    clock.advance(10_000);
    expect(begun).toBe(100);
    gate.leave();
    clock.advance(10);
    expect(begun).toBe(101);
  });

  it('lets nobody in after it was closed', () => {
    const { clock, gate } = gateOf(1);
    let begun = 0;
    for (let device = 0; device < 3; device++) gate.enter(() => begun++);
    gate.close();
    clock.advance(10_000);
    expect(begun).toBe(1);
  });
});
