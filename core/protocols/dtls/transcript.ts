import { createHash } from 'node:crypto';
import { encodeMessage, type HandshakeMessage } from './handshake-message.ts';
import type { CipherSuite } from './suites.ts';

/** The messages of a handshake, whose hash both sides must agree on (RFC 6347, 4.2.6). */
export class Transcript {
  private messages: Uint8Array[] = [];

  /** Adds a message that came. */
  add(message: HandshakeMessage): void {
    this.messages.push(encodeMessage(message));
  }

  /** Adds a message in its encoded form. */
  addEncoded(message: Uint8Array): void {
    this.messages.push(message);
  }

  /** Begins anew: what came before a HelloVerifyRequest does not count. */
  clear(): void {
    this.messages = [];
  }

  digest(hash: CipherSuite['hash']): Uint8Array {
    const digest = createHash(hash);
    for (const message of this.messages) digest.update(message);
    return digest.digest();
  }
}
