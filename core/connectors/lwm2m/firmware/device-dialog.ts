import type { DeviceInterface } from '../../../inventory/types.ts';
import type { Clock } from '../../../platform/clock.ts';
import { methods } from '../../../protocols/coap/codes.ts';
import type { Observation } from '../../../protocols/coap/observation.ts';
import type { LargeContent } from '../../../protocols/coap/request.ts';
import { Lwm2mCodecError } from '../../../protocols/lwm2m/codec-error.ts';
import type { FindResource } from '../../../protocols/lwm2m/content.ts';
import { contentFormatNumbers } from '../../../protocols/lwm2m/content-format.ts';
import { requestFormat } from '../../../protocols/lwm2m/format-choice.ts';
import type { Lwm2mPath } from '../../../protocols/lwm2m/path.ts';
import { tlvHeader } from '../../../protocols/lwm2m/tlv.ts';
import type { TwinOutcome, TwinRequest } from '../../twin-link.ts';
import { type DeviceRequest, deviceRequest, RequestInvalid, segmentsOf } from '../device-request.ts';
import type { Lwm2mSession, Registration } from '../registration.ts';
import { failureOf, outcomeOf } from '../request-outcome.ts';

export interface DialogParts {
  /** The platform's time. */
  readonly clock: Clock;
  registrationOf(via: DeviceInterface): Registration | undefined;
  /** The device was heard. */
  heard(registration: Registration): void;
  resourcesOf(via: DeviceInterface): FindResource;
}

/** The device cannot be reached now, or has not answered. */
export class Unreachable extends Error {}

/** A registration with a session. */
export type ReachableRegistration = Registration & { session: Lwm2mSession };

/** What a device answered. */
export type DeviceAnswer = Exclude<TwinOutcome, { kind: 'timeout' | 'unsent' }>;

/** Requests to one device, as long as it is registered; each waits for its answer. */
export class DeviceDialog {
  readonly via: DeviceInterface;
  private readonly parts: DialogParts;
  private readonly abort = new AbortController();

  constructor(parts: DialogParts, via: DeviceInterface) {
    this.parts = parts;
    this.via = via;
  }

  /** Requests under way are given up, and later ones fail. */
  end(): void {
    this.abort.abort();
  }

  /** The registration over which the device can be asked now. */
  get registration(): ReachableRegistration | undefined {
    const registration = this.parts.registrationOf(this.via);
    const { session } = registration ?? {};
    // Narrowed for who asks over it.
    return registration?.awake && session?.closed === false
      ? (registration as ReachableRegistration)
      : undefined;
  }

  /** @throws Unreachable, as a rejection */
  async ask(request: TwinRequest): Promise<DeviceAnswer> {
    const registration = this.reach();
    let asked: DeviceRequest;
    try {
      asked = deviceRequest(request, registration, this.parts.resourcesOf(this.via));
    } catch (error) {
      if (!(error instanceof RequestInvalid || error instanceof Lwm2mCodecError)) throw error;
      return { kind: 'invalid', reason: error.message };
    }
    return this.send(registration, asked);
  }

  /**
   * Writes a resource of type opaque, whose content is read block by block (manual 7.3, table 1).
   * @param blockBytes the largest blocks
   * @param taken called with the bytes of the content that the device has
   * @throws Unreachable, as a rejection; what reading the content throws
   */
  async writeLarge(
    path: Lwm2mPath,
    content: LargeContent,
    { blockBytes, taken }: { readonly blockBytes: number; taken(bytes: number): void },
  ): Promise<DeviceAnswer> {
    const registration = this.reach();
    const format = requestFormat(registration, 'singular', 'OPAQUE') === 'TLV' ? 'TLV' : 'OPAQUE';
    const header =
      format === 'TLV' ? tlvHeader('resource', path.resourceId ?? 0, content.length) : new Uint8Array(0);
    const payload: LargeContent = {
      length: header.length + content.length,
      read: (offset, length) => {
        this.parts.heard(registration);
        taken(Math.max(0, offset - header.length));
        return readBehind(header, content, offset, length);
      },
    };
    const draft = {
      ...{ method: methods.PUT, path: segmentsOf(path, registration) },
      ...{ contentFormat: contentFormatNumbers[format], payload, blockBytes },
    };
    return this.send(registration, { draft, read: () => ({}) });
  }

  /** Observes a resource; undefined when the device does not. @throws Unreachable, as a rejection */
  async observe(path: Lwm2mPath, notified: () => void): Promise<Observation | undefined> {
    const registration = this.reach();
    const request: TwinRequest = { kind: 'observe', paths: [path], responseFormat: undefined };
    const { draft } = deviceRequest(request, registration, this.parts.resourcesOf(this.via));
    const listener = {
      notified: () => {
        this.parts.heard(registration);
        notified();
      },
      ended: () => {},
    };
    try {
      const { endpoint } = registration.session;
      const { observation } = await endpoint.observe(draft, listener, { signal: this.abort.signal });
      return observation.active ? observation : undefined;
    } catch (error) {
      answerOf(failureOf(error));
      return undefined;
    }
  }

  private reach(): ReachableRegistration {
    const { registration } = this;
    if (!registration || this.abort.signal.aborted) throw new Unreachable('the device cannot be reached now');
    return registration;
  }

  private async send(registration: ReachableRegistration, asked: DeviceRequest): Promise<DeviceAnswer> {
    const { signal } = this.abort;
    try {
      const response = await registration.session.endpoint.request(asked.draft, { signal });
      this.parts.heard(registration);
      return answerOf(outcomeOf(asked, response, this.parts.clock.now()));
    } catch (error) {
      if (error instanceof Unreachable) throw error;
      return answerOf(failureOf(error));
    }
  }
}

/** @throws Unreachable */
function answerOf(outcome: TwinOutcome): DeviceAnswer {
  if (outcome.kind === 'timeout' || outcome.kind === 'unsent') throw new Unreachable(outcome.reason);
  return outcome;
}

function readBehind(
  header: Uint8Array,
  content: LargeContent,
  offset: number,
  length: number,
): Uint8Array | Promise<Uint8Array> {
  if (offset >= header.length) return content.read(offset - header.length, length);
  const first = header.subarray(offset);
  const rest = content.read(0, length - first.length);
  return rest instanceof Uint8Array
    ? Buffer.concat([first, rest])
    : rest.then((bytes) => Buffer.concat([first, bytes]));
}
