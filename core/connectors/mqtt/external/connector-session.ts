import type { AuditLog } from '../../../audit/audit-log.ts';
import type { EventBus } from '../../../bus/event-bus.ts';
import type { MessageTrace } from '../../../bus/message-trace.ts';
import type { TraceStore } from '../../../bus/trace-store.ts';
import { PlatformError } from '../../../contract/errors.ts';
import type { PlatformEvents } from '../../../contract/events.ts';
import { type ExternalConnectorView, nodeFeatures } from '../../../contract/external-connectors.ts';
import { externalKind } from '../../../contract/interface-kinds/x-connector.ts';
import { type DataLimits, type DataMessageInput, InvalidMessageError } from '../../../data/data-message.ts';
import type { DataService } from '../../../data/data-service.ts';
import type { DeviceInterface, InterfaceRegistry } from '../../../inventory/types.ts';
import { type Clock, isoTime } from '../../../platform/clock.ts';
import {
  type ConnectRequest,
  type MqttSession,
  type Publication,
  type SessionLink,
  subscriptionRefused,
} from '../mode.ts';
import { showPayload } from '../show-payload.ts';
import type { ConnectorLinks, RequestLink } from './connector-links.ts';
import { readNodeTopic, requestTopics } from './connector-topics.ts';
import { readNodeData } from './node-data.ts';
import type { NodeRequestFeature } from './node-request-feature.ts';
import { isInSequence, type NodeStatus, readNodeStatus, type StatusSequence } from './node-status.ts';

const connector = 'x-connector';

/** What sessions of external connectors need of the platform. */
export interface ConnectorModeParts {
  readonly bus: EventBus<PlatformEvents>;
  readonly clock: Clock;
  readonly registry: InterfaceRegistry;
  /** The kinds of requests to nodes. */
  readonly features: readonly NodeRequestFeature[];
  readonly data: DataService;
  readonly traces: TraceStore;
  readonly audit: AuditLog;
  readonly settings: DataLimits & { readonly mqttSendWindow: number };
}

/** One publication on its way through the session. */
interface Arrival extends Publication {
  readonly trace: MessageTrace;
  settled(): void;
}

/** One connection of one external connector, which speaks for any number of nodes (manual 6.6). */
export class ConnectorSession implements MqttSession, RequestLink {
  readonly tenantId: string;
  private readonly request: ConnectRequest;
  private readonly connectedMs: number;
  private readonly link: SessionLink;
  private readonly links: ConnectorLinks;
  private readonly parts: ConnectorModeParts;
  /** Topics subscribed to, with the QoS granted. */
  private readonly subscriptions = new Map<string, 0 | 1>();
  /** What to do when the connector acknowledges what was sent to it, by packet id. */
  private readonly unacknowledged = new Map<number, () => void>();
  /** Nodes that are being registered, each with the end of what came for it so far. */
  private readonly arriving = new Map<string, Promise<void>>();
  /** Nodes that were asked for something over this session: what was not answered is asked anew when it ends. */
  private readonly asked = new Set<DeviceInterface>();
  /** True when a request had to wait for room in the window. */
  private heldBack = false;

  constructor(request: ConnectRequest, link: SessionLink, links: ConnectorLinks, parts: ConnectorModeParts) {
    this.tenantId = request.grant.tenantId;
    this.request = request;
    this.connectedMs = parts.clock.now();
    this.link = link;
    this.links = links;
    this.parts = parts;
  }

  publish({ topic, payload, qos }: Publication, settled: () => void): void {
    const trace = this.parts.traces.begin(
      { tenantId: this.tenantId, connector, sender: this.request.clientId, target: topic },
      payload,
    );
    const arrival: Arrival = { topic, payload, qos, trace, settled };
    const ofNode = readNodeTopic(topic);
    if (typeof ofNode === 'string') this.refuse(arrival, `Publication to ${topic} refused`, ofNode);
    else if (ofNode?.kind === 'data')
      this.withNode(ofNode.nodeId, arrival, (via) => this.takeData(via, arrival));
    else if (ofNode) this.readStatus(ofNode.nodeId, arrival);
    else this.takeStatement(arrival);
  }

  subscribe(topic: string, qos: 0 | 1 | 2): 0 | 1 | typeof subscriptionRefused {
    if (!nodeFeatures.some((feature) => requestTopics[feature] === topic)) {
      const allowed = Object.values(requestTopics).join(', ');
      this.record('error', `Subscription to ${topic} refused`, `A connector may subscribe to ${allowed}.`, {
        topic,
      });
      return subscriptionRefused;
    }
    const granted = qos === 0 ? 0 : 1;
    this.subscriptions.set(topic, granted);
    // After the SUBACK, which the caller sends when this returns.
    queueMicrotask(() => this.tellRoom());
    return granted;
  }

