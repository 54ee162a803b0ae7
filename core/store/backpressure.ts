import type { StoreSettings } from './settings.ts';

interface Posted {
  readonly sequence: number;
  readonly bytes: number;
  readonly statements: number;
}

/** Counts what is waiting between the producers, the journal and the database. */
export class Backpressure {
  private readonly settings: StoreSettings;
  private readonly unsyncedBytes: () => number;
  private readonly callbackThrew: (error: unknown) => void;
  private readonly unapplied: Posted[] = [];
  private backlogBytes = 0;
  private waiting: (() => void)[] = [];
  private gaveUp = false;
  backlogStatements = 0;
  congested = false;

  /** @param callbackThrew is told when a callback of {@link onRelief} throws. */
  constructor(settings: StoreSettings, unsyncedBytes: () => number, callbackThrew: (error: unknown) => void) {
    this.settings = settings;
    this.unsyncedBytes = unsyncedBytes;
    this.callbackThrew = callbackThrew;
  }

  /** So much is waiting that nothing more can be taken. */
  get exhausted(): boolean {
    return this.load() > this.settings.refusalFactor;
  }

  /** Bytes that are not in the database yet. */
  get waitingBytes(): number {
    return this.unsyncedBytes() + this.backlogBytes;
  }

  /** A group was synced and handed to the database. */
  posted(sequence: number, bytes: number, statements: number): void {
    if (this.gaveUp) return;
    this.unapplied.push({ sequence, bytes, statements });
    this.backlogBytes += bytes;
    this.backlogStatements += statements;
  }

  /** The groups up to this one are in the database. */
  applied(sequence: number): void {
    for (let first = this.unapplied[0]; first && first.sequence <= sequence; first = this.unapplied[0]) {
      this.unapplied.shift();
      this.backlogBytes -= first.bytes;
      this.backlogStatements -= first.statements;
    }
    this.update();
  }

  /** The database takes nothing more, so waiting for it would never end; appends are refused instead. */
  giveUp(): void {
    this.gaveUp = true;
    this.unapplied.length = 0;
    this.backlogBytes = 0;
    this.backlogStatements = 0;
    this.update();
  }

  onRelief(run: () => void): void {
    if (this.congested) this.waiting.push(run);
    else queueMicrotask(run);
  }

  /** Looks whether the state has changed. It clears at half the limits, so that it does not flutter. */
  update(): void {
    const load = this.load();
    if (!this.congested) {
      this.congested = load > 1 && !this.gaveUp;
      return;
    }
    if (load > 0.5 && !this.gaveUp) return;
    this.congested = false;
    const { waiting } = this;
    this.waiting = [];
    for (const run of waiting) {
      try {
        run();
      } catch (error) {
        this.callbackThrew(error);
      }
    }
  }

  /** The fullest of the three queues, as a share of its limit. */
  private load(): number {
    const { unsyncedLimitBytes, backlogLimitBytes, backlogLimitStatements } = this.settings;
    return Math.max(
      this.unsyncedBytes() / unsyncedLimitBytes,
      this.backlogBytes / backlogLimitBytes,
      this.backlogStatements / backlogLimitStatements,
    );
  }
}
