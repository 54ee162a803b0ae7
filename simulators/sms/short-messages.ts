import { invalidParameter } from '../../core/contract/invalid-parameter.ts';
import type { SmsMessage } from '../../core/contract/simulated-sms.ts';
import { type Alphabet, alphabetOf, decodeText } from '../../core/protocols/smpp/data-coding.ts';
import { SmppError } from '../../core/protocols/smpp/errors.ts';
import { hasUserDataHeader } from '../../core/protocols/smpp/esm-class.ts';
import { messageOfOctets, messageOfText } from '../../core/protocols/smpp/outgoing-message.ts';
import { type PartOf, readUserDataHeader } from '../../core/protocols/smpp/user-data-header.ts';
import type { AirMessage } from './air.ts';

/** User data of one short message (3GPP 23.040, 9.2.3.24). */
const airBytes = 140;
const septetsOnAir = 160;

const names: Readonly<Record<Alphabet, SmsMessage['encoding']>> = {
  GSM7: 'GSM 7-bit',
  GSM7_PACKED: 'GSM 7-bit',
  ASCII: 'ASCII',
  LATIN1: 'Latin 1',
  UCS2: 'UCS-2',
  OCTETS: '8-bit',
};

/**
 * What a handset hands to the network: one message, or the parts of a long one.
 * @param reference of a long one, the same for its parts
 * @throws PlatformError `api.invalidParameter` for hexadecimal digits that are none, and for what is too long
 */
export function composed(
  { text, form }: { readonly text: string; readonly form: 'text' | 'binary' },
  ways: { readonly from: string; readonly to: string; readonly reference: number },
): AirMessage[] {
  const { from, to, reference } = ways;
  const how = { longMessages: 'UDH8', defaultAlphabet: 'GSM7', reference } as const;
  try {
    const parts =
      form === 'binary' ? messageOfOctets(hexBytes(text, 'body.text'), how) : messageOfText(text, how);
    return parts.map(({ body: { esmClass, dataCoding, shortMessage } }) => {
      const hasHeader = hasUserDataHeader(esmClass);
      return { from, to, dataCoding, hasHeader, data: shortMessage };
    });
  } catch (error) {
    if (error instanceof SmppError) throw invalidParameter(`body.text: ${error.message}`);
    throw error;
  }
}

/** @throws PlatformError `api.invalidParameter` */
export function hexBytes(text: string, where: string): Uint8Array {
  const digits = text.replaceAll(/\s/g, '');
  if (digits.length > 0 && digits.length % 2 === 0 && /^[\da-f]*$/i.test(digits))
    return new Uint8Array(Buffer.from(digits, 'hex'));
  throw invalidParameter(`${where}: binary messages are pairs of hexadecimal digits, such as 01A0FF`);
}

export interface ReadMessage {
  readonly content: Uint8Array;
  readonly alphabet: Alphabet;
  readonly part: PartOf | undefined;
}

/** A message as a handset takes it; what it cannot make sense of is bytes to it. */
export function readMessage({ dataCoding, hasHeader, data }: AirMessage): ReadMessage {
  const alphabet = alphabetOf(dataCoding, 'GSM7') ?? 'OCTETS';
  if (!hasHeader) return { content: data, alphabet, part: undefined };
  try {
    const { content, part } = readUserDataHeader(data);
    return { content, alphabet, part };
  } catch (error) {
    if (error instanceof SmppError) return { content: data, alphabet: 'OCTETS', part: undefined };
    throw error;
  }
}

/** What a handset shows of a content. */
export function shown(
  content: Uint8Array,
  alphabet: Alphabet,
): { readonly text: string; readonly encoding: SmsMessage['encoding'] } {
  const text = decodeText(content, alphabet);
  if (text !== undefined) return { text, encoding: names[alphabet] };
  return { text: Buffer.from(content).toString('hex'), encoding: '8-bit' };
}

/** Short messages that the network makes of one; more than one where an application handed in a long one whole. */
export function segmentsOf({ dataCoding, data }: AirMessage): number {
  const room = alphabetOf(dataCoding, 'GSM7') === 'GSM7' ? septetsOnAir : airBytes;
  // Each part of a long one has a header of six bytes, which are seven septets.
  return data.length <= room ? 1 : Math.ceil(data.length / (room - (room === airBytes ? 6 : 7)));
}