  unsubscribe(topic: string): void {
    this.subscriptions.delete(topic);
  }

  describe(): Omit<ExternalConnectorView, 'nodes' | 'nodesOnline'> {
    const { clientId, remoteAddress, security } = this.request;
    return {
      ...{ clientId, remoteAddress, tls: security !== undefined },
      connected: isoTime(this.connectedMs),
      takes: nodeFeatures.filter((feature) => this.isSubscribed(requestTopics[feature])),
      unacknowledged: this.unacknowledged.size,
    };
  }

  isSubscribed(topic: string): boolean {
    return this.subscriptions.has(topic);
  }

  hasRoom(): boolean {
    const room = !this.link.clogged && this.unacknowledged.size < this.parts.settings.mqttSendWindow;
    if (!room) this.heldBack = true;
    return room;
  }

  get platformHost(): string {
    return this.request.security?.sniHostname ?? this.request.localAddress;
  }

  send(via: DeviceInterface, topic: string, payload: string, acknowledged: () => void): void {
    const feature = this.parts.features.find(({ capability }) => requestTopics[capability] === topic);
    if (feature?.askedAnew) this.asked.add(via);
    const packetId = this.link.send(topic, payload, this.subscriptions.get(topic) ?? 0);
    if (packetId === 0) queueMicrotask(acknowledged);
    else this.unacknowledged.set(packetId, acknowledged);
  }

  acknowledged(packetId: number): void {
    const run = this.unacknowledged.get(packetId);
    this.unacknowledged.delete(packetId);
    run?.();
    // Not at each one: all nodes of the connector are looked at then.
    const fewLeft = this.unacknowledged.size <= this.parts.settings.mqttSendWindow / 2;
    if (this.heldBack && fewLeft) this.tellRoom();
  }

  writable(): void {
    if (this.heldBack) this.tellRoom();
  }

  closed(): void {
    this.subscriptions.clear();
    this.unacknowledged.clear();
    this.links.remove(this);
    for (const { connector, nodeId, device } of this.asked) {
      this.parts.bus.emit('linkLost', { tenantId: this.tenantId, deviceId: device.id, connector, nodeId });
    }
    this.asked.clear();
  }

  private tellRoom(): void {
    this.heldBack = false;
    for (const feature of this.parts.features) {
      if (this.isSubscribed(requestTopics[feature.capability])) feature.allReady(this.tenantId);
    }
  }

  private readStatus(nodeId: string, arrival: Arrival): void {
    const status = readNodeStatus(arrival.payload);
    if (typeof status === 'string') this.refuse(arrival, 'Node status refused', status, nodeId);
    else this.withNode(nodeId, arrival, (via) => this.takeStatus(via, status, arrival));
  }

  /** What a connector says of a node that it names in the payload: an answer, or what the node has. */
  private takeStatement(arrival: Arrival): void {
    const { topic, payload } = arrival;
    const publication = this.parts.features.map(({ publications }) => publications[topic]).find(Boolean);
    if (!publication) {
      const reason = `${topic} is no topic of external connectors`;
      this.refuse(arrival, `Publication to ${topic} refused`, reason);
      return;
    }
    const statement = publication.read(payload);
    if ('problem' in statement) {
      this.refuse(arrival, publication.refusal, statement.problem, statement.nodeId);
      return;
    }
    const via = this.knownNode(statement.nodeId);
    if (typeof via === 'string') {
      this.refuse(arrival, publication.refusal, via, statement.nodeId);
      return;
    }
    this.speakFor(via);
    statement.use(via, (error) => this.stored(error, arrival));
  }

  /** Goes on with the node, which is registered when nobody has heard of it; what came for it before goes first. */
  private withNode(nodeId: string, arrival: Arrival, take: (via: DeviceInterface) => void): void {
    const { registry } = this.parts;
    const known = registry.findInterface(this.tenantId, connector, nodeId);
    const before = this.arriving.get(nodeId);
    if (known && !before) {
      this.takeFrom(known, arrival, take);
      return;
    }
    const deviceId = externalKind.autoDeviceId?.(nodeId) ?? '';
    const wanted = { tenantId: this.tenantId, connector, nodeId, deviceId, definition: { nodeId } } as const;
    const turn = (before ?? Promise.resolve())
      .then(() => registry.provision(wanted))
      .then(
        (via) => this.takeFrom(via, arrival, take),
        (error: Error) => this.notRegistered(error, nodeId, arrival),
      )
      .then(() => {
        if (this.arriving.get(nodeId) === turn) this.arriving.delete(nodeId);
      });
    this.arriving.set(nodeId, turn);
  }

