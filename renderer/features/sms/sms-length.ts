import {
  type SegmentedText,
  type SegmentForm,
  segmentOctets,
  segmentText,
} from '../../../core/protocols/smpp/segments.ts';

export interface SmsLength {
  readonly encoding: 'GSM 7-bit' | 'UCS-2' | 'ASCII' | 'Latin 1' | '8-bit';
  /** Short messages that it takes. */
  readonly segments: number;
  /** What still fits into the last of them: septets, characters, units of UCS-2, or bytes. */
  readonly left: number;
}

const names: Readonly<Record<SegmentedText['alphabet'], SmsLength['encoding']>> = {
  GSM7: 'GSM 7-bit',
  GSM7_PACKED: 'GSM 7-bit',
  ASCII: 'ASCII',
  LATIN1: 'Latin 1',
  UCS2: 'UCS-2',
};

/** How handsets write. */
export const handsetForm: SegmentForm = { defaultAlphabet: 'GSM7', longMessages: 'UDH8' };

/** How a text would be sent: as what sends it divides it. */
export function smsLength(text: string, form: SegmentForm = handsetForm): SmsLength {
  const { alphabet, texts, left } = segmentText(text, form);
  return { encoding: names[alphabet], segments: texts.length, left };
}

/** The same of bytes. */
export function bytesLength(count: number, { longMessages }: SegmentForm = handsetForm): SmsLength {
  const { count: segments, room } = segmentOctets(count, longMessages);
  return { encoding: '8-bit', segments, left: segments * room - count };
}
