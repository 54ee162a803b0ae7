import { noOptions } from './message.ts';
import type { ReplyContent } from './reply.ts';

/** An answer whose payload says to people what is wrong (RFC 7252 5.5.2). */
export function diagnosis(code: number, text: string): ReplyContent {
  return { code, options: noOptions, payload: Buffer.from(text, 'utf8') };
}
