import { PlatformError } from '../contract/errors.ts';
import { interfaceKindOf, interfaceKinds } from '../contract/interface-kinds/index.ts';
import type { InterfaceDebugJson } from '../contract/interfaces.ts';
import { invalidParameter } from '../contract/invalid-parameter.ts';
import { type Clock, isoTime } from '../platform/clock.ts';
import type { Store } from '../store/types.ts';
import type { InterfaceManager } from './interface-manager.ts';
import { inventoryRepository } from './inventory-repository.ts';
import { deviceKey, interfaceKey } from './tenant-inventory.ts';
import type { Tenants } from './tenants.ts';
import type { DeviceInterface, InterfaceDebug } from './types.ts';

const hourMs = 60 * 60 * 1000;

/** The debug mode as it is at a time; undefined when it is off, or over. */
export function activeDebug({ debug }: DeviceInterface, nowMs: number): InterfaceDebug | undefined {
  return debug && nowMs < debug.untilMs ? debug : undefined;
}

/** Switches the debug mode of interfaces: while it lasts, their connector logs what goes over them (facts 5). */
export class InterfaceDebugSwitch {
  private readonly parts: {
    readonly store: Store;
    readonly clock: Clock;
    readonly tenants: Tenants;
    readonly interfaces: InterfaceManager;
  };

  constructor(parts: InterfaceDebugSwitch['parts']) {
    this.parts = parts;
  }

  /** @throws PlatformError as {@link InterfaceManager.get}; `inventory.debugOff` */
  get(tenantId: string, deviceId: string, interfaceId: string): InterfaceDebugJson {
    return toJson(this.getActive(tenantId, deviceId, interfaceId));
  }

  /**
   * Switches it on, or lets it last so long from now.
   * @throws PlatformError as {@link InterfaceManager.get}; `api.invalidParameter` where the connector has no such mode
   */
  async start(
    tenantId: string,
    deviceId: string,
    interfaceId: string,
    ttlHours: number,
  ): Promise<InterfaceDebugJson> {
    const nowMs = this.parts.clock.now();
    const debug: InterfaceDebug = { ttlHours, fromMs: nowMs, untilMs: nowMs + ttlHours * hourMs };
    const { connector } = this.parts.interfaces.get(tenantId, deviceId, interfaceId);
    if (!interfaceKindOf(connector).debuggable) {
      const names = interfaceKinds.filter((kind) => kind.debuggable).map((kind) => kind.connector);
      throw invalidParameter(
        `path.interfaceId: the debug mode is for ${names.join(' and ')}, not ${connector}`,
      );
    }
    await this.set(tenantId, deviceId, interfaceId, debug);
    return toJson(debug);
  }

  /** @throws PlatformError as {@link get} */
  async stop(tenantId: string, deviceId: string, interfaceId: string): Promise<void> {
    this.getActive(tenantId, deviceId, interfaceId);
    await this.set(tenantId, deviceId, interfaceId, undefined);
  }

  private getActive(tenantId: string, deviceId: string, interfaceId: string): InterfaceDebug {
    const target = this.parts.interfaces.get(tenantId, deviceId, interfaceId);
    const active = activeDebug(target, this.parts.clock.now());
    if (active) return active;
    throw new PlatformError('inventory.debugOff', 'The debug mode of the interface is off.', {
      details: interfaceId,
    });
  }

  private async set(
    tenantId: string,
    deviceId: string,
    interfaceId: string,
    debug: InterfaceDebug | undefined,
  ): Promise<void> {
    const get = () => this.parts.interfaces.get(tenantId, deviceId, interfaceId);
    await this.parts.tenants.of(tenantId).exclusively(
      () => {
        const { connector, nodeId } = get();
        return [deviceKey(deviceId), interfaceKey(connector, nodeId)];
      },
      async () => {
        const target = get();
        await this.parts.store.commit([inventoryRepository.updateDebug(target, debug)]);
        target.debug = debug;
      },
    );
  }
}

const toJson = ({ ttlHours, fromMs, untilMs }: InterfaceDebug): InterfaceDebugJson => ({
  ttlHours,
  created: isoTime(fromMs),
  expires: isoTime(untilMs),
});
