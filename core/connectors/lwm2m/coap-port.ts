import type { Clock } from '../../platform/clock.ts';
import type { DatagramSocket, UdpAddress } from '../../platform/datagrams.ts';
import type { Logger } from '../../platform/logger.ts';
import type { RandomSource } from '../../platform/random.ts';
import { codes, methods } from '../../protocols/coap/codes.ts';
import { CoapContext } from '../../protocols/coap/context.ts';
import { CoapEndpoint } from '../../protocols/coap/endpoint.ts';
import type { DatagramLink } from '../../protocols/coap/link.ts';
import type { CoapRequest } from '../../protocols/coap/request.ts';
import type { Answer } from '../../protocols/coap/request-server.ts';
import { UdpPeers } from '../../protocols/coap/udp-peers.ts';
import { diagnosis } from './answers.ts';
import { answerLink, type OpenDownload } from './content-link.ts';
import type { CoapLog } from './log/coap-log.ts';
import { Conversation } from './log/conversation.ts';

export interface CoapPortParts {
  /** The platform's time, as the log shows it. */
  readonly clock: Clock;
  readonly wireClock: Clock;
  readonly random: RandomSource;
  readonly logger: Logger;
  readonly openDownload: OpenDownload;
  readonly log: CoapLog;
  readonly settings: {
    /** Addresses that are remembered at a time; the one that was silent for longest gives way. */
    readonly coapMaxPeers: number;
  };
}

/**
 * CoAP without DTLS: contents of updates by their links, for devices that fetch by `coap` alone, and nothing else. Who a
 * device is only DTLS proves (manual 7.4.1), so it cannot register here.
 */
export class CoapPort {
  private readonly parts: CoapPortParts;
  private socket: DatagramSocket | undefined;
  private peers: UdpPeers | undefined;
  private readonly conversations = new WeakMap<DatagramLink, Conversation>();

  constructor(parts: CoapPortParts) {
    this.parts = parts;
  }

  attach(socket: DatagramSocket): void {
    this.socket = socket;
  }

  receive(datagram: Uint8Array, from: UdpAddress): void {
    this.peers?.receive(datagram, from);
  }

  start(): void {
    const { wireClock: clock, random, logger, settings, log } = this.parts;
    const context = new CoapContext({
      clock,
      random,
      log: (message) =>
        this.conversations.get(message.link)?.coap({ ...message, timeMs: this.parts.clock.now() }),
      handlerFailed: (error) => logger.error({ err: error }, 'a CoAP request could not be handled'),
    });
    const port = {
      send: (datagram: Uint8Array, to: UdpAddress) => this.socket?.send(datagram, to),
    };
    this.peers = new UdpPeers(port, {
      maxPeers: settings.coapMaxPeers,
      accept: (link, peer) => {
        const conversation = new Conversation(log, { peer }, 'content');
        this.conversations.set(link, conversation);
        new CoapEndpoint(link, context, (request) => this.answer(request, conversation)).start();
      },
    });
  }

  stop(): void {
    this.peers?.stop('the platform stops');
    this.peers = undefined;
  }

  private answer({ path, method }: CoapRequest, conversation: Conversation): Answer {
    const [first, token, ...more] = path;
    if (first === 'dl' && token !== undefined && more.length === 0) {
      if (method !== methods.GET) return diagnosis(codes.methodNotAllowed, 'only GET');
      return answerLink(this.parts.openDownload, token, false, (owner) => {
        if (owner) conversation.belongsTo(owner);
      });
    }
    if (first === 'rd' || first === 'bs' || first === 'dp')
      return diagnosis(codes.unauthorized, 'only over DTLS with a pre-shared key: coaps');
    return diagnosis(codes.notFound, 'this port has /dl');
  }
}
