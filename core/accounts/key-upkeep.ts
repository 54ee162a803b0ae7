import type { Clock, Timer } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { Serial } from '../platform/serial.ts';
import type { Store } from '../store/types.ts';
import { accountsRepository } from './accounts-repository.ts';
import { endOf, type KeyRecord } from './key-record.ts';
import type { KeyRegistry } from './key-registry.ts';

interface UpkeepParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly keys: KeyRegistry;
  /** Changes of keys; what upkeep writes takes its turn among them, so that neither undoes the other. */
  readonly changes: Serial;
}

/**
 * What happens to keys with time and use: times of last use are written, keys that run out are told, and users'
 * sessions that ran out are deleted.
 */
export class KeyUpkeep {
  private readonly parts: UpkeepParts;
  private readonly periodMs: number;
  private readonly tellExpired: (keys: readonly KeyRecord[]) => void;
  private readonly used = new Set<KeyRecord>();
  private timer: Timer | undefined;
  private lastTurnMs = 0;

  constructor(parts: UpkeepParts, periodMs: number, tellExpired: (keys: readonly KeyRecord[]) => void) {
    this.parts = parts;
    this.periodMs = periodMs;
    this.tellExpired = tellExpired;
  }

  start(): void {
    this.used.clear();
    this.lastTurnMs = this.parts.clock.now();
    this.timer = this.parts.clock.every('accounts.upkeep', this.periodMs, () => void this.turn());
  }

  async stop(): Promise<void> {
    this.timer?.cancel();
    this.timer = undefined;
    await this.turn();
  }

  /** Cheap, for it may come with each message: what is noted is written once in a period. */
  noteUse(key: KeyRecord, nowMs: number): void {
    // What has ended does not come back, although a connection may still be there until it is told.
    if (nowMs >= endOf(key)) return;
    this.setUse(key, nowMs);
  }

  /** Sets the time of the last use, whatever it was. */
  setUse(key: KeyRecord, usedMs: number): void {
    key.lastActivityMs = usedMs;
    this.used.add(key);
  }

  private async turn(): Promise<void> {
    const nowMs = this.parts.clock.now();
    const since = this.lastTurnMs;
    this.lastTurnMs = nowMs;
    const ended = [...this.parts.keys.all()].filter((key) => endOf(key) <= nowMs);
    this.tellExpired(ended.filter((key) => endOf(key) > since));
    const sessions = ended.filter(({ document }) => document.userId !== undefined);
    if (this.used.size > 0 || sessions.length > 0) await this.parts.changes.run(() => this.write(sessions));
  }

  private async write(sessions: readonly KeyRecord[]): Promise<void> {
    const used = [...this.used].filter((key) => this.parts.keys.has(key));
    this.used.clear();
    const gone = sessions.filter((key) => this.parts.keys.has(key));
    const statements = used.map(({ id, hash, document, lastActivityMs }) =>
      accountsRepository.updateKey(id, hash, { ...document, ...(lastActivityMs && { lastActivityMs }) }),
    );
    statements.push(...gone.map(({ id }) => accountsRepository.deleteKey(id)));
    if (statements.length === 0) return;
    try {
      await this.parts.store.commit(statements);
      for (const key of gone) this.parts.keys.remove(key);
    } catch (error) {
      for (const key of used) this.used.add(key);
      this.parts.logger.warn({ error }, 'times of last use of API keys were not stored');
    }
  }
}
