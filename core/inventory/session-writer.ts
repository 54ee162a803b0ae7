import type { Clock, Timer } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { Store } from '../store/types.ts';
import { inventoryRepository } from './inventory-repository.ts';
import type { DeviceInterface } from './types.ts';

/**
 * Writes what live sessions change, many in one transaction and soon after: a status that is a second old
 * after a crash harms nobody, and ten thousand devices that wake together must not wait for ten thousand syncs.
 */
export class SessionWriter {
  private readonly parts: { readonly store: Store; readonly clock: Clock; readonly logger: Logger };
  private readonly periodMs: number;
  /** false: only the time of the last sign of life has changed. */
  private dirty = new Map<DeviceInterface, boolean>();
  /** Ends when what is being written is; undefined when nothing is. */
  private writing: Promise<void> | undefined;
  private timer: Timer | undefined;

  constructor(parts: { store: Store; clock: Clock; logger: Logger }, periodMs: number) {
    this.parts = parts;
    this.periodMs = periodMs;
  }

  start(): void {
    this.timer = this.parts.clock.every('inventory.sessions', this.periodMs, () => this.turn());
  }

  async stop(): Promise<void> {
    this.timer?.cancel();
    this.timer = undefined;
    await this.flush();
  }

  noteContact(changed: DeviceInterface): void {
    if (!this.dirty.has(changed)) this.dirty.set(changed, false);
  }

  noteSession(changed: DeviceInterface): void {
    this.dirty.set(changed, true);
  }

  forget(deleted: DeviceInterface): void {
    this.dirty.delete(deleted);
  }

  /**
   * Hands over what was noted, so that a read that follows sees it; resolves when it is written. What fails is
   * tried again at the next turn.
   */
  flush(): Promise<void> {
    if (this.dirty.size === 0) return this.writing ?? Promise.resolve();
    const batch = this.dirty;
    this.dirty = new Map();
    const statements = [...batch].map(([changed, session]) =>
      session ? inventoryRepository.updateSession(changed) : inventoryRepository.updateLastContact(changed),
    );
    const written = this.parts.store.commit(statements).catch((error: unknown) => {
      for (const [changed, session] of batch)
        this.dirty.set(changed, session || this.dirty.get(changed) === true);
      this.parts.logger.warn({ error, interfaces: batch.size }, 'states of interfaces were not stored');
    });
    const writing = Promise.all([this.writing, written]).then(() => {
      if (this.writing === writing) this.writing = undefined;
    });
    this.writing = writing;
    return writing;
  }

  /** A store that is slower than the timer gets larger batches, not more of them. */
  private turn(): void {
    if (!this.writing) void this.flush();
  }
}
