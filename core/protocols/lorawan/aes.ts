import { createCipheriv, createDecipheriv, timingSafeEqual } from 'node:crypto';

const blockBytes = 16;
const zeroBlock = new Uint8Array(blockBytes);

/** Bytes of a message integrity code (LoRaWAN 1.0.3, 4.4). */
export const micBytes = 4;

/** AES-128 over whole blocks, each for itself. ECB and CBC are all that is asked of the cryptography here: Electron has both. */
export function encryptBlocks(key: Uint8Array, blocks: Uint8Array): Uint8Array {
  const cipher = createCipheriv('aes-128-ecb', key, null);
  cipher.setAutoPadding(false);
  return cipher.update(blocks);
}

export function decryptBlocks(key: Uint8Array, blocks: Uint8Array): Uint8Array {
  const decipher = createDecipheriv('aes-128-ecb', key, null);
  decipher.setAutoPadding(false);
  return decipher.update(blocks);
}

/** AES-CMAC (RFC 4493, 2.4): 16 bytes. */
export function cmac(key: Uint8Array, message: Uint8Array): Uint8Array {
  const blocks = Math.max(1, Math.ceil(message.length / blockBytes));
  const isWhole = message.length === blocks * blockBytes;
  const input = new Uint8Array(blocks * blockBytes);
  input.set(message);
  if (!isWhole) input[message.length] = 0x80;
  const first = doubled(encryptBlocks(key, zeroBlock));
  const subkey = isWhole ? first : doubled(first);
  const last = input.length - blockBytes;
  for (let index = 0; index < blockBytes; index++) {
    input[last + index] = (input[last + index] ?? 0) ^ (subkey[index] ?? 0);
  }
  const cipher = createCipheriv('aes-128-cbc', key, zeroBlock);
  cipher.setAutoPadding(false);
  return cipher.update(input).subarray(last);
}

/** A block doubled in GF(2^128) (RFC 4493, 2.3). */
function doubled(block: Uint8Array): Uint8Array {
  const result = new Uint8Array(blockBytes);
  for (let index = 0; index < blockBytes; index++) {
    result[index] = ((block[index] ?? 0) << 1) | ((block[index + 1] ?? 0) >>> 7);
  }
  if ((block[0] ?? 0) & 0b1000_0000) result[blockBytes - 1] = (result[blockBytes - 1] ?? 0) ^ 0x87;
  return result;
}

/** Whether a MIC is the one that it should be, in a time that does not tell how much of it is right. */
export function sameMic(given: Uint8Array, right: Uint8Array): boolean {
  return given.length === micBytes && timingSafeEqual(given, right);
}
