import type { UpdateStatus } from '../contract/resource-updates.ts';

/** What can happen to an update. */
export const updateEvents = [
  /** The request is about to go out to the device. */
  'begin',
  /** It did not get there, or was not answered; it will be sent again. */
  'lost',
  /** The device answers that it will update, or fetches the content. */
  'accept',
  /** The device answers that it will not, or reports an error. */
  'refuse',
  /** A time has run out, or the platform cannot go on. */
  'giveUp',
  /** The device reports the version asked for. */
  'match',
  /** Somebody cancels it before it has gone out, or asks for another version in its place. */
  'cancel',
  /** Somebody cancels it whatever it does, or its device is deleted. */
  'forceCancel',
] as const;
export type UpdateEvent = (typeof updateEvents)[number];

const open = { match: 'DONE', refuse: 'FAILED', giveUp: 'FAILED', forceCancel: 'CANCELED' } as const;

/**
 * Every way from one state of an update to another (manual 6.5.8, drawn in docs/resources.md). What is not in it
 * cannot happen.
 */
const transitions: Readonly<Record<UpdateStatus, Readonly<Partial<Record<UpdateEvent, UpdateStatus>>>>> = {
  // The answer to a request that counts as lost may still come.
  PENDING: { ...open, begin: 'SENT', accept: 'IN_PROGRESS', cancel: 'CANCELED' },
  SENT: { ...open, lost: 'PENDING', accept: 'IN_PROGRESS' },
  IN_PROGRESS: open,
  DONE: {},
  FAILED: {},
  CANCELED: {},
};

/** The state after the event, or undefined when this event cannot happen in this state. */
export function nextUpdateStatus(status: UpdateStatus, event: UpdateEvent): UpdateStatus | undefined {
  return transitions[status][event];
}

/** True when an update stays in this state for ever. */
export function isFinal(status: UpdateStatus): boolean {
  return Object.keys(transitions[status]).length === 0;
}
