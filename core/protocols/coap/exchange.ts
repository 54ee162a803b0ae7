import { CoapError } from './errors.ts';
import type { CoapTimer } from './link.ts';
import type { CoapMessage, MessageContent } from './message.ts';
import type { MessageLayer } from './message-layer.ts';
import { criticalProblem } from './option-check.ts';
import type { Slot } from './start-gate.ts';
import type { Delivery, Transmission } from './transmission.ts';

export interface ExchangeOptions {
  readonly confirmable: boolean;
  /** Gives up when it is aborted. */
  readonly signal?: AbortSignal | undefined;
  /** `responseTimeoutMs` of the settings unless given. */
  readonly responseTimeoutMs?: number | undefined;
}

/** One request message and the one that answers it (RFC 7252 5.2). Tells its outcome once. */
export class Exchange implements Delivery {
  readonly token: Uint8Array;
  private readonly layer: MessageLayer;
  private readonly content: MessageContent;
  private readonly options: ExchangeOptions;
  private readonly done: (outcome: CoapMessage | CoapError) => void;
  private slot: Slot | undefined;
  private transmission: Transmission | undefined;
  private nonMessageId: number | undefined;
  private responseTimer: CoapTimer | undefined;
  private slotTimer: CoapTimer | undefined;
  private over = false;

  constructor(
    layer: MessageLayer,
    content: MessageContent,
    options: ExchangeOptions,
    done: (outcome: CoapMessage | CoapError) => void,
  ) {
    this.layer = layer;
    this.content = content;
    this.token = content.token;
    this.options = options;
    this.done = done;
  }

  start(): void {
    const { signal } = this.options;
    if (this.layer.closeError) this.failed(this.layer.closeError);
    else if (signal?.aborted) this.aborted();
    else {
      signal?.addEventListener('abort', this.aborted, { once: true });
      this.orFail(() => {
        const slot = this.layer.gate.enter((entered) => this.send(entered));
        if (this.over) slot.leave();
        else this.slot = slot;
      });
    }
  }

  /** A response with the token of the request, in an acknowledgement or in a message of its own. */
  response(message: CoapMessage): void {
    this.finish(criticalProblem(message) ?? message);
  }

  acknowledged(message: CoapMessage): void {
    if (message.code !== 0) {
      this.response(message);
      return;
    }
    this.slot?.leave();
    this.awaitResponse('the request was acknowledged');
  }

  failed(error: CoapError): void {
    this.finish(error);
  }

  /** The peer has rejected a message that was not confirmable. */
  rejected(messageId: number): boolean {
    if (messageId !== this.nonMessageId) return false;
    this.failed(new CoapError('coap.reset', `${this.layer.peer} answered with a reset`));
    return true;
  }

  private send(slot: Slot): void {
    this.slot = slot;
    if (this.options.confirmable) {
      const transmission = this.layer.confirm(this.content, this);
      if (this.over) transmission.cancel();
      else this.transmission = transmission;
      return;
    }
    const { ackTimeoutMs, ackRandomFactor } = this.layer.context.settings;
    const { clock } = this.layer.context;
    this.awaitResponse('the request was sent once');
    // No acknowledgement will come; the next request has waited long enough when one would have come (RFC 7252 4.7).
    this.slotTimer = clock.after('coap start', ackTimeoutMs * ackRandomFactor, () => slot.leave());
    this.orFail(() => {
      this.nonMessageId = this.layer.sendOnce(this.content);
    });
  }

  private awaitResponse(because: string): void {
    const { clock, settings } = this.layer.context;
    const timeoutMs = this.options.responseTimeoutMs ?? settings.responseTimeoutMs;
    this.responseTimer = clock.after('coap response', timeoutMs, () => {
      const text = `${because}, and no response came within ${timeoutMs} ms (responseTimeoutMs)`;
      this.failed(new CoapError('coap.noResponse', text));
    });
  }

  private readonly aborted = (): void => {
    this.failed(
      new CoapError('coap.cancelled', 'the request was cancelled', { cause: this.options.signal?.reason }),
    );
  };

  private orFail(attempt: () => void): void {
    try {
      attempt();
    } catch (error) {
      if (!(error instanceof CoapError)) throw error;
      this.failed(error);
    }
  }

  private finish(outcome: CoapMessage | CoapError): void {
    if (this.over) return;
    this.over = true;
    this.transmission?.cancel();
    this.responseTimer?.cancel();
    this.slotTimer?.cancel();
    this.options.signal?.removeEventListener('abort', this.aborted);
    this.done(outcome);
    // Last, for it lets the next request go.
    this.slot?.leave();
  }
}
