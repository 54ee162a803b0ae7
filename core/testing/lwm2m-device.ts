import { SessionLink } from '../connectors/lwm2m/session-link.ts';
import { nodeDatagrams } from '../platform/node/node-datagrams.ts';
import { nodeRandom } from '../platform/node/node-random.ts';
import { RealClock } from '../platform/node/real-clock.ts';
import { codes, methods, methodText } from '../protocols/coap/codes.ts';
import { CoapContext } from '../protocols/coap/context.ts';
import { CoapEndpoint } from '../protocols/coap/endpoint.ts';
import type { CoapClock } from '../protocols/coap/link.ts';
import type { Observer } from '../protocols/coap/observers.ts';
import type { CoapRequest, CoapResponse, RequestDraft } from '../protocols/coap/request.ts';
import type { Answer } from '../protocols/coap/request-server.ts';
import { DtlsClient } from '../protocols/dtls/client.ts';
import type { DtlsSession } from '../protocols/dtls/session.ts';
import { contentFormatNumbers } from '../protocols/lwm2m/content-format.ts';

export interface TestLwm2mDeviceOptions {
  readonly port: number;
  readonly identity: string;
  readonly key: Uint8Array;
  /** By which its messages are sent again; real time unless given. */
  readonly clock?: CoapClock;
}

/** What a device answers to `GET /3/0`: a text, or any answer. */
type Script = string | Answer | ((request: CoapRequest) => Answer | Promise<Answer>);

/** A scripted LwM2M device: real UDP, DTLS and CoAP. */
export class TestLwm2mDevice {
  /** What it was asked: `GET /3/0`. */
  readonly asked: string[] = [];
  readonly requests: CoapRequest[] = [];
  /** What it answers, by request; what is not in it is not found. */
  readonly script: Record<string, Script> = {};
  readonly observers: Observer[] = [];
  private readonly session: DtlsSession;
  private readonly endpoint: CoapEndpoint;
  private readonly closeSocket: () => Promise<void>;

  private constructor(
    session: DtlsSession,
    link: SessionLink,
    closeSocket: () => Promise<void>,
    clock: CoapClock,
  ) {
    this.session = session;
    this.closeSocket = closeSocket;
    const context = new CoapContext({ clock, random: nodeRandom });
    this.endpoint = new CoapEndpoint(link, context, (request) => this.handle(request));
  }

  /** @throws DtlsError when the server does not let it in */
  static async connect(options: TestLwm2mDeviceOptions): Promise<TestLwm2mDevice> {
    const { port, identity, key, clock: coapClock = new RealClock() } = options;
    const clock = new RealClock();
    const server = { address: '127.0.0.1', port };
    let receive: (datagram: Uint8Array) => void = () => {};
    const socket = await nodeDatagrams.bind({ host: '127.0.0.1', port: 0 }, (datagram) => receive(datagram));
    const client = new DtlsClient({
      ...{ clock, random: nodeRandom, server, pskIdentity: identity, key },
      send: (datagram) => socket.send(datagram, server),
    });
    receive = (datagram) => client.receive(datagram);
    try {
      let link: SessionLink | undefined;
      const session = await client.connect((opened) => {
        link = new SessionLink(opened);
      });
      const device = new TestLwm2mDevice(session, link as SessionLink, () => socket.close(), coapClock);
      device.endpoint.start();
      return device;
    } catch (error) {
      await socket.close();
      throw error;
    }
  }

  get closed(): boolean {
    return this.session.closeReason !== undefined;
  }

  send(draft: RequestDraft): Promise<CoapResponse> {
    return this.endpoint.request(draft);
  }

  /** @returns the answer; its location is in `locationPath` */
  register(query: readonly string[], links = '</>;rt="oma.lwm2m",</3/0>'): Promise<CoapResponse> {
    const payload = Buffer.from(links);
    const contentFormat = contentFormatNumbers.LINK;
    return this.send({ method: methods.POST, path: '/rd', query, payload, contentFormat });
  }

  ping(): Promise<void> {
    return this.endpoint.ping();
  }

  async close(): Promise<void> {
    this.endpoint.stop();
    this.session.close();
    await this.closeSocket();
  }

  /** Loses its session without a word, as a device that restarts does. */
  async vanish(): Promise<void> {
    this.endpoint.stop();
    await this.closeSocket();
  }

  private handle(request: CoapRequest): Answer | Promise<Answer> {
    const name = `${methodText(request.method)} /${request.path.join('/')}`;
    this.asked.push(name);
    this.requests.push(request);
    const script = this.script[name];
    if (script === undefined) return { code: codes.notFound };
    if (typeof script === 'function') return script(request);
    const answer =
      typeof script === 'string'
        ? { code: codes.content, contentFormat: 0, payload: Buffer.from(script) }
        : script;
    return {
      ...answer,
      observed: { opened: (observer) => void this.observers.push(observer), closed: () => {} },
    };
  }
}
