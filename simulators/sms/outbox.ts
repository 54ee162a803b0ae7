import type { KeptFrame } from '../mqtt/frame-log.ts';
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
  /** Frames that the network has not answered for, also of messages that have failed or are not shown any more. */
  private readonly frames = new Map<number, KeptFrame>();
  private nextRef = 1;

  /** @param changed is called when a message is in another state than before */
  constructor(changed: (message: ThreadMessage) => void) {
    this.changed = changed;
  }

  /**
   * @param frames one for each part
   * @returns the numbers of its parts
   */
  begin(message: ThreadMessage, frames: readonly KeptFrame[]): readonly number[] {
    this.sent += 1;
    const refs = frames.map((frame) => {
      this.frames.set(this.nextRef, frame);
      return this.nextRef++;
    });
    const sending = { message, refs, unaccepted: frames.length, undelivered: frames.length };
    for (const ref of refs) this.byRef.set(ref, sending);
    return refs;
  }

  /** The network has taken a part. */
  accepted(ref: number): void {
    this.answered(ref, 'acknowledged');
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

  /** A part did not get into the network. */
  refused(ref: number, reason: string): void {
    this.answered(ref, 'failed');
    this.failed(ref, reason);
  }

  /** Who the message is for will not have it. */
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

  private answered(ref: number, state: KeptFrame['state']): void {
    const frame = this.frames.get(ref);
    if (frame) frame.state = state;
    this.frames.delete(ref);
  }

  private move(sending: Sending, state: ThreadMessage['state']): void {
    sending.message.state = state;
    this.changed(sending.message);
  }
}
