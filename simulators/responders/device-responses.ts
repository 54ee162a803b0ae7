import { isUtf8 } from 'node:buffer';
import type { SimulatorClock } from '../fleet/seams.ts';
import { Sfc32 } from '../generators/sfc32.ts';
import type { FetchedPart } from './fetch-part.ts';
import type { Behaviour } from './make-behaviour.ts';
import type { JsonObject, RespondingDevice } from './responder.ts';

/** Tells the chance of responders from that of values, for the same seed and device. */
const seedShift = 0x5e5b;

interface DeviceResponsesParts {
  readonly clientId: string;
  readonly number: number;
  readonly seed: number;
  readonly behaviour: Behaviour;
  /** The platform's time. */
  readonly clock: SimulatorClock;
  publish(topic: string, body: JsonObject): void;
  fetchPart: RespondingDevice['fetchPart'];
  /** A responder has failed; the device goes on. */
  failed(error: unknown): void;
}

/** How one device responds: its responders, what it remembers, and what it still waits for. */
export class DeviceResponses implements RespondingDevice {
  readonly clientId: string;
  readonly memory = new Map<string, unknown>();
  readonly random: Sfc32;
  private readonly parts: DeviceResponsesParts;
  private readonly timers = new Set<{ cancel(): void }>();
  private stopped = false;

  constructor(parts: DeviceResponsesParts) {
    this.parts = parts;
    this.clientId = parts.clientId;
    this.random = new Sfc32(parts.seed + seedShift, parts.number);
  }

  /** The device has connected. */
  connected(): void {
    this.parts.behaviour.announce(this);
  }

  /** The platform sent something; what is no JSON object, or for no responder, has no answer. */
  receive(topic: string, payload: Uint8Array): void {
    const onTopic = this.parts.behaviour.responders.filter((responder) => responder.topic === topic);
    const request = onTopic.length === 0 ? undefined : readObject(payload);
    if (!request) return;
    const responder = onTopic.find((each) => each.takes(request, this));
    responder?.respond(request, this).catch((error: unknown) => this.parts.failed(error));
  }

  publish(topic: string, body: JsonObject): void {
    if (!this.stopped) this.parts.publish(topic, body);
  }

  wait(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      if (this.stopped) return;
      const timer = this.parts.clock.after('answer of a simulated device', delayMs, () => {
        this.timers.delete(timer);
        resolve();
      });
      this.timers.add(timer);
    });
  }

  fetchPart(uri: string, range: { readonly start: number; readonly end: number }): Promise<FetchedPart> {
    return this.parts.fetchPart(uri, range);
  }

  stop(): void {
    this.stopped = true;
    for (const timer of this.timers) timer.cancel();
    this.timers.clear();
  }
}

function readObject(payload: Uint8Array): JsonObject | undefined {
  if (!isUtf8(payload)) return undefined;
  try {
    const raw: unknown = JSON.parse(Buffer.from(payload).toString('utf8'));
    return typeof raw === 'object' && raw !== null && !Array.isArray(raw) ? (raw as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}
