import type { EventBus } from '../bus/event-bus.ts';
import type { PlatformEvents } from '../contract/events.ts';
import type { InterfaceRegistry } from '../inventory/types.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { CampaignRun } from './campaign-run.ts';
import type { OperationDriver } from './operation-driver.ts';

/** How long to wait before trying again what the store has not taken. */
const retryMs = 1000;

/** The campaigns under way, each told what happens to its devices and to what it has begun on them. */
export class RunningCampaigns {
  private readonly parts: {
    readonly bus: EventBus<PlatformEvents>;
    readonly inventory: Pick<InterfaceRegistry, 'findDevice'>;
    readonly logger: Logger;
    readonly clock: Clock;
  };
  private readonly drivers: Iterable<OperationDriver>;
  private readonly runs = new Set<CampaignRun>();

  constructor(parts: RunningCampaigns['parts'], drivers: Iterable<OperationDriver>) {
    this.parts = parts;
    this.drivers = drivers;
  }

  start(): void {
    const { bus } = this.parts;
    for (const driver of this.drivers) {
      driver.start((tenantId, deviceId, operationId) => {
        for (const run of this.of(tenantId)) run.news(deviceId, driver.action, operationId);
      });
    }
    bus.on('deviceCreated', this, ({ tenantId, deviceId }) => this.consider(tenantId, deviceId));
    bus.on('deviceUpdated', this, ({ tenantId, deviceId, previousId }) => {
      if (deviceId !== previousId) for (const run of this.of(tenantId)) run.renamed(previousId, deviceId);
      this.consider(tenantId, deviceId);
    });
    bus.on('deviceDeleted', this, ({ tenantId, deviceId }) => {
      for (const run of this.of(tenantId)) run.deleted(deviceId);
    });
  }

  stop(): void {
    this.parts.bus.release(this);
    for (const driver of this.drivers) driver.stop();
    for (const run of this.runs) run.close();
    this.runs.clear();
  }

  add(run: CampaignRun): void {
    this.runs.add(run);
  }

  /** The run has ended, or comes to nothing. */
  remove(run: CampaignRun): void {
    run.close();
    this.runs.delete(run);
  }

  private consider(tenantId: string, deviceId: string): void {
    const device = this.parts.inventory.findDevice(tenantId, deviceId);
    if (!device) return;
    for (const run of this.of(tenantId)) {
      run.consider(device).catch((error: unknown) => {
        const campaign = run.record.id;
        this.parts.logger.error({ err: error, campaign }, 'a device could not join a campaign; trying again');
        this.parts.clock.after('campaign join', retryMs, () => this.consider(tenantId, deviceId));
      });
    }
  }

  private *of(tenantId: string): Iterable<CampaignRun> {
    for (const run of this.runs) if (run.record.tenantId === tenantId) yield run;
  }
}
