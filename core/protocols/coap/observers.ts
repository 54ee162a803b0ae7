import type { Block } from './block.ts';
import { isSuccess } from './codes.ts';
import { CoapError } from './errors.ts';
import { tokenKey } from './exchanges.ts';
import type { CoapMessage } from './message.ts';
import type { MessageLayer } from './message-layer.ts';
import { type NotificationOutcome, NotificationQueue } from './notification-queue.ts';
import { optionNumbers, uintOption } from './options.ts';
import type { Representations } from './representations.ts';
import type { ResponseDraft } from './request.ts';

/** Why an observation of the peer is over; a CoapError when the peer cannot be reached or has rejected it. */
export type ObserverEnd = 'cancelled' | 'replaced' | 'ended' | CoapError;

/** What a handler gives with its response to let the peer observe (RFC 7641 4.1). */
export interface ObserverEvents {
  /** The response has gone out; from now on the observer can be notified. */
  opened(observer: Observer): void;
  closed?(observer: Observer, reason: ObserverEnd): void;
}

const sequenceNumbers = 2 ** 24;

/** A peer that observes something here (RFC 7641 4). */
export class Observer {
  /** The request that it registered with. */
  readonly request: CoapMessage;
  private readonly host: Observers;
  private readonly events: ObserverEvents;
  private readonly asked: Uint8Array;
  private readonly block: Block | undefined;
  private readonly queue: NotificationQueue;
  private sequence: number;
  private confirmedAtMs: number;
  private over = false;

  constructor(host: Observers, events: ObserverEvents, registration: Registration, sequence: number) {
    this.host = host;
    this.events = events;
    this.request = registration.message;
    this.asked = registration.asked;
    this.block = registration.block;
    this.sequence = sequence;
    this.confirmedAtMs = host.layer.context.clock.now();
    this.queue = new NotificationQueue(host.layer, (error) => this.end(error));
  }

  get active(): boolean {
    return !this.over;
  }

  /** The number of the last notification (RFC 7641 4.4). */
  get lastSequence(): number {
    return this.sequence;
  }

  /**
   * Sends the state. One that is newer takes the place of one that was not acknowledged yet. A response that is no
   * success is the last one (RFC 7641 4.2).
   * @param confirmable false unless given, but at least once a day (RFC 7641 4.5)
   * @returns what became of it; never rejects
   */
  async notify(draft: ResponseDraft, { confirmable = false } = {}): Promise<NotificationOutcome> {
    if (this.over) return 'failed';
    const last = !isSuccess(draft.code);
    const { representations, layer } = this.host;
    const { clock, settings } = layer.context;
    const overdue = clock.now() - this.confirmedAtMs >= settings.confirmNotificationAfterMs;
    const confirm = confirmable || last || overdue;
    if (confirm) this.confirmedAtMs = clock.now();
    const options = last ? [] : [this.nextOption()];
    const built = representations.respond(this.request, this.asked, draft, this.block, options);
    const content = { ...(built instanceof Promise ? await built : built), token: this.request.token };
    if (this.over) return 'failed';
    const outcome = confirm ? this.queue.confirm(content) : this.queue.sendOnce(content);
    if (last) this.over = true;
    const settled = await outcome;
    if (last) this.end('ended');
    return settled;
  }

  /** Observe with the next number, as the response to the registration has it as well. */
  nextOption(): ReturnType<typeof uintOption> {
    this.sequence = (this.sequence + 1) % sequenceNumbers;
    return uintOption(optionNumbers.observe, this.sequence);
  }

  /** The registration was answered. */
  open(): void {
    this.events.opened(this);
  }

  /** True when the peer has rejected a notification of this observer. */
  rejected(messageId: number): boolean {
    if (!this.queue.sent(messageId)) return false;
    this.end(new CoapError('coap.reset', `${this.host.layer.peer} rejected a notification`));
    return true;
  }

  end(reason: ObserverEnd): void {
    if (!this.host.remove(this)) return;
    this.over = true;
    this.queue.clear();
    this.events.closed?.(this, reason);
  }
}

/** A request that asks to observe. */
export interface Registration {
  readonly message: CoapMessage;
  /** Its whole payload. */
  readonly asked: Uint8Array;
  /** The size of blocks that it asks for. */
  readonly block: Block | undefined;
}

/** Who of the peer's side observes what, by token (RFC 7641 4.1). */
export class Observers {
  readonly layer: MessageLayer;
  readonly representations: Representations;
  private readonly observers = new Map<string, Observer>();

  constructor(layer: MessageLayer, representations: Representations) {
    this.layer = layer;
    this.representations = representations;
  }

  /** A new observer, in place of the one with the same token; undefined when there are too many. */
  add(registration: Registration, events: ObserverEvents): Observer | undefined {
    const key = tokenKey(registration.message.token);
    const known = this.observers.get(key);
    known?.end('replaced');
    if (this.observers.size >= this.layer.context.settings.maxObservers) return undefined;
    const observer = new Observer(this, events, registration, known?.lastSequence ?? 0);
    this.observers.set(key, observer);
    return observer;
  }

  /** The peer asks for no more notifications with this token. */
  cancel(token: Uint8Array): void {
    this.observers.get(tokenKey(token))?.end('cancelled');
  }

  /** False when it was not there any more. */
  remove(observer: Observer): boolean {
    const key = tokenKey(observer.request.token);
    return this.observers.get(key) === observer && this.observers.delete(key);
  }

  rejected(messageId: number): boolean {
    for (const observer of this.observers.values()) if (observer.rejected(messageId)) return true;
    return false;
  }

  closed(error: CoapError): void {
    for (const observer of [...this.observers.values()]) observer.end(error);
  }
}
