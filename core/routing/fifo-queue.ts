/** A message in a FIFO. */
export interface FifoEntry {
  readonly seq: number;
  /** JSON text: the data message that it tells of, shared with all who hold that, or else the event itself. */
  readonly body: string;
  /** Length in UTF-8 of what a consumer gets. */
  readonly bytes: number;
  readonly expiresAtMs: number;
  /** False for a message that is only for who is there at that moment; it is in no store. */
  readonly retained: boolean;
  /** Sequence number of the data message it tells of; undefined for other events. */
  readonly messageSeq: number | undefined;
  /** Id of that message, as long as its trace may be there. */
  readonly messageId: string | undefined;
}

const dataMessageType = '"type":"dataMessage",';

/** The event as JSON text, byte for byte what a consumer gets: a data message has its type in front (facts 7). */
export function eventText({ body, messageSeq }: Pick<FifoEntry, 'body' | 'messageSeq'>): string {
  return messageSeq === undefined ? body : `{${dataMessageType}${body.slice(1)}`;
}

/** Length of {@link eventText} in UTF-8 bytes. */
export function eventBytes({ body, messageSeq }: Pick<FifoEntry, 'body' | 'messageSeq'>): number {
  return Buffer.byteLength(body) + (messageSeq === undefined ? 0 : dataMessageType.length);
}

/** Somebody who takes messages from a FIFO and says when each is done with. */
export interface FifoConsumer {
  readonly name: string;
  /** False while it has as many unacknowledged messages as it may have. */
  canTake(): boolean;
  take(queue: FifoQueue, entry: FifoEntry): void;
  /** The FIFO is gone; nothing more will come. */
  fifoRemoved(queue: FifoQueue): void;
}

export type ReleaseReason = 'acknowledged' | 'expired' | 'overflow' | 'too large' | 'no consumer' | 'drained';

/** What the queue tells its keeper. */
export interface FifoObserver {
  /** The entry is done with: the store can forget it. */
  released(queue: FifoQueue, entry: FifoEntry, why: ReleaseReason): void;
  delivered(queue: FifoQueue, entry: FifoEntry, consumer: FifoConsumer): void;
}

/**
 * Messages in order, shared out over consumers in turn. Each stays here, and in the store, until its consumer
 * acknowledges it; those of a consumer that leaves go back to the front in their order.
 */
export class FifoQueue {
  readonly id: number;
  readonly tenantId: string;
  readonly name: string;
  readonly createdMs: number;
  /** Most bytes waiting; the oldest go when more come. 0 stores nothing. */
  maxBytes: number;
  /** How long a message waits. 0 stores nothing. */
  ttlMs: number;
  private readonly observer: FifoObserver;
  private readonly clock: { now(): number };
  private waiting: FifoEntry[] = [];
  /** True while those in `waiting` expire in their order, so that a look at the first is enough. */
  private expiresInOrder = true;
  /** Index in `waiting` of the first entry still there: shifting an array of thousands would cost too much. */
  private head = 0;
  private waitingBytes = 0;
  private unacknowledgedBytes = 0;
  /** What came and went since the start of the program. */
  private readonly flow = { entered: 0, acknowledged: 0, lost: 0 };
  private readonly consumers: FifoConsumer[] = [];
  private readonly unacknowledged = new Map<FifoConsumer, Map<number, FifoEntry>>();
  private nextConsumer = 0;
  private dispatching = false;

  constructor(
    identity: { id: number; tenantId: string; name: string; createdMs: number },
    limits: { maxBytes: number; ttlMs: number },
    observer: FifoObserver,
    clock: { now(): number },
  ) {
    this.id = identity.id;
    this.tenantId = identity.tenantId;
    this.name = identity.name;
    this.createdMs = identity.createdMs;
    this.maxBytes = limits.maxBytes;
    this.ttlMs = limits.ttlMs;
    this.observer = observer;
    this.clock = clock;
  }

  /** False when only who is subscribed gets a message. */
  get keeps(): boolean {
    return this.maxBytes > 0 && this.ttlMs > 0;
  }

  /** Who takes messages, and how many each has not acknowledged. */
  consumerList(): { name: string; unacknowledged: number }[] {
    return this.consumers.map((consumer) => ({
      name: consumer.name,
      unacknowledged: this.unacknowledged.get(consumer)?.size ?? 0,
    }));
  }

  /** Takes out those of these entries that still wait. @returns how many that were */
  drain(entries: ReadonlySet<FifoEntry>): number {
    const all = this.waiting.slice(this.head);
    const drained = all.filter((entry) => entries.has(entry));
    this.waiting = all.filter((entry) => !entries.has(entry));
    this.head = 0;
    for (const entry of drained) {
      this.waitingBytes -= entry.bytes;
      this.note(entry, 'drained');
    }
    return drained.length;
  }

  /** Adds an entry that is durable, and hands out what can be handed out. */
  push(entry: FifoEntry): void {
    this.flow.entered++;
    if (!entry.retained && !this.hasReadyConsumer()) {
      this.note(entry, 'no consumer');
      return;
    }
    if (entry.retained && entry.bytes > this.maxBytes) {
      this.note(entry, 'too large');
      return;
    }
    if (entry.expiresAtMs < (this.waiting.at(-1)?.expiresAtMs ?? 0)) this.expiresInOrder = false;
    this.waiting.push(entry);
    this.waitingBytes += entry.bytes;
    this.dispatch();
    this.trim();
  }

  attach(consumer: FifoConsumer): void {
    if (this.unacknowledged.has(consumer)) return;
    this.consumers.push(consumer);
    this.unacknowledged.set(consumer, new Map());
    this.dispatch();
  }

