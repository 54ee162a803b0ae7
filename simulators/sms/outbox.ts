import type { ThreadMessage } from './thread.ts';

interface Sending {
  readonly message: ThreadMessage;
  readonly refs: readonly number[];
  unaccepted: number;
  undelivered: number;
}

/** Messages of a handset that are not done with: each part has a number by which the network speaks of it. */
export class Outbox {
  /** Messages that it wrote, and that the network took. */
  sent = 0;
  acknowledged = 0;
  private readonly changed: (message: ThreadMessage) => void;
  private readonly byRef = new Map<number, Sending>();
  private nextRef = 1;

  /** @param changed is called when a message is in another state than before */
  constructor(changed: (message: ThreadMessage) => void) {
    this.changed = changed;
  }

  /** @returns the numbers of its parts */
  begin(message: ThreadMessage, parts: number): readonly number[] {
    this.sent += 1;
    const refs = Array.from({ length: parts }, () => this.nextRef++);
    const sending = { message, refs, unaccepted: parts, undelivered: parts };
    for (const ref of refs) this.byRef.set(ref, sending);
    return refs;
  }

  accepted(ref: number): void {
    const sending = this.byRef.get(ref);
    if (!sending) return;
    sending.unaccepted -= 1;
    if (sending.unaccepted > 0 || sending.message.state !== 'sending') return;
    this.acknowledged += 1;
    this.move(sending, 'sent');
  }

  delivered(ref: number): void {
    const sending = this.byRef.get(ref);
    if (!sending) return;
    sending.undelivered -= 1;
    this.byRef.delete(ref);
    if (sending.undelivered === 0 && sending.message.state === 'sent') this.move(sending, 'delivered');
  }

  failed(ref: number, reason: string): void {
    const sending = this.byRef.get(ref);
    if (!sending) return;
    for (const one of sending.refs) this.byRef.delete(one);
    sending.message.reason = reason;
    this.move(sending, 'failed');
  }

  /** It is not shown any more. */
  forget(message: ThreadMessage): void {
    for (const [ref, sending] of this.byRef) {
      // Numbers go up: what is forgotten is among the first.
      if (sending.message.id > message.id) return;
      if (sending.message === message) this.byRef.delete(ref);
    }
  }

  clear(): void {
    this.byRef.clear();
  }

  private move(sending: Sending, state: ThreadMessage['state']): void {
    sending.message.state = state;
    this.changed(sending.message);
  }
}
