import { noBytes } from './bytes.ts';
import {
  cutMessage,
  decodeFragments,
  encodeMessage,
  type HandshakeMessage,
  messageHeaderBytes,
} from './handshake-message.ts';
import type { DtlsLimits } from './limits.ts';
import type { DtlsEvent } from './log.ts';
import { Reassembly } from './reassembly.ts';
import { contentTypes } from './record.ts';
import type { Epoch, RecordLayer } from './record-layer.ts';
import type { DtlsClock, DtlsTimer } from './seams.ts';

/** A message of a flight, or a ChangeCipherSpec. */
export interface FlightPart {
  readonly epoch: Epoch;
  readonly type: number;
  /** A whole handshake message with its header; it is cut where it is too long. */
  readonly content: Uint8Array;
}

export interface ChannelParts {
  readonly clock: DtlsClock;
  readonly limits: DtlsLimits;
  readonly records: RecordLayer;
  transmit(datagram: Uint8Array): void;
  readonly log?: ((event: DtlsEvent) => void) | undefined;
}

/** Parts shorter than this are not worth a record of their own at the end of a datagram. */
const leastPartBytes = 32;

/**
 * Carries the messages of one handshake in flights: cuts and joins them, keeps their order, and sends a flight again
 * until it is answered (RFC 6347, 4.2).
 */
export class HandshakeChannel {
  private readonly parts: ChannelParts;
  private readonly reassembly: Reassembly;
  private sendSequence: number;
  private flight: readonly FlightPart[] = [];
  /** Number of the message that the flight is the answer to. */
  private answered = -1;
  private timer: DtlsTimer | undefined;

  /** @param firstReceived number of the first message to come; `firstSent` of the first to go */
  constructor(parts: ChannelParts, firstReceived: number, firstSent: number) {
    this.parts = parts;
    this.reassembly = new Reassembly(firstReceived, parts.limits.maxHandshakeMessageBytes);
    this.sendSequence = firstSent;
  }

  /** The next message, encoded. */
  message(type: number, body: Uint8Array): Uint8Array {
    return encodeMessage({ type, messageSequence: this.sendSequence++, body });
  }

  /**
   * @param awaitsAnswer false for the last flight, which is sent again only when the other side repeats its own
   * @param answersRepeats false when a repeat of the other side does not mean that the flight was lost
   */
  sendFlight(flight: readonly FlightPart[], awaitsAnswer: boolean, answersRepeats = true): void {
    this.stop();
    this.flight = flight;
    this.answered = answersRepeats ? this.reassembly.lastSequence : -1;
    this.transmit();
    if (awaitsAnswer) this.arm(this.parts.limits.retransmitAfterMs);
  }

  /**
   * Takes the content of a handshake record and hands over what became whole.
   * @throws MalformedError
   */
  receive(content: Uint8Array, take: (message: HandshakeMessage) => void): void {
    const { answered } = this;
    let isRepeat = false;
    for (const fragment of decodeFragments(content)) {
      // The other side has not seen our answer. A repeat of anything else gets none: each side would answer the
      // other's for ever.
      if (fragment.messageSequence !== answered) this.reassembly.add(fragment);
      else if (fragment.offset === 0) {
        isRepeat = true;
        const { type } = fragment;
        this.parts.log?.({ kind: 'handshake', direction: 'in', type, body: noBytes, note: 'duplicate' });
      }
    }
    for (let message = this.reassembly.next(); message; message = this.reassembly.next()) {
      const { type, body } = message;
      this.parts.log?.({ kind: 'handshake', direction: 'in', type, body });
      take(message);
    }
    if (isRepeat) this.transmit('retransmission');
  }

  /** Ends sending again by itself. */
  stop(): void {
    this.timer?.cancel();
    this.timer = undefined;
  }

  /** Ends sending again also when the other side repeats itself. */
  forgetFlight(): void {
    this.stop();
    this.flight = [];
  }

  private arm(delayMs: number): void {
    const { clock, limits } = this.parts;
    this.timer = clock.after('dtls: send a flight again', delayMs, () => {
      this.arm(Math.min(2 * delayMs, limits.maxRetransmitAfterMs));
      this.transmit('retransmission');
    });
  }

  private transmit(note?: 'retransmission'): void {
    if (this.parts.log) for (const part of this.flight) this.parts.log(eventOf(part, note));
    for (const datagram of this.datagrams()) this.parts.transmit(datagram);
  }

  /** The flight in records, as many to a datagram as it holds (RFC 6347, 4.1.1). */
  private *datagrams(): Generator<Uint8Array> {
    const { records, limits } = this.parts;
    let packed: Uint8Array[] = [];
    let room = limits.maxDatagramBytes;
    for (const { epoch, type, content } of this.flight) {
      const overhead = records.overheadBytes(epoch);
      const isMessage = type === contentTypes.handshake;
      const total = isMessage ? content.length - messageHeaderBytes : content.length;
      const header = isMessage ? messageHeaderBytes : 0;
      for (let offset = 0, isFirst = true; isFirst || offset < total; isFirst = false) {
        const least = Math.min(total - offset, leastPartBytes);
        if (packed.length > 0 && room < overhead + header + least) {
          yield Buffer.concat(packed);
          packed = [];
          room = limits.maxDatagramBytes;
        }
        // However small the limit is, something goes.
        const length = Math.min(total - offset, Math.max(room - overhead - header, least));
        const part = isMessage ? cutMessage(content, offset, length) : content;
        const record = records.seal(epoch, type, part);
        packed.push(record);
        room -= record.length;
        offset += length;
      }
    }
    const [only] = packed;
    if (only) yield packed.length === 1 ? only : Buffer.concat(packed);
  }
}

function eventOf({ type, content }: FlightPart, note: 'retransmission' | undefined): DtlsEvent {
  const told = note && { note };
  if (type !== contentTypes.handshake) return { kind: 'changeCipherSpec', direction: 'out', ...told };
  const body = content.subarray(messageHeaderBytes);
  return { kind: 'handshake', direction: 'out', type: content[0] ?? 0, body, ...told };
}
