import { type Block, blockAt, blockBytes, blockOffset, blockOption } from './block.ts';
import { codes, isSuccess } from './codes.ts';
import type { CoapContext } from './context.ts';
import { diagnosis } from './diagnosis.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { CoapMessage, CoapOption } from './message.ts';
import { findOption, optionNumbers, uintOption } from './options.ts';
import type { ReplyContent } from './reply.ts';
import { inMemory, type LargeContent, type ResponseDraft, responseOptions } from './request.ts';
import { Transfers, transferKey } from './transfers.ts';

const { block2, size2, etag } = optionNumbers;

/** A response that goes out in blocks. */
interface Representation {
  readonly code: number;
  readonly options: readonly CoapOption[];
  readonly content: LargeContent;
  /** The payload of the request that it answers. */
  readonly asked: Uint8Array;
  /** The byte that the next block starts with when they are asked for in turn. */
  due: number;
}

type Maybe<Value> = Value | Promise<Value>;

/** Cuts responses into blocks, and keeps them until the last one was asked for (RFC 7959 2.4). */
export class Representations {
  private readonly sizeExponent: number;
  private readonly transfers: Transfers<Representation>;

  constructor(context: CoapContext, sizeExponent: number) {
    this.sizeExponent = sizeExponent;
    this.transfers = new Transfers(context, 'coap response body');
  }

  /**
   * The response to a request, or its first block.
   * @param block that the request asked for, if any
   * @param further options of the response, before those of the block
   */
  respond(
    request: CoapMessage,
    asked: Uint8Array,
    draft: ResponseDraft,
    block: Block | undefined,
    further: readonly CoapOption[],
  ): Maybe<ReplyContent> {
    const options = further.length === 0 ? responseOptions(draft) : [...further, ...responseOptions(draft)];
    const content = draft.payload ?? noContent;
    const sizeExponent = Math.min(block?.sizeExponent ?? this.sizeExponent, this.sizeExponent);
    const whole = content.length <= blockBytes(sizeExponent);
    // An error says so at once, whichever block was asked for.
    if (whole && (block === undefined || block.number === 0 || !isSuccess(draft.code))) {
      if (block && isSuccess(draft.code))
        options.push(blockOption(block2, { number: 0, more: false, sizeExponent }));
      if (content instanceof Uint8Array) return { code: draft.code, options, payload: content };
      return withPayload(content.read(0, content.length), { code: draft.code, options });
    }
    if (content instanceof Uint8Array && !findOption(options, etag)) options.push(tagOf(content));
    const large = content instanceof Uint8Array ? inMemory(content) : content;
    const kept = options.filter(
      ({ number }) => number !== optionNumbers.observe && number !== optionNumbers.block1,
    );
    const representation = { code: draft.code, options: kept, content: large, asked, due: 0 };
    const offset = block ? blockOffset(block) : 0;
    return this.cut(transferKey(request), representation, options, offset, sizeExponent);
  }

  /** A further block of a response that is kept; undefined when there is none. */
  further(request: CoapMessage, block: Block): Maybe<ReplyContent> | undefined {
    const key = transferKey(request);
    const representation = this.transfers.get(key);
    if (!representation) return undefined;
    // With another payload it is another request, which happens to have the same options (RFC 8132 2.1).
    const { asked } = representation;
    if (request.payload.length > 0 && Buffer.compare(request.payload, asked) !== 0) return undefined;
    const sizeExponent = Math.min(block.sizeExponent, this.sizeExponent);
    return this.cut(key, representation, representation.options, blockOffset(block), sizeExponent);
  }

  clear(): void {
    this.transfers.clear();
  }

  /** One block, with these options; the representation is kept as long as there are further ones. */
  private cut(
    key: string,
    representation: Representation,
    options: readonly CoapOption[],
    offset: number,
    sizeExponent: number,
  ): Maybe<ReplyContent> {
    const { code, content } = representation;
    const { length } = content;
    if (offset >= length) {
      return diagnosis(codes.badRequest, `no block at byte ${offset}: the representation has ${length}`);
    }
    const end = Math.min(offset + blockBytes(sizeExponent), length);
    const more = end < length;
    const withBlock = [...options, blockOption(block2, blockAt(offset, sizeExponent, more))];
    if (offset === 0) withBlock.push(uintOption(size2, length));
    // Whoever asks for the last block out of turn has begun with the blocks of an earlier state.
    if (more || offset !== representation.due) this.transfers.keep(key, representation);
    else this.transfers.drop(key);
    representation.due = end;
    return withPayload(content.read(offset, end - offset), { code, options: withBlock });
  }
}

const noContent = new Uint8Array(0);

function withPayload(payload: Maybe<Uint8Array>, rest: Omit<ReplyContent, 'payload'>): Maybe<ReplyContent> {
  if (payload instanceof Uint8Array) return { ...rest, payload };
  return payload.then((bytes) => ({ ...rest, payload: bytes }));
}

/** So that the peer notices when blocks are not of the same representation (RFC 7959 2.4). */
function tagOf(content: Uint8Array): CoapOption {
  const value = Buffer.alloc(4);
  value.writeInt32BE(fingerprintOf(content));
  return { number: etag, value };
}
