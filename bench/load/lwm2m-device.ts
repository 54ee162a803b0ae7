import type { Clock } from '../../core/platform/clock.ts';
import { nodeDatagrams } from '../../core/platform/node/node-datagrams.ts';
import { nodeRandom } from '../../core/platform/node/node-random.ts';
import { codes, methods } from '../../core/protocols/coap/codes.ts';
import type { CoapContext } from '../../core/protocols/coap/context.ts';
import type { Observer } from '../../core/protocols/coap/observers.ts';
import type { CoapRequest } from '../../core/protocols/coap/request.ts';
import type { Answer } from '../../core/protocols/coap/request-server.ts';
import { CoapsClient } from '../../core/protocols/coaps/coaps-client.ts';
import { contentFormatNumbers } from '../../core/protocols/lwm2m/content-format.ts';

/** A device of the benchmark: a temperature sensor of LwM2M 1.1. */
export interface Lwm2mIdentity {
  readonly endpointName: string;
  readonly pskIdentity: string;
  readonly key: Uint8Array;
}

const links = Buffer.from('</>;rt="oma.lwm2m";ct="110 112",</1/0>,</3/0>,</3303/0>');
/** What is read and observed: the value of the sensor. */
export const sensorPath = '/3303/0/5700';
const lifetimeS = 3600;

/** An LwM2M client over DTLS with a socket of its own, as thin as one on the wire code can be. */
export class Lwm2mLoadDevice {
  private readonly identity: Lwm2mIdentity;
  private client: CoapsClient | undefined;
  private observer: Observer | undefined;
  private value = 20;

  constructor(identity: Lwm2mIdentity) {
    this.identity = identity;
  }

  get isObserved(): boolean {
    return this.observer?.active === true;
  }

  /** Shakes hands. */
  async connect(port: number, clock: Clock, context: CoapContext): Promise<void> {
    const { pskIdentity, key } = this.identity;
    this.client = await CoapsClient.connect({
      ...{ clock, context, random: nodeRandom, datagrams: nodeDatagrams, pskIdentity, key },
      server: { address: '127.0.0.1', port },
      suites: ['PSK_WITH_AES_128_CCM_8'],
      handler: (request) => this.answer(request),
    });
  }

  /** @returns whether it was answered 2.01, which is when it is stored */
  async register(): Promise<boolean> {
    const response = await this.client?.request({
      method: methods.POST,
      path: '/rd',
      query: [`ep=${this.identity.endpointName}`, `lt=${lifetimeS}`, 'lwm2m=1.1', 'b=U'],
      contentFormat: contentFormatNumbers.LINK,
      payload: links,
    });
    return response?.code === codes.created;
  }

  /** Tells the next value, to be confirmed. @returns whether it was acknowledged */
  async notify(): Promise<boolean> {
    this.value = this.value === 20 ? 21.5 : 20;
    const outcome = await this.observer?.notify(this.content(), { confirmable: true });
    return outcome === 'acknowledged';
  }

  async close(): Promise<void> {
    await this.client?.close();
  }

  private answer(request: CoapRequest): Answer {
    if (request.method !== methods.GET || `/${request.path.join('/')}` !== sensorPath)
      return { code: codes.notFound };
    return {
      ...this.content(),
      observed: {
        opened: (observer) => {
          this.observer = observer;
        },
      },
    };
  }

  private content() {
    const payload = Buffer.from(String(this.value));
    return { code: codes.content, contentFormat: contentFormatNumbers.TEXT, payload };
  }
}
