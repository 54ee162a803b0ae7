import { isUtf8 } from 'node:buffer';
import type { AuditLog } from '../../audit/audit-log.ts';
import type { TraceOrigin } from '../../bus/message-trace.ts';
import type { TraceStore } from '../../bus/trace-store.ts';
import { mqttKind } from '../../contract/interface-kinds/mqtt.ts';
import {
  checkValueSize,
  type DataMessageInput,
  InvalidMessageError,
  readDataMessage,
} from '../../data/data-message.ts';
import type { DataService } from '../../data/data-service.ts';
import type { MessageOrigin } from '../../data/enrichment.ts';
import type { DeviceInterface, InterfaceRegistry } from '../../inventory/types.ts';
import { type Clock, isoTime } from '../../platform/clock.ts';
import { DeviceDebugLog } from './device-debug-log.ts';
import { classifyPublication, subscriptionCapabilities } from './device-topics.ts';
import {
  type ConnectRequest,
  connackCodes,
  type MqttMode,
  type MqttSession,
  type OpenResult,
  type Publication,
  type SessionLink,
  subscriptionRefused,
} from './mode.ts';

/** What device sessions need of the platform. */
export interface DeviceModeParts {
  readonly clock: Clock;
  readonly wireClock: Clock;
  readonly registry: InterfaceRegistry;
  readonly data: DataService;
  readonly traces: TraceStore;
  readonly audit: AuditLog;
  readonly settings: { readonly dataMaxValueBytes: number; readonly mqttDebugMaxPerSecond: number };
}

/** Mode "device": one connection is one device (manual 6.5). */
export class DeviceMode implements MqttMode {
  readonly usernames = ['json+device'];
  readonly isDevice = true;
  private readonly parts: DeviceModeParts;
  /** The session of each device that is connected; a second connection of the same client id takes over. */
  private readonly sessions = new Map<DeviceInterface, DeviceSession>();

  constructor(parts: DeviceModeParts) {
    this.parts = parts;
  }

  async open(request: ConnectRequest, link: SessionLink): Promise<OpenResult> {
    const { clientId, grant } = request;
    const { tenantId } = grant;
    if (!grant.roles.has('DEVICE_ACCESS')) {
      return { refusal: connackCodes.notAuthorized, reason: 'the API key lacks the role DEVICE_ACCESS' };
    }
    const deviceId = mqttKind.autoDeviceId?.(clientId);
    if (deviceId === undefined) {
      const reason = `client id ${JSON.stringify(clientId)}: must be a device URN, or 1 to 128 letters, digits and : - _`;
      return { refusal: connackCodes.identifierRejected, reason };
    }
    const { registry } = this.parts;
    const via =
      registry.findInterface(tenantId, 'mqtt', clientId) ??
      (await registry.provision({
        tenantId,
        connector: 'mqtt',
        nodeId: clientId,
        deviceId,
        definition: { clientId },
      }));
    if (!via.enabled) {
      new DeviceDebugLog(via, this.parts).note('CONNECT refused', { reason: 'the interface is disabled' });
      return { refusal: connackCodes.notAuthorized, reason: `interface mqtt:${clientId} is disabled` };
    }
    const session: DeviceSession = new DeviceSession(via, request, link, this.parts, (it) => this.leave(it));
    const earlier = this.sessions.get(via);
    this.sessions.set(via, session);
    earlier?.link.close('taken over by a newer connection with the same client id');
    await session.open();
    return { session };
  }

  /** Ends the session over an interface, as when it is disabled or its device deleted. */
  disconnect(matches: (via: DeviceInterface) => boolean, reason: string): void {
    for (const [via, session] of this.sessions) if (matches(via)) session.revoke(reason);
  }

  /** True when the session was still the device's own, and not taken over. */
  private leave(session: DeviceSession): boolean {
    if (this.sessions.get(session.via) !== session) return false;
    return this.sessions.delete(session.via);
  }
}

