import type { Clock, Timer } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { Serial } from '../platform/serial.ts';
import type { Store } from '../store/types.ts';
import { accountsRepository } from './accounts-repository.ts';
import type { KeyRecord } from './key-record.ts';
import type { KeyRegistry } from './key-registry.ts';

interface UpkeepParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly keys: KeyRegistry;
  /** Changes of keys; what upkeep writes takes its turn among them, so that neither undoes the other. */
  readonly changes: Serial;
}

/** What happens to keys with time and use: times of last use are written, keys that run out are told. */
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

  noteUse(key: KeyRecord, nowMs: number): void {
    key.lastActivityMs = nowMs;
    this.used.add(key);
  }

  private async turn(): Promise<void> {
    const nowMs = this.parts.clock.now();
    const since = this.lastTurnMs;
    this.lastTurnMs = nowMs;
    this.tellExpired(
      [...this.parts.keys.all()].filter(({ rights }) => rights.toMs > since && rights.toMs <= nowMs),
    );
    if (this.used.size > 0) await this.parts.changes.run(() => this.writeUse());
  }

  private async writeUse(): Promise<void> {
    const used = [...this.used].filter((key) => this.parts.keys.has(key));
    this.used.clear();
    const statements = used.map(({ id, hash, document, lastActivityMs }) =>
      accountsRepository.updateKey(id, hash, { ...document, ...(lastActivityMs && { lastActivityMs }) }),
    );
    if (statements.length === 0) return;
    await this.parts.store.commit(statements).catch((error: unknown) => {
      for (const key of used) this.used.add(key);
      this.parts.logger.warn({ error }, 'times of last use of API keys were not stored');
    });
  }
}
