import type { EventBus } from '../bus/event-bus.ts';
import type { PlatformEvents } from '../contract/events.ts';
import type { Device, InterfaceRegistry } from '../inventory/types.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { CampaignRun } from './campaign-run.ts';
import { Newcomers } from './newcomers.ts';
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
    readonly wireClock: Clock;
  };
  private readonly drivers: Iterable<OperationDriver>;
  private readonly lookAgain: (run: CampaignRun) => void;
  private readonly byTenant = new Map<string, Set<CampaignRun>>();
  private readonly newcomers: Newcomers;

  /** @param lookAgain holds the filter of a campaign against all devices */
  constructor(
    parts: RunningCampaigns['parts'],
    drivers: Iterable<OperationDriver>,
    lookAgain: (run: CampaignRun) => void,
  ) {
    this.parts = parts;
    this.drivers = drivers;
    this.lookAgain = lookAgain;
    this.newcomers = new Newcomers({
      ...{ inventory: parts.inventory, wireClock: parts.wireClock },
      runsOf: (tenantId) => this.of(tenantId),
      join: (run, devices) => this.join(run, devices),
    });
  }

  start(): void {
    const { bus } = this.parts;
    for (const driver of this.drivers) {
      driver.start((tenantId, deviceId, operationId) => {
        for (const run of this.of(tenantId)) run.news(deviceId, driver.action, operationId);
      });
    }
    const { newcomers } = this;
    bus.on('deviceCreated', this, (event) => newcomers.look({ ...idsOf(event), change: 'device' }));
    bus.on('deviceUpdated', this, (event) => {
      const { tenantId, deviceId, previousId } = event;
      if (deviceId !== previousId) for (const run of this.of(tenantId)) run.renamed(previousId, deviceId);
      newcomers.look({ ...idsOf(event), change: 'device' });
    });
    bus.on('interfaceStatus', this, (event) => newcomers.look({ ...idsOf(event), change: 'interfaces' }));
    bus.on('interfaceContact', this, (event) => newcomers.look({ ...idsOf(event), change: 'contact' }));
    bus.on('groupsMoved', this, ({ tenantId }) => {
      for (const run of this.of(tenantId)) if (run.minds('groups')) this.lookAgain(run);
    });
    bus.on('deviceDeleted', this, ({ tenantId, deviceId }) => {
      for (const run of this.of(tenantId)) run.deleted(deviceId);
    });
  }

  stop(): void {
    this.parts.bus.release(this);
    this.newcomers.stop();
    for (const driver of this.drivers) driver.stop();
    for (const runs of this.byTenant.values()) for (const run of runs) run.close();
    this.byTenant.clear();
  }

  add(run: CampaignRun): void {
    const { tenantId } = run.record;
    const runs = this.byTenant.get(tenantId);
    if (runs) runs.add(run);
    else this.byTenant.set(tenantId, new Set([run]));
  }

  /** The run has ended, or comes to nothing. */
  remove(run: CampaignRun): void {
    run.close();
    this.byTenant.get(run.record.tenantId)?.delete(run);
  }

  private join(run: CampaignRun, devices: readonly Device[]): void {
    run.join(devices.map(({ id }) => id)).catch((error: unknown) => {
      const campaign = run.record.id;
      this.parts.logger.error({ err: error, campaign }, 'devices could not join a campaign; trying again');
      this.parts.clock.after('campaign join', retryMs, () => {
        for (const { tenantId, id } of devices)
          this.newcomers.look({ tenantId, deviceId: id, change: 'device' });
      });
    });
  }

  private of(tenantId: string): Iterable<CampaignRun> {
    return this.byTenant.get(tenantId) ?? [];
  }
}

const idsOf = ({ tenantId, deviceId }: { readonly tenantId: string; readonly deviceId: string }) => ({
  tenantId,
  deviceId,
});
