import {
  type Alphabet,
  alphabetOf,
  type DefaultAlphabet,
  decodeText,
} from '../../protocols/smpp/data-coding.ts';

/** One part of a message, as it came. */
export interface ReceivedPart {
  readonly dataCoding: number;
  readonly headerBytes: number;
  readonly content: Uint8Array;
}

/**
 * What goes into `value.payload` (facts 16): text; or hexadecimal digits of what is no text, or is in an alphabet that is not
 * known here.
 * @param parts in their order; the alphabet is that of the first
 * @returns undefined for bytes that cannot be text of their alphabet
 */
export function payloadOf(parts: readonly ReceivedPart[], usual: DefaultAlphabet): string | undefined {
  const alphabet: Alphabet = alphabetOf(parts[0]?.dataCoding ?? 0, usual) ?? 'OCTETS';
  // Packed septets begin anew in each part; of the others a character may be torn between two.
  if (alphabet === 'GSM7_PACKED') {
    return parts.map(({ content, headerBytes }) => decodeText(content, alphabet, headerBytes)).join('');
  }
  const whole = new Uint8Array(Buffer.concat(parts.map(({ content }) => content)));
  return alphabet === 'OCTETS' ? Buffer.from(whole).toString('hex') : decodeText(whole, alphabet);
}
