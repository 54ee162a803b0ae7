import type { Alphabet, DefaultAlphabet } from './data-coding.ts';
import { septetRoom, septetsOf } from './gsm7.ts';
import { concatenationBytes } from './user-data-header.ts';

/** How a message that is too long for one goes: parts with a header, parts with sar_* options, or message_payload. */
export const longMessageForms = ['UDH8', 'UDH16', 'SAR', 'PAYLOAD'] as const;
export type LongMessageForm = (typeof longMessageForms)[number];

export interface SegmentForm {
  readonly longMessages: LongMessageForm;
  /** What the other side takes data_coding 0 for. */
  readonly defaultAlphabet: DefaultAlphabet;
}

/** A text as short messages carry it. */
export interface SegmentedText {
  readonly alphabet: DefaultAlphabet | 'UCS2';
  /** One for each short message, never none. */
  readonly texts: readonly string[];
  /** What the last of them has room for still: septets, characters of ISO 8859-1, or units of UCS-2. */
  readonly left: number;
}

/** User data of one short message on the air (3GPP 23.040, 9.2.3.24). */
const airBytes = 140;

/**
 * Divides a text into short messages, in the default alphabet where that has all its characters, else in UCS-2. No
 * character, and no pair that makes one, is torn apart.
 */
export function segmentText(text: string, { longMessages, defaultAlphabet }: SegmentForm): SegmentedText {
  const characters = [...text];
  const isUsual = characters.every((character) => costOf(character, defaultAlphabet) !== undefined);
  const alphabet = isUsual ? defaultAlphabet : 'UCS2';
  const costs = characters.map((character) => costOf(character, alphabet) ?? 0);
  const whole = costs.reduce((sum, cost) => sum + cost, 0);
  const single = roomFor(alphabet, 0);
  if (whole <= single) return { alphabet, texts: [text], left: single - whole };
  const room = roomFor(alphabet, headerBytesOf(longMessages));
  const texts: string[] = [];
  let current = '';
  let used = 0;
  characters.forEach((character, index) => {
    const cost = costs[index] ?? 0;
    if (used + cost > room) {
      texts.push(current);
      current = '';
      used = 0;
    }
    current += character;
    used += cost;
  });
  return { alphabet, texts: [...texts, current], left: room - used };
}

/** How many bytes of no text go into each short message: as many as fit into all but the last. */
export function segmentOctets(
  length: number,
  longMessages: LongMessageForm,
): { count: number; room: number } {
  if (length <= airBytes) return { count: 1, room: airBytes };
  const room = airBytes - headerBytesOf(longMessages);
  return { count: Math.ceil(length / room), room };
}

/**
 * Options say it as well as a header does, and on the air there is a header all the same: the centre makes it, of the long
 * form. What goes as message_payload the centre divides as it likes; the short form is the usual one.
 */
const headerBytesOf = (form: LongMessageForm): number =>
  concatenationBytes(form === 'UDH8' || form === 'PAYLOAD' ? 8 : 16);

function roomFor(alphabet: SegmentedText['alphabet'], headerBytes: number): number {
  if (alphabet === 'UCS2') return Math.floor((airBytes - headerBytes) / 2);
  return alphabet === 'LATIN1' ? airBytes - headerBytes : septetRoom(airBytes, headerBytes);
}

/** What a character takes of {@link roomFor}; undefined when the alphabet lacks it. */
function costOf(character: string, alphabet: Alphabet): number | undefined {
  const code = character.codePointAt(0) ?? 0;
  switch (alphabet) {
    case 'GSM7':
    case 'GSM7_PACKED':
      return septetsOf(character)?.length;
    // On the air it is in the alphabet of GSM, where some of ASCII take two septets.
    case 'ASCII':
      return code <= 0x7f ? (septetsOf(character)?.length ?? 1) : undefined;
    case 'LATIN1':
      return code <= 0xff ? 1 : undefined;
    default:
      return character.length;
  }
}
