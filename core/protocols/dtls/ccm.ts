import { createCipheriv, timingSafeEqual } from 'node:crypto';
import type { Aead } from './aead.ts';

type Cipher = ReturnType<typeof createCipheriv>;

const blockBytes = 16;
const noIv = new Uint8Array(blockBytes);
/** Long enough for a record of any length; work is done within one call, so all may share it. */
const macInput = new Uint8Array(32_768);
const counterBlocks = new Uint8Array(32_768);

const roundUp = (length: number): number => (length + blockBytes - 1) & -blockBytes;

/**
 * AES-CCM (RFC 3610) with nonces of 12 or 13 bytes, made of AES in CBC and in ECB mode, because the BoringSSL of Electron has
 * no CCM. Its CBC-MAC is the last block of a CBC encryption, its key stream the encryption of counter blocks.
 *
 * Both ciphers are made once for a key and not for each record, which costs more than the encryption. A CBC cipher that
 * goes on has its last output where the next message wants zeros, so that output is added to the first block once
 * more, and is gone.
 */
export class Ccm implements Aead {
  readonly tagBytes: number;
  private readonly cbc: Cipher;
  private readonly ecb: Cipher;
  /** The last output of the CBC cipher. */
  private readonly chain = new Uint8Array(blockBytes);

  /** @param key 16 or 32 bytes; `tagBytes` even, 4 to 16 */
  constructor(key: Uint8Array, tagBytes: number) {
    const bits = key.length * 8;
    this.tagBytes = tagBytes;
    this.cbc = createCipheriv(`aes-${bits}-cbc`, key, noIv);
    this.ecb = createCipheriv(`aes-${bits}-ecb`, key, null);
  }

  seal(
    nonce: Uint8Array,
    additional: Uint8Array,
    plaintext: Uint8Array,
    target: Uint8Array,
    offset: number,
  ): void {
    const mac = this.mac(nonce, additional, plaintext);
    const stream = this.keyStream(nonce, plaintext.length);
    for (let index = 0; index < plaintext.length; index++) {
      target[offset + index] = (plaintext[index] ?? 0) ^ (stream[blockBytes + index] ?? 0);
    }
    const end = offset + plaintext.length;
    for (let index = 0; index < this.tagBytes; index++) {
      target[end + index] = (mac[index] ?? 0) ^ (stream[index] ?? 0);
    }
  }

  open(nonce: Uint8Array, additional: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
    const length = sealed.length - this.tagBytes;
    if (length < 0) return undefined;
    const stream = this.keyStream(nonce, length);
    const plaintext = new Uint8Array(length);
    for (let index = 0; index < length; index++) {
      plaintext[index] = (sealed[index] ?? 0) ^ (stream[blockBytes + index] ?? 0);
    }
    const mac = this.mac(nonce, additional, plaintext);
    for (let index = 0; index < this.tagBytes; index++) mac[index] = (mac[index] ?? 0) ^ (stream[index] ?? 0);
    return timingSafeEqual(mac.subarray(0, this.tagBytes), sealed.subarray(length)) ? plaintext : undefined;
  }

  /** The authentication field before it is encrypted (RFC 3610, 2.2): 16 bytes. */
  private mac(nonce: Uint8Array, additional: Uint8Array, plaintext: Uint8Array): Uint8Array {
    const additionalEnd = additional.length === 0 ? blockBytes : roundUp(blockBytes + 2 + additional.length);
    const end = additionalEnd + roundUp(plaintext.length);
    const input = macInput.length < end ? new Uint8Array(end) : macInput.fill(0, 0, end);
    const hasAdditional = additional.length > 0 ? 0b0100_0000 : 0;
    input[0] = hasAdditional | (((this.tagBytes - 2) / 2) << 3) | lengthFlag(nonce);
    input[13] = plaintext.length >>> 16;
    input.set(nonce, 1);
    input[14] = plaintext.length >>> 8;
    input[15] = plaintext.length;
    if (additional.length > 0) {
      input[16] = additional.length >>> 8;
      input[17] = additional.length;
      input.set(additional, 18);
    }
    input.set(plaintext, additionalEnd);
    for (let index = 0; index < blockBytes; index++) {
      input[index] = (input[index] ?? 0) ^ (this.chain[index] ?? 0);
    }
    const output = this.cbc.update(input.subarray(0, end));
    const mac = output.subarray(end - blockBytes);
    this.chain.set(mac);
    return mac;
  }

  /** Encrypted counter blocks (RFC 3610, 2.3): the first for the tag, those behind it for `length` bytes. */
  private keyStream(nonce: Uint8Array, length: number): Uint8Array {
    const end = blockBytes + roundUp(length);
    const blocks = counterBlocks.length < end ? new Uint8Array(end) : counterBlocks;
    for (let offset = 0, counter = 0; offset < end; offset += blockBytes, counter++) {
      blocks[offset] = lengthFlag(nonce);
      blocks[offset + 13] = counter >>> 16;
      blocks.set(nonce, offset + 1);
      blocks[offset + 14] = counter >>> 8;
      blocks[offset + 15] = counter;
    }
    return this.ecb.update(blocks.subarray(0, end));
  }
}

/** L - 1 of RFC 3610, 2.2: what the nonce leaves of a block is for lengths and counters. */
function lengthFlag(nonce: Uint8Array): number {
  return blockBytes - 2 - nonce.length;
}
