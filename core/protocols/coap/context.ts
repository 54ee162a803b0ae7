import { DuplicateMemory } from './duplicate-memory.ts';
import type { CoapClock, CoapRandom, DatagramLink } from './link.ts';
import type { CoapMessage } from './message.ts';
import { RequestOptionCheck } from './option-check.ts';
import { type CoapSettings, coapSettings } from './settings.ts';

/** One message on the wire, as the log tells it. */
export interface LoggedMessage {
  readonly direction: 'in' | 'out';
  /** The link's name for the peer. */
  readonly peer: string;
  /** Which stays the same when the peer's name changes. */
  readonly link: DatagramLink;
  /** Milliseconds since the Unix epoch. */
  readonly timeMs: number;
  /** As it went over the link; to be copied by who keeps it. */
  readonly datagram: Uint8Array;
  /** Its length. */
  readonly bytes: number;
  /** `duplicate`: it came before. `retransmission`: it was sent before. */
  readonly note?: 'duplicate' | 'retransmission' | undefined;
  /** Undefined for bytes that are no message. */
  readonly message?: CoapMessage | undefined;
  /** Why they are none. */
  readonly malformed?: string | undefined;
}

export interface CoapContextOptions {
  readonly clock: CoapClock;
  readonly random: CoapRandom;
  readonly settings?: Partial<CoapSettings>;
  /** Told of each message; costs nothing when absent. */
  readonly log?: (entry: LoggedMessage) => void;
  /** Told of what a request handler threw; the peer gets 5.00. */
  readonly handlerFailed?: (error: unknown) => void;
}

/** What the endpoints of one program share: time, chance, settings, and the memory for duplicates. */
export class CoapContext {
  readonly clock: CoapClock;
  readonly settings: CoapSettings;
  readonly duplicates: DuplicateMemory;
  readonly requestOptions: RequestOptionCheck;
  readonly log: ((entry: LoggedMessage) => void) | undefined;
  readonly handlerFailed: (error: unknown) => void;
  /** Bytes of the bodies that are being put together, over all peers. */
  partialBytes = 0;
  private readonly random: CoapRandom;
  private pool: Uint8Array = new Uint8Array(0);
  private poolUsed = 0;

  constructor({ clock, random, settings, log, handlerFailed }: CoapContextOptions) {
    this.clock = clock;
    this.random = random;
    this.settings = coapSettings(settings);
    this.duplicates = new DuplicateMemory(clock, this.settings);
    this.requestOptions = new RequestOptionCheck(this.settings.understoodOptions);
    this.log = log;
    this.handlerFailed = handlerFailed ?? (() => {});
  }

  /** A few random bytes, fetched in larger portions. */
  randomBytes(count: number): Uint8Array {
    if (this.poolUsed + count > this.pool.length) {
      this.pool = this.random.bytes(512);
      this.poolUsed = 0;
    }
    this.poolUsed += count;
    return this.pool.slice(this.poolUsed - count, this.poolUsed);
  }

  randomUint16(): number {
    const [high, low] = this.randomBytes(2) as unknown as [number, number];
    return high * 256 + low;
  }

  /** From 0 up to but not 1. */
  randomFraction(): number {
    return this.randomUint16() / 0x1_0000;
  }
}
