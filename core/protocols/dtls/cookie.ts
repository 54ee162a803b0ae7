import { createHmac, timingSafeEqual } from 'node:crypto';
import { numberBytes } from './bytes.ts';
import type { HelloStart } from './hello.ts';
import type { DtlsClock, DtlsRandom, PeerAddress } from './seams.ts';

const cookieBytes = 16;
const secretBytes = 32;

/**
 * Proof that a client receives at the address that it sends from (RFC 6347, 4.2.1). Nothing is kept for it: a cookie is
 * a keyed hash of the address and of what stands in front of it in the hello, with a key that changes with time.
 */
export class Cookies {
  private readonly clock: DtlsClock;
  private readonly random: DtlsRandom;
  private readonly lifetimeMs: number;
  private secret: Uint8Array | undefined;

  constructor(clock: DtlsClock, random: DtlsRandom, lifetimeMs: number) {
    this.clock = clock;
    this.random = random;
    this.lifetimeMs = lifetimeMs;
  }

  make(peer: PeerAddress, hello: HelloStart): Uint8Array {
    return this.of(this.period(), peer, hello);
  }

  /** Good for its lifetime and at most once as long. */
  isGood(peer: PeerAddress, hello: HelloStart): boolean {
    const { cookie } = hello;
    if (cookie.length !== cookieBytes) return false;
    const period = this.period();
    return [period, period - 1].some((each) => timingSafeEqual(cookie, this.of(each, peer, hello)));
  }

  private period(): number {
    return Math.floor(this.clock.now() / this.lifetimeMs);
  }

  private of(period: number, peer: PeerAddress, { version, random, sessionId }: HelloStart): Uint8Array {
    this.secret ??= this.random.bytes(secretBytes);
    return createHmac('sha256', this.secret)
      .update(`${period} ${peer.address} ${peer.port} ${version} `)
      .update(random)
      .update(numberBytes(sessionId.length, 1))
      .update(sessionId)
      .digest()
      .subarray(0, cookieBytes);
  }
}
