import type { AuditLog } from '../../audit/audit-log.ts';
import type { FifoConsumer, FifoEntry, FifoQueue } from '../../routing/fifo-queue.ts';
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

class ApplicationSession implements MqttSession {
  private readonly request: ConnectRequest;
  private readonly link: SessionLink;
  private readonly parts: ApplicationModeParts;
  private readonly subscriptions = new Map<string, { queue: FifoQueue; consumer: FifoConsumer }>();
  private readonly unacknowledged = new Map<
    number,
    { queue: FifoQueue; consumer: FifoConsumer; seq: number }
  >();
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
            ? `The API key is limited to other FIFOs (its scope).`
            : `There is no FIFO ${name}; an action policy that publishes to it makes it.`;
      this.record(`Subscription to ${topic} refused`, reason);
      return subscriptionRefused;
    }
    const granted = qos === 0 ? 0 : 1;
    this.unsubscribe(topic);
    const consumer = this.consumerFor(topic, granted);
    this.subscriptions.set(topic, { queue, consumer });
    // After the SUBACK, which the caller sends when this returns.
    queueMicrotask(() => {
      if (!this.ended && this.subscriptions.get(topic)?.consumer === consumer) queue.attach(consumer);
    });
    return granted;
  }

  unsubscribe(topic: string): void {
    const subscription = this.subscriptions.get(topic);
    if (!subscription) return;
    this.subscriptions.delete(topic);
    for (const [packetId, { consumer }] of this.unacknowledged) {
      if (consumer === subscription.consumer) this.unacknowledged.delete(packetId);
    }
    subscription.queue.detach(subscription.consumer);
  }

  acknowledged(packetId: number): void {
    const held = this.unacknowledged.get(packetId);
    if (!held) return;
    this.unacknowledged.delete(packetId);
    held.queue.acknowledge(held.consumer, held.seq);
    // The window is the session's: room in it may serve any of its FIFOs.
    for (const { queue } of this.subscriptions.values()) if (queue !== held.queue) queue.dispatch();
  }

  writable(): void {
    for (const { queue } of this.subscriptions.values()) queue.dispatch();
  }

  closed(): void {
    this.ended = true;
    for (const topic of [...this.subscriptions.keys()]) this.unsubscribe(topic);
  }

  private consumerFor(topic: string, qos: 0 | 1): FifoConsumer {
    const { link, unacknowledged } = this;
    const consumer: FifoConsumer = {
      name: `${this.request.clientId} (${this.request.remoteAddress})`,
      canTake: () => !this.ended && !link.clogged && unacknowledged.size < this.parts.settings.mqttSendWindow,
      take: (queue: FifoQueue, entry: FifoEntry) => {
        const packetId = link.send(topic, entry.body, qos);
        if (qos === 0) queue.acknowledge(consumer, entry.seq);
        else unacknowledged.set(packetId, { queue, consumer, seq: entry.seq });
      },
      fifoRemoved: (queue: FifoQueue) => link.close(`FIFO ${queue.name} was removed`),
    };
    return consumer;
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
