import { type Alphabet, type DefaultAlphabet, dataCoding, encodeText } from './data-coding.ts';
import { requireRange } from './errors.ts';
import { esmClass } from './esm-class.ts';
import { maxShortMessageBytes } from './field.ts';
import { septetRoom, septetsOf } from './gsm7.ts';
import type { Body } from './layouts.ts';
import { type Options, tag, toUint } from './tlv.ts';
import { concatenationBytes, writeConcatenation } from './user-data-header.ts';

/** How a message that is too long for one goes: parts with a header, parts with sar_* options, or message_payload. */
export const longMessageForms = ['UDH8', 'UDH16', 'SAR', 'PAYLOAD'] as const;
export type LongMessageForm = (typeof longMessageForms)[number];

export interface OutgoingForm {
  readonly longMessages: LongMessageForm;
  /** What the other side takes data_coding 0 for. */
  readonly defaultAlphabet: DefaultAlphabet;
  /** Of long messages; see {@link PartOf.reference}. */
  readonly reference: number;
}

/** What of a submit_sm or deliver_sm comes from its content. */
export interface MessagePart {
  readonly body: Pick<Body<'submit_sm'>, 'esmClass' | 'dataCoding' | 'shortMessage'>;
  readonly options: Options;
}

/** User data of one short message on the air (3GPP 23.040, 9.2.3.24). */
const airBytes = 140;
export const maxParts = 255;

/**
 * The PDUs of a text: in the default alphabet where that has all its characters, else in UCS-2. No character, and no
 * pair that makes one, is torn apart.
 * @throws SmppError `smpp.range` for more than 255 parts
 */
export function messageOfText(text: string, form: OutgoingForm): MessagePart[] {
  const { defaultAlphabet } = form;
  const usual = encodeText(text, defaultAlphabet) !== undefined;
  const alphabet: Alphabet = usual ? defaultAlphabet : 'UCS2';
  const coding = usual ? dataCoding.smscDefault : dataCoding.ucs2;
  const encode = (characters: string, headerBytes: number): Uint8Array =>
    encodeText(characters, alphabet, headerBytes) ?? new Uint8Array(0);
  const costs = [...text].map((character) => [character, costOf(character, alphabet)] as const);
  const room = (headerBytes: number): number => roomFor(alphabet, headerBytes);
  const whole = costs.reduce((sum, [, cost]) => sum + cost, 0);
  if (whole <= room(0)) return [plain(coding, encode(text, 0))];
  if (form.longMessages === 'PAYLOAD') return [payload(coding, encode(text, 0))];
  const headerBytes = headerOf(form);
  const texts: string[] = [];
  let current = '';
  let used = 0;
  for (const [character, cost] of costs) {
    if (used + cost > room(headerBytes)) {
      texts.push(current);
      current = '';
      used = 0;
    }
    current += character;
    used += cost;
  }
  texts.push(current);
  return parts(
    coding,
    texts.map((characters) => encode(characters, headerBytes)),
    form,
  );
}

/**
 * The PDUs of bytes that are no text (8-bit data).
 * @throws SmppError `smpp.range` for more than 255 parts
 */
export function messageOfOctets(octets: Uint8Array, form: OutgoingForm): MessagePart[] {
  const coding = dataCoding.octets;
  if (octets.length <= airBytes) return [plain(coding, octets)];
  if (form.longMessages === 'PAYLOAD') return [payload(coding, octets)];
  const room = airBytes - headerOf(form);
  const contents: Uint8Array[] = [];
  for (let at = 0; at < octets.length; at += room) contents.push(octets.slice(at, at + room));
  return parts(coding, contents, form);
}

/** Options say it as well as a header does, and on the air there is a header all the same: the centre makes it. */
const headerOf = ({ longMessages }: OutgoingForm): number =>
  concatenationBytes(longMessages === 'UDH8' ? 8 : 16);

function roomFor(alphabet: Alphabet, headerBytes: number): number {
  const isSeptets = alphabet === 'GSM7' || alphabet === 'GSM7_PACKED' || alphabet === 'ASCII';
  return isSeptets ? septetRoom(airBytes, headerBytes) : airBytes - headerBytes;
}

function costOf(character: string, alphabet: Alphabet): number {
  if (alphabet === 'UCS2') return character.length * 2;
  if (alphabet === 'LATIN1') return 1;
  return septetsOf(character)?.length ?? 1;
}

function plain(coding: number, shortMessage: Uint8Array): MessagePart {
  return { body: { esmClass: 0, dataCoding: coding, shortMessage }, options: new Map() };
}

function payload(coding: number, content: Uint8Array): MessagePart {
  const options = new Map([[tag.messagePayload, content]]);
  return { body: { esmClass: 0, dataCoding: coding, shortMessage: new Uint8Array(0) }, options };
}

function parts(coding: number, contents: readonly Uint8Array[], form: OutgoingForm): MessagePart[] {
  const total = contents.length;
  requireRange('number of parts', total, 1, maxParts);
  return contents.map((content, index) => {
    const reference = form.reference & (form.longMessages === 'UDH8' ? 0xff : 0xffff);
    const part = { reference, total, number: index + 1 };
    if (form.longMessages === 'SAR') {
      const options = new Map([
        [tag.sarMsgRefNum, toUint(reference, 2)],
        [tag.sarTotalSegments, toUint(total, 1)],
        [tag.sarSegmentSeqnum, toUint(part.number, 1)],
      ]);
      return { body: { esmClass: 0, dataCoding: coding, shortMessage: content }, options };
    }
    const header = writeConcatenation(part, form.longMessages === 'UDH8' ? 8 : 16);
    const shortMessage = new Uint8Array(Buffer.concat([header, content]));
    requireRange('length of a part', shortMessage.length, 1, maxShortMessageBytes);
    return {
      body: { esmClass: esmClass.userDataHeader, dataCoding: coding, shortMessage },
      options: new Map(),
    };
  });
}
