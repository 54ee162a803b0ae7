import { Histogram, type Quantiles } from '../lib/histogram.ts';
import type { Login } from '../lib/mqtt-packets.ts';
import type { Target } from './mqtt-socket.ts';
import { Publisher, type PublisherEvents } from './publisher.ts';
import { Subscriber } from './subscriber.ts';

export interface LoadOptions {
  readonly target: Target;
  readonly publishers: number;
  readonly login: Login;
  /** Client ids are this and a number. */
  readonly clientIdPrefix: string;
  readonly topic: string;
  readonly pace: Pace;
  /** One application that takes what the devices send. */
  readonly subscriber?: { readonly login: Login; readonly topic: string } | undefined;
}

/** Closed: a new message for each answer. Open: at fixed times, whatever the answers do. */
export type Pace =
  | { readonly kind: 'closed'; readonly window: number; readonly messages?: number | undefined }
  | { readonly kind: 'open'; readonly messagesPerS: number };

export interface LoadResult {
  /** All messages that were sent and acknowledged, warm-up included. */
  readonly acknowledged: number;
  /** From the start to the last acknowledgement. */
  readonly totalMs: number;
  readonly window: {
    readonly durationMs: number;
    readonly acknowledged: number;
    readonly messagesPerS: number;
    readonly delivered: number;
    /** From the intended moment of sending to the PUBACK. */
    readonly latency: Quantiles;
    /** From the intended moment of sending to the write: the generator's own share of the latency. */
    readonly sendLag: Quantiles;
    /** CPU time of the generator per time that passed; 1 is a full core. */
    readonly generatorCpu: number;
  };
  readonly delivered: number;
  readonly duplicates: number;
}

export const payloadBytes = 100;
/** Packet ids of one publisher in an open loop: far more than a server lets wait. */
const openWindow = 8192;
const drainLimitMs = 120_000;
const tickMs = 1;

/** One run of load against one server: {@link start}, then {@link measure}, then {@link drain}. */
export class LoadRun implements PublisherEvents {
  private readonly options: LoadOptions;
  private readonly latency = new Histogram();
  private readonly sendLag = new Histogram();
  private publishers: Publisher[] = [];
  private subscriber: Subscriber | undefined;
  private startMs = 0;
  private lastAckMs = 0;
  private sentCount = 0;
  private ackedCount = 0;
  private stopped = false;
  private windowStartMs = Number.POSITIVE_INFINITY;
  private windowEndMs = Number.POSITIVE_INFINITY;
  private windowAcks = 0;
  private windowDelivered = 0;
  private windowCpu = 0;
  private failure: Error | undefined;
  private onIdle: (() => void) | undefined;

  constructor(options: LoadOptions) {
    this.options = options;
  }

  /** Connects all clients and lets the load run. */
  async start(): Promise<void> {
    const { target, publishers, login, clientIdPrefix, topic, pace, subscriber } = this.options;
    const window = pace.kind === 'closed' ? pace.window : openWindow;
    const lost = (reason: Error): void => this.fail(reason);
    if (subscriber) {
      this.subscriber = await Subscriber.open(target, { id: 'bench-application', ...subscriber }, lost);
    }
    for (let number = 0; number < publishers; number++) {
      const client = { id: `${clientIdPrefix}${number}`, login, topic, payload: payloadOf(number) };
      this.publishers.push(await Publisher.open(target, client, window, this, lost));
    }
    this.startMs = performance.now();
    if (pace.kind === 'closed') for (const publisher of this.publishers) this.sendNow(publisher, pace.window);
    else this.keepPace(1000 / pace.messagesPerS, 0);
  }

  /** Measures for so long. */
  async measure(durationMs: number): Promise<void> {
    this.latency.reset();
    this.sendLag.reset();
    this.windowAcks = 0;
    const delivered = this.subscriber?.received ?? 0;
    const cpu = process.cpuUsage();
    this.windowStartMs = performance.now();
    this.windowEndMs = this.windowStartMs + durationMs;
    await new Promise((resolve) => setTimeout(resolve, durationMs));
    this.windowEndMs = Math.min(this.windowEndMs, performance.now());
    const { user, system } = process.cpuUsage(cpu);
    this.windowCpu = (user + system) / 1000 / durationMs;
    this.windowDelivered = (this.subscriber?.received ?? 0) - delivered;
    this.throwIfFailed();
  }

