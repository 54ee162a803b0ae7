import type { CoapContext } from './context.ts';
import type { CoapTimer } from './link.ts';
import type { CoapMessage } from './message.ts';
import { asBuffer, isNoCacheKey, optionNumbers } from './options.ts';
import { exchangeLifetimeMs } from './settings.ts';

const { observe, block1, block2, noResponse } = optionNumbers;
const notOfTheKey: ReadonlySet<number> = new Set([observe, block1, block2, noResponse]);

/**
 * What the blocks of one transfer have in common: method and options, without those that concern one block only
 * (RFC 7959 2.5).
 */
export function transferKey({ code, options }: Pick<CoapMessage, 'code' | 'options'>): string {
  const parts = [String(code)];
  for (const { number, value } of options) {
    if (notOfTheKey.has(number) || isNoCacheKey(number)) continue;
    parts.push(`${number}:${asBuffer(value).toString('hex')}`);
  }
  return parts.join(' ');
}

interface Kept<State> {
  readonly state: State;
  timer: CoapTimer;
}

/** The block-wise transfers of one peer: a few at a time, each for as long as its next message may take to come. */
export class Transfers<State> {
  private readonly context: CoapContext;
  private readonly name: string;
  private readonly dropped: (state: State) => void;
  /** Oldest first. */
  private readonly kept = new Map<string, Kept<State>>();

  /** @param dropped is told when one is over, in whatever way. */
  constructor(context: CoapContext, name: string, dropped: (state: State) => void = () => {}) {
    this.context = context;
    this.name = name;
    this.dropped = dropped;
  }

  get(key: string): State | undefined {
    return this.kept.get(key)?.state;
  }

  /** Begins a transfer, or lets it live on after one of its messages. */
  keep(key: string, state: State): void {
    const known = this.kept.get(key);
    if (known && known.state !== state) this.drop(key);
    else if (known) {
      known.timer.cancel();
      this.kept.delete(key);
    }
    if (this.kept.size >= this.context.settings.maxTransfers) {
      for (const oldest of this.kept.keys()) {
        this.drop(oldest);
        break;
      }
    }
    const lifetimeMs = exchangeLifetimeMs(this.context.settings);
    const timer = this.context.clock.after(this.name, lifetimeMs, () => this.drop(key));
    this.kept.set(key, { state, timer });
  }

  drop(key: string): void {
    const known = this.kept.get(key);
    if (!known) return;
    this.kept.delete(key);
    known.timer.cancel();
    this.dropped(known.state);
  }

  clear(): void {
    for (const key of [...this.kept.keys()]) this.drop(key);
  }
}
