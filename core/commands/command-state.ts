import type { CommandStatus } from '../contract/commands.ts';

/** What can happen to a command. */
export const commandEvents = [
  /** An attempt begins. */
  'begin',
  /** The first attempt did not leave the platform, for certain. */
  'putBack',
  /** The attempt failed or timed out, or a later one did not leave; there are attempts left. */
  'retry',
  /** The acknowledgement level asked for is reached. */
  'complete',
  /** The last attempt failed or timed out. */
  'fail',
  /** The time in which it had to go out is over. */
  'expire',
  /** Somebody cancels it before it has gone out. */
  'cancel',
  /** Somebody cancels it whatever it does, or its device is deleted. */
  'forceCancel',
] as const;
export type CommandEvent = (typeof commandEvents)[number];

const waiting = {
  begin: 'PROCESSING',
  expire: 'EXPIRED',
  cancel: 'CANCELED',
  forceCancel: 'CANCELED',
} as const;

/**
 * Every way from one state of a command to another (manual 8.3.2, drawn in docs/commands.md). What is not in it
 * cannot happen.
 */
const transitions: Readonly<Record<CommandStatus, Readonly<Partial<Record<CommandEvent, CommandStatus>>>>> = {
  PENDING: waiting,
  // The answer to an attempt that was given up may still come: any answer completes a command (manual 6.5.7.2).
  RETRYING: { ...waiting, complete: 'PROCESSED' },
  PROCESSING: {
    complete: 'PROCESSED',
    retry: 'RETRYING',
    putBack: 'PENDING',
    fail: 'ERROR',
    forceCancel: 'CANCELED',
  },
  PROCESSED: {},
  ERROR: {},
  EXPIRED: {},
  CANCELED: {},
};

/** The state after the event, or undefined when this event cannot happen in this state. */
export function nextStatus(status: CommandStatus, event: CommandEvent): CommandStatus | undefined {
  return transitions[status][event];
}

/** True when a command stays in this state for ever. */
export function isFinal(status: CommandStatus): boolean {
  return Object.keys(transitions[status]).length === 0;
}
