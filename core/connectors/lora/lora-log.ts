import type { AuditLog } from '../../audit/audit-log.ts';
import type { DeviceInterface } from '../../inventory/types.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import type { HeardFrame } from './deduplication.ts';
import type { Gateway } from './gateway.ts';
import type { FrameKnowledge, FrameLog } from './log/frame-log.ts';

/** Why something that came over the air, or from a gateway, was dropped. */
export type DropReason =
  | 'malformedDatagram'
  | 'unknownGateway'
  | 'brokenFrame'
  | 'malformedFrame'
  | 'unexpectedFrame'
  | 'notLora'
  | 'overload'
  | 'unknownDevEui'
  | 'wrongAppEui'
  | 'wrongMic'
  | 'repeatedDevNonce'
  | 'unknownDevAddr'
  | 'repeatedCounter'
  | 'counterGap'
  | 'disabled'
  | 'unknownProfile'
  | 'otherRegion'
  | 'notStored';

const secondMs = 1000;

/** Counts what was dropped, and tells who it may concern, in the audit log (facts 14). */
export class LoraLog {
  private readonly parts: {
    readonly audit: Pick<AuditLog, 'record'>;
    readonly frames: FrameLog;
    readonly clock: Clock;
    readonly wireClock: Clock;
    readonly logger: Logger;
    readonly settings: { readonly loraRefusalMaxPerSecond: number };
    operatorTenant(): string | undefined;
  };
  private readonly counts = new Map<DropReason, number>();
  private secondFromMs = Number.NEGATIVE_INFINITY;
  private inSecond = 0;
  private omitted = 0;

  constructor(parts: LoraLog['parts']) {
    this.parts = parts;
  }

  /** How often something was dropped, by reason, since the program started. */
  get dropped(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.counts);
  }

  /** A frame of a known device was dropped. */
  dropOf(
    via: DeviceInterface,
    heard: HeardFrame,
    reason: DropReason,
    text: string,
    known: FrameKnowledge = {},
  ): void {
    const { tenantId } = via.device;
    const frame = { tenantId, via, bytes: heard.bytes, heard, sent: undefined, known };
    this.parts.frames.add(this.parts.clock.now(), { ...frame, dropped: { reason, text } });
    this.dropPart(via, heard, reason, text);
  }

  /** Something in a frame of a known device was dropped; the frame itself was taken. */
  dropPart(via: DeviceInterface, { copies }: HeardFrame, reason: DropReason, what: string): void {
    const [{ gateway }] = copies;
    const source = { deviceId: via.device.id, nodeId: via.nodeId, connector: 'lora', gatewayId: gateway.id };
    this.drop(via.device.tenantId, reason, what, source);
  }

  /** A frame that no device is known to have sent was dropped; it concerns who keeps the gateway. */
  dropFrame(heard: HeardFrame, reason: DropReason, text: string): void {
    const [{ gateway }] = heard.copies;
    const { tenantId } = gateway;
    const frame = { tenantId, via: undefined, bytes: heard.bytes, heard, sent: undefined, known: {} };
    this.parts.frames.add(this.parts.clock.now(), { ...frame, dropped: { reason, text } });
    this.dropAt(gateway, reason, text);
  }

  /** Something of a gateway that is no frame was dropped. */
  dropAt(gateway: Gateway, reason: DropReason, what: string): void {
    this.drop(gateway.tenantId, reason, what, { connector: 'lora', gatewayId: gateway.id });
  }

  /** So many frames of a datagram were noise, as the gateway says itself. */
  dropBroken(gateway: Gateway, count: number): void {
    const text = `The gateway says that the checksum of ${count} is wrong or missing`;
    this.drop(gateway.tenantId, 'brokenFrame', text, { connector: 'lora', gatewayId: gateway.id }, count);
  }

  /** A datagram of no known gateway was dropped; it concerns who runs the instance. */
  dropUnknown(reason: DropReason, what: string, details: Readonly<Record<string, unknown>>): void {
    this.count(reason);
    if (!this.admit()) return;
    this.parts.logger.warn({ ...details, reason: what }, 'a datagram of a LoRa gateway was dropped');
    const tenantId = this.parts.operatorTenant();
    if (tenantId === undefined) return;
    this.parts.audit.record(tenantId, {
      ...{ level: 'error', category: 'connectivity', subcategory: 'lora', type: 'lora_network' },
      ...{ description: 'Datagram dropped', detailedDescription: what, source: { connector: 'lora' } },
      content: { reason, ...details, ...this.takeOmitted() },
    });
  }

  gatewayChanged(gateway: Gateway): void {
    this.parts.audit.record(gateway.tenantId, {
      level: 'info',
      category: 'connectivity',
      subcategory: 'lora',
      type: 'lora_gateway',
      description: `Gateway ${gateway.id} is ${gateway.online}`,
      source: { connector: 'lora', gatewayId: gateway.id },
      content: { status: gateway.online, registered: gateway.registered },
    });
  }

  /** Something of a device that people should know of. */
  tell(
    via: DeviceInterface,
    level: 'info' | 'error',
    description: string,
    detailedDescription: string,
  ): void {
    this.parts.audit.record(via.device.tenantId, {
      ...{ level, category: 'connectivity', subcategory: 'lora', type: 'lora_network' },
      ...{ description, detailedDescription },
      source: { deviceId: via.device.id, nodeId: via.nodeId, connector: 'lora' },
    });
  }

  private drop(
    tenantId: string,
    reason: DropReason,
    what: string,
    source: { deviceId?: string; nodeId?: string; connector: string; gatewayId: string },
    count = 1,
  ): void {
    this.count(reason, count);
    if (!this.admit()) return;
    this.parts.audit.record(tenantId, {
      ...{ level: 'error', category: 'connectivity', subcategory: 'lora', type: 'lora_network' },
      ...{ description: 'Frame dropped', detailedDescription: what, source },
      content: { reason, ...this.takeOmitted() },
    });
  }

  private takeOmitted(): { omittedBefore?: number } {
    const { omitted } = this;
    this.omitted = 0;
    return omitted > 0 ? { omittedBefore: omitted } : {};
  }

  private count(reason: DropReason, more = 1): void {
    this.counts.set(reason, (this.counts.get(reason) ?? 0) + more);
  }

  /** Who sends noise must not push everything else out of the audit log. */
  private admit(): boolean {
    const nowMs = this.parts.wireClock.now();
    if (nowMs - this.secondFromMs >= secondMs) {
      this.secondFromMs = nowMs;
      this.inSecond = 0;
    }
    if (this.inSecond < this.parts.settings.loraRefusalMaxPerSecond) {
      this.inSecond++;
      return true;
    }
    this.omitted++;
    return false;
  }
}
