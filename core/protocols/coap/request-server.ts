import { type Block, blockOption, exponentOf, readBlock } from './block.ts';
import { codes, codeText, isKnownMethod, isSuccess } from './codes.ts';
import { diagnosis } from './diagnosis.ts';
import type { CoapError } from './errors.ts';
import { type CoapMessage, type CoapOption, messageTypes } from './message.ts';
import type { Incoming, MessageLayer } from './message-layer.ts';
import { type Observer, type ObserverEvents, Observers } from './observers.ts';
import { withoutUnfit } from './option-check.ts';
import { findOption, optionNumbers, optionText } from './options.ts';
import { Reply, type ReplyContent } from './reply.ts';
import { Representations } from './representations.ts';
import { CoapRequest, type ResponseDraft } from './request.ts';
import { RequestBodies } from './request-bodies.ts';
import { isSafe } from './transfer.ts';

const { block1, block2, proxyUri, proxyScheme } = optionNumbers;

/** What a handler answers. */
export interface Answer extends ResponseDraft {
  /** Lets the peer observe when it asks for that and the code is a success; without it, it gets the response alone. */
  readonly observed?: ObserverEvents | undefined;
}

/** Carries out a request. What it throws is answered 5.00 and told to `handlerFailed` of the context. */
export type RequestHandler = (request: CoapRequest) => Answer | Promise<Answer>;

/** A request whose blocks have been looked at. */
interface Asked {
  readonly reply: Reply;
  readonly message: CoapMessage;
  /** Its whole payload. */
  readonly payload: Uint8Array;
  readonly uploaded: Block | undefined;
  readonly wanted: Block | undefined;
}

/** Answers the requests of one peer. */
export class RequestServer {
  private readonly layer: MessageLayer;
  private readonly handler: RequestHandler | undefined;
  private readonly sizeExponent: number;
  private readonly bodies: RequestBodies;
  private readonly representations: Representations;
  private readonly observers: Observers;
  /** Requests that are not done with: their handler is busy, or their response waits for its acknowledgement. */
  private readonly pending = new Set<Reply>();

  constructor(layer: MessageLayer, handler: RequestHandler | undefined) {
    const { context } = layer;
    this.layer = layer;
    this.handler = handler;
    this.sizeExponent = exponentOf(context.settings.blockBytes);
    this.bodies = new RequestBodies(context, this.sizeExponent);
    this.representations = new Representations(context, this.sizeExponent);
    this.observers = new Observers(layer, this.representations);
  }

  request(incoming: Incoming): void {
    const reply = new Reply(this.layer, incoming);
    try {
      const refusal = this.refusalOf(incoming);
      if (refusal === 'reject') this.layer.reject(incoming);
      else if (refusal) reply.send(refusal);
      else this.takeBlocks(reply, withoutUnfit(incoming.message));
    } catch (error) {
      this.fail(reply, error);
    }
  }

  /** The peer has rejected a message that was not confirmable. */
  rejected(messageId: number): void {
    this.observers.rejected(messageId);
  }

  closed(error: CoapError): void {
    for (const reply of this.pending) reply.drop();
    this.pending.clear();
    this.observers.closed(error);
    this.bodies.clear();
    this.representations.clear();
  }

  private refusalOf({ message, bytes }: Incoming): ReplyContent | 'reject' | undefined {
    const { requestOptions, settings } = this.layer.context;
    const critical = requestOptions.findCritical(message.options);
    if (critical !== undefined) {
      if (message.type === messageTypes.NON) return 'reject';
      if (critical === proxyUri || critical === proxyScheme) {
        return diagnosis(codes.proxyingNotSupported, 'this is no proxy');
      }
      return diagnosis(codes.badOption, `option ${optionText(critical)} is not understood, not in this form`);
    }
    const tooLarge = this.layer.tooLarge(bytes);
    if (tooLarge) {
      // RFC 7959 2.9.3: it may come in blocks.
      const hint = blockOption(block1, { number: 0, more: false, sizeExponent: this.sizeExponent });
      return { ...diagnosis(codes.requestEntityTooLarge, tooLarge.message), options: [hint] };
    }
    if (!isKnownMethod(message.code)) {
      return diagnosis(codes.methodNotAllowed, `method ${codeText(message.code)} is not known`);
    }
    if (this.pending.size >= settings.maxPendingRequests) {
      const text = `${this.pending.size} requests are being carried out for this peer (maxPendingRequests)`;
      return diagnosis(codes.serviceUnavailable, text);
    }
    return this.handler ? undefined : diagnosis(codes.notFound, 'nothing is served here');
  }

