import type { AuditLog } from '../../audit/audit-log.ts';
import type { EventBus } from '../../bus/event-bus.ts';
import type { TraceOrigin } from '../../bus/message-trace.ts';
import type { TraceStore } from '../../bus/trace-store.ts';
import type { PlatformEvents } from '../../contract/events.ts';
import { type DataLimits, type DataMessageInput, InvalidMessageError } from '../../data/data-message.ts';
import type { DataService } from '../../data/data-service.ts';
import type { MessageOrigin } from '../../data/enrichment.ts';
import type { DeviceInterface, InterfaceRegistry } from '../../inventory/types.ts';
import { type Clock, isoTime } from '../../platform/clock.ts';
import { readBinaryData, readJsonData } from './device-data.ts';
import type { DeviceFeature, DownlinkSession, FeaturePublication } from './device-feature.ts';
import { classifyPublication } from './device-topics.ts';
import {
  type ConnectRequest,
  type MqttSession,
  type Publication,
  type SessionLink,
  subscriptionRefused,
} from './mode.ts';
import { showPayload } from './show-payload.ts';

/** What device sessions need of the platform. */
export interface DeviceModeParts {
  readonly bus: EventBus<PlatformEvents>;
  readonly clock: Clock;
  readonly registry: InterfaceRegistry;
  readonly data: DataService;
  /** What can be asked of devices. */
  readonly features: readonly DeviceFeature[];
  readonly traces: TraceStore;
  readonly audit: AuditLog;
  readonly settings: DataLimits & { readonly mqttSendWindow: number };
}

/** One connection of one device (manual 6.5). */
export class DeviceSession implements MqttSession, DownlinkSession {
  readonly via: DeviceInterface;
  readonly link: SessionLink;
  private readonly request: ConnectRequest;
  private readonly parts: DeviceModeParts;
  private readonly leave: (session: DeviceSession) => boolean;
  /** Topics subscribed to, with the QoS granted. */
  private readonly subscriptions = new Map<string, 0 | 1>();
  /** What to do when the client acknowledges what was sent to it, by packet id. */
  private readonly unacknowledged = new Map<number, () => void>();
  private readonly origin: MessageOrigin;
  private traceOrigin: TraceOrigin;
  private revoked = false;

  constructor(
    via: DeviceInterface,
    request: ConnectRequest,
    link: SessionLink,
    parts: DeviceModeParts,
    leave: (session: DeviceSession) => boolean,
  ) {
    this.via = via;
    this.request = request;
    this.link = link;
    this.parts = parts;
    this.leave = leave;
    this.origin = { tenantId: request.grant.tenantId, connector: 'mqtt', via };
    this.traceOrigin = this.traceOriginFor('dev/data');
  }

  async open(): Promise<void> {
    const { request, parts } = this;
    const { security } = request;
    parts.registry.touch(this.via);
    await parts.registry.updateSession(this.via, {
      status: 'ONLINE',
      capabilities: { command: false, configuration: false, resource: false },
      activity: {
        apiKeyId: request.grant.keyId,
        mqttVersion: request.protocolVersion,
        mqttUsername: request.username,
        mqttTimeout: request.keepAliveS,
        remoteAddress: request.remoteAddress,
        lastSessionStartTime: isoTime(parts.clock.now()),
        security: security && {
          secured: true,
          protocol: security.protocol,
          cipher: security.cipher,
          clientCertAuthentication: request.certified,
          sniHostname: security.sniHostname,
        },
      },
    });
  }

  /** Ends the session because its device may not have one any more. */
  revoke(reason: string): void {
    this.revoked = true;
    const { via, request } = this;
    this.parts.audit.record(request.grant.tenantId, {
      level: 'info',
      category: 'connectivity',
      subcategory: 'mqtt',
      type: 'logs_info',
      description: 'MQTT connection closed',
      detailedDescription: reason,
      source: { deviceId: via.device.id, nodeId: via.nodeId, connector: 'mqtt' },
      content: { clientId: request.clientId, remoteAddress: request.remoteAddress },
    });
    this.link.close(reason);
  }

  publish({ topic, payload, qos }: Publication, settled: () => void): void {
    // What came with the CONNECT is handed over even when the connection has ended.
    if (this.revoked) return;
    const { parts } = this;
    parts.registry.touch(this.via);
    if (this.traceOrigin.target !== topic) this.traceOrigin = this.traceOriginFor(topic);
    const trace = parts.traces.begin(this.traceOrigin, payload);
    const featured = this.featured(topic);
    if (featured) {
      const problem = featured.take(this.via, payload, (error) => this.stored(error, settled));
      if (problem === undefined) return;
      this.refuse(trace, topic, payload, problem, featured.refusal);
      settled();
      return;
    }
    const publication = classifyPublication(topic);
    switch (publication.kind) {
      case 'json':
      case 'binary': {
        let input: DataMessageInput;
        try {
          input =
            publication.kind === 'json'
              ? readJsonData(payload, parts.settings)
              : readBinaryData(payload, publication.encoding, this.via.device.id, parts.settings);
        } catch (error) {
          // Whatever keeps a payload from being read, it will do so again: refused, and not tried for ever.
          const reason = error instanceof InvalidMessageError ? error.details : undefined;
          this.refuse(trace, topic, payload, reason ?? `the payload cannot be read: ${String(error)}`);
          settled();
          return;
        }
        parts.data.accept(this.origin, input, trace, (error) => {
          if (error) {
            // Not acknowledged and not stored: the client keeps it and sends it again on a new connection.
            this.link.close(`cannot store: ${error.message}`);
            return;
          }
          if (qos > 0) trace.acknowledgedUs = parts.clock.monotonicUs();
          settled();
        });
        return;
      }
      case 'ignored':
        break;
      case 'unknown':
        this.refuse(trace, topic, payload, `${topic} is no topic that a device may publish to`);
    }
    settled();
  }

