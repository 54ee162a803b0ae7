import type { CoapContext } from './context.ts';
import { CoapError } from './errors.ts';
import { Exchange, type ExchangeOptions } from './exchange.ts';
import { type CoapMessage, type MessageContent, messageTypes } from './message.ts';
import type { MessageLayer } from './message-layer.ts';
import { criticalProblem } from './option-check.ts';
import { asBuffer, optionNumbers } from './options.ts';

const tokenBytes = 8;

/** One request message, without its token. */
export type RequestContent = Omit<MessageContent, 'token'>;

/** Who gets what comes with a token. */
export interface TokenOwner {
  readonly token: Uint8Array;
  /** @returns when it is taken, if that takes longer than the call */
  response(message: CoapMessage): void | Promise<void>;
  /** A response in an acknowledgement that nobody waits for any more. */
  late?(message: CoapMessage): void;
  failed(error: CoapError): void;
}

/** The tokens of this side's requests and observations (RFC 7252 5.3). */
export class Exchanges {
  readonly context: CoapContext;
  private readonly layer: MessageLayer;
  private readonly owners = new Map<string, TokenOwner>();
  private readonly running = new Set<Exchange>();

  constructor(layer: MessageLayer) {
    this.layer = layer;
    this.context = layer.context;
  }

  /**
   * Sends one message and resolves with the message that answers it. Rejects with a CoapError.
   * @param token of the message before, in a transfer of several: some servers know a transfer by that
   */
  send(content: RequestContent, options: ExchangeOptions, token = this.newToken()): Promise<CoapMessage> {
    return new Promise((resolve, reject) => {
      const exchange = this.open({ ...content, token }, options, (outcome) => {
        this.disown(exchange);
        if (outcome instanceof CoapError) reject(outcome);
        else resolve(outcome);
      });
      this.own(exchange);
      exchange.start();
    });
  }

  /** An exchange under a token that has an owner already; to be started. */
  open(
    content: MessageContent,
    options: ExchangeOptions,
    done: (outcome: CoapMessage | CoapError) => void,
  ): Exchange {
    const exchange = new Exchange(this.layer, content, options, (outcome) => {
      this.running.delete(exchange);
      done(outcome);
    });
    this.running.add(exchange);
    return exchange;
  }

  newToken(): Uint8Array {
    return this.context.randomBytes(tokenBytes);
  }

  own(owner: TokenOwner): void {
    this.owners.set(tokenKey(owner.token), owner);
  }

  disown(owner: TokenOwner): void {
    const key = tokenKey(owner.token);
    if (this.owners.get(key) === owner) this.owners.delete(key);
  }

  /** A response in a message of its own; false when it is to be rejected, a promise when it is taken later. */
  response(message: CoapMessage, bytes: number): boolean | Promise<void> {
    const owner = this.owners.get(tokenKey(message.token));
    const tooLarge = owner && this.layer.tooLarge(bytes);
    if (tooLarge) {
      owner.failed(tooLarge);
      return false;
    }
    if (owner) {
      const taken = owner.response(message);
      // RFC 7252 5.4.1: not understood is not accepted.
      return taken ?? criticalProblem(message) === undefined;
    }
    // What was not confirmable may be passed over (RFC 7252 4.3), but the sender of notifications must hear that
    // nobody wants them (RFC 7641 3.6).
    const notification = message.options.some(({ number }) => number === optionNumbers.observe);
    return message.type === messageTypes.NON && !notification;
  }

  /** A response in an acknowledgement that nobody waits for any more. */
  late(message: CoapMessage): void {
    this.owners.get(tokenKey(message.token))?.late?.(message);
  }

  /** The peer has rejected a message that was not confirmable. True when it was a request of this side. */
  rejected(messageId: number): boolean {
    for (const exchange of this.running) if (exchange.rejected(messageId)) return true;
    return false;
  }

  /** Nobody listens there: what was asked gets no answer. */
  refused(error: CoapError): void {
    for (const exchange of [...this.running]) exchange.failed(error);
  }

  closed(error: CoapError): void {
    this.refused(error);
    for (const owner of [...this.owners.values()]) owner.failed(error);
  }
}

/** Any bytes as a text, one character each. */
export function tokenKey(token: Uint8Array): string {
  return asBuffer(token).toString('latin1');
}
