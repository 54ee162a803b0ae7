import { CoapError } from './errors.ts';
import type { CoapOption } from './message.ts';
import { uintOption } from './options.ts';

/** The value of Block1 or Block2 (RFC 7959 2.2). */
export interface Block {
  /** Number of the block, from 0. */
  readonly number: number;
  /** More blocks follow. */
  readonly more: boolean;
  /** 0 to 6: see {@link blockBytes}. */
  readonly sizeExponent: number;
}

const reservedExponent = 7;
const maxBlockNumber = 0xfffff;

export const blockBytes = (sizeExponent: number): number => 2 ** (sizeExponent + 4);

export const blockOffset = ({ number, sizeExponent }: Block): number => number * blockBytes(sizeExponent);

/** The block that starts at a byte which is on the border of one. */
export function blockAt(offset: number, sizeExponent: number, more: boolean): Block {
  return { number: offset / blockBytes(sizeExponent), more, sizeExponent };
}

/** Undefined for the size exponent 7, which is reserved: such a request is bad (RFC 7959 2.2). */
export function readBlock(value: Uint8Array): Block | undefined {
  let encoded = 0;
  for (const byte of value) encoded = encoded * 256 + byte;
  const sizeExponent = encoded & 0b111;
  if (sizeExponent === reservedExponent) return undefined;
  return { number: encoded >>> 4, more: (encoded & 0b1000) !== 0, sizeExponent };
}

export function blockOption(option: number, { number, more, sizeExponent }: Block): CoapOption {
  if (number > maxBlockNumber) {
    throw new CoapError(
      'coap.tooLarge',
      `block-wise transfer has ${maxBlockNumber + 1} blocks, of ${blockBytes(sizeExponent)} bytes here: no block ${number}`,
    );
  }
  return uintOption(option, number * 16 + (more ? 8 : 0) + sizeExponent);
}

/**
 * The exponent of a block size setting.
 * @throws RangeError when it is no power of two from 16 to 1024
 */
export function exponentOf(bytes: number): number {
  const exponent = Math.log2(bytes) - 4;
  if (Number.isInteger(exponent) && exponent >= 0 && exponent <= 6) return exponent;
  throw new RangeError(`a block has 16, 32, 64, 128, 256, 512 or 1024 bytes, not ${bytes}`);
}
