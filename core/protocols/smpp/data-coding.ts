import { SmppError } from './errors.ts';
import { fromSeptets, packSeptets, toSeptets, unpackSeptets } from './gsm7.ts';

/** How the text of a message is written; `OCTETS` is no text. */
export type Alphabet = 'GSM7' | 'GSM7_PACKED' | 'ASCII' | 'LATIN1' | 'UCS2' | 'OCTETS';
/** What a centre means by data_coding 0, which SMPP leaves to it (5.2.19). */
export type DefaultAlphabet = Extract<Alphabet, 'GSM7' | 'GSM7_PACKED' | 'ASCII' | 'LATIN1'>;

export const dataCoding = { smscDefault: 0x00, ascii: 0x01, octets: 0x04, latin1: 0x03, ucs2: 0x08 } as const;

/**
 * The alphabet of a data_coding (SMPP 3.4, 5.2.19; groups of message waiting and message class by 3GPP 23.038, 4).
 * @returns undefined for one that is reserved, or of an alphabet that is not known here, such as JIS
 */
export function alphabetOf(coding: number, usual: DefaultAlphabet): Alphabet | undefined {
  switch (coding) {
    case dataCoding.smscDefault:
      return usual;
    case dataCoding.ascii:
      return 'ASCII';
    case 0x02:
    case dataCoding.octets:
      return 'OCTETS';
    case dataCoding.latin1:
      return 'LATIN1';
    case dataCoding.ucs2:
      return 'UCS2';
    default:
  }
  const gsm = usual === 'GSM7_PACKED' ? usual : 'GSM7';
  const group = coding >>> 4;
  if (group === 0xf) return (coding & 0b0100) === 0 ? gsm : 'OCTETS';
  if (group === 0xc || group === 0xd) return gsm;
  return group === 0xe ? 'UCS2' : undefined;
}

/**
 * @param headerBytes of the user data header before it, which matters for packed septets
 * @returns undefined where the alphabet lacks a character
 */
export function encodeText(text: string, alphabet: Alphabet, headerBytes = 0): Uint8Array | undefined {
  switch (alphabet) {
    case 'GSM7':
    case 'GSM7_PACKED': {
      const septets = toSeptets(text);
      if (!septets) return undefined;
      return alphabet === 'GSM7' ? Uint8Array.from(septets) : packSeptets(septets, headerBytes);
    }
    case 'ASCII':
      return /^[\0-\x7f]*$/.test(text) ? new Uint8Array(Buffer.from(text, 'latin1')) : undefined;
    case 'LATIN1':
      return /^[\0-\xff]*$/.test(text) ? new Uint8Array(Buffer.from(text, 'latin1')) : undefined;
    case 'UCS2':
      return new Uint8Array(Buffer.from(text, 'utf16le').swap16());
    case 'OCTETS':
      throw new SmppError('smpp.range', 'octets are no text');
  }
}

/**
 * The text of bytes; what stands for no character is shown as one that says so.
 * @returns undefined for octets, and for UCS-2 of an odd number of bytes
 */
export function decodeText(bytes: Uint8Array, alphabet: Alphabet, headerBytes = 0): string | undefined {
  switch (alphabet) {
    case 'GSM7':
      return fromSeptets(bytes);
    case 'GSM7_PACKED':
      return fromSeptets(unpackSeptets(bytes, headerBytes));
    case 'ASCII':
    case 'LATIN1':
      return Buffer.from(bytes).toString('latin1');
    case 'UCS2':
      if (bytes.length % 2 !== 0) return undefined;
      return Buffer.from(bytes)
        .swap16()
        .toString('utf16le')
        .replace(/\p{Surrogate}/gu, '\uFFFD');
    case 'OCTETS':
      return undefined;
  }
}
