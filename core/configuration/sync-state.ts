import type { SyncStatus } from '../contract/configuration.ts';

/** What can happen to a parameter. */
export const syncEvents = [
  /** Somebody asks for a value. */
  'request',
  /** Somebody asks for the value that the device has, for certain. */
  'requestMet',
  /** It is about to go out to the device. */
  'send',
  /** It did not get there, or the device went away or was silent for too long; it will be sent again. */
  'lost',
  /** The device reports the value asked for. */
  'match',
  /** The device answers the request with another value. */
  'refuse',
  /** The device was silent for too long, for the last time. */
  'giveUp',
  /** The device, which had the value asked for, reports another by itself. */
  'drift',
  /** Somebody takes the request back before it has gone out. */
  'cancel',
  /** Somebody takes the request back, whether it has gone out or not. */
  'forceCancel',
] as const;
export type SyncEvent = (typeof syncEvents)[number];

const asked = { request: 'PENDING', requestMet: 'OK' } as const;

/**
 * Every way from one state of a parameter to another (manual 8.2.1, drawn in docs/configuration.md). What is not in it
 * cannot happen.
 */
const transitions: Readonly<Record<SyncStatus, Readonly<Partial<Record<SyncEvent, SyncStatus>>>>> = {
  NONE: asked,
  PENDING: { ...asked, send: 'SENT', match: 'OK', cancel: 'CANCELED', forceCancel: 'CANCELED' },
  // What is on its way may still change the device, so only a report tells that it has the value.
  SENT: {
    request: 'PENDING',
    lost: 'PENDING',
    match: 'OK',
    refuse: 'FAILED',
    giveUp: 'FAILED',
    forceCancel: 'CANCELED',
  },
  OK: { ...asked, match: 'OK', drift: 'PENDING' },
  FAILED: { ...asked, match: 'OK' },
  CANCELED: asked,
};

/** The state after the event, or undefined when this event cannot happen in this state. */
export function nextSyncStatus(status: SyncStatus, event: SyncEvent): SyncStatus | undefined {
  return transitions[status][event];
}

/** True while the platform has something to do to bring the parameter to its value. */
export function isOpen(status: SyncStatus): boolean {
  return nextSyncStatus(status, 'send') !== undefined || nextSyncStatus(status, 'lost') !== undefined;
}
