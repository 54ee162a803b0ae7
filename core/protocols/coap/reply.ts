import { codes } from './codes.ts';
import type { CoapTimer } from './link.ts';
import { type CoapMessage, type MessageContent, messageTypes } from './message.ts';
import type { Incoming, MessageLayer } from './message-layer.ts';
import { findUint, optionNumbers } from './options.ts';

/** Response without its token, which is that of the request. */
export type ReplyContent = Omit<MessageContent, 'token'>;

const nobodyAsks = (): void => {};

/** The way back to who sent a request: with the acknowledgement, or later in a message of its own (RFC 7252 5.2). */
export class Reply {
  readonly incoming: Incoming;
  private readonly layer: MessageLayer;
  private acknowledged = false;
  private timer: CoapTimer | undefined;

  constructor(layer: MessageLayer, incoming: Incoming) {
    this.layer = layer;
    this.incoming = incoming;
  }

  get message(): CoapMessage {
    return this.incoming.message;
  }

  /** The answer takes a while: the request is acknowledged before its sender sends it again. */
  later(): void {
    if (this.message.type !== messageTypes.CON || this.acknowledged) return;
    const { clock, settings } = this.layer.context;
    this.timer = clock.after('coap acknowledgement', settings.separateResponseAfterMs, () => {
      this.acknowledged = true;
      this.layer.acknowledge(this.incoming);
    });
  }

  /** Gives no answer any more: the link has ended. */
  drop(): void {
    this.timer?.cancel();
  }

  /** @param done is called when nothing is left to do: at once, or when a message of its own was acknowledged or lost */
  send(content: ReplyContent, done: () => void = nobodyAsks): void {
    this.timer?.cancel();
    const { message } = this;
    const confirmable = message.type === messageTypes.CON;
    if (this.isUnwanted(content.code)) {
      if (confirmable && !this.acknowledged) this.layer.acknowledge(this.incoming);
      done();
      return;
    }
    const whole = { ...content, token: message.token };
    if (confirmable && this.acknowledged) {
      // Whether it arrives is the concern of who asked.
      this.layer.confirm(whole, { acknowledged: done, failed: done });
      return;
    }
    if (confirmable) this.layer.acknowledge(this.incoming, whole);
    else this.layer.sendOnce(whole);
    done();
  }

  /** No-Response (RFC 7967 2.1): a bit for each class of responses. */
  private isUnwanted(code: number): boolean {
    const classes = findUint(this.message.options, optionNumbers.noResponse) ?? 0;
    return code !== codes.continue && (classes & (1 << ((code >> 5) - 1))) !== 0;
  }
}
