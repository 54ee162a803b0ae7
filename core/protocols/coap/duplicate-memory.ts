import { fingerprintOf } from './fingerprint.ts';
import type { CoapClock, CoapTimer } from './link.ts';
import { type CoapSettings, exchangeLifetimeMs, nonLifetimeMs } from './settings.ts';

/** A message that came, and what was answered to it. */
export interface Remembered {
  /** Sent again when the message comes again; undefined while there is none, and for what gets none. */
  readonly reply: Uint8Array | undefined;
}

class Entry implements Remembered {
  reply: Uint8Array | undefined;
  older: Entry | undefined;
  newer: Entry | undefined;
  readonly peer: PeerMemory;
  readonly messageId: number;
  readonly fingerprint: number;
  readonly atMs: number;

  constructor(peer: PeerMemory, messageId: number, fingerprint: number, atMs: number) {
    this.peer = peer;
    this.messageId = messageId;
    this.fingerprint = fingerprint;
    this.atMs = atMs;
  }
}

/** The messages of one peer. Costs next to nothing while there are none. */
export class PeerMemory {
  /** By message id, oldest first. */
  entries: Map<number, Entry> | undefined;
}

/**
 * Recognises messages that come a second time (RFC 7252 4.5), for all peers of a context: one queue by age and one
 * timer, so that a peer that says nothing costs nothing. What is over a limit is forgotten early, oldest first.
 *
 * A duplicate has the same bytes. A message with an id that is remembered and with other bytes is a new one: its
 * sender has started anew, or has used all its ids within their lifetime.
 */
export class DuplicateMemory {
  private readonly clock: CoapClock;
  private readonly settings: CoapSettings;
  private readonly lifetimeMs: number;
  private readonly nonLifetimeMs: number;
  private oldest: Entry | undefined;
  private newest: Entry | undefined;
  private count = 0;
  private replyBytes = 0;
  private timer: CoapTimer | undefined;

  constructor(clock: CoapClock, settings: CoapSettings) {
    this.clock = clock;
    this.settings = settings;
    this.lifetimeMs = exchangeLifetimeMs(settings);
    this.nonLifetimeMs = nonLifetimeMs(settings);
  }

  /** How many messages are remembered. */
  get size(): number {
    return this.count;
  }

  /** The message that these bytes are a duplicate of; otherwise they are remembered from now on, as `fresh`. */
  meet(
    peer: PeerMemory,
    messageId: number,
    confirmable: boolean,
    datagram: Uint8Array,
  ): { duplicateOf: Remembered; fresh?: undefined } | { duplicateOf?: undefined; fresh: Remembered } {
    const nowMs = this.clock.now();
    const fingerprint = fingerprintOf(datagram);
    const known = peer.entries?.get(messageId);
    if (known) {
      const lifetimeMs = confirmable ? this.lifetimeMs : this.nonLifetimeMs;
      if (known.fingerprint === fingerprint && nowMs - known.atMs < lifetimeMs) return { duplicateOf: known };
      this.remove(known);
    }
    const entry = new Entry(peer, messageId, fingerprint, nowMs);
    this.append(entry);
    this.keepWithinLimits(peer);
    return { fresh: entry };
  }

  /** Keeps what was answered to a message. */
  answered(message: Remembered, reply: Uint8Array): void {
    const entry = message as Entry;
    if (entry.peer.entries?.get(entry.messageId) !== entry) return;
    this.replyBytes += reply.length - (entry.reply?.length ?? 0);
    entry.reply = reply;
    while (this.replyBytes > this.settings.maxRememberedBytes && this.oldest) this.remove(this.oldest);
  }

  /** Forgets a message that could not be taken: when it comes again it is a new one. */
  forgetMessage(message: Remembered): void {
    const entry = message as Entry;
    if (entry.peer.entries?.get(entry.messageId) === entry) this.remove(entry);
  }

  /** Forgets all messages of a peer, whose link has ended. */
  forget(peer: PeerMemory): void {
    for (const entry of peer.entries?.values() ?? []) this.remove(entry);
    this.arm();
  }

  private append(entry: Entry): void {
    entry.peer.entries ??= new Map();
    entry.peer.entries.set(entry.messageId, entry);
    entry.older = this.newest;
    if (this.newest) this.newest.newer = entry;
    else this.oldest = entry;
    this.newest = entry;
    this.count++;
    if (!this.timer) this.arm();
  }

  private keepWithinLimits(peer: PeerMemory): void {
    const { entries } = peer;
    if (entries && entries.size > this.settings.maxRememberedPerPeer) {
      for (const oldest of entries.values()) {
        this.remove(oldest);
        break;
      }
    }
    if (this.count > this.settings.maxRememberedMessages && this.oldest) this.remove(this.oldest);
  }

  private remove(entry: Entry): void {
    const { entries } = entry.peer;
    entries?.delete(entry.messageId);
    if (entries?.size === 0) entry.peer.entries = undefined;
    if (entry.older) entry.older.newer = entry.newer;
    else this.oldest = entry.newer;
    if (entry.newer) entry.newer.older = entry.older;
    else this.newest = entry.older;
    // A reply that comes later must not bring a chain of forgotten ones along.
    entry.older = undefined;
    entry.newer = undefined;
    this.count--;
    this.replyBytes -= entry.reply?.length ?? 0;
  }

  /** One timer for the oldest; when it fires there may be an older one no more, and it is set anew. */
  private arm(): void {
    if (!this.oldest) {
      this.timer?.cancel();
      this.timer = undefined;
      return;
    }
    if (this.timer) return;
    const delayMs = this.oldest.atMs + this.lifetimeMs - this.clock.now();
    this.timer = this.clock.after('coap duplicates', Math.max(1, delayMs), () => {
      this.timer = undefined;
      const nowMs = this.clock.now();
      while (this.oldest && nowMs - this.oldest.atMs >= this.lifetimeMs) this.remove(this.oldest);
      this.arm();
    });
  }
}
