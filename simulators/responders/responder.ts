import type { Sfc32 } from '../generators/sfc32.ts';
import type { FetchedPart } from './fetch-part.ts';

export type JsonObject = Record<string, unknown>;

/** The simulated device that a request came to, as far as responders need it. */
export interface RespondingDevice {
  readonly clientId: string;
  /** What the device remembers until its fleet stops, by kind of responders. */
  readonly memory: Map<string, unknown>;
  /** Chance of this device, the same in each run of the same template; not the one its values are made from. */
  readonly random: Sfc32;
  /** Publishes with QoS 1; dropped when the device is not connected. */
  publish(topic: string, body: JsonObject): void;
  /** Resolves after this time on the platform's clock, and never once the device has stopped. */
  wait(delayMs: number): Promise<void>;
  /** Fetches the bytes from `start` to before `end` of a content by HTTP or HTTPS; rejects when there was no answer. */
  fetchPart(uri: string, range: { readonly start: number; readonly end: number }): Promise<FetchedPart>;
}

/**
 * One way to behave. It holds nothing but its settings, so that one serves all devices of a fleet: what a device
 * remembers is in its memory. A further kind is a file like the others here, a schema in `core/contract/responders.ts`
 * and a line in `make-behaviour.ts`.
 */
export interface Responder {
  /** Topic on which its requests come. */
  readonly topic: string;
  /** True when this request is for it; asked once for each request, so that chance may decide. */
  takes(request: JsonObject, device: RespondingDevice): boolean;
  /** Does what the device does, from the request to the last answer. */
  respond(request: JsonObject, device: RespondingDevice): Promise<void>;
}

export interface Timing {
  readonly delayMs: number;
  readonly spreadMs: number;
  readonly share: number;
}

/** True for the share of requests that a responder takes. */
export function isInShare({ share }: Timing, { random }: RespondingDevice): boolean {
  return share >= 1 || random.fraction() < share;
}

/** Waits as long as the device takes for its answer. */
export async function takeTime({ delayMs, spreadMs }: Timing, device: RespondingDevice): Promise<void> {
  const inAllMs = delayMs + (spreadMs === 0 ? 0 : device.random.fraction() * spreadMs);
  if (inAllMs > 0) await device.wait(inAllMs);
}