  /** Stops sending (or waits until the wanted number is sent), waits for what is under way, and disconnects. */
  async drain(): Promise<LoadResult> {
    const { pace } = this.options;
    if (pace.kind === 'open' || pace.messages === undefined) this.stopped = true;
    if (!this.idle && !this.failure) {
      await new Promise<void>((resolve) => {
        this.onIdle = resolve;
        setTimeout(
          () => this.fail(new Error('the last acknowledgements did not come')),
          drainLimitMs,
        ).unref();
      });
    }
    this.throwIfFailed();
    await this.delivered();
    this.stopped = true;
    for (const client of [...this.publishers, ...(this.subscriber ? [this.subscriber] : [])]) client.close();
    return this.result();
  }

  sent(lagMs: number): void {
    this.sendLag.record(lagMs);
  }

  acknowledged(intendedMs: number, nowMs: number): void {
    this.ackedCount++;
    this.lastAckMs = nowMs;
    if (nowMs >= this.windowStartMs && nowMs < this.windowEndMs) this.windowAcks++;
    const timedMs = this.options.pace.kind === 'closed' ? nowMs : intendedMs;
    if (timedMs >= this.windowStartMs && timedMs < this.windowEndMs) this.latency.record(nowMs - intendedMs);
  }

  answered(publisher: Publisher, count: number): void {
    if (!this.stopped && this.options.pace.kind === 'closed') this.sendNow(publisher, count);
    if (this.onIdle && this.idle) this.onIdle();
  }

  private get idle(): boolean {
    const { pace } = this.options;
    const all = pace.kind === 'open' || pace.messages === undefined || this.sentCount >= pace.messages;
    return all && this.publishers.every((publisher) => publisher.outstanding === 0);
  }

  private sendNow(publisher: Publisher, count: number): void {
    const { pace } = this.options;
    const limit =
      pace.kind === 'closed' && pace.messages !== undefined ? pace.messages - this.sentCount : count;
    const allowed = Math.min(count, limit);
    if (allowed <= 0) return;
    this.sentCount += allowed;
    publisher.publishNow(allowed);
  }

  /** Every message has its moment, evenly spaced; those whose moment has come go to the publishers in turn. */
  private keepPace(spacingMs: number, sent: number): void {
    if (this.stopped) return;
    const due = Math.floor((performance.now() - this.startMs) / spacingMs) + 1;
    for (let number = sent; number < due; number++) {
      this.publishers[number % this.publishers.length]?.publishAt(this.startMs + number * spacingMs);
    }
    this.sentCount = due;
    setTimeout(() => this.keepPace(spacingMs, due), tickMs);
  }

  /** Waits until the application has what the devices were told is stored. */
  private async delivered(): Promise<void> {
    const { subscriber } = this;
    if (!subscriber) return;
    const giveUpMs = performance.now() + drainLimitMs;
    while (subscriber.received < this.ackedCount && performance.now() < giveUpMs) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  private result(): LoadResult {
    const durationMs = this.windowEndMs - this.windowStartMs;
    return {
      acknowledged: this.ackedCount,
      totalMs: this.lastAckMs - this.startMs,
      window: {
        durationMs,
        acknowledged: this.windowAcks,
        messagesPerS: (this.windowAcks / durationMs) * 1000,
        delivered: this.windowDelivered,
        latency: this.latency.summary(),
        sendLag: this.sendLag.summary(),
        generatorCpu: this.windowCpu,
      },
      delivered: this.subscriber?.received ?? 0,
      duplicates: this.subscriber?.duplicates ?? 0,
    };
  }

  private fail(reason: Error): void {
    this.failure ??= reason;
    this.stopped = true;
    this.onIdle?.();
  }

  private throwIfFailed(): void {
    if (!this.failure) return;
    for (const publisher of this.publishers) publisher.close();
    this.subscriber?.close();
    throw this.failure;
  }
}

/** A data message of exactly {@link payloadBytes} bytes; each device has a temperature of its own. */
function payloadOf(number: number): Buffer {
  const temperature = 15 + (number % 20) + 0.5;
  const open = `{"m":"bench_v1","v":{"temperature":${temperature},"humidity":48,"battery":3.71,"note":"`;
  return Buffer.from(`${open.padEnd(payloadBytes - 3, 'x')}"}}`);
}
