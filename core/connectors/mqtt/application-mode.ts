import type { AuditLog } from '../../audit/audit-log.ts';
import { eventText, type FifoConsumer, type FifoEntry, type FifoQueue } from '../../routing/fifo-queue.ts';
import type { FifoService } from '../../routing/fifo-service.ts';
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

export interface ApplicationModeParts {
  readonly fifos: FifoService;
  readonly audit: AuditLog;
  readonly settings: { readonly mqttSendWindow: number };
}

const topicPrefix = 'fifo/';

/** Mode "application": a business application takes messages from FIFOs (manual 3.6.2, facts 11). */
export class ApplicationMode implements MqttMode {
  /** The first is today's name, the others are what older clients send. */
  readonly usernames = ['application', 'payload', 'payload+bridge', 'json+bridge'];
  readonly isDevice = false;
  private readonly parts: ApplicationModeParts;

  constructor(parts: ApplicationModeParts) {
    this.parts = parts;
  }

  async open(request: ConnectRequest, link: SessionLink): Promise<OpenResult> {
    if (!request.grant.roles.has('BUS_R')) {
      return { refusal: connackCodes.notAuthorized, reason: 'the API key lacks the role BUS_R' };
    }
    return { session: new ApplicationSession(request, link, this.parts) };
  }
}

/** A FIFO that a session is or was subscribed to, with what it holds of it. */
interface Subscription {
  readonly queue: FifoQueue;
  readonly consumer: FifoConsumer;
  /** False after UNSUBSCRIBE, while deliveries that were begun are still to be acknowledged. */
  active: boolean;
  qos: 0 | 1;
  held: number;
}

class ApplicationSession implements MqttSession {
  private readonly request: ConnectRequest;
  private readonly link: SessionLink;
  private readonly parts: ApplicationModeParts;
  private readonly subscriptions = new Map<FifoQueue, Subscription>();
  private readonly unacknowledged = new Map<number, { subscription: Subscription; seq: number }>();
  private ended = false;

  constructor(request: ConnectRequest, link: SessionLink, parts: ApplicationModeParts) {
    this.request = request;
    this.link = link;
    this.parts = parts;
  }

  publish({ topic }: Publication, settled: () => void): void {
    this.record(`Publication to ${topic} refused`, 'An application may only subscribe, to fifo/{name}.');
    settled();
  }

  subscribe(topic: string, qos: 0 | 1 | 2): 0 | 1 | typeof subscriptionRefused {
    const name = topic.startsWith(topicPrefix) ? topic.slice(topicPrefix.length) : undefined;
    const { grant } = this.request;
    const queue = name === undefined ? undefined : this.parts.fifos.find(grant.tenantId, name);
    if (name === undefined || !queue || (grant.fifos && !grant.fifos.has(name))) {
      const reason =
        name === undefined
          ? 'An application may only subscribe to fifo/{name}.'
          : queue
            ? 'The API key is limited to other FIFOs (its scope).'
            : `There is no FIFO ${name}; an action policy that publishes to it makes it.`;
      this.record(`Subscription to ${topic} refused`, reason);
      return subscriptionRefused;
    }
    const subscription = this.subscriptions.get(queue) ?? this.newSubscription(queue, topic);
    subscription.active = true;
    subscription.qos = qos === 0 ? 0 : 1;
    this.subscriptions.set(queue, subscription);
    // After the SUBACK, which the caller sends when this returns.
    queueMicrotask(() => {
      if (this.ended || !subscription.active) return;
      queue.attach(subscription.consumer);
      queue.dispatch();
    });
    return subscription.qos;
  }

  /** What was sent stays with the client until it acknowledges it or goes (MQTT 3.1.1, 3.10.4). */
  unsubscribe(topic: string): void {
    const name = topic.startsWith(topicPrefix) ? topic.slice(topicPrefix.length) : '';
    const subscription = [...this.subscriptions.values()].find(({ queue }) => queue.name === name);
    if (!subscription) return;
    subscription.active = false;
    this.leaveWhenDone(subscription);
  }

  acknowledged(packetId: number): void {
    const held = this.unacknowledged.get(packetId);
    if (!held) return;
    this.unacknowledged.delete(packetId);
    const { subscription, seq } = held;
    subscription.held--;
    subscription.queue.acknowledge(subscription.consumer, seq);
    this.leaveWhenDone(subscription);
    // The window is the session's: room in it may serve any of its FIFOs.
    for (const { queue } of this.subscriptions.values()) if (queue !== subscription.queue) queue.dispatch();
  }

  writable(): void {
    for (const { queue } of this.subscriptions.values()) queue.dispatch();
  }

  closed(): void {
    this.ended = true;
    for (const { queue, consumer } of this.subscriptions.values()) queue.detach(consumer);
    this.subscriptions.clear();
  }

  private leaveWhenDone(subscription: Subscription): void {
    if (subscription.active || subscription.held > 0) return;
    this.subscriptions.delete(subscription.queue);
    subscription.queue.detach(subscription.consumer);
  }

  private newSubscription(queue: FifoQueue, topic: string): Subscription {
    const { link, unacknowledged } = this;
    const consumer: FifoConsumer = {
      name: `${this.request.clientId} (${this.request.remoteAddress})`,
      canTake: () =>
        !this.ended &&
        subscription.active &&
        !link.clogged &&
        unacknowledged.size < this.parts.settings.mqttSendWindow,
      take: (_queue: FifoQueue, entry: FifoEntry) => {
        const packetId = link.send(topic, eventText(entry), subscription.qos);
        if (packetId === 0) {
          queue.acknowledge(consumer, entry.seq);
          return;
        }
        subscription.held++;
        unacknowledged.set(packetId, { subscription, seq: entry.seq });
      },
      fifoRemoved: () => link.close(`FIFO ${queue.name} was removed`),
    };
    const subscription: Subscription = { queue, consumer, active: false, qos: 1, held: 0 };
    return subscription;
  }

  private record(description: string, detailedDescription: string): void {
    this.parts.audit.record(this.request.grant.tenantId, {
      level: 'error',
      category: 'connectivity',
      subcategory: 'mqtt',
      type: 'logs_info',
      description,
      detailedDescription,
      source: { connector: 'mqtt' },
      content: { clientId: this.request.clientId, mode: 'application' },
    });
  }
}
