import type { CoapContext } from '../coap/context.ts';
import { CoapEndpoint } from '../coap/endpoint.ts';
import type { CoapResponse, RequestDraft } from '../coap/request.ts';
import type { RequestHandler } from '../coap/request-server.ts';
import { DtlsClient, type DtlsClientOptions } from '../dtls/client.ts';
import { DtlsError } from '../dtls/errors.ts';
import type { PeerAddress } from '../dtls/seams.ts';
import type { DtlsSession } from '../dtls/session.ts';
import { SessionLink } from './session-link.ts';

/** What a client needs of UDP; the platform's seam has it. */
export interface ClientDatagrams {
  /** Rejects when there is no such address, or no port any more. */
  bind(
    address: { readonly host: string; readonly port: number },
    receive: (datagram: Uint8Array, from: PeerAddress) => void,
  ): Promise<ClientSocket>;
}

export interface ClientSocket {
  readonly local: PeerAddress;
  send(datagram: Uint8Array, to: PeerAddress): void;
  close(): Promise<void>;
}

export interface CoapsClientOptions
  extends Pick<DtlsClientOptions, 'clock' | 'random' | 'server' | 'pskIdentity' | 'key'>,
    Pick<Partial<DtlsClientOptions>, 'resume' | 'serverName' | 'connectionIdBytes' | 'suites'> {
  readonly datagrams: ClientDatagrams;
  /** Shared with other endpoints, or its own. */
  readonly context: CoapContext;
  /** Answers what the server asks; without it that is 4.04. */
  readonly handler?: RequestHandler;
  /** Told once that the session is over, whoever ended it. */
  readonly closed?: (reason: string) => void;
  /** Gives the handshake up when it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

/** The address to bind to reach a server: that of the machine itself where it is here, else any of its family. */
function localHostFor({ address }: PeerAddress): string {
  if (address === '::1' || address.startsWith('127.')) return address;
  return address.includes(':') ? '::' : '0.0.0.0';
}

/** A CoAP client over DTLS with a UDP socket of its own. */
export class CoapsClient {
  readonly session: DtlsSession;
  readonly endpoint: CoapEndpoint;
  readonly link: SessionLink;
  private readonly port: ClientPort;

  private constructor(link: SessionLink, endpoint: CoapEndpoint, port: ClientPort) {
    this.link = link;
    this.session = link.session;
    this.endpoint = endpoint;
    this.port = port;
  }

  /** @throws DtlsError, as a rejection, when the server does not let it in; what `bind` rejects with */
  static async connect(options: CoapsClientOptions): Promise<CoapsClient> {
    const { datagrams, context, handler, closed, signal, server, ...dtls } = options;
    if (signal?.aborted) throw new DtlsError('dtls.closed', 'The client was closed.');
    const port = new ClientPort(datagrams, server);
    await port.bind();
    const client = new DtlsClient({ ...dtls, server, send: (datagram) => port.send(datagram) });
    port.receive = (datagram) => client.receive(datagram);
    const giveUp = (): void => client.close();
    signal?.addEventListener('abort', giveUp);
    try {
      if (signal?.aborted) throw new DtlsError('dtls.closed', 'The client was closed.');
      let made: CoapsClient | undefined;
      await client.connect((session) => {
        const link = new SessionLink(session);
        const endpoint = new CoapEndpoint(link, context, handler);
        link.onClosed = closed;
        endpoint.start();
        made = new CoapsClient(link, endpoint, port);
      });
      return made as CoapsClient;
    } catch (error) {
      await port.close();
      throw error;
    } finally {
      signal?.removeEventListener('abort', giveUp);
    }
  }

  get closed(): boolean {
    return this.link.closed;
  }

  /** Where it sends from. */
  get local(): PeerAddress {
    return this.port.local;
  }

  request(draft: RequestDraft, signal?: AbortSignal): Promise<CoapResponse> {
    return this.endpoint.request(draft, { signal });
  }

  /** Goes on from another port; whether the server follows is a matter of connection ids (RFC 9146). */
  rebind(): Promise<void> {
    return this.port.bind();
  }

  /** Ends the session with close_notify. */
  async close(): Promise<void> {
    this.endpoint.stop();
    this.session.close();
    await this.port.close();
  }

  /** Loses the session without a word, as a device that restarts does. */
  async vanish(): Promise<void> {
    this.endpoint.stop();
    this.link.onClosed = undefined;
    await this.port.close();
  }
}

/** The socket of a client, which may be another one after a while. */
class ClientPort {
  receive: (datagram: Uint8Array) => void = () => {};
  private readonly datagrams: ClientDatagrams;
  private readonly server: PeerAddress;
  private socket: ClientSocket | undefined;
  private isClosed = false;

  constructor(datagrams: ClientDatagrams, server: PeerAddress) {
    this.datagrams = datagrams;
    this.server = server;
  }

  get local(): PeerAddress {
    return this.socket?.local ?? { address: '', port: 0 };
  }

  async bind(): Promise<void> {
    const host = localHostFor(this.server);
    const socket = await this.datagrams.bind({ host, port: 0 }, (datagram) => this.receive(datagram));
    const before = this.socket;
    this.socket = socket;
    await before?.close();
    if (this.isClosed) await socket.close();
  }

  send(datagram: Uint8Array): void {
    this.socket?.send(datagram, this.server);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.socket?.close();
  }
}
