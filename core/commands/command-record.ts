import {
  type AckMode,
  type CommandConnector,
  type CommandHistoryEntry,
  type CommandJson,
  type CommandPolicy,
  type CommandStatus,
  type DeliveryStatus,
  deliveryStatuses,
} from '../contract/commands.ts';
import { isoTime } from '../platform/clock.ts';
import { type CommandEvent, isFinal, nextStatus } from './command-state.ts';

/** A command as it is at one moment. Never changed: what happens to it makes another. */
export interface CommandRecord {
  /** Given by the platform and ever rising; also the number by which a wire correlates answers. */
  readonly seq: number;
  readonly id: string;
  readonly tenantId: string;
  readonly deviceId: string;
  readonly connector: CommandConnector;
  readonly value: Readonly<Record<string, unknown>>;
  readonly policy: CommandPolicy;
  readonly createdMs: number;
  /** Since when its expiration counts, when that is not since it was made. */
  readonly waitsFromMs?: number;
  readonly state: CommandState;
}

/** The part of a command that changes. */
export interface CommandState {
  readonly status: CommandStatus;
  readonly deliveryStatus: DeliveryStatus | undefined;
  readonly errorCode: string | undefined;
  /** Undefined when the device answered nothing, or nothing beyond that it answered. */
  readonly response: { readonly value: unknown } | undefined;
  readonly history: readonly CommandHistoryEntry[];
  readonly updatedMs: number;
  /** Attempts begun. */
  readonly attempt: number;
  /** Node of the last attempt. */
  readonly nodeId: string | undefined;
  /** When the attempt under way is given up; undefined when none is. */
  readonly giveUpMs: number | undefined;
}

/** What an event brings beside the new status. */
export type StateChange = Partial<Omit<CommandState, 'status' | 'history' | 'updatedMs'>>;

/** Entries of a history; a device that flaps makes many. Of more, the first and the newest stay. */
const longestHistory = 100;

/** The state of a command that was just made. */
export function newState(nowMs: number): CommandState {
  return {
    status: 'PENDING',
    deliveryStatus: undefined,
    errorCode: undefined,
    response: undefined,
    history: [{ timestamp: isoTime(nowMs), status: 'PENDING' }],
    updatedMs: nowMs,
    attempt: 0,
    nodeId: undefined,
    giveUpMs: undefined,
  };
}

/** The command after an event, or undefined when this event cannot happen to it now. */
export function afterEvent(
  record: CommandRecord,
  event: CommandEvent,
  nowMs: number,
  change: StateChange = {},
): CommandRecord | undefined {
  const status = nextStatus(record.state.status, event);
  return status && withState(record, status, nowMs, change);
}

/** The command with a delivery status that is further on, or undefined when it has come as far already. */
export function afterDelivery(
  record: CommandRecord,
  deliveryStatus: DeliveryStatus,
  nowMs: number,
): CommandRecord | undefined {
  const { state } = record;
  if (state.status !== 'PROCESSING' || rank(deliveryStatus) <= rank(state.deliveryStatus)) return undefined;
  return withState(record, state.status, nowMs, { deliveryStatus });
}

/** Delivery status at which a command with this acknowledgement level is processed (manual 8.3.5). */
const completedAt: Readonly<Record<AckMode, DeliveryStatus>> = {
  NONE: 'SENT',
  NETWORK: 'DELIVERED',
  APPLICATIVE: 'REPLIED',
};

export function completes(deliveryStatus: DeliveryStatus, ackMode: AckMode): boolean {
  return rank(deliveryStatus) >= rank(completedAt[ackMode]);
}

/**
 * When something must happen to a command by itself: it expires, or its attempt is given up. Undefined when it is
 * final.
 */
export function dueMs(record: CommandRecord): number | undefined {
  const { status, giveUpMs } = record.state;
  if (isFinal(status)) return undefined;
  return status === 'PROCESSING' ? giveUpMs : expiresMs(record);
}

/** Until when a command must go out (manual 8.3.6). */
export function expiresMs({ createdMs, waitsFromMs = createdMs, policy }: CommandRecord): number {
  return waitsFromMs + policy.expirationInSeconds * 1000;
}

/**
 * The command as a program takes it up that begins now. Its time may have been moved when the command was made: what the
 * command waits for is then no further away than it may last.
 */
export function takenUp(record: CommandRecord, nowMs: number): CommandRecord {
  const { createdMs, policy, state } = record;
  const { ackTimeoutInSeconds: timeoutS } = policy;
  const { giveUpMs } = state;
  return {
    ...record,
    ...(createdMs > nowMs && { waitsFromMs: nowMs }),
    ...(giveUpMs !== undefined &&
      timeoutS !== undefined && {
        state: { ...state, giveUpMs: Math.min(giveUpMs, nowMs + timeoutS * 1000) },
      }),
  };
}

export function toCommandJson(record: CommandRecord): CommandJson {
  const { state } = record;
  return {
    id: record.id,
    targetDeviceId: record.deviceId,
    request: { connector: record.connector, value: { ...record.value } },
    ...(state.response && { response: { value: state.response.value } }),
    status: state.status,
    ...(state.deliveryStatus && { deliveryStatus: state.deliveryStatus }),
    ...(state.errorCode !== undefined && { errorCode: state.errorCode }),
    policy: record.policy,
    history: [...state.history],
    created: isoTime(record.createdMs),
    updated: isoTime(state.updatedMs),
  };
}

function withState(
  record: CommandRecord,
  status: CommandStatus,
  nowMs: number,
  change: StateChange,
): CommandRecord {
  const before = record.state;
  const { deliveryStatus, errorCode, nodeId } = { ...before, ...change };
  const entry: CommandHistoryEntry = {
    timestamp: isoTime(nowMs),
    status,
    ...(deliveryStatus && { deliveryStatus }),
    ...(errorCode !== undefined && { errorCode }),
    ...(nodeId !== undefined && { nodeId }),
  };
  const state = { ...before, ...change, status, updatedMs: nowMs, history: extend(before.history, entry) };
  return { ...record, state };
}

function extend(
  history: readonly CommandHistoryEntry[],
  entry: CommandHistoryEntry,
): readonly CommandHistoryEntry[] {
  const [first, ...later] = history;
  if (!first || history.length < longestHistory) return [...history, entry];
  return [first, ...later.slice(1), entry];
}

function rank(deliveryStatus: DeliveryStatus | undefined): number {
  return deliveryStatus === undefined ? -1 : deliveryStatuses.indexOf(deliveryStatus);
}
