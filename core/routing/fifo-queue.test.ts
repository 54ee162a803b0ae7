import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../platform/virtual-clock.ts';
import fc from '../testing/properties.ts';
import { type FifoConsumer, type FifoEntry, FifoQueue, type ReleaseReason } from './fifo-queue.ts';

interface Setup {
  queue: FifoQueue;
  clock: VirtualClock;
  released: [number, ReleaseReason][];
  push(seq: number, more?: Partial<FifoEntry>): void;
}

function setUp(maxBytes = 1000): Setup {
  const released: [number, ReleaseReason][] = [];
  const observer = {
    delivered: () => {},
    released: (_queue: FifoQueue, entry: FifoEntry, why: ReleaseReason) =>
      void released.push([entry.seq, why]),
  };
  const identity = { id: 1, tenantId: 't', name: 'q', createdMs: 0 };
  const clock = new VirtualClock(0);
  const queue = new FifoQueue(identity, { maxBytes, ttlMs: 1000 }, observer, clock);
  const push = (seq: number, more: Partial<FifoEntry> = {}): void =>
    queue.push({
      seq,
      body: `${seq}`,
      bytes: 10,
      expiresAtMs: seq * 100,
      retained: true,
      messageSeq: undefined,
      messageId: undefined,
      ...more,
    });
  return { queue, clock, released, push };
}

class Consumer implements FifoConsumer {
  readonly name = 'c';
  readonly taken: number[] = [];
  readonly held = new Set<number>();
  removed = false;
  window: number;

  constructor(window = Number.POSITIVE_INFINITY) {
    this.window = window;
  }

  canTake(): boolean {
    return this.held.size < this.window;
  }

  take(_queue: FifoQueue, entry: FifoEntry): void {
    this.taken.push(entry.seq);
    this.held.add(entry.seq);
  }

  fifoRemoved(): void {
    this.removed = true;
  }

  acknowledge(queue: FifoQueue, seq: number): boolean {
    this.held.delete(seq);
    return queue.acknowledge(this, seq);
  }
}