  /** Takes a consumer out; what it had not acknowledged is delivered again, to others or later. */
  detach(consumer: FifoConsumer): void {
    const held = this.unacknowledged.get(consumer);
    if (!held) return;
    this.unacknowledged.delete(consumer);
    this.consumers.splice(this.consumers.indexOf(consumer), 1);
    const returned: FifoEntry[] = [];
    for (const entry of held.values()) {
      this.unacknowledgedBytes -= entry.bytes;
      if (entry.retained) {
        this.waitingBytes += entry.bytes;
        returned.push(entry);
      } else {
        this.note(entry, 'no consumer');
      }
    }
    if (returned.length > 0) {
      this.waiting = [...returned, ...this.waiting.slice(this.head)].sort((a, b) => a.seq - b.seq);
      this.head = 0;
      this.expiresInOrder = false;
    }
    this.dispatch();
    this.trim();
  }

  /** False when this consumer does not hold that entry. */
  acknowledge(consumer: FifoConsumer, seq: number): boolean {
    const held = this.unacknowledged.get(consumer);
    const entry = held?.get(seq);
    if (!held || !entry) return false;
    held.delete(seq);
    this.unacknowledgedBytes -= entry.bytes;
    this.note(entry, 'acknowledged');
    this.dispatch();
    return true;
  }

  /** Hands out as much as consumers can take, in turn. */
  dispatch(): void {
    // A consumer may acknowledge while it takes; the loop that is under way then goes on with the next.
    if (this.dispatching) return;
    this.dispatching = true;
    try {
      this.handOut(this.clock.now());
    } finally {
      this.dispatching = false;
    }
  }

  /** Drops what has waited too long. */
  expire(): void {
    const nowMs = this.clock.now();
    this.dropExpiredHead(nowMs);
    if (this.expiresInOrder) return;
    const all = this.waiting.slice(this.head);
    const expired = all.filter(({ expiresAtMs }) => expiresAtMs <= nowMs);
    this.waiting = expired.length === 0 ? all : all.filter(({ expiresAtMs }) => expiresAtMs > nowMs);
    this.head = 0;
    this.expiresInOrder = this.waiting.every(
      ({ expiresAtMs }, index) => expiresAtMs >= (this.waiting[index - 1]?.expiresAtMs ?? 0),
    );
    for (const entry of expired) {
      this.waitingBytes -= entry.bytes;
      this.note(entry, 'expired');
    }
  }

  /** Up to `limit` waiting entries, oldest first; they stay where they are. */
  peek(limit: number): readonly FifoEntry[] {
    return this.waiting.slice(this.head, this.head + limit);
  }

  /** Tells every consumer that the FIFO is gone. */
  remove(): void {
    this.waiting = [];
    this.head = 0;
    this.waitingBytes = 0;
    const leaving = this.consumers.splice(0);
    this.unacknowledged.clear();
    for (const consumer of leaving) consumer.fifoRemoved(this);
  }

  totals(): FifoTotals {
    return { ...this.flow };
  }

  private note(entry: FifoEntry, why: ReleaseReason): void {
    if (why === 'acknowledged') this.flow.acknowledged++;
    else this.flow.lost++;
    this.observer.released(this, entry, why);
  }

  counts(): FifoCounts {
    let unacknowledged = 0;
    for (const held of this.unacknowledged.values()) unacknowledged += held.size;
    return {
      messages: this.waiting.length - this.head,
      messageBytes: this.waitingBytes,
      unacknowledged,
      unacknowledgedBytes: this.unacknowledgedBytes,
      consumers: this.consumers.length,
    };
  }

  private handOut(nowMs: number): void {
    for (;;) {
      this.dropExpiredHead(nowMs);
      const consumer = this.pickConsumer();
      if (!consumer) return;
      const entry = this.shift();
      if (!entry) return;
      this.unacknowledged.get(consumer)?.set(entry.seq, entry);
      this.unacknowledgedBytes += entry.bytes;
      this.observer.delivered(this, entry, consumer);
      consumer.take(this, entry);
    }
  }

  /** True when a new entry would reach a consumer at once. */
  private hasReadyConsumer(): boolean {
    return this.head === this.waiting.length && this.consumers.some((consumer) => consumer.canTake());
  }

  private dropExpiredHead(nowMs: number): void {
    for (
      let oldest = this.waiting[this.head];
      oldest && oldest.expiresAtMs <= nowMs;
      oldest = this.waiting[this.head]
    ) {
      this.shift();
      this.note(oldest, 'expired');
    }
  }

  private trim(): void {
    while (this.waitingBytes > this.maxBytes) {
      const oldest = this.shift();
      if (!oldest) return;
      this.note(oldest, 'overflow');
    }
  }

  private pickConsumer(): FifoConsumer | undefined {
    if (this.head === this.waiting.length) return undefined;
    for (let tries = 0; tries < this.consumers.length; tries++) {
      const consumer = this.consumers[this.nextConsumer++ % this.consumers.length];
      if (consumer?.canTake()) return consumer;
    }
    return undefined;
  }

  private shift(): FifoEntry | undefined {
    const entry = this.waiting[this.head];
    if (!entry) return undefined;
    this.head++;
    this.waitingBytes -= entry.bytes;
    if (this.head > 1024 && this.head * 2 > this.waiting.length) {
      this.waiting = this.waiting.slice(this.head);
      this.head = 0;
    }
    return entry;
  }
}

export interface FifoCounts {
  readonly messages: number;
  readonly messageBytes: number;
  readonly unacknowledged: number;
  readonly unacknowledgedBytes: number;
  readonly consumers: number;
}

/** Messages since the start of the program. */
export interface FifoTotals {
  readonly entered: number;
  readonly acknowledged: number;
  /** Gone without a consumer: expired, too many, too large, or drained by hand. */
  readonly lost: number;
}
