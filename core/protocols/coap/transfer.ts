import { type Block, blockAt, blockBytes, blockOffset, blockOption, exponentOf, readBlock } from './block.ts';
import { codes, codeText, isSuccess, methods } from './codes.ts';
import { CoapError } from './errors.ts';
import type { RequestContent } from './exchanges.ts';
import { type CoapMessage, noBytes } from './message.ts';
import { asBuffer, findOption, findUint, optionNumbers, uintOption } from './options.ts';
import { CoapResponse, inMemory, type LargeContent } from './request.ts';
import type { CoapSettings } from './settings.ts';

const { block1, block2, size1, size2, etag } = optionNumbers;

/** Sends one message and resolves with the one that answers it. */
export type Send = (content: RequestContent) => Promise<CoapMessage>;

export type TransferSettings = Pick<CoapSettings, 'blockBytes' | 'maxBodyBytes' | 'maxDownloadRestarts'>;

const broken = (reason: string): CoapError => new CoapError('coap.blockwise', reason);

/**
 * Sends a request, in blocks when its payload is larger than one (RFC 7959 2.5, 3.2).
 * Resolves with the message that answers the last block, or the one that ends the transfer early.
 * @param body the payload, where it is not that of the request; what reading it throws ends the transfer
 */
export async function upload(
  send: Send,
  request: RequestContent,
  settings: TransferSettings,
  body: LargeContent = inMemory(request.payload),
): Promise<CoapMessage> {
  const exponent = exponentOf(settings.blockBytes);
  if (body.length > blockBytes(exponent)) return uploadBlocks(send, request, body, exponent);
  const whole = body.read(0, body.length);
  const answer = await send({ ...request, payload: whole instanceof Uint8Array ? whole : await whole });
  const hint = answer.code === codes.requestEntityTooLarge && blockOf(answer, block1);
  // The peer takes it in smaller blocks only, and names their size (RFC 7959 2.9.3).
  const smaller = hint && blockBytes(hint.sizeExponent) < body.length;
  return smaller ? uploadBlocks(send, request, body, hint.sizeExponent) : answer;
}

async function uploadBlocks(
  send: Send,
  request: RequestContent,
  body: LargeContent,
  exponent: number,
): Promise<CoapMessage> {
  let sizeExponent = exponent;
  let offset = 0;
  for (;;) {
    const end = Math.min(offset + blockBytes(sizeExponent), body.length);
    const block = blockAt(offset, sizeExponent, end < body.length);
    const options = [...request.options, blockOption(block1, block)];
    if (offset === 0) options.push(uintOption(size1, body.length));
    const part = body.read(offset, end - offset);
    const payload = part instanceof Uint8Array ? part : await part;
    const answer = await send({ ...request, options, payload });
    const answered = blockOf(answer, block1);
    if (answer.code === codes.requestEntityTooLarge && offset === 0 && answered) {
      if (answered.sizeExponent >= sizeExponent) return answer;
      sizeExponent = answered.sizeExponent;
      continue;
    }
    if (!block.more || !isSuccess(answer.code)) return answer;
    if (!answered)
      throw broken(`the peer answered block ${block.number} with ${codeText(answer.code)} without Block1`);
    if (answered.number !== block.number) {
      throw broken(`the peer acknowledged block ${answered.number} where ${block.number} was sent`);
    }
    offset = end;
    // From here on in the size that the peer prefers; a larger one is not taken up (RFC 7959 2.3).
    sizeExponent = Math.min(sizeExponent, answered.sizeExponent);
  }
}

/**
 * The whole response that begins with this message: fetches the further blocks, if there are any
 * (RFC 7959 2.4). Those of a request with a long payload are asked for without it (RFC 7959 3.3).
 */
export async function download(
  send: Send,
  request: RequestContent,
  first: CoapMessage,
  settings: TransferSettings,
): Promise<CoapResponse> {
  let start = first;
  for (let restarts = 0; ; restarts++) {
    const outcome = await downloadOnce(send, request, start, settings);
    if (outcome !== 'changed') return outcome;
    if (restarts >= settings.maxDownloadRestarts || !isSafe(request.code)) {
      throw broken(
        `the representation changed while it was fetched, ${restarts + 1} times (maxDownloadRestarts)`,
      );
    }
    start = await send(
      followUp(request, { number: 0, more: false, sizeExponent: exponentOf(settings.blockBytes) }),
    );
  }
}

async function downloadOnce(
  send: Send,
  request: RequestContent,
  first: CoapMessage,
  { maxBodyBytes }: TransferSettings,
): Promise<CoapResponse | 'changed'> {
  let block = blockOf(first, block2);
  if (!block || (!block.more && block.number === 0)) return new CoapResponse(first, first.payload);
  const announced = findUint(first.options, size2);
  if (announced !== undefined) checkSize(announced, maxBodyBytes);
  const parts: Uint8Array[] = [];
  const tag = tagOf(first);
  let length = 0;
  for (let message = first; ; ) {
    if (blockOffset(block) !== length) {
      throw broken(`the peer sent the block at byte ${blockOffset(block)} where that at ${length} was due`);
    }
    if (block.more && message.payload.length !== blockBytes(block.sizeExponent)) {
      throw broken(`a block of ${blockBytes(block.sizeExponent)} bytes came with ${message.payload.length}`);
    }
    parts.push(message.payload);
    length += message.payload.length;
    checkSize(length, maxBodyBytes);
    if (!block.more) return new CoapResponse(first, asBuffer(Buffer.concat(parts)));
    message = await send(followUp(request, blockAt(length, block.sizeExponent, false)));
    if (!isSuccess(message.code)) return new CoapResponse(message, message.payload);
    if (tagOf(message) !== tag) return 'changed';
    const next = blockOf(message, block2);
    if (!next) throw broken(`the peer answered a request for the block at byte ${length} without Block2`);
    block = next;
  }
}

function followUp(request: RequestContent, block: Block): RequestContent {
  const options = request.options.filter(({ number }) => number !== block2);
  options.push(blockOption(block2, block));
  // FETCH is told apart by its payload as well (RFC 8132 2.1), as long as it goes into one message.
  const inOneMessage = request.payload.length <= blockBytes(block.sizeExponent);
  const payload = request.code === methods.FETCH && inOneMessage ? request.payload : noBytes;
  return { code: request.code, options, payload };
}

function blockOf(message: CoapMessage, number: number): Block | undefined {
  const value = findOption(message.options, number);
  if (!value) return undefined;
  const block = readBlock(value);
  if (!block) throw broken('the peer named the reserved block size 7');
  return block;
}

function tagOf(message: CoapMessage): string {
  const value = findOption(message.options, etag);
  return value ? asBuffer(value).toString('hex') : '';
}

function checkSize(length: number, maxBodyBytes: number): void {
  if (length <= maxBodyBytes) return;
  throw new CoapError(
    'coap.tooLarge',
    `the response has ${length} bytes or more, above maxBodyBytes, ${maxBodyBytes}`,
  );
}

/** RFC 7252 5.1, RFC 8132 2: asking again does nothing. */
export const isSafe = (method: number): boolean => method === methods.GET || method === methods.FETCH;
