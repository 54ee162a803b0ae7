import type { Clock, Timer } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { Store } from '../store/types.ts';
import { updateInterfaceColumns } from './device-repository.ts';
import { inventoryRepository } from './inventory-repository.ts';
import type { Device, DeviceInterface } from './types.ts';

/**
 * Writes what live sessions change, many in one transaction and soon after: a status that is a second old
 * after a crash harms nobody, and ten thousand devices that wake together must not wait for ten thousand syncs.
 */
export class SessionWriter {
  private readonly parts: { readonly store: Store; readonly clock: Clock; readonly logger: Logger };
  private readonly periodMs: number;
  /** false: only the time of the last sign of life has changed. */
  private dirty = new Map<DeviceInterface, boolean>();
  /** Those whose last sign of life was noted since the last turn. */
  private contacted = new Set<DeviceInterface>();
  /** Devices whose interfaces are others than before. */
  private regrouped = new Set<Device>();
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

  /** @returns true the first time since what was noted was handed over */
  noteContact(changed: DeviceInterface): boolean {
    if (this.contacted.has(changed)) return false;
    this.contacted.add(changed);
    if (!this.dirty.has(changed)) this.dirty.set(changed, false);
    return true;
  }

  noteSession(changed: DeviceInterface): void {
    this.dirty.set(changed, true);
  }

  /** The device has other interfaces now, or another id, so what lists are sorted by of them is written anew. */
  noteInterfaces(changed: Device): void {
    this.regrouped.add(changed);
  }

  forget(deleted: DeviceInterface): void {
    this.dirty.delete(deleted);
    this.contacted.delete(deleted);
  }

  /**
   * Hands over what was noted, so that a read that follows sees it; resolves when it is written. What fails is
   * tried again at the next turn.
   */
  flush(): Promise<void> {
    const [batch, regrouped] = [this.dirty, this.regrouped];
    if (batch.size + regrouped.size === 0) return this.writing ?? Promise.resolve();
    this.dirty = new Map();
    this.contacted = new Set();
    this.regrouped = new Set();
    const devices = new Set([...regrouped, ...[...batch.keys()].map(({ device }) => device)]);
    const statements = [
      ...[...batch].map(([changed, session]) =>
        session ? inventoryRepository.updateSession(changed) : inventoryRepository.updateLastContact(changed),
      ),
      ...[...devices].map((device) => updateInterfaceColumns(device)),
    ];
    const written = this.parts.store.commit(statements).catch((error: unknown) => {
      for (const [changed, session] of batch)
        this.dirty.set(changed, session || this.dirty.get(changed) === true);
      for (const changed of regrouped) this.regrouped.add(changed);
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