  private takeFrom(via: DeviceInterface, arrival: Arrival, take: (via: DeviceInterface) => void): void {
    if (!via.enabled) {
      this.refuse(
        arrival,
        'Publication refused',
        `interface ${connector}:${via.nodeId} is disabled`,
        via.nodeId,
      );
      return;
    }
    this.speakFor(via);
    take(via);
  }

  private notRegistered(error: Error, nodeId: string, arrival: Arrival): void {
    if (error instanceof PlatformError && error.code === 'inventory.interfaceRefused') {
      this.refuse(arrival, 'Publication refused', error.message, nodeId);
    } else this.stored(error, arrival);
  }

  /** The interface of a node that must be there, or why it is not. */
  private knownNode(nodeId: string): DeviceInterface | string {
    const via = this.parts.registry.findInterface(this.tenantId, connector, nodeId);
    if (!via) return `nodeId: no interface ${connector}:${nodeId} is registered; publish its status first`;
    return via.enabled ? via : `interface ${connector}:${nodeId} is disabled`;
  }

  private speakFor(via: DeviceInterface): void {
    this.links.spokeFor(via, this);
  }

  private takeStatus(via: DeviceInterface, said: NodeStatus, arrival: Arrival): void {
    const { registry, features } = this.parts;
    const highest = via.activity as StatusSequence;
    if (!isInSequence(said.sequence, highest)) {
      const reason = `it is older than one before: ${JSON.stringify(said.sequence)} after ${JSON.stringify(highest)}`;
      this.record('info', 'Node status ignored', reason, { topic: arrival.topic }, via);
      arrival.settled();
      return;
    }
    const { status, capabilities, sequence, lastContactMs } = said;
    if (lastContactMs === undefined) registry.touch(via);
    const change = { status, capabilities, activity: { ...sequence } };
    registry.updateSession(via, lastContactMs === undefined ? change : { ...change, lastContactMs }).then(
      () => arrival.settled(),
      (error: Error) => this.stored(error, arrival),
    );
    if (via.status !== 'ONLINE') return;
    for (const feature of features) if (via.capabilities[feature.capability]) feature.ready(via);
  }

  private takeData(via: DeviceInterface, arrival: Arrival): void {
    const { parts } = this;
    let input: DataMessageInput;
    try {
      input = readNodeData(arrival.payload, parts.settings);
    } catch (error) {
      const reason = error instanceof InvalidMessageError ? error.details : undefined;
      const text = reason ?? `the payload cannot be read: ${String(error)}`;
      this.refuse(arrival, 'Data message refused', text, via.nodeId);
      return;
    }
    parts.registry.touch(via);
    parts.data.accept({ tenantId: this.tenantId, connector, via }, input, arrival.trace, (error) => {
      if (!error && arrival.qos > 0) arrival.trace.acknowledgedUs = parts.clock.monotonicUs();
      this.stored(error, arrival);
    });
  }

  /** What is not stored is not acknowledged: the connector keeps it and sends it again on a new connection. */
  private stored(error: Error | undefined, { settled }: Arrival): void {
    if (error) this.link.close(`cannot store: ${error.message}`);
    else settled();
  }

  /** Acknowledged all the same (manual 6.6.3 to 6.6.6): sending it again would not help. */
  private refuse(arrival: Arrival, description: string, reason: string, nodeId?: string): void {
    const { topic, payload, trace, settled } = arrival;
    const via =
      nodeId === undefined ? undefined : this.parts.registry.findInterface(this.tenantId, connector, nodeId);
    const traceId = this.parts.traces.refuse(trace, reason, via?.device);
    const shown = showPayload(payload);
    const content = { topic, traceId, payload: shown };
    this.record(
      'error',
      description,
      reason,
      content,
      via ?? (nodeId === undefined ? undefined : { nodeId }),
    );
    settled();
  }

  private record(
    level: 'info' | 'error',
    description: string,
    detailedDescription: string,
    content: Record<string, unknown>,
    of?: { readonly nodeId: string; readonly device?: { readonly id: string } },
  ): void {
    this.parts.audit.record(this.tenantId, {
      level,
      category: 'data',
      subcategory: 'mqtt',
      type: 'logs_info',
      description,
      detailedDescription,
      source: { connector, ...(of && { nodeId: of.nodeId }), ...(of?.device && { deviceId: of.device.id }) },
      content: { clientId: this.request.clientId, ...content },
    });
  }
}
