import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto';
import type { Aead } from './aead.ts';

/** AES-GCM with a tag of 16 bytes (RFC 5116, 5.1 and 5.2). */
export class Gcm implements Aead {
  readonly tagBytes = 16;
  private readonly algorithm: 'aes-128-gcm' | 'aes-256-gcm';
  private readonly key: KeyObject;

  constructor(key: Uint8Array) {
    this.algorithm = key.length === 16 ? 'aes-128-gcm' : 'aes-256-gcm';
    this.key = createSecretKey(key);
  }

  seal(
    nonce: Uint8Array,
    additional: Uint8Array,
    plaintext: Uint8Array,
    target: Uint8Array,
    offset: number,
  ): void {
    const cipher = createCipheriv(this.algorithm, this.key, nonce);
    cipher.setAAD(additional);
    target.set(cipher.update(plaintext), offset);
    cipher.final();
    target.set(cipher.getAuthTag(), offset + plaintext.length);
  }

  open(nonce: Uint8Array, additional: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
    const length = sealed.length - this.tagBytes;
    if (length < 0) return undefined;
    const decipher = createDecipheriv(this.algorithm, this.key, nonce, { authTagLength: this.tagBytes });
    decipher.setAAD(additional);
    decipher.setAuthTag(sealed.subarray(length));
    const plaintext = decipher.update(sealed.subarray(0, length));
    try {
      decipher.final();
    } catch {
      return undefined;
    }
    return plaintext;
  }
}
