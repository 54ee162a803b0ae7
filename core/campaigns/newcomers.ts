import type { Device, InterfaceRegistry } from '../inventory/types.ts';
import type { Clock, Timer } from '../platform/clock.ts';
import type { CampaignRun } from './campaign-run.ts';
import type { DeviceChange } from './eligible-devices.ts';

interface Look {
  readonly tenantId: string;
  readonly deviceId: string;
  readonly change: Exclude<DeviceChange, 'groups'>;
}

interface NewcomersParts {
  readonly inventory: Pick<InterfaceRegistry, 'findDevice'>;
  readonly wireClock: Clock;
  runsOf(tenantId: string): Iterable<CampaignRun>;
  /** The devices fit, and are to join. */
  join(run: CampaignRun, devices: readonly Device[]): void;
}

const periodMs = 20;
/** How many times a filter is held against a device in a period: some milliseconds of work. */
const mostInPeriod = 1000;

/**
 * Looks at devices that have changed, whether they have come to fit a running campaign that takes such in. A change is
 * looked at when it happens. When thousands of devices change at a time those above the measure wait for the next
 * periods, each once, so that nothing else of the process has to wait for them.
 */
export class Newcomers {
  private readonly parts: NewcomersParts;
  private readonly waiting = new Map<string, Look>();
  private left = mostInPeriod;
  private timer: Timer | undefined;

  constructor(parts: NewcomersParts) {
    this.parts = parts;
  }

  stop(): void {
    this.timer?.cancel();
    this.timer = undefined;
    this.waiting.clear();
    this.left = mostInPeriod;
  }

  /** The device may have come to fit. */
  look(look: Look): void {
    if (this.concerned(look).length === 0) return;
    const key = `${look.tenantId} ${look.deviceId}`;
    const before = this.waiting.get(key);
    // What was to be looked at for any change is not narrowed by a lesser one.
    if (!before || order.indexOf(look.change) < order.indexOf(before.change)) this.waiting.set(key, look);
    if (this.left > 0) this.work();
  }

  private work(): void {
    const fitting = new Map<CampaignRun, Device[]>();
    for (const [key, look] of this.waiting) {
      if (this.left <= 0) break;
      this.waiting.delete(key);
      const device = this.parts.inventory.findDevice(look.tenantId, look.deviceId);
      if (!device) continue;
      for (const run of this.concerned(look)) {
        this.left--;
        if (!run.awaits(device)) continue;
        const devices = fitting.get(run);
        if (devices) devices.push(device);
        else fitting.set(run, [device]);
      }
    }
    this.timer ??= this.parts.wireClock.after('campaign newcomers', periodMs, () => {
      this.timer = undefined;
      this.left = mostInPeriod;
      if (this.waiting.size > 0) this.work();
    });
    for (const [run, devices] of fitting) this.parts.join(run, devices);
  }

  private concerned({ tenantId, change }: Look): CampaignRun[] {
    return [...this.parts.runsOf(tenantId)].filter((run) => run.minds(change));
  }
}

/** The widest first. */
const order: readonly DeviceChange[] = ['device', 'interfaces', 'contact'];
