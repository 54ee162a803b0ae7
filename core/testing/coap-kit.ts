import { VirtualClock } from '../platform/virtual-clock.ts';
import { decodeMessage, encodeMessage } from '../protocols/coap/codec.ts';
import { codes, codeText, methods } from '../protocols/coap/codes.ts';
import { CoapContext, type LoggedMessage } from '../protocols/coap/context.ts';
import { CoapEndpoint } from '../protocols/coap/endpoint.ts';
import { type CoapMessage, messageTypes, noBytes, typeText } from '../protocols/coap/message.ts';
import { optionNumbers, stringOption } from '../protocols/coap/options.ts';
import type { RequestHandler } from '../protocols/coap/request-server.ts';
import type { CoapSettings } from '../protocols/coap/settings.ts';
import type { LinkFaults } from './faulty-link.ts';
import { MemoryLink } from './memory-links.ts';
import { SeededRandom } from './seeded-random.ts';

export interface CoapPairOptions {
  readonly settings?: Partial<CoapSettings>;
  readonly clientSettings?: Partial<CoapSettings>;
  readonly faults?: LinkFaults;
  readonly seed?: number;
  readonly serves?: RequestHandler;
  /** The client answers requests as well. */
  readonly clientServes?: RequestHandler;
}

/** Two endpoints over a link in memory, on a clock that the test moves. */
export class CoapPair {
  readonly clock = new VirtualClock();
  readonly links: { client: MemoryLink; server: MemoryLink };
  readonly client: CoapEndpoint;
  readonly server: CoapEndpoint;
  readonly clientContext: CoapContext;
  readonly serverContext: CoapContext;
  /** What the server's side saw. */
  readonly log: LoggedMessage[] = [];
  readonly failures: unknown[] = [];

  constructor({ settings, clientSettings, faults, seed = 1, serves, clientServes }: CoapPairOptions = {}) {
    const { clock } = this;
    this.links = MemoryLink.pair(clock, faults, seed);
    this.clientContext = new CoapContext({
      clock,
      random: new SeededRandom(seed + 2),
      settings: { ...settings, ...clientSettings },
    });
    this.serverContext = new CoapContext({
      clock,
      random: new SeededRandom(seed + 3),
      ...(settings ? { settings } : {}),
      log: (entry) => void this.log.push(entry),
      handlerFailed: (error) => void this.failures.push(error),
    });
    this.client = new CoapEndpoint(this.links.client, this.clientContext, clientServes);
    this.server = new CoapEndpoint(this.links.server, this.serverContext, serves);
    this.client.start();
    this.server.start();
  }

  /** Moves time until the promise is settled, in steps, so that what it waits for gets its turn between them. */
  async settle<Value>(promise: Promise<Value>, { stepMs = 50, atMostMs = 3_600_000 } = {}): Promise<Value> {
    let settled = false;
    const done = (): void => {
      settled = true;
    };
    promise.then(done, done);
    for (let passedMs = 0; !settled; passedMs += stepMs) {
      if (passedMs > atMostMs) throw new Error(`not settled after ${atMostMs} ms of virtual time`);
      await this.advance(stepMs);
    }
    return promise;
  }

  /** Moves time, and lets promises that it resolved have their turn. */
  async advance(deltaMs: number): Promise<void> {
    this.clock.advance(deltaMs);
    await turn();
  }

  /** The wire as the server's side saw it: `in CON 0.01`, `out ACK 2.05`. */
  get lines(): string[] {
    return this.log.map(({ direction, message, note, malformed }) => {
      const what = message
        ? `${typeText(message.type)} ${codeText(message.code)}`
        : `malformed: ${malformed}`;
      return `${direction} ${what}${note ? ` ${note}` : ''}`;
    });
  }

  /** Fails when something is left that costs a quiet peer memory or timers. */
  leftTimers(): string[] {
    return this.clock.pendingTimers().filter((name) => name !== 'coap duplicates');
  }
}

/** One turn of the event loop. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** What went over an end of a link, decoded. */
export function decoded(link: MemoryLink): ReturnType<typeof decodeMessage>[] {
  return link.sent.map((bytes) => decodeMessage(bytes));
}

/** Answers with what it was asked. */
export const echo: RequestHandler = (request) => ({
  code: codes.content,
  payload: Buffer.from(`${request} ${request.query.join('&')} ${Buffer.from(request.payload)}`),
});

/** The bytes of a request, to be let in by hand. */
export const requestBytes = (fields: Partial<CoapMessage> = {}): Uint8Array =>
  encodeMessage({
    type: messageTypes.CON,
    messageId: 77,
    code: methods.GET,
    token: Buffer.from('tok'),
    options: [stringOption(optionNumbers.uriPath, 'x')],
    payload: noBytes,
    ...fields,
  });

/** A promise that the test settles. */
export function later<Value>(): {
  promise: Promise<Value>;
  resolve: (value: Value) => void;
  reject: (error: Error) => void;
} {
  let resolve: (value: Value) => void = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<Value>((onValue, onError) => {
    resolve = onValue;
    reject = onError;
  });
  return { promise, resolve, reject };
}
