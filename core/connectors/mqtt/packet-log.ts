import type { IPublishPacket } from 'mqtt-packet';
import type { KeyDebug } from '../../accounts/types.ts';
import type { AuditLog } from '../../audit/audit-log.ts';
import { shortenText } from '../../contract/text.ts';
import { activeDebug } from '../../inventory/interface-debug.ts';
import type { DeviceInterface } from '../../inventory/types.ts';
import type { Clock } from '../../platform/clock.ts';
import { DebugRate } from '../debug-rate.ts';
import type { ConnectRequest } from './mode.ts';
import { shownPayloadBytes, showPayload } from './show-payload.ts';

export interface PacketLogParts {
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly wireClock: Clock;
  readonly settings: { readonly mqttDebugMaxPerSecond: number };
  readonly keys: KeyDebug;
}

/**
 * Writes what goes over one connection to the audit log, while its key is in debug mode, or the interface of the
 * device that it is (facts 5, 13).
 */
export class PacketLog {
  private readonly client: Pick<ConnectRequest, 'clientId' | 'username' | 'grant'>;
  private readonly parts: PacketLogParts;
  private via: DeviceInterface | undefined;
  private readonly rate: DebugRate;

  constructor(client: PacketLog['client'], parts: PacketLogParts) {
    this.client = client;
    this.parts = parts;
    this.rate = new DebugRate(parts.wireClock, parts.settings.mqttDebugMaxPerSecond);
  }

  /** @param via the interface that the connection is; undefined where it is no device's. */
  accepted(facts: Record<string, unknown>, via: DeviceInterface | undefined): void {
    this.via = via;
    this.note('CONNECT accepted', () => facts);
  }

  refused(reason: string, via: DeviceInterface | undefined): void {
    this.via = via;
    this.note('CONNECT refused', () => ({ reason }));
  }

  received({ topic, qos, payload }: IPublishPacket): void {
    const bytes = Buffer.byteLength(payload);
    this.note('PUBLISH received', () => ({ topic, qos, bytes, payload: showPayload(Buffer.from(payload)) }));
  }

  sent(topic: string, payload: string, qos: 0 | 1): void {
    this.note('PUBLISH sent', () => ({ topic, qos, payload: shortenText(payload, shownPayloadBytes) }));
  }

  acknowledged(packetId: number): void {
    this.note('PUBACK received', () => ({ packetId }));
  }

  subscribed(topic: string, qos: 0 | 1 | 2, wasRefused: boolean): void {
    if (wasRefused) this.note('SUBSCRIBE refused', () => ({ topic }));
    else this.note('SUBSCRIBE accepted', () => ({ topic, qos }));
  }

  unsubscribed(topic: string): void {
    this.note('UNSUBSCRIBE received', () => ({ topic }));
  }

  ended(reason: string): void {
    this.note('Connection ended', () => ({ reason }));
  }

  /** @param content is put together only when it is written */
  private note(description: string, content: () => Record<string, unknown>): void {
    const omitted = this.on ? this.rate.admit() : undefined;
    if (omitted === undefined) return;
    const { via, client } = this;
    const { clientId, username } = client;
    this.parts.audit.record(client.grant.tenantId, {
      level: 'info',
      category: 'connectivity',
      subcategory: 'mqtt',
      type: 'mqtt_debug_logs',
      description,
      source: via
        ? { deviceId: via.device.id, nodeId: via.nodeId, connector: via.connector }
        : { connector: 'mqtt' },
      content: {
        ...(!via && { clientId, username }),
        ...content(),
        ...(omitted > 0 && { omittedBefore: omitted }),
      },
    });
  }

  private get on(): boolean {
    const { via, parts } = this;
    if (via?.debug !== undefined && activeDebug(via, parts.clock.now()) !== undefined) return true;
    return parts.keys.inDebugMode(this.client.grant);
  }
}
