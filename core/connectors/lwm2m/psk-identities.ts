import type { EventBus } from '../../bus/event-bus.ts';
import type { PlatformEvents } from '../../contract/events.ts';
import type { DeviceInterface, InterfaceRegistry } from '../../inventory/types.ts';
import type { PskAnswer } from '../../protocols/dtls/psk.ts';
import { pskKeyOf } from './psk-key.ts';

export interface PskInfo {
  readonly identity: string;
  readonly secret: string;
}

/** The pre-shared key in the definition of an LwM2M interface; undefined before a bootstrap has filled it in. */
export function pskInfoOf({ definition }: DeviceInterface): PskInfo | undefined {
  return (definition as { security?: { pskInfo?: PskInfo } }).security?.pskInfo;
}

/**
 * Finds the interfaces of a PSK identity, of all tenants. Several may share one, with one key: the endpoint name of
 * their registrations tells them apart.
 */
export class PskIdentities {
  private readonly bus: EventBus<PlatformEvents>;
  private readonly registry: InterfaceRegistry;
  private readonly all: () => Iterable<DeviceInterface>;
  /** What was found under an identity once; {@link find} looks whether it still holds. */
  private readonly known = new Map<string, Set<DeviceInterface>>();

  constructor(parts: {
    bus: EventBus<PlatformEvents>;
    registry: InterfaceRegistry;
    /** Every LwM2M interface there is. */
    interfaces: () => Iterable<DeviceInterface>;
  }) {
    this.bus = parts.bus;
    this.registry = parts.registry;
    this.all = parts.interfaces;
  }

  start(): void {
    for (const via of this.all()) this.note(via);
    const look = ({ tenantId, deviceId }: { tenantId: string; deviceId: string }): void => {
      for (const via of this.registry.findDevice(tenantId, deviceId)?.interfaces ?? []) {
        if (via.connector === 'lwm2m') this.note(via);
      }
    };
    this.bus.on('deviceCreated', this, look);
    this.bus.on('deviceUpdated', this, look);
  }

  stop(): void {
    this.bus.release(this);
    this.known.clear();
  }

  /** The interfaces that have this identity now. */
  find(identity: string): DeviceInterface[] {
    const known = this.known.get(identity);
    if (!known) return [];
    for (const via of known) {
      const { tenantId } = via.device;
      const isThere = this.registry.findInterface(tenantId, 'lwm2m', via.nodeId) === via;
      if (!isThere || pskInfoOf(via)?.identity !== identity) known.delete(via);
    }
    if (known.size === 0) this.known.delete(identity);
    return [...known];
  }

  /** The key of a client that names an identity, or why it is not let in. */
  keyOf(identity: string): PskAnswer {
    const found = this.find(identity);
    if (found.length === 0) return { refused: 'no LwM2M interface has this PSK identity' };
    const enabled = found.filter((via) => via.enabled);
    if (enabled.length === 0) return { refused: 'the LwM2M interface of this PSK identity is disabled' };
    const keys = new Set(
      enabled.map((via) => Buffer.from(pskKeyOf(pskInfoOf(via)?.secret ?? '')).toString('hex')),
    );
    const [key] = keys;
    if (keys.size > 1 || key === undefined) {
      return { refused: `${enabled.length} LwM2M interfaces have this PSK identity, with different secrets` };
    }
    return { key: new Uint8Array(Buffer.from(key, 'hex')) };
  }

  private note(via: DeviceInterface): void {
    const identity = pskInfoOf(via)?.identity;
    if (identity === undefined) return;
    const known = this.known.get(identity) ?? new Set();
    known.add(via);
    this.known.set(identity, known);
  }
}
