import { esmClass } from './esm-class.ts';
import type { Body } from './layouts.ts';
import { type Options, tag, textOption, toText, toUint, uintOption } from './tlv.ts';

/** What became of a message (SMPP 3.4, 5.2.28), with the word of the receipt's text (appendix B). */
const states = [
  ['ENROUTE', 1, 'ENROUTE'],
  ['DELIVERED', 2, 'DELIVRD'],
  ['EXPIRED', 3, 'EXPIRED'],
  ['DELETED', 4, 'DELETED'],
  ['UNDELIVERABLE', 5, 'UNDELIV'],
  ['ACCEPTED', 6, 'ACCEPTD'],
  ['UNKNOWN', 7, 'UNKNOWN'],
  ['REJECTED', 8, 'REJECTD'],
] as const;

export type MessageState = (typeof states)[number][0];

export interface DeliveryReceipt {
  /** As submit_sm_resp gave it. */
  readonly messageId: string;
  readonly state: MessageState;
  /** By the network, at most three characters; `000` where there is no error. */
  readonly error: string;
}

/** What only who writes a receipt says. */
export interface ReceiptDetails {
  readonly submittedMs: number;
  readonly doneMs: number;
  /** The beginning of the message; 20 characters of it are sent. */
  readonly text: string;
}

const underWay: ReadonlySet<MessageState> = new Set(['ENROUTE', 'ACCEPTED']);

/** True when nothing more will become of the message. UNKNOWN is taken for an end, for nothing more comes then. */
export const isFinalState = (state: MessageState): boolean => !underWay.has(state);

/** Number of a state on the wire. */
export const messageStateCode = (state: MessageState): number =>
  states.find(([name]) => name === state)?.[1] ?? 7;

/**
 * Reads a receipt: of its options where they are there, else of its text, whose form centres vary (letter case, spaces,
 * fields that are left out). Undefined when it does not say of which message it is, or what became of it.
 */
export function readReceipt(text: string, options: Options): DeliveryReceipt | undefined {
  const field = (name: string): string | undefined =>
    new RegExp(`(?:^|\\s)${name}:\\s*([^\\s]+)`, 'i').exec(text)?.[1];
  const messageId = textOption(options, tag.receiptedMessageId) ?? field('id');
  const code = uintOption(options, tag.messageState, 1);
  const word = field('stat')?.toUpperCase();
  const state = states.find(([, number, name]) =>
    code === undefined ? name === word : number === code,
  )?.[0];
  if (messageId === undefined || messageId === '' || !state) return undefined;
  return { messageId, state, error: field('err') ?? networkError(options) ?? '000' };
}

/** A receipt as deliver_sm carries it, with text and options alike (SMPP 3.4, 4.6.1 and appendix B). */
export function writeReceipt(
  { messageId, state, error }: DeliveryReceipt,
  { submittedMs, doneMs, text }: ReceiptDetails,
): { readonly body: Pick<Body<'deliver_sm'>, 'esmClass' | 'shortMessage'>; readonly options: Options } {
  const [, code, word] = states.find(([name]) => name === state) ?? states[6];
  const delivered = state === 'DELIVERED' ? '001' : '000';
  const words = [
    ...[`id:${messageId}`, 'sub:001', `dlvrd:${delivered}`],
    ...[`submit date:${receiptDate(submittedMs)}`, `done date:${receiptDate(doneMs)}`],
    ...[`stat:${word}`, `err:${error}`, `text:${text.slice(0, 20).replaceAll(/[^\x20-\x7e]/g, '?')}`],
  ];
  return {
    body: {
      esmClass: esmClass.deliveryReceipt,
      shortMessage: new Uint8Array(Buffer.from(words.join(' '), 'latin1')),
    },
    options: new Map([
      [tag.receiptedMessageId, toText(messageId)],
      [tag.messageState, toUint(code, 1)],
    ]),
  };
}

/** YYMMDDhhmm. */
const receiptDate = (timeMs: number): string =>
  new Date(timeMs).toISOString().replaceAll(/\D/g, '').slice(2, 12);

/** network_error_code: one byte of network type, two of code (SMPP 3.4, 5.3.2.31). */
function networkError(options: Options): string | undefined {
  const value = options.get(tag.networkErrorCode);
  if (value?.length !== 3) return undefined;
  return String((value[1] ?? 0) * 256 + (value[2] ?? 0)).padStart(3, '0');
}
