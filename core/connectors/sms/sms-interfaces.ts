import type { EventBus } from '../../bus/event-bus.ts';
import type { PlatformEvents } from '../../contract/events.ts';
import type { DeviceInterface, InterfaceRegistry } from '../../inventory/types.ts';
import { plainDigits } from '../../protocols/smpp/address.ts';

export interface SmsInterfacesParts {
  readonly bus: EventBus<PlatformEvents>;
  readonly registry: InterfaceRegistry;
  /** Every SMS interface of every tenant. */
  interfaces(): Iterable<DeviceInterface>;
}

/** The SMS interfaces of all tenants by their number: the centre knows no tenant. */
export class SmsInterfaces {
  private readonly parts: SmsInterfacesParts;
  private readonly byMsisdn = new Map<string, Set<DeviceInterface>>();

  constructor(parts: SmsInterfacesParts) {
    this.parts = parts;
  }

  start(): void {
    const { bus, registry, interfaces } = this.parts;
    for (const via of interfaces()) this.note(via);
    const look = ({ tenantId, deviceId }: { tenantId: string; deviceId: string }): void => {
      for (const via of registry.findDevice(tenantId, deviceId)?.interfaces ?? []) this.note(via);
    };
    bus.on('deviceCreated', this, look);
    bus.on('deviceUpdated', this, look);
  }

  stop(): void {
    this.parts.bus.release(this);
    this.byMsisdn.clear();
  }

  /**
   * The interfaces that a message from this number may be of: those of the server number that it came to where there are
   * such, else those of the others.
   */
  find(msisdn: string, serverPhoneNumber: string): DeviceInterface[] {
    const held = this.byMsisdn.get(msisdn);
    if (!held) return [];
    for (const via of held) if (!this.holds(via)) held.delete(via);
    if (held.size === 0) this.byMsisdn.delete(msisdn);
    const all = [...held];
    const dialled = plainDigits(serverPhoneNumber);
    const exact = all.filter(
      ({ definition }) => plainDigits(String(definition.serverPhoneNumber)) === dialled,
    );
    return exact.length > 0 ? exact : all;
  }

  /** Interfaces that went, or got another number, are found out when they are looked for. */
  private holds(via: DeviceInterface): boolean {
    return this.parts.registry.findInterface(via.device.tenantId, 'sms', via.nodeId) === via;
  }

  private note(via: DeviceInterface): void {
    if (via.connector !== 'sms') return;
    const held = this.byMsisdn.get(via.nodeId);
    if (held) held.add(via);
    else this.byMsisdn.set(via.nodeId, new Set([via]));
  }
}