  subscribe(topic: string, qos: 0 | 1 | 2): 0 | 1 | typeof subscriptionRefused {
    const { features } = this.parts;
    const feature = features.find((each) => each.topic === topic);
    if (!feature) {
      const allowed = features.map((each) => each.topic).join(', ');
      this.record(
        'error',
        `Subscription to ${topic} refused`,
        `A device may subscribe to ${allowed}.`,
        topic,
      );
      return subscriptionRefused;
    }
    const granted = qos === 0 ? 0 : 1;
    this.subscriptions.set(topic, granted);
    void this.parts.registry.updateSession(this.via, { capabilities: { [feature.capability]: true } });
    // After the SUBACK, which the caller sends when this returns.
    queueMicrotask(() => this.hasRoom());
    return granted;
  }

  unsubscribe(topic: string): void {
    this.subscriptions.delete(topic);
    const feature = this.parts.features.find((each) => each.topic === topic);
    if (feature)
      void this.parts.registry.updateSession(this.via, { capabilities: { [feature.capability]: false } });
  }

  get platformHost(): string {
    return this.request.security?.sniHostname ?? this.request.localAddress;
  }

  /** True when something published to this topic goes out to the device now. */
  takes(topic: string): boolean {
    return (
      !this.revoked &&
      this.subscriptions.has(topic) &&
      !this.link.clogged &&
      this.unacknowledged.size < this.parts.settings.mqttSendWindow
    );
  }

  send(topic: string, payload: string, acknowledged: () => void): boolean {
    const qos = this.subscriptions.get(topic) ?? 0;
    const packetId = this.link.send(topic, payload, qos);
    if (packetId === 0) return false;
    this.unacknowledged.set(packetId, acknowledged);
    return true;
  }

  acknowledged(packetId: number): void {
    const run = this.unacknowledged.get(packetId);
    const wasFull = this.unacknowledged.size >= this.parts.settings.mqttSendWindow;
    this.unacknowledged.delete(packetId);
    run?.();
    if (wasFull) this.hasRoom();
  }

  writable(): void {
    this.hasRoom();
  }

  closed(): void {
    this.subscriptions.clear();
    this.unacknowledged.clear();
    if (!this.leave(this)) return;
    void this.parts.registry.updateSession(this.via, {
      // A disabled interface is DEACTIVATED, and that is stronger than the end of its session.
      ...(this.via.enabled ? { status: 'OFFLINE' as const } : {}),
      capabilities: { command: false, configuration: false, resource: false },
      activity: { lastSessionEndTime: isoTime(this.parts.clock.now()) },
    });
  }

  private hasRoom(): void {
    for (const feature of this.parts.features) if (this.takes(feature.topic)) feature.ready(this.via);
  }

  private featured(topic: string): FeaturePublication | undefined {
    for (const { publications } of this.parts.features) {
      if (Object.hasOwn(publications, topic)) return publications[topic];
    }
    return undefined;
  }

  /** What is not stored is not acknowledged: the client keeps it and sends it again on a new connection. */
  private stored(error: Error | undefined, settled: () => void): void {
    if (error) this.link.close(`cannot store: ${error.message}`);
    else settled();
  }

  private traceOriginFor(topic: string): TraceOrigin {
    const { grant, clientId } = this.request;
    return { tenantId: grant.tenantId, connector: 'mqtt', sender: clientId, target: topic };
  }

  private refuse(
    trace: ReturnType<TraceStore['begin']>,
    topic: string,
    payload: Uint8Array,
    reason: string,
    description = 'Data message refused',
  ): void {
    const { parts } = this;
    const traceId = parts.traces.refuse(trace, reason, this.via.device);
    this.record('error', description, reason, topic, {
      traceId,
      payload: showPayload(payload),
    });
  }

  private record(
    level: 'info' | 'error',
    description: string,
    detailedDescription: string,
    topic: string,
    content: Record<string, unknown> = {},
  ): void {
    this.parts.audit.record(this.request.grant.tenantId, {
      level,
      category: 'data',
      subcategory: 'mqtt',
      type: 'logs_info',
      description,
      detailedDescription,
      source: { deviceId: this.via.device.id, nodeId: this.via.nodeId, connector: 'mqtt' },
      content: { topic, ...content },
    });
  }
}