  private takeBlocks(reply: Reply, message: CoapMessage): void {
    const uploaded = readBlockOption(message.options, block1);
    const wanted = readBlockOption(message.options, block2);
    if (uploaded === 'reserved' || wanted === 'reserved') {
      reply.send(diagnosis(codes.badRequest, 'block size 7 is reserved'));
      return;
    }
    if (wanted && wanted.number > 0) {
      const further = this.representations.further(message, wanted);
      if (further) {
        this.send(reply, further);
        return;
      }
      if (!isSafe(message.code)) {
        reply.send(
          diagnosis(codes.requestEntityIncomplete, 'the response to this request is not kept any more'),
        );
        return;
      }
    }
    const body = uploaded ? this.bodies.take(message, uploaded) : message;
    if (body.payload === undefined) reply.send(body.answer);
    else this.run({ reply, message, payload: body.payload, uploaded, wanted });
  }

  private run(asked: Asked): void {
    const request = new CoapRequest(asked.message, asked.payload, this.layer.peer);
    // Who has no handler was refused.
    const draft = (this.handler as RequestHandler)(request);
    if (!(draft instanceof Promise)) {
      this.finish(asked, request, draft);
      return;
    }
    this.pending.add(asked.reply);
    asked.reply.later();
    draft
      .then((done) => {
        if (!this.layer.closeError) this.finish(asked, request, done);
      })
      .catch((error) => this.fail(asked.reply, error));
  }

  private finish(asked: Asked, request: CoapRequest, draft: Answer): void {
    const observer = this.observe(asked, request, draft);
    try {
      const options = observer ? [observer.nextOption()] : [];
      if (asked.uploaded) options.push(this.bodies.answerOption(asked.uploaded));
      const { message, payload, wanted } = asked;
      this.send(
        asked.reply,
        this.representations.respond(message, payload, draft, wanted, options),
        observer,
      );
    } catch (error) {
      observer?.end('ended');
      throw error;
    }
  }

  /** What the response means for observations (RFC 7641 4.1). */
  private observe(asked: Asked, request: CoapRequest, draft: Answer): Observer | undefined {
    const { observe } = request;
    // In a request for a further block it means nothing (RFC 7959 2.6).
    if (observe === undefined || !isSafe(request.method) || (asked.wanted && asked.wanted.number > 0)) {
      return undefined;
    }
    if (observe === 'register' && draft.observed && isSuccess(draft.code)) {
      const registration = { message: asked.message, asked: asked.payload, block: asked.wanted };
      return this.observers.add(registration, draft.observed);
    }
    this.observers.cancel(asked.message.token);
    return undefined;
  }

  private send(reply: Reply, content: ReplyContent | Promise<ReplyContent>, observer?: Observer): void {
    if (!(content instanceof Promise)) {
      this.answer(reply, content);
      observer?.open();
      return;
    }
    this.pending.add(reply);
    reply.later();
    content
      .then((whole) => {
        if (this.layer.closeError) return;
        this.answer(reply, whole);
        observer?.open();
      })
      .catch((error) => {
        observer?.end('ended');
        this.fail(reply, error);
      });
  }

  private answer(reply: Reply, content: ReplyContent): void {
    if (this.pending.has(reply)) reply.send(content, () => this.pending.delete(reply));
    else reply.send(content);
  }

  private fail(reply: Reply, error: unknown): void {
    this.layer.context.handlerFailed(error);
    if (!this.layer.closeError) this.answer(reply, diagnosis(codes.internalServerError, 'internal error'));
  }
}

function readBlockOption(options: readonly CoapOption[], number: number): Block | 'reserved' | undefined {
  const value = findOption(options, number);
  return value && (readBlock(value) ?? 'reserved');
}
