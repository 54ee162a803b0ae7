import { type MessagePart, messageOfText } from '../protocols/smpp/outgoing-message.ts';

const form = { longMessages: 'UDH8', defaultAlphabet: 'GSM7', reference: 1 } as const;

/** The parts of a text, as a centre of a test hands them over. */
export const textMessage = (text: string, reference = 1): MessagePart[] =>
  messageOfText(text, { ...form, reference });

/** One part of a short text. */
export function shortText(text: string): MessagePart {
  const [part] = textMessage(text);
  if (!part) throw new Error('a text has at least one part');
  return part;
}
