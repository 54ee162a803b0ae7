import { beforeEach, describe, expect, it } from 'vitest';
import type { Device } from '../inventory/types.ts';
import { VirtualClock } from '../platform/virtual-clock.ts';
import type { CampaignRun } from './campaign-run.ts';
import type { DeviceChange } from './eligible-devices.ts';
import { Newcomers } from './newcomers.ts';

/** As much of a campaign as is asked here: which changes it minds, and which devices fit. */
class Run {
  evaluated = 0;
  readonly joined: string[] = [];
  private readonly changes: readonly DeviceChange[];

  constructor(...changes: DeviceChange[]) {
    this.changes = changes;
  }

  minds(change: DeviceChange): boolean {
    return this.changes.includes(change);
  }

  awaits({ id }: Device): boolean {
    this.evaluated++;
    return id.endsWith('0');
  }
}

describe('devices that have changed', () => {
  let clock: VirtualClock;
  let runs: Run[];
  let newcomers: Newcomers;
  beforeEach(() => {
    clock = new VirtualClock();
    newcomers = new Newcomers({
      inventory: { findDevice: (tenantId, id) => (id === 'gone' ? undefined : ({ tenantId, id } as Device)) },
      wireClock: clock,
      runsOf: () => runs as unknown as CampaignRun[],
      join: (run, devices) => (run as unknown as Run).joined.push(...devices.map(({ id }) => id)),
    });
  });
  const look = (deviceId: string, change: Exclude<DeviceChange, 'groups'> = 'interfaces'): void =>
    newcomers.look({ tenantId: 't', deviceId, change });

  it('are looked at when it happens, by the campaigns that mind it only', () => {
    const [minding, others] = [new Run('device', 'interfaces'), new Run('device')];
    runs = [minding, others];
    look('d10');
    look('d11');
    look('gone');
    expect([minding.evaluated, minding.joined]).toEqual([2, ['d10']]);
    expect(others.evaluated).toBe(0);
  });

  it('need nothing where no campaign minds them', () => {
    runs = [new Run('device')];
    for (let index = 0; index < 10_000; index++) look(`d${index}`);
    expect(clock.pendingTimers()).toEqual([]);
  });

  it('are looked at a part after the other when ten thousand change at a time, each once', () => {
    runs = Array.from({ length: 5 }, () => new Run('device', 'interfaces', 'contact'));
    const evaluated = (): number => runs.reduce((sum, run) => sum + run.evaluated, 0);
    for (let round = 0; round < 3; round++)
      for (let index = 0; index < 10_000; index++) look(`d${index}`, round === 1 ? 'contact' : 'interfaces');
    // What was looked at is told again, and what still waits is not there twice.
    const atOnce = evaluated();
    expect(atOnce).toBeLessThanOrEqual(1005);
    let before = atOnce;
    for (let periods = 0; clock.pendingTimers().length > 0; periods++) {
      expect(periods).toBeLessThan(60);
      clock.advance(20);
      expect(evaluated() - before).toBeLessThanOrEqual(1005);
      before = evaluated();
    }
    expect(evaluated()).toBe(50_000 + atOnce);
    for (const run of runs) expect(new Set(run.joined).size).toBe(1000);
  });

  it('are forgotten at the end', () => {
    runs = [new Run('interfaces')];
    for (let index = 0; index < 2000; index++) look(`d${index}`);
    newcomers.stop();
    expect(clock.pendingTimers()).toEqual([]);
  });
});
