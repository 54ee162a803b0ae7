import { dataCoding, encodeText } from './data-coding.ts';
import { requireRange } from './errors.ts';
import { esmClass } from './esm-class.ts';
import { maxShortMessageBytes } from './field.ts';
import type { Body } from './layouts.ts';
import { type SegmentForm, segmentOctets, segmentText } from './segments.ts';
import { type Options, tag, toUint } from './tlv.ts';
import { concatenationBytes, writeConcatenation } from './user-data-header.ts';

export interface OutgoingForm extends SegmentForm {
  /** Of long messages; see {@link PartOf.reference}. */
  readonly reference: number;
}

/** What of a submit_sm or deliver_sm comes from its content. */
export interface MessagePart {
  readonly body: Pick<Body<'submit_sm'>, 'esmClass' | 'dataCoding' | 'shortMessage'>;
  readonly options: Options;
}

export const maxParts = 255;

/**
 * The PDUs of a text; which alphabet it goes in, and where it is divided, {@link segmentText} says.
 * @throws SmppError `smpp.range` for more than 255 parts
 */
export function messageOfText(text: string, form: OutgoingForm): MessagePart[] {
  const { alphabet, texts } = segmentText(text, form);
  const coding = alphabet === 'UCS2' ? dataCoding.ucs2 : dataCoding.smscDefault;
  const encode = (characters: string, headerBytes: number): Uint8Array =>
    encodeText(characters, alphabet, headerBytes) ?? new Uint8Array(0);
  if (texts.length === 1) return [plain(coding, encode(text, 0))];
  if (form.longMessages === 'PAYLOAD') return [payload(coding, encode(text, 0))];
  const headerBytes = headerOf(form);
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
  const { count, room } = segmentOctets(octets.length, form.longMessages);
  if (count === 1) return [plain(coding, octets)];
  if (form.longMessages === 'PAYLOAD') return [payload(coding, octets)];
  const contents = Array.from({ length: count }, (_, index) =>
    octets.slice(index * room, (index + 1) * room),
  );
  return parts(coding, contents, form);
}

/** Packed septets begin behind the header; with options there is room for one that the centre makes. */
const headerOf = ({ longMessages }: OutgoingForm): number =>
  concatenationBytes(longMessages === 'UDH8' ? 8 : 16);

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