describe('FifoQueue', () => {
  it('keeps what nobody takes, and drops the oldest beyond its size', () => {
    const { queue, released, push } = setUp(30);
    for (const seq of [1, 2, 3, 4]) push(seq);
    expect(queue.peek(10).map(({ seq }) => seq)).toEqual([2, 3, 4]);
    expect(released).toEqual([[1, 'overflow']]);
    expect(queue.counts()).toMatchObject({ messages: 3, messageBytes: 30 });
  });

  it('does not take one that alone is larger than the whole FIFO, and drops nothing for it', () => {
    const { queue, released, push } = setUp(20);
    push(1);
    push(2);
    push(3, { bytes: 21 });
    queue.attach(new Consumer());
    push(4, { bytes: 21 });
    expect(released).toEqual([
      [3, 'too large'],
      [4, 'too large'],
    ]);
    expect(queue.counts()).toMatchObject({ messages: 0, unacknowledged: 2 });
  });

  it('counts what is delivered apart from what waits', () => {
    const { queue, push } = setUp();
    queue.attach(new Consumer(1));
    for (const seq of [1, 2, 3]) push(seq);
    expect(queue.counts()).toEqual({
      messages: 2,
      messageBytes: 20,
      unacknowledged: 1,
      unacknowledgedBytes: 10,
      consumers: 1,
    });
  });

  it('takes turns among consumers that have room', () => {
    const { queue, push } = setUp();
    const [a, b] = [new Consumer(1), new Consumer(3)];
    queue.attach(a);
    queue.attach(b);
    for (const seq of [1, 2, 3, 4, 5]) push(seq);
    expect([a.taken, b.taken]).toEqual([[1], [2, 3, 4]]);
    a.acknowledge(queue, 1);
    expect(a.taken).toEqual([1, 5]);
  });

  it('gives an entry back once only, and only to who holds it', () => {
    const { queue, push } = setUp();
    const [a, b] = [new Consumer(1), new Consumer(0)];
    queue.attach(a);
    queue.attach(b);
    push(1);
    expect(b.acknowledge(queue, 1)).toBe(false);
    expect(a.acknowledge(queue, 1)).toBe(true);
    expect(a.acknowledge(queue, 1)).toBe(false);
  });

  it('drops what is due and leaves what is not, nor what is delivered', () => {
    const { queue, clock, released, push } = setUp();
    queue.attach(new Consumer(1));
    for (const seq of [1, 2, 3]) push(seq);
    clock.advance(200);
    queue.expire();
    expect(released).toEqual([[2, 'expired']]);
    expect(queue.counts()).toMatchObject({ messages: 1, unacknowledged: 1 });
  });

  it('finds what is due behind one that is not', () => {
    const { queue, clock, released, push } = setUp();
    const lives = [900, 100, 900, 200, 300, 950];
    lives.forEach((expiresAtMs, index) => {
      push(index + 1, { expiresAtMs });
    });
    clock.advance(250);
    queue.expire();
    expect(released.map(([seq]) => seq)).toEqual([2, 4]);
    clock.advance(50);
    queue.expire();
    expect(released.map(([seq]) => seq)).toEqual([2, 4, 5]);
    expect(queue.peek(9).map(({ seq }) => seq)).toEqual([1, 3, 6]);
    expect(queue.counts()).toMatchObject({ messages: 3, messageBytes: 30 });
    clock.advance(700);
    queue.expire();
    expect(queue.counts()).toMatchObject({ messages: 0, messageBytes: 0 });
  });

  it('delivers nothing that is due, looked for or not', () => {
    const { queue, clock, released, push } = setUp();
    for (const seq of [1, 2, 3]) push(seq);
    clock.advance(200);
    const consumer = new Consumer();
    queue.attach(consumer);
    push(4, { expiresAtMs: 200 });
    expect(consumer.taken).toEqual([3]);
    expect(released).toEqual([
      [1, 'expired'],
      [2, 'expired'],
      [4, 'expired'],
    ]);
  });

  it('does not deliver again what came back when it was due', () => {
    const { queue, clock, released, push } = setUp();
    const consumer = new Consumer();
    queue.attach(consumer);
    for (const seq of [1, 2, 3]) push(seq);
    clock.advance(200);
    queue.detach(consumer);
    const next = new Consumer();
    queue.attach(next);
    expect(next.taken).toEqual([3]);
    expect(released.map(([seq]) => seq)).toEqual([1, 2]);
  });

  it('does not keep what is not to be kept', () => {
    const { queue, released, push } = setUp();
    push(1, { retained: false });
    const consumer = new Consumer();
    queue.attach(consumer);
    push(2, { retained: false });
    expect(consumer.taken).toEqual([2]);
    queue.detach(consumer);
    expect(released).toEqual([
      [1, 'no consumer'],
      [2, 'no consumer'],
    ]);
    expect(queue.counts().messages).toBe(0);
  });

  it('serves a consumer that acknowledges while it takes, however many wait', () => {
    const { queue, push } = setUp(1_000_000);
    for (let seq = 1; seq <= 20_000; seq++) push(seq);
    const consumer = new Consumer(1);
    consumer.take = (_queue, entry) => {
      consumer.taken.push(entry.seq);
      queue.acknowledge(consumer, entry.seq);
    };
    queue.attach(consumer);
    expect(consumer.taken).toHaveLength(20_000);
  });

  it('tells its consumers when it is removed', () => {
    const { queue, push } = setUp();
    const consumer = new Consumer();
    queue.attach(consumer);
    push(1);
    queue.remove();
    expect(consumer.removed).toBe(true);
    expect(queue.counts()).toMatchObject({ messages: 0, consumers: 0 });
  });

  it('loses nothing and delivers in order, whatever consumers do', () => {
    const action = fc.oneof(
      fc.constant({ kind: 'push' as const }),
      fc.record({
        kind: fc.constantFrom('attach', 'detach', 'acknowledge'),
        index: fc.nat(2),
        which: fc.nat(5),
      }),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 200 }), (actions) => {
        const { queue, released, push } = setUp(1_000_000);
        const consumers = [new Consumer(2), new Consumer(3), new Consumer(1)];
        const attached = new Set<Consumer>();
        let pushed = 0;
        for (const step of actions) {
          if (step.kind === 'push') {
            push(++pushed);
            continue;
          }
          const consumer = consumers[step.index] as Consumer;
          if (step.kind === 'attach') {
            attached.add(consumer);
            queue.attach(consumer);
          } else if (step.kind === 'detach') {
            attached.delete(consumer);
            consumer.held.clear();
            queue.detach(consumer);
          } else {
            const seq = [...consumer.held][step.which];
            if (seq !== undefined) consumer.acknowledge(queue, seq);
          }
        }
        for (const consumer of attached) {
          consumer.held.clear();
          queue.detach(consumer);
        }
        const waiting = queue.peek(pushed + 1).map(({ seq }) => seq);
        const done = released.map(([seq]) => seq);
        expect([...waiting].sort((a, b) => a - b)).toEqual(waiting);
        expect([...waiting, ...done].sort((a, b) => a - b)).toEqual(
          Array.from({ length: pushed }, (_, i) => i + 1),
        );
        expect(queue.counts()).toMatchObject({ messageBytes: waiting.length * 10, unacknowledgedBytes: 0 });
      }),
    );
  });
});
