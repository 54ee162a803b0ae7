import { codes, methods, methodText } from '../protocols/coap/codes.ts';
import type { Observer } from '../protocols/coap/observers.ts';
import type { CoapRequest, CoapResponse, RequestDraft } from '../protocols/coap/request.ts';
import type { Answer } from '../protocols/coap/request-server.ts';
import type { CoapsClient } from '../protocols/coaps/coaps-client.ts';
import { contentFormatNumbers } from '../protocols/lwm2m/content-format.ts';
import { type Credentials, connectCoaps } from './coaps-connection.ts';

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
  private client!: CoapsClient;

  /** @throws DtlsError when the server does not let it in */
  static async connect(credentials: Credentials): Promise<TestLwm2mDevice> {
    const device = new TestLwm2mDevice();
    device.client = await connectCoaps(credentials, (request) => device.handle(request));
    return device;
  }

  get closed(): boolean {
    return this.client.closed;
  }

  send(draft: RequestDraft): Promise<CoapResponse> {
    return this.client.request(draft);
  }

  /** @returns the answer; its location is in `locationPath` */
  register(query: readonly string[], links = '</>;rt="oma.lwm2m",</3/0>'): Promise<CoapResponse> {
    const payload = Buffer.from(links);
    const contentFormat = contentFormatNumbers.LINK;
    return this.send({ method: methods.POST, path: '/rd', query, payload, contentFormat });
  }

  /** Sends a CoAP message as it is, whatever the endpoint knows of it. */
  sendMessage(message: Uint8Array): void {
    this.client.session.send(message);
  }

  /** Goes on from another port, with the same session. */
  rebind(): Promise<void> {
    return this.client.rebind();
  }

  ping(): Promise<void> {
    return this.client.endpoint.ping();
  }

  close(): Promise<void> {
    return this.client.close();
  }

  /** Loses its session without a word, as a device that restarts does. */
  vanish(): Promise<void> {
    return this.client.vanish();
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
