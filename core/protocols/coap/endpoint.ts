import { blockOption, exponentOf } from './block.ts';
import type { CoapContext } from './context.ts';
import type { CoapError } from './errors.ts';
import { Exchanges, type RequestContent } from './exchanges.ts';
import type { DatagramLink } from './link.ts';
import { type CoapMessage, type MessageContent, noBytes, noOptions } from './message.ts';
import { type Incoming, MessageLayer, type UpperLayer } from './message-layer.ts';
import { Observation, type ObservationListener } from './observation.ts';
import { optionNumbers } from './options.ts';
import {
  type CoapResponse,
  inMemory,
  type LargeContent,
  type RequestDraft,
  requestOptions,
} from './request.ts';
import { type RequestHandler, RequestServer } from './request-server.ts';
import { download, type Send, type TransferSettings, upload } from './transfer.ts';

export interface RequestControl {
  /** Gives up when it is aborted: nothing is sent again, and a late response is rejected. */
  readonly signal?: AbortSignal | undefined;
  /** `responseTimeoutMs` of the settings unless given; for each block of a transfer. */
  readonly responseTimeoutMs?: number | undefined;
}

/** The two roles of an endpoint, which share its messages. */
class Roles implements UpperLayer {
  readonly layer: MessageLayer;
  readonly exchanges: Exchanges;
  readonly server: RequestServer;
  private readonly unexpected: (() => void) | undefined;

  constructor(
    link: DatagramLink,
    context: CoapContext,
    handler: RequestHandler | undefined,
    unexpected: (() => void) | undefined,
  ) {
    this.unexpected = unexpected;
    this.layer = new MessageLayer(link, context, this);
    this.exchanges = new Exchanges(this.layer);
    this.server = new RequestServer(this.layer, handler);
  }

  request(incoming: Incoming): void {
    this.server.request(incoming);
  }

  response({ message, bytes }: Incoming): boolean | Promise<void> {
    const taken = this.exchanges.response(message, bytes);
    if (taken === false) this.unexpected?.();
    return taken;
  }

  late(message: CoapMessage): void {
    this.exchanges.late(message);
  }

  rejected(messageId: number): void {
    if (!this.exchanges.rejected(messageId)) this.server.rejected(messageId);
  }

  refused(error: CoapError): void {
    this.exchanges.refused(error);
  }

  closed(error: CoapError): void {
    this.exchanges.closed(error);
    this.server.closed(error);
  }
}

/**
 * CoAP with one peer over one link, as client and as server (RFC 7252, 7641, 7959, 8132).
 * Its state hangs on the link: requests, observations and transfers go on when the peer's address changes under it.
 */
export class CoapEndpoint {
  private readonly roles: Roles;

  /**
   * @param handler of the peer's requests; without it they are answered 4.04.
   * @param unexpected is told when a response is rejected because nobody waits for it, as a notification of what was
   *   observed over an earlier link
   */
  constructor(link: DatagramLink, context: CoapContext, handler?: RequestHandler, unexpected?: () => void) {
    this.roles = new Roles(link, context, handler, unexpected);
  }

  /** Takes what comes in on the link from now on. */
  start(): void {
    this.roles.layer.start();
  }

  /** Fails what is on its way and forgets the peer. The link stays open. */
  stop(reason = 'the endpoint was stopped'): void {
    this.roles.layer.closed(reason);
  }

  /**
   * Sends a request and resolves with its response, whatever the code; both as large as they may be.
   * Rejects with a CoapError.
   */
  async request(draft: RequestDraft, control: RequestControl = {}): Promise<CoapResponse> {
    const { content, settings, body } = this.prepare(draft);
    const options = { confirmable: draft.confirmable ?? true, ...control };
    const { exchanges } = this.roles;
    const token = exchanges.newToken();
    const send: Send = (message) => exchanges.send(message, options, token);
    return download(send, content, await upload(send, content, settings, body), settings);
  }

  /**
   * Observes a resource with GET, or with FETCH and a payload. Resolves with the current state, and with the
   * observation: it is not active when the peer answered without observing. Rejects with a CoapError.
   * @param control its signal ends the registration, not the observation
   */
  async observe(
    draft: RequestDraft,
    listener: ObservationListener,
    control: RequestControl = {},
  ): Promise<{ readonly observation: Observation; readonly response: CoapResponse }> {
    const { content, settings } = this.prepare(draft);
    const { signal, ...others } = control;
    const options = { confirmable: draft.confirmable ?? true, ...others };
    const observation = new Observation(this.roles.exchanges, content, settings, options, listener);
    return { response: await observation.register(signal), observation };
  }

  /** Resolves when the peer has shown that it is there (RFC 7252 4.3). Rejects with a CoapError. */
  ping(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.roles.layer.confirm(nothing, {
        acknowledged: () => resolve(),
        failed: (error) => (error.code === 'coap.reset' ? resolve() : reject(error)),
      });
    });
  }

  private prepare(draft: RequestDraft): {
    content: RequestContent;
    settings: TransferSettings;
    body: LargeContent;
  } {
    const { settings } = this.roles.layer.context;
    const blockBytes = draft.blockBytes ?? settings.blockBytes;
    const options = requestOptions(draft);
    // Says the size before the first block comes (RFC 7959 2.4, early negotiation).
    const { payload = noBytes } = draft;
    const isLarge = !(payload instanceof Uint8Array);
    // Of a large upload the answer is short, and the option in each of its blocks would be for nothing.
    if (blockBytes < largestBlockBytes && !isLarge) {
      options.push(
        blockOption(optionNumbers.block2, { number: 0, more: false, sizeExponent: exponentOf(blockBytes) }),
      );
    }
    return {
      content: { code: draft.method, options, payload: isLarge ? noBytes : payload },
      settings: { ...settings, blockBytes },
      body: isLarge ? payload : inMemory(payload),
    };
  }
}

const largestBlockBytes = 1024;
const nothing: MessageContent = { code: 0, token: noBytes, options: noOptions, payload: noBytes };
