import type { Device, DeviceInterface } from '../../inventory/types.ts';
import type { CoapEndpoint } from '../../protocols/coap/endpoint.ts';
import type { Observation } from '../../protocols/coap/observation.ts';
import type { ObjectLinks, RegisteredObject } from '../../protocols/lwm2m/object-links.ts';
import type { TwinRegistration } from '../twin-link.ts';
import type { Conversation } from './log/conversation.ts';
import { pskInfoOf } from './psk-identities.ts';
import { pskKeyOf } from './psk-key.ts';
import type { RegisterQuery } from './register-query.ts';

/** A DTLS session with the CoAP endpoint over it. */
export interface Lwm2mSession {
  readonly pskIdentity: string;
  /** The pre-shared key that it began with. */
  readonly key: Uint8Array;
  readonly endpoint: CoapEndpoint;
  /** What goes over it, as the log has it. */
  readonly conversation: Conversation;
  readonly peer: { readonly address: string; readonly port: number };
  /** Host name by which the device asked for the platform (SNI). */
  readonly serverName: string | undefined;
  readonly closed: boolean;
  close(): void;
}

/** A device that has registered, until it says that it goes or its lifetime is over. */
export interface Registration {
  /** The last segment of its location, `/rd/{id}`. */
  readonly id: string;
  readonly via: DeviceInterface;
  /** The device that it is of; the interface may go to another one. */
  readonly device: Device;
  /**
   * Over which it was heard last; another one when the device came back with a new handshake. Undefined after a restart of
   * the platform, until the device updates its registration.
   */
  session: Lwm2mSession | undefined;
  readonly lwm2mVersion: TwinRegistration['lwm2mVersion'];
  /** Where its objects begin: `/`, or a path such as `/lwm2m`. */
  rootPath: string;
  contentFormats: readonly number[];
  objects: readonly RegisteredObject[];
  lifetimeMs: number;
  bindings: readonly string[];
  queueMode: boolean;
  /** When it was heard last, by the monotonic time of the wire, in milliseconds. */
  heardMs: number;
  /** When it registered or updated last, by the same time: its lifetime counts from here. */
  renewedMs: number;
  /** False while it sleeps: nothing is sent to it. */
  awake: boolean;
  /** As the store has it; undefined when it has not. */
  stored: string | undefined;
  /** What is observed at it, by the number that the engine gave. */
  readonly observations: Map<number, Observation>;
}

/** What the twin engine is told of a registration. */
export function twinRegistrationOf(registration: Registration): TwinRegistration {
  const { lwm2mVersion, contentFormats, objects } = registration;
  return { lwm2mVersion, contentFormats, objects };
}

/** Whether a session was begun with the credentials that an interface has now. */
export function mayUse(session: Lwm2mSession, via: DeviceInterface): boolean {
  const psk = pskInfoOf(via);
  return (
    via.enabled &&
    psk?.identity === session.pskIdentity &&
    Buffer.from(pskKeyOf(psk.secret)).equals(session.key)
  );
}

/** Takes over what an Update says; what it does not say stays. */
export function renew(
  registration: Registration,
  query: RegisterQuery,
  links: ObjectLinks | undefined,
): void {
  registration.lifetimeMs = query.lifetimeMs ?? registration.lifetimeMs;
  registration.bindings = query.bindings ?? registration.bindings;
  registration.queueMode = query.queueMode ?? registration.queueMode;
  if (!links) return;
  registration.rootPath = links.rootPath;
  registration.objects = links.objects;
  // An Update may leave out the root link with its formats.
  if (links.contentFormats.length > 0) registration.contentFormats = links.contentFormats;
}

/** What an interface shows of it (manual 5.5.4.3). */
export function activityOf({
  session,
  queueMode,
  bindings,
  lifetimeMs,
}: Registration): Record<string, unknown> {
  return {
    ...(session && { remoteAddress: session.peer.address, remotePort: session.peer.port }),
    queueMode,
    bindings,
    registrationLifetime: lifetimeMs / 1000,
  };
}

/** The device is told that nobody wants to know when it tells of them. */
export function forgetObservations(registration: Registration): void {
  for (const observation of registration.observations.values()) observation.forget();
  registration.observations.clear();
}
