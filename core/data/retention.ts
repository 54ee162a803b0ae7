import type { EventBus } from '../bus/event-bus.ts';
import type { PlatformEvents } from '../contract/events.ts';
import type { Clock, Timer } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import { fifoRepository } from '../routing/fifo-repository.ts';
import type { Store } from '../store/types.ts';
import { messageRepository } from './message-repository.ts';
import { seriesRepository } from './series-repository.ts';

export interface RetentionSettings {
  /** How many data messages are kept, the newest. */
  readonly dataMaxMessages: number;
  /** Bytes of data messages that are kept, the newest; they are in memory, which this bounds. */
  readonly dataMaxBytes: number;
  /** How long a data message is kept. */
  readonly dataMaxAgeMs: number;
}

/** Who knows which pairs of stream and sender there are. */
export interface SeriesOwner {
  /** Forgets those of these pairs that have no message any more. */
  dropEmptySeries(ids: readonly number[]): Promise<void>;
}

const sweepPeriodMs = 10_000;
/** Few enough that a sweep never holds up other work of the database for long. */
const rowsAtATime = 2000;
/** Pairs of stream and sender that one query looks at. */
const seriesAtATime = 500;
/** A sweep does not wait for its timer when this part of a limit has come since the last one. */
const sweepAfterPart = 1 / 16;

/** Deletes data messages that are too old, too many or too large together, the oldest first. */
export class Retention {
  private readonly store: Store;
  private readonly bus: EventBus<PlatformEvents>;
  private readonly clock: Clock;
  private readonly logger: Logger;
  private readonly settings: RetentionSettings;
  private timer: Timer | undefined;
  private readonly series: SeriesOwner;
  /** Pairs of stream and sender that may have lost their last message. */
  private readonly suspects = new Set<number>();
  private sweeping: Promise<void> | undefined;
  private messages = 0;
  private bytes = 0;
  private stopped = false;
  private newMessages = 0;
  private newBytes = 0;

  constructor(parts: {
    store: Store;
    bus: EventBus<PlatformEvents>;
    clock: Clock;
    logger: Logger;
    settings: RetentionSettings;
    series: SeriesOwner;
  }) {
    this.series = parts.series;
    this.store = parts.store;
    this.bus = parts.bus;
    this.clock = parts.clock;
    this.logger = parts.logger;
    this.settings = parts.settings;
  }

  async start(): Promise<void> {
    this.stopped = false;
    const { messages, bytes } = await messageRepository.size(this.store);
    this.messages = messages;
    this.bytes = bytes;
    this.suspects.clear();
    for (const { id } of await seriesRepository.loadEmpty(this.store)) this.suspects.add(id);
    this.bus.on('messageStored', this, ({ body }) => this.noteStored(Buffer.byteLength(body)));
    this.timer = this.clock.every('data retention', sweepPeriodMs, () => this.sweepInBackground());
  }

  /** Resolves when a sweep that is under way has ended. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.timer?.cancel();
    this.bus.release(this);
    await this.sweeping;
  }

  /** Deletes all that has to go now. */
  async sweep(): Promise<void> {
    this.newMessages = 0;
    this.newBytes = 0;
    while (await this.deleteOldest());
    await this.dropSeries();
  }

  private async dropSeries(): Promise<void> {
    const ids = [...this.suspects];
    for (let first = 0; first < ids.length; first += seriesAtATime) {
      const some = ids.slice(first, first + seriesAtATime);
      await this.series.dropEmptySeries(some);
      for (const id of some) this.suspects.delete(id);
    }
  }

  private noteStored(bytes: number): void {
    this.messages++;
    this.bytes += bytes;
    this.newMessages++;
    this.newBytes += bytes;
    this.sweepWhenDue();
  }

  private sweepWhenDue(): void {
    const { dataMaxMessages, dataMaxBytes } = this.settings;
    const many =
      this.newMessages > dataMaxMessages * sweepAfterPart || this.newBytes > dataMaxBytes * sweepAfterPart;
    const full = this.messages > dataMaxMessages || this.bytes > dataMaxBytes;
    if (many && full) this.sweepInBackground();
  }

  private sweepInBackground(): void {
    let failed = false;
    this.sweeping ??= this.sweep()
      .catch((error: unknown) => {
        failed = true;
        this.logger.error({ err: error }, 'data retention failed');
      })
      .finally(() => {
        this.sweeping = undefined;
        // What came during the sweep may be too much again, and nothing more may come.
        if (!failed && !this.stopped) this.sweepWhenDue();
      });
  }

  /** Deletes the oldest messages as far as they have to go; true when there may be more of them. */
  private async deleteOldest(): Promise<boolean> {
    const { dataMaxMessages, dataMaxBytes, dataMaxAgeMs } = this.settings;
    const oldestMs = this.clock.now() - dataMaxAgeMs;
    const rows = await messageRepository.oldest(this.store, rowsAtATime);
    let doomed = 0;
    let doomedBytes = 0;
    for (const { createdMs, bytes } of rows) {
      const over = this.messages - doomed > dataMaxMessages || this.bytes - doomedBytes > dataMaxBytes;
      if (!over && createdMs >= oldestMs) break;
      doomed++;
      doomedBytes += bytes;
    }
    const last = rows[doomed - 1];
    if (!last) return false;
    // A FIFO keeps its messages longer, or shorter, than they are kept here.
    await this.store.commit([
      fifoRepository.keepBodiesUpTo(last.seq),
      messageRepository.deleteUpTo(last.seq),
    ]);
    for (const { seriesId } of rows.slice(0, doomed)) this.suspects.add(seriesId);
    this.messages -= doomed;
    this.bytes -= doomedBytes;
    return doomed === rows.length;
  }
}