class DeviceSession implements MqttSession {
  readonly via: DeviceInterface;
  readonly link: SessionLink;
  private readonly request: ConnectRequest;
  private readonly parts: DeviceModeParts;
  private readonly leave: (session: DeviceSession) => boolean;
  private readonly origin: MessageOrigin;
  private traceOrigin: TraceOrigin;
  private readonly debug: DeviceDebugLog;
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
    this.debug = new DeviceDebugLog(via, parts);
  }

  async open(): Promise<void> {
    const { request, parts } = this;
    const { security } = request;
    parts.registry.touch(this.via);
    const { keepAliveS, remoteAddress, protocolVersion } = request;
    this.debug.note('CONNECT accepted', { keepAliveS, remoteAddress, protocolVersion });
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
    if (this.debug.on) {
      this.debug.note('PUBLISH received', {
        topic,
        qos,
        bytes: payload.byteLength,
        payload: showPayload(payload),
      });
    }
    const publication = classifyPublication(topic);
    if (this.traceOrigin.target !== topic) this.traceOrigin = this.traceOriginFor(topic);
    const trace = parts.traces.begin(this.traceOrigin, payload);
    switch (publication.kind) {
      case 'json':
      case 'binary': {
        let input: DataMessageInput;
        try {
          input =
            publication.kind === 'json'
              ? readJson(payload, parts.settings.dataMaxValueBytes)
              : this.readBinary(payload, publication.encoding);
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
      case 'reserved':
        this.record(
          'info',
          `Publication to ${topic} ignored`,
          `${publication.feature} are not offered yet.`,
          topic,
        );
        break;
      case 'unknown':
        this.refuse(trace, topic, payload, `${topic} is no topic that a device may publish to`);
    }
    settled();
  }

  subscribe(topic: string, qos: 0 | 1 | 2): 0 | 1 | typeof subscriptionRefused {
    const capability = subscriptionCapabilities[topic];
    if (!capability) {
      const allowed = Object.keys(subscriptionCapabilities).join(', ');
      this.record(
        'error',
        `Subscription to ${topic} refused`,
        `A device may subscribe to ${allowed}.`,
        topic,
      );
      this.debug.note('SUBSCRIBE refused', { topic });
      return subscriptionRefused;
    }
    this.debug.note('SUBSCRIBE accepted', { topic, qos });
    void this.parts.registry.updateSession(this.via, { capabilities: { [capability]: true } });
    return qos === 0 ? 0 : 1;
  }

  unsubscribe(topic: string): void {
    this.debug.note('UNSUBSCRIBE received', { topic });
    const capability = subscriptionCapabilities[topic];
    if (capability)
      void this.parts.registry.updateSession(this.via, { capabilities: { [capability]: false } });
  }

  acknowledged(): void {}

  writable(): void {}

  closed(): void {
    this.debug.note('Connection ended', {});
    if (!this.leave(this)) return;
    void this.parts.registry.updateSession(this.via, {
      // A disabled interface is DEACTIVATED, and that is stronger than the end of its session.
      ...(this.via.enabled ? { status: 'OFFLINE' as const } : {}),
      capabilities: { command: false, configuration: false, resource: false },
      activity: { lastSessionEndTime: isoTime(this.parts.clock.now()) },
    });
  }

  private traceOriginFor(topic: string): TraceOrigin {
    const { grant, clientId } = this.request;
    return { tenantId: grant.tenantId, connector: 'mqtt', sender: clientId, target: topic };
  }

  private readBinary(payload: Uint8Array, encoding: string | undefined): DataMessageInput {
    const input: DataMessageInput = {
      // Binary data goes to the stream of the device, whatever its default stream (manual 6.5.5.2).
      streamId: this.via.device.id,
      timestampMs: undefined,
      model: undefined,
      value: { payload: Buffer.from(payload).toString('hex').toUpperCase() },
      location: undefined,
      tags: undefined,
      encoding,
      ignored: [],
    };
    checkValueSize(input, payload.byteLength * 2, this.parts.settings.dataMaxValueBytes);
    return input;
  }

  private refuse(
    trace: ReturnType<TraceStore['begin']>,
    topic: string,
    payload: Uint8Array,
    reason: string,
  ): void {
    const { parts } = this;
    const traceId = parts.traces.refuse(trace, reason);
    this.record('error', 'Data message refused', reason, topic, {
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

/** How much of a payload an audit message shows. */
const shownPayloadBytes = 1000;

const showPayload = (payload: Uint8Array): string =>
  Buffer.from(payload.subarray(0, shownPayloadBytes)).toString('utf8');

/** @throws InvalidMessageError */
function readJson(payload: Uint8Array, maxValueBytes: number): DataMessageInput {
  if (!isUtf8(payload)) throw new InvalidMessageError('the payload is not UTF-8 text');
  const text = (payload as Buffer).toString('utf8');
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (error) {
    throw new InvalidMessageError(`the payload is not JSON: ${(error as Error).message}`);
  }
  const input = readDataMessage(raw);
  checkValueSize(input, payload.byteLength, maxValueBytes);
  return input;
}
