import type { Clock, Timer } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import { sqlBuilder } from '../store/builder.ts';
import type { Store } from '../store/types.ts';

export interface RetentionSettings {
  /** How many data messages are kept, the newest. */
  readonly dataMaxMessages: number;
  /** How long a data message is kept. */
  readonly dataMaxAgeMs: number;
}

const sweepPeriodMs = 10_000;
/** Few enough that a sweep never holds up other work of the database for long. */
const rowsAtATime = 2000;

/** Deletes data messages that are too old or too many, the oldest first. */
export class Retention {
  private readonly store: Store;
  private readonly clock: Clock;
  private readonly logger: Logger;
  private readonly settings: RetentionSettings;
  private timer: Timer | undefined;
  private sweeping: Promise<void> | undefined;

  constructor(store: Store, clock: Clock, logger: Logger, settings: RetentionSettings) {
    this.store = store;
    this.clock = clock;
    this.logger = logger;
    this.settings = settings;
  }

  start(): void {
    this.timer = this.clock.every('data retention', sweepPeriodMs, () => {
      this.sweeping ??= this.sweep()
        .catch((error: unknown) => this.logger.error({ err: error }, 'data retention failed'))
        .finally(() => {
          this.sweeping = undefined;
        });
    });
  }

  /** Resolves when a sweep that is under way has ended. */
  async stop(): Promise<void> {
    this.timer?.cancel();
    await this.sweeping;
  }

  /** Deletes all that has to go now. */
  async sweep(): Promise<void> {
    const oldestMs = this.clock.now() - this.settings.dataMaxAgeMs;
    for (let more = true; more; ) {
      const [count] = await this.store.query<{ total: number; oldest: number | null }>(
        sqlBuilder
          .selectFrom('messages')
          .select(({ fn, selectFrom }) => [
            fn.countAll<number>().as('total'),
            selectFrom('messages').select('created').orderBy('seq').limit(1).as('oldest'),
          ])
          .compile(),
      );
      const surplus = Math.max(0, (count?.total ?? 0) - this.settings.dataMaxMessages);
      const tooOld = count?.oldest != null && count.oldest < oldestMs;
      const rows = Math.min(rowsAtATime, tooOld ? rowsAtATime : surplus);
      if (rows === 0) return;
      const doomed = sqlBuilder.selectFrom('messages').select('seq').orderBy('seq').limit(rows);
      // Rows beyond the surplus go only when they are too old; messages are stored in order of time.
      const deletion = sqlBuilder
        .deleteFrom('messages')
        .where('seq', 'in', surplus >= rows ? doomed : doomed.where('created', '<', oldestMs));
      await this.store.commit([deletion.compile()]);
      more = tooOld || surplus > rows;
    }
  }
}
