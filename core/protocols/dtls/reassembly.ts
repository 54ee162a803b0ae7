import { alerts } from './alert.ts';
import { DtlsError } from './errors.ts';
import type { HandshakeMessage, MessageFragment } from './handshake-message.ts';

/** How far ahead of the next message others are kept. A flight has no more messages than this. */
const keptAhead = 8;

interface PartialMessage {
  readonly type: number;
  readonly body: Uint8Array;
  /** One per byte of the body that came. */
  readonly came: Uint8Array;
  missing: number;
}

/** Puts handshake messages together from their parts, in whatever order, and gives them out in theirs. */
export class Reassembly {
  private readonly partial = new Map<number, PartialMessage>();
  private readonly maxMessageBytes: number;
  private nextSequence: number;

  /** @param maxMessageBytes longest message; one that is announced longer ends the handshake */
  constructor(nextSequence: number, maxMessageBytes: number) {
    this.nextSequence = nextSequence;
    this.maxMessageBytes = maxMessageBytes;
  }

  /** Number of the last message that was given out. */
  get lastSequence(): number {
    return this.nextSequence - 1;
  }

  /** @throws DtlsError `dtls.limit` */
  add({ type, length, messageSequence, offset, part }: MessageFragment): void {
    const ahead = messageSequence - this.nextSequence;
    if (ahead < 0 || ahead >= keptAhead) return;
    let message = this.partial.get(messageSequence);
    if (!message) {
      if (length > this.maxMessageBytes) {
        throw new DtlsError(
          'dtls.limit',
          `A handshake message of ${length} bytes is longer than maxHandshakeMessageBytes (${this.maxMessageBytes}).`,
          alerts.illegalParameter,
        );
      }
      message = { type, body: new Uint8Array(length), came: new Uint8Array(length), missing: length };
      this.partial.set(messageSequence, message);
    }
    // A part of another message under the same number is not of the one who sent the first.
    if (message.type !== type || message.body.length !== length) return;
    for (let index = 0; index < part.length; index++) {
      if (message.came[offset + index] === 1) continue;
      message.came[offset + index] = 1;
      message.body[offset + index] = part[index] ?? 0;
      message.missing -= 1;
    }
  }

  /** The next message, if it is whole. */
  next(): HandshakeMessage | undefined {
    const messageSequence = this.nextSequence;
    const message = this.partial.get(messageSequence);
    if (!message || message.missing > 0) return undefined;
    this.partial.delete(messageSequence);
    this.nextSequence += 1;
    return { type: message.type, messageSequence, body: message.body };
  }
}
