import { type Block, blockBytes, blockOffset, blockOption } from './block.ts';
import { codes } from './codes.ts';
import type { CoapContext } from './context.ts';
import { diagnosis } from './diagnosis.ts';
import { type CoapMessage, type CoapOption, noBytes } from './message.ts';
import { findUint, optionNumbers, uintOption } from './options.ts';
import type { ReplyContent } from './reply.ts';
import { Transfers, transferKey } from './transfers.ts';

const { block1, size1 } = optionNumbers;

interface PartialBody {
  readonly parts: Uint8Array[];
  length: number;
}

/** What a block of a request leads to: the whole body, or an answer to the block alone. */
export type BlockOutcome =
  | { readonly payload: Uint8Array; readonly answer?: undefined }
  | { readonly payload?: undefined; readonly answer: ReplyContent };

/** Puts the bodies of requests together from their blocks; a request is carried out when it is whole (RFC 7959 2.5). */
export class RequestBodies {
  private readonly context: CoapContext;
  private readonly sizeExponent: number;
  private readonly transfers: Transfers<PartialBody>;

  constructor(context: CoapContext, sizeExponent: number) {
    this.context = context;
    this.sizeExponent = sizeExponent;
    this.transfers = new Transfers<PartialBody>(context, 'coap request body', (body) => {
      context.partialBytes -= body.length;
    });
  }

  take(message: CoapMessage, block: Block): BlockOutcome {
    const { payload } = message;
    const bytes = blockBytes(block.sizeExponent);
    if (block.more ? payload.length !== bytes : payload.length > bytes) {
      return answerWith(codes.badRequest, `a block of ${bytes} bytes came with ${payload.length}`);
    }
    // A body of one block needs no memory.
    if (block.number === 0 && !block.more) return { payload };
    const key = transferKey(message);
    if (block.number === 0) this.transfers.drop(key);
    const tooLarge = this.tooLarge(message, blockOffset(block) + payload.length);
    if (tooLarge) {
      this.transfers.drop(key);
      return tooLarge;
    }
    if (this.context.partialBytes + payload.length > this.context.settings.maxPartialBytes) {
      this.transfers.drop(key);
      return answerWith(
        codes.serviceUnavailable,
        'too much is being transferred at the moment (maxPartialBytes)',
      );
    }
    const body = block.number === 0 ? { parts: [], length: 0 } : this.transfers.get(key);
    if (!body || body.length !== blockOffset(block)) {
      this.transfers.drop(key);
      const due = body ? `the block at byte ${body.length} was due` : 'no transfer has begun';
      return answerWith(codes.requestEntityIncomplete, `block ${block.number} came where ${due}`);
    }
    // A copy: the datagram it came in may be larger, and a body may wait long for its rest.
    body.parts.push(Uint8Array.from(payload));
    body.length += payload.length;
    this.context.partialBytes += payload.length;
    if (!block.more) {
      this.transfers.drop(key);
      return { payload: Buffer.concat(body.parts) };
    }
    this.transfers.keep(key, body);
    return { answer: { code: codes.continue, options: [this.answerOption(block)], payload: noBytes } };
  }

  /** Block1 of an answer: which block it is about, and the size in which the next ones are to come. */
  answerOption(block: Block): CoapOption {
    const sizeExponent = Math.min(block.sizeExponent, this.sizeExponent);
    return blockOption(block1, { ...block, sizeExponent });
  }

  clear(): void {
    this.transfers.clear();
  }

  private tooLarge(message: CoapMessage, length: number): BlockOutcome | undefined {
    const { maxBodyBytes } = this.context.settings;
    const announced = findUint(message.options, size1) ?? 0;
    if (Math.max(announced, length) <= maxBodyBytes) return undefined;
    const answer = diagnosis(codes.requestEntityTooLarge, `the body is above maxBodyBytes, ${maxBodyBytes}`);
    return { answer: { ...answer, options: [uintOption(size1, maxBodyBytes)] } };
  }
}

const answerWith = (code: number, text: string): BlockOutcome => ({ answer: diagnosis(code, text) });
