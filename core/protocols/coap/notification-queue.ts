import { CoapError } from './errors.ts';
import type { CoapMessage, MessageContent } from './message.ts';
import type { MessageLayer } from './message-layer.ts';
import type { Slot } from './start-gate.ts';
import type { Delivery, Transmission } from './transmission.ts';

/**
 * What became of a notification.
 * - `acknowledged`: the peer has it
 * - `sent`: it went out, and was not to be confirmed
 * - `superseded`: a newer one went out in its place
 * - `failed`: the observation is over, or too much waits for the peer
 */
export type NotificationOutcome = 'acknowledged' | 'sent' | 'superseded' | 'failed';

interface Notification {
  readonly content: MessageContent;
  readonly settle: (outcome: NotificationOutcome) => void;
}

/** How many message ids of notifications that were sent once are known, for the peer may reject one of them. */
const remembered = 8;

/** The notifications of one observer: at most one that waits for its acknowledgement (RFC 7641 4.5.2). */
export class NotificationQueue implements Delivery {
  private readonly layer: MessageLayer;
  private readonly unreachable: (error: CoapError) => void;
  private readonly sentOnce: number[] = [];
  private current: Notification | undefined;
  private next: Notification | undefined;
  private slot: Slot | undefined;
  private transmission: Transmission | undefined;

  constructor(layer: MessageLayer, unreachable: (error: CoapError) => void) {
    this.layer = layer;
    this.unreachable = unreachable;
  }

  sendOnce(content: MessageContent): Promise<NotificationOutcome> {
    const messageId = this.layer.sendOnce(content);
    if (messageId === undefined) return Promise.resolve('failed');
    this.sentOnce.push(messageId);
    if (this.sentOnce.length > remembered) this.sentOnce.shift();
    return Promise.resolve('sent');
  }

  confirm(content: MessageContent): Promise<NotificationOutcome> {
    return new Promise((settle) => {
      const notification = { content, settle };
      if (!this.current) this.begin(notification);
      else if (this.transmission) {
        this.next?.settle('superseded');
        this.next = notification;
      } else {
        // Nothing has gone out yet, so nothing needs to wait.
        this.current.settle('superseded');
        this.current = notification;
      }
    });
  }

  /** True for the message id of one that was sent once, not long ago. */
  sent(messageId: number): boolean {
    return this.sentOnce.includes(messageId);
  }

  acknowledged(_message: CoapMessage): void {
    const { next } = this;
    this.finish('acknowledged');
    if (next) this.begin(next);
  }

  failed(error: CoapError): void {
    this.unreachable(error);
  }

  replacement(): MessageContent | undefined {
    if (!this.next) return undefined;
    this.current?.settle('superseded');
    this.current = this.next;
    this.next = undefined;
    return this.current.content;
  }

  clear(): void {
    this.next?.settle('failed');
    this.transmission?.cancel();
    this.finish('failed');
  }

  private begin(notification: Notification): void {
    this.current = notification;
    try {
      const slot = this.layer.gate.enter((entered) => {
        this.slot = entered;
        const { current } = this;
        if (!current) return;
        const transmission = this.layer.confirm(current.content, this);
        if (this.current === current) this.transmission = transmission;
      });
      if (this.current === notification) this.slot = slot;
      else slot.leave();
    } catch (error) {
      if (!(error instanceof CoapError)) throw error;
      this.finish('failed');
    }
  }

  private finish(outcome: NotificationOutcome): void {
    const { current, slot } = this;
    this.current = undefined;
    this.next = undefined;
    this.transmission = undefined;
    this.slot = undefined;
    current?.settle(outcome);
    slot?.leave();
  }
}
