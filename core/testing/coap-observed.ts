import { expect } from 'vitest';
import { codes, methods } from '../protocols/coap/codes.ts';
import type { CoapError } from '../protocols/coap/errors.ts';
import type { Observation, ObservationListener } from '../protocols/coap/observation.ts';
import type { Observer, ObserverEnd } from '../protocols/coap/observers.ts';
import { findUint, optionNumbers } from '../protocols/coap/options.ts';
import type { CoapResponse } from '../protocols/coap/request.ts';
import type { CoapSettings } from '../protocols/coap/settings.ts';
import { CoapPair, decoded } from './coap-kit.ts';
import type { MemoryLink } from './memory-links.ts';

export const get = { method: methods.GET, path: '/3303/0/5700' };
const text = (value: string): Uint8Array => Buffer.from(value);

/** A response with this text. */
export const value = (payload: string): { code: number; payload: Uint8Array } => ({
  code: codes.content,
  payload: text(payload),
});

/** An observable resource, who observes it, and what the client gets. */
export class Observed {
  readonly observers: Observer[] = [];
  readonly closed: ObserverEnd[] = [];
  readonly notified: string[] = [];
  readonly incomplete: CoapError[] = [];
  readonly ended: (CoapResponse | CoapError)[] = [];
  state = '20.0';
  code: number = codes.content;
  observable = true;
  readonly pair: CoapPair;

  constructor(settings: Partial<CoapSettings> = {}) {
    this.pair = new CoapPair({
      settings,
      serves: () => ({
        code: this.code,
        payload: text(this.state),
        observed: this.observable
          ? {
              opened: (observer) => void this.observers.push(observer),
              closed: (_, reason) => void this.closed.push(reason),
            }
          : undefined,
      }),
    });
  }

  readonly listener: ObservationListener = {
    notified: (response) => void this.notified.push(response.payloadText),
    incomplete: (error) => void this.incomplete.push(error),
    ended: (reason) => void this.ended.push(reason),
  };

  async start(): Promise<Observation> {
    const { observation, response } = await this.pair.settle(this.pair.client.observe(get, this.listener));
    expect(response.payloadText).toBe(this.state);
    return observation;
  }

  get observer(): Observer {
    return this.observers.at(-1) as Observer;
  }

  /** Messages that the client sent, without its requests: `ACK`, `RST`. */
  get clientReactions(): number[] {
    return decoded(this.pair.links.client)
      .filter(({ code }) => code === 0)
      .map(({ type }) => type);
  }
}

/** The Observe numbers of what went over an end of a link. */
export const sequences = (link: MemoryLink): (number | undefined)[] =>
  decoded(link).map(({ options }) => findUint(options, optionNumbers.observe));
