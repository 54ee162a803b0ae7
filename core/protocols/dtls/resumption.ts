import { hex, sameBytes } from './bytes.ts';
import type { DtlsClock } from './seams.ts';
import type { CipherSuite } from './suites.ts';

/** What both sides keep of a session, to go on with later without a new key exchange (RFC 5246, F.1.4). */
export interface Resumption {
  readonly sessionId: Uint8Array;
  readonly masterSecret: Uint8Array;
  readonly suite: CipherSuite;
  readonly extendedMasterSecret: boolean;
  readonly pskIdentity: string;
  readonly serverName: string | undefined;
}

interface Kept extends Resumption {
  /** The key that the session was made with: with another one it is not resumed. */
  readonly key: Uint8Array;
  readonly untilMs: number;
}

/** A server's sessions that can be resumed, by their ids. */
export class ResumptionCache {
  private readonly clock: DtlsClock;
  private readonly maxResumptions: number;
  private readonly lifetimeMs: number;
  private readonly kept = new Map<string, Kept>();

  constructor(
    clock: DtlsClock,
    limits: { readonly maxResumptions: number; readonly resumptionLifetimeMs: number },
  ) {
    this.clock = clock;
    this.maxResumptions = limits.maxResumptions;
    this.lifetimeMs = limits.resumptionLifetimeMs;
  }

  get isOn(): boolean {
    return this.maxResumptions > 0;
  }

  keep(resumption: Resumption, key: Uint8Array): void {
    if (!this.isOn) return;
    const id = hex(resumption.sessionId);
    this.kept.delete(id);
    for (const oldest of this.kept.keys()) {
      if (this.kept.size < this.maxResumptions) break;
      this.kept.delete(oldest);
    }
    this.kept.set(id, { ...resumption, key, untilMs: this.clock.now() + this.lifetimeMs });
  }

  find(sessionId: Uint8Array): Resumption | undefined {
    const found = this.kept.get(hex(sessionId));
    return found && found.untilMs > this.clock.now() ? found : undefined;
  }

  /** True when the session was made with this key. */
  wasMadeWith(sessionId: Uint8Array, key: Uint8Array): boolean {
    const found = this.kept.get(hex(sessionId));
    return found !== undefined && sameBytes(found.key, key);
  }

  forget(sessionId: Uint8Array): void {
    this.kept.delete(hex(sessionId));
  }

  forgetIdentity(pskIdentity: string): void {
    for (const [id, each] of this.kept) if (each.pskIdentity === pskIdentity) this.kept.delete(id);
  }

  clear(): void {
    this.kept.clear();
  }
}
