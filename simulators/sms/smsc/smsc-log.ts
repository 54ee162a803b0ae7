import type { SimulatorClock } from '../../fleet/seams.ts';

/** Why the centre did not take what a client sent. */
export type SmscDropReason =
  | 'malformed'
  | 'wrongCredentials'
  | 'notBound'
  | 'unknownCommand'
  | 'throttled'
  | 'full'
  | 'invalidMessage'
  | 'silent'
  | 'tooManyConnections';

export interface SmscRefusal {
  readonly reason: SmscDropReason;
  /** For people: what was wrong, and with which limit. */
  readonly what: string;
  readonly remoteAddress: string;
  /** system_id of who is bound, or wanted to be. */
  readonly systemId: string | undefined;
  /** Refusals before it that were counted only. */
  readonly omittedBefore: number;
}

const secondMs = 1000;

/** Counts what was not taken, and tells of it, but not more often than people can read. */
export class SmscLog {
  private readonly parts: {
    readonly wireClock: Pick<SimulatorClock, 'monotonicUs'>;
    readonly mostPerSecond: number;
    tell(refusal: SmscRefusal): void;
  };
  private readonly counts = new Map<SmscDropReason, number>();
  private secondFromMs = Number.NEGATIVE_INFINITY;
  private inSecond = 0;
  private omitted = 0;

  constructor(parts: SmscLog['parts']) {
    this.parts = parts;
  }

  /** How often something was not taken, by reason, since the program started. */
  get dropped(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.counts);
  }

  refused(refusal: Omit<SmscRefusal, 'omittedBefore'>): void {
    const { reason } = refusal;
    this.counts.set(reason, (this.counts.get(reason) ?? 0) + 1);
    if (!this.admit()) {
      this.omitted += 1;
      return;
    }
    const omittedBefore = this.omitted;
    this.omitted = 0;
    this.parts.tell({ ...refusal, omittedBefore });
  }

  private admit(): boolean {
    const nowMs = this.parts.wireClock.monotonicUs() / 1000;
    if (nowMs - this.secondFromMs >= secondMs) {
      this.secondFromMs = nowMs;
      this.inSecond = 0;
    }
    this.inSecond += 1;
    return this.inSecond <= this.parts.mostPerSecond;
  }
}
