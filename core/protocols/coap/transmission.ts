import type { CoapContext } from './context.ts';
import { CoapError } from './errors.ts';
import type { CoapTimer } from './link.ts';
import type { CoapMessage, MessageContent } from './message.ts';

/** What becomes of a confirmable message. */
export interface Delivery {
  /** The acknowledgement, which may hold a response. */
  acknowledged(message: CoapMessage): void;
  failed(error: CoapError): void;
  /** What goes out in its place when it is its time to be sent again (RFC 7641 4.5.2); undefined for the same. */
  replacement?(): MessageContent | undefined;
}

export interface TransmissionHost {
  readonly context: CoapContext;
  /** Sends it: under a new message id when it has no datagram yet, otherwise that one again. */
  transmit(transmission: Transmission): void;
  /** Its message id is not waited for any more. */
  ended(transmission: Transmission): void;
}

/** A confirmable message until it is acknowledged: sent again with doubled waits (RFC 7252 4.2). */
export class Transmission {
  content: MessageContent;
  messageId = -1;
  /** As it went out. */
  datagram: Uint8Array | undefined;
  private readonly host: TransmissionHost;
  private readonly delivery: Delivery;
  private timeoutMs = 0;
  private retransmissions = 0;
  private timer: CoapTimer | undefined;
  private over = false;

  constructor(host: TransmissionHost, content: MessageContent, delivery: Delivery) {
    this.host = host;
    this.content = content;
    this.delivery = delivery;
  }

  start(): void {
    const { context } = this.host;
    const { ackTimeoutMs, ackRandomFactor } = context.settings;
    this.timeoutMs = Math.round(ackTimeoutMs * (1 + (ackRandomFactor - 1) * context.randomFraction()));
    // Before it goes out: over a link in memory the answer may be here when `transmit` returns.
    this.arm();
    this.transmit();
  }

  acknowledged(message: CoapMessage): void {
    if (this.finish()) this.delivery.acknowledged(message);
  }

  failed(error: CoapError): void {
    if (this.finish()) this.delivery.failed(error);
  }

  /** Not sent again, and nobody is told anything. */
  cancel(): void {
    this.finish();
  }

  private arm(): void {
    this.timer = this.host.context.clock.after('coap retransmission', this.timeoutMs, () => this.timedOut());
  }

  private timedOut(): void {
    const { maxRetransmit } = this.host.context.settings;
    if (this.retransmissions >= maxRetransmit) {
      const times = `${maxRetransmit + 1} transmissions`;
      this.failed(
        new CoapError('coap.timeout', `no acknowledgement after ${times} (maxRetransmit, ackTimeoutMs)`),
      );
      return;
    }
    this.retransmissions++;
    this.timeoutMs *= 2;
    this.arm();
    const replacement = this.delivery.replacement?.();
    if (replacement) {
      this.host.ended(this);
      this.content = replacement;
      this.datagram = undefined;
    }
    this.transmit();
  }

  /** What cannot be encoded fails as what cannot be delivered does. */
  private transmit(): void {
    try {
      this.host.transmit(this);
    } catch (error) {
      if (!(error instanceof CoapError)) throw error;
      this.failed(error);
    }
  }

  private finish(): boolean {
    if (this.over) return false;
    this.over = true;
    this.timer?.cancel();
    this.host.ended(this);
    return true;
  }
}
