import { type Block, readBlock } from '../protocols/coap/block.ts';
import { codes, codeText, methods } from '../protocols/coap/codes.ts';
import { type CoapMessage, noBytes } from '../protocols/coap/message.ts';
import { findOption, optionNumbers } from '../protocols/coap/options.ts';
import type { RequestHandler } from '../protocols/coap/request-server.ts';
import type { CoapPair } from './coap-kit.ts';

const { block1, block2 } = optionNumbers;

/** Bytes of which each place is another. */
export const body = (length: number, salt = 0): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => (index * 7 + (index >> 8) + salt) & 0xff);
export const same = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0;

/** `2:1/1/64`, as RFC 7959 3 writes the options of a message. */
export function blocksOf({ options }: CoapMessage): string {
  return [
    [1, findOption(options, block1)],
    [2, findOption(options, block2)],
  ]
    .flatMap(([number, value]) => {
      if (!(value instanceof Uint8Array)) return [];
      const block = readBlock(value) as Block;
      return `${number}:${block.number}/${block.more ? 1 : 0}/${2 ** (block.sizeExponent + 4)}`;
    })
    .join(' ');
}

/** Codes and blocks of all messages, as the server's side saw them. */
export const flow = (pair: CoapPair): string[] =>
  pair.log.map(({ direction, message }) => {
    const { code } = message as CoapMessage;
    return `${direction} ${codeText(code)} ${blocksOf(message as CoapMessage)}`.trim();
  });

/** Keeps what is put, and gives it back. */
export function store(): { handler: RequestHandler; puts: Uint8Array[]; content: { bytes: Uint8Array } } {
  const puts: Uint8Array[] = [];
  const content = { bytes: noBytes };
  const handler: RequestHandler = (request) => {
    if (request.method === methods.GET) return { code: codes.content, payload: content.bytes };
    puts.push(request.payload);
    content.bytes = request.payload;
    return { code: codes.changed };
  };
  return { handler, puts, content };
}
