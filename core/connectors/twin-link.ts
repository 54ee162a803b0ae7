import type { MessageTrace } from '../bus/message-trace.ts';
import type { Device, DeviceInterface } from '../inventory/types.ts';
import type { AttributeChange } from '../protocols/lwm2m/attributes.ts';
import type { ValueFormat } from '../protocols/lwm2m/codec.ts';
import type { FindResource, ResourceRecord } from '../protocols/lwm2m/content.ts';
import type { DiscoveredPath, RegisteredObject } from '../protocols/lwm2m/object-links.ts';
import type { Lwm2mPath } from '../protocols/lwm2m/path.ts';
import type { DeliveryRef, Downlink } from './delivery.ts';

/**
 * The part of the port for device twins (manual 7.8). The twin engine knows the objects and the last values of a device,
 * and keeps what is asked of it; a connectivity knows registrations, sessions, content formats and tokens. After a restart a
 * device is registered when it has been heard again.
 *
 * The engine has one request under way for a device, and hands over the next when it has heard what became of the last.
 */
export interface TwinDownlink extends Downlink<TwinDelivery> {
  /**
   * Ends an observation, if there is one by this number: tells the device so when it can be reached. From now on its
   * notifications are answered with Reset, which ends it at a device that could not be reached (RFC 7641, 3.6).
   */
  endObservation(via: DeviceInterface, observation: number): void;
}

export interface TwinDelivery extends DeliveryRef {
  readonly request: TwinRequest;
}

/**
 * What is asked of a device. Paths and types of values fit the models; whether the device can do it in its version of LwM2M
 * is for the connectivity to say (`invalid`). `format` is the content format that the user asked for; undefined: as manual
 * 7.3 has it.
 */
export type TwinRequest =
  /** One path: Read. Several, or the root: Read-Composite. */
  | {
      readonly kind: 'read';
      readonly paths: readonly Lwm2mPath[];
      readonly responseFormat: ValueFormat | undefined;
    }
  /**
   * `path` is the root (Write-Composite, always UPDATE), an instance, a resource or an instance of one; all values are at or
   * below it. REPLACE: what is below `path` and not among the values goes. UPDATE below an instance is a partial update of
   * that instance, for a POST to a resource would execute it.
   */
  | {
      readonly kind: 'write';
      readonly path: Lwm2mPath;
      readonly mode: 'UPDATE' | 'REPLACE';
      readonly values: readonly ResourceRecord[];
      readonly requestFormat: ValueFormat | undefined;
    }
  /** `argument` is the payload in plain text (LwM2M Core 1.1.1, 6.3.5), '' for none. */
  | { readonly kind: 'execute'; readonly path: Lwm2mPath; readonly argument: string }
  | { readonly kind: 'write-attributes'; readonly path: Lwm2mPath; readonly change: AttributeChange }
  /** `path` is the instance to be; its values are below it. */
  | {
      readonly kind: 'create';
      readonly path: Lwm2mPath;
      readonly values: readonly ResourceRecord[];
      readonly requestFormat: ValueFormat | undefined;
    }
  | { readonly kind: 'delete'; readonly path: Lwm2mPath }
  | { readonly kind: 'discover'; readonly path: Lwm2mPath }
  /**
   * One path: Observe. Several: Observe-Composite. Notifications name {@link DeliveryRef.correlation} as their
   * observation; another `observe` of the same number takes the place of the one before.
   */
  | {
      readonly kind: 'observe';
      readonly paths: readonly Lwm2mPath[];
      readonly responseFormat: ValueFormat | undefined;
    };

/** What became of a request. A connectivity tells one for each delivery, unless the program ends before. */
export type TwinOutcome =
  /** The device did it. Read and observe have values, a path without any included; discover has links. */
  | {
      readonly kind: 'ok';
      readonly values?: readonly ResourceRecord[];
      readonly links?: readonly DiscoveredPath[];
    }
  /** The device answered with an error, 4.xx or 5.xx. */
  | {
      readonly kind: 'deviceError';
      /** 404 for 4.04. */
      readonly code: number;
      /** `4.04 not found`, and what the device says beyond it. */
      readonly reason: string;
    }
  /** The device refused the message itself, with Reset. */
  | { readonly kind: 'rejected'; readonly reason: string }
  /** The device answered, and the answer cannot be read. */
  | { readonly kind: 'unreadable'; readonly reason: string }
  /** No answer came. */
  | { readonly kind: 'timeout'; readonly reason: string }
  /** Nothing left the platform, for certain: as if it had never begun. */
  | { readonly kind: 'unsent'; readonly reason: string }
  /** The device cannot be asked that: its LwM2M is too old, or the format cannot hold it. */
  | { readonly kind: 'invalid'; readonly reason: string };

/** How the twin engine hears from a connectivity; at any time, in any order. */
export interface TwinReports {
  /**
   * The device registered, perhaps once more. What became of requests of an earlier registration is told before; what was
   * observed has to be observed again, and the engine asks for it. {@link ready} follows when requests can go out.
   * @param done when it is durable; with an error when it was not stored, and the device must register again
   */
  registered(via: DeviceInterface, registration: TwinRegistration, done: Done): void;
  /**
   * The device updated its registration.
   * @param registration undefined when the update names no objects
   */
  updated(via: DeviceInterface, registration: TwinRegistration | undefined, done: Done): void;
  /**
   * The registration is over: the device said so, its lifetime is over, or it may not be here any more.
   * @param device that it was of; the interface may be another one's by now
   * @param unusable why the interface is no way to this device any more, when it is none: nothing else is told of what was
   *   under way
   */
  gone(via: DeviceInterface, device: Device, unusable?: string): void;
  /** {@link Downlink.takes} has become true for this interface: it registered, woke up, or has room again. */
  ready(via: DeviceInterface): void;
  /**
   * What became of a request. Values in it are the answer to a request, and become no data message (manual 7.8.11). Also for
   * an observation that had begun and that the device ends by an error in a notification; its attempt is 0 then.
   */
  ended(via: DeviceInterface, delivery: DeliveryRef, outcome: TwinOutcome): void;
  /**
   * The device said something by itself.
   * @param done when it is durable, so that it may be acknowledged; with an error when it was not stored and must come
   *   again
   * @returns `unwanted`: a notification that nobody asked for; the answer is Reset, and `done` is not called
   */
  reported(via: DeviceInterface, report: TwinReport, done: Done): 'taken' | 'unwanted';
  /** Types of resources of this device, each in the version of its object that it registered; for codecs. */
  resourcesOf(via: DeviceInterface): FindResource;
}

export type Done = (error?: Error) => void;

export interface TwinRegistration {
  readonly lwm2mVersion: '1.0' | '1.1';
  /** Numbers of the content formats that it listed. */
  readonly contentFormats: readonly number[];
  readonly objects: readonly RegisteredObject[];
}

export interface TwinReport {
  readonly origin:
    | { readonly kind: 'send' }
    /** Its number is the correlation of the request that began it. */
    | { readonly kind: 'notify'; readonly observation: number };
  /** Values; those without a time are of now. Several times of one path are its history. */
  readonly values: readonly ResourceRecord[];
  /** Begun with the bytes as they came ({@link TraceStore.begin}); its target is as `notify /3303/0` or `send`. */
  readonly trace: MessageTrace;
}
