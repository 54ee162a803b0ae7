import type { AirDown, AirOutcome, AirUp, Unreachable } from '../air.ts';
import type { AttemptResult, StoredMessage } from './stored-message.ts';

/** Handsets that came together, as a fleet does. */
export interface HandsetNetwork {
  /** Hands something to its handsets, now or a moment later, in order. */
  send(down: AirDown): void;
}

interface Subscriber {
  readonly msisdn: string;
  readonly network: HandsetNetwork;
  /** Why it takes nothing now; undefined when it does. */
  unreachable: Unreachable | undefined;
  /** What is under way to it, and what waits for that: a handset takes one message after the other. */
  current: { readonly delivery: number; readonly message: StoredMessage } | undefined;
  readonly queue: StoredMessage[];
}

export interface SubscribersParts {
  attempted(message: StoredMessage, result: AttemptResult): void;
  /** The time of a message is up, or it was deleted. */
  isOver(message: StoredMessage): boolean;
  /** It may be reached again. */
  reachable(msisdn: string): void;
  submitted(network: HandsetNetwork, submit: Extract<AirUp, { kind: 'submit' }>): void;
}

/** The handsets that the centre knows, where they are, and what is on its way to them. */
export class Subscribers {
  private readonly parts: SubscribersParts;
  private readonly byMsisdn = new Map<string, Subscriber>();
  private readonly byDelivery = new Map<number, Subscriber>();
  /** Numbers of handsets that are away with their fleet. */
  private readonly away = new Set<string>();
  private nextDelivery = 1;

  constructor(parts: SubscribersParts) {
    this.parts = parts;
  }

  get size(): number {
    return this.byMsisdn.size;
  }

  /** True for a handset that is, or was, there. */
  knows(msisdn: string): boolean {
    return this.byMsisdn.has(msisdn) || this.away.has(msisdn);
  }

  /** @returns the first of the numbers that is another handset's, and nothing is added then */
  add(network: HandsetNetwork, msisdns: readonly string[]): string | undefined {
    const taken = msisdns.find((msisdn) => this.byMsisdn.has(msisdn));
    if (taken !== undefined) return taken;
    for (const msisdn of msisdns) {
      this.away.delete(msisdn);
      // Until its fleet tells more.
      this.byMsisdn.set(msisdn, { msisdn, network, unreachable: 'absent', current: undefined, queue: [] });
    }
    return undefined;
  }

  /** The handsets are gone; what is kept for them waits for their return. */
  remove(network: HandsetNetwork): void {
    const gone = [...this.byMsisdn.values()].filter((subscriber) => subscriber.network === network);
    for (const subscriber of gone) {
      this.byMsisdn.delete(subscriber.msisdn);
      this.away.add(subscriber.msisdn);
      this.end(subscriber, 'absent');
      this.flush(subscriber, 'absent');
    }
  }

  clear(): void {
    this.away.clear();
    this.byDelivery.clear();
    for (const subscriber of this.byMsisdn.values()) {
      subscriber.current = undefined;
      subscriber.queue.length = 0;
    }
  }

  /** Begins to deliver a message to a handset. */
  deliver(message: StoredMessage): void {
    const subscriber = this.byMsisdn.get(message.message.to);
    const unreachable = subscriber ? subscriber.unreachable : 'absent';
    if (!subscriber || unreachable) {
      this.parts.attempted(message, failed(unreachable ?? 'absent'));
    } else if (subscriber.current) subscriber.queue.push(message);
    else this.begin(subscriber, message);
  }

  tell(down: AirDown): void {
    this.byMsisdn.get(down.msisdn)?.network.send(down);
  }

  /** From the handsets of a network. */
  receive(network: HandsetNetwork, up: AirUp): void {
    switch (up.kind) {
      case 'reach': {
        const subscriber = this.byMsisdn.get(up.msisdn);
        if (subscriber?.network !== network) return;
        const before = subscriber.unreachable;
        subscriber.unreachable = up.unreachable;
        if (up.unreachable) this.flush(subscriber, up.unreachable);
        else if (before) this.parts.reachable(up.msisdn);
        return;
      }
      case 'outcome': {
        const subscriber = this.byDelivery.get(up.delivery);
        if (subscriber) this.ended(subscriber, up.outcome);
        return;
      }
      case 'submit':
        this.parts.submitted(network, up);
    }
  }

  private begin(subscriber: Subscriber, message: StoredMessage): void {
    const delivery = this.nextDelivery++;
    subscriber.current = { delivery, message };
    this.byDelivery.set(delivery, subscriber);
    const { network, msisdn } = subscriber;
    network.send({ kind: 'deliver', msisdn, delivery, message: message.message });
  }

  private ended(subscriber: Subscriber, outcome: AirOutcome): void {
    this.end(subscriber, outcome);
    if (subscriber.unreachable) return;
    for (let next = subscriber.queue.shift(); next; next = subscriber.queue.shift()) {
      if (!this.parts.isOver(next)) {
        this.begin(subscriber, next);
        return;
      }
      this.parts.attempted(next, failed('lost'));
    }
  }

  private end(subscriber: Subscriber, outcome: AirOutcome): void {
    const { current } = subscriber;
    if (!current) return;
    subscriber.current = undefined;
    this.byDelivery.delete(current.delivery);
    this.parts.attempted(current.message, outcome === 'delivered' ? { delivered: true } : failed(outcome));
  }

  /** What waits for the one that is under way would not get through either. */
  private flush(subscriber: Subscriber, reason: Unreachable): void {
    for (const message of subscriber.queue.splice(0)) this.parts.attempted(message, failed(reason));
  }
}

const failed = (failure: Exclude<AirOutcome, 'delivered'>): AttemptResult => ({
  delivered: false,
  failure,
  permanent: false,
});
