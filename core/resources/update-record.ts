import type { ConnectorName } from '../contract/connectors.ts';
import type { UpdateJson, UpdateStatus } from '../contract/resource-updates.ts';
import type { ResourceConnector, ResourceMetadata } from '../contract/resources.ts';
import { isoTime } from '../platform/clock.ts';
import { isFinal, nextUpdateStatus, type UpdateEvent } from './update-state.ts';

/** An update of a resource on a device as it is at one moment. Never changed: what happens to it makes another. */
export interface UpdateRecord {
  /** Given by the platform and ever rising; also the number by which a wire correlates answers. */
  readonly seq: number;
  readonly id: string;
  readonly tenantId: string;
  readonly deviceId: string;
  readonly resourceId: string;
  readonly connector: ResourceConnector;
  readonly requestedVersion: string;
  readonly metadata: ResourceMetadata;
  /** The part of its link that nobody guesses. */
  readonly token: string;
  readonly createdMs: number;
  readonly state: UpdateState;
}

/** The part of an update that changes. */
export interface UpdateState {
  readonly status: UpdateStatus;
  /** What the device had when it was asked last, or when the update was made. */
  readonly initialVersion: string | undefined;
  readonly updatedMs: number;
  readonly error: UpdateError | undefined;
  /** Percent of the content that the device has fetched. */
  readonly progress: number;
  /** How often the request was sent. */
  readonly attempt: number;
  /** How often a device that was there has left it unanswered, with the attempt under way. */
  readonly unanswered: number;
  /** The device has answered OK since it was asked last; fetching the content says as much, and may come first. */
  readonly answered: boolean;
  /** Over which interface it was sent last. */
  readonly via: { readonly connector: ConnectorName; readonly nodeId: string } | undefined;
  /** When it is given up as it stands; undefined when it has ended. */
  readonly giveUpMs: number | undefined;
  /** Until when its link is open; undefined before it was sent. */
  readonly linkUntilMs: number | undefined;
  /** What a connectivity that does the update in several steps wants to know again; JSON of its own. */
  readonly mark: unknown;
  /** What happened, the oldest first. */
  readonly history: readonly UpdateStep[];
}

/** Something that happened to an update. */
export interface UpdateStep {
  readonly atMs: number;
  readonly status: UpdateStatus;
  readonly details?: string | undefined;
}

/** Of more steps, the first one and the newest are kept. */
const mostSteps = 40;

/** The history with one more step. */
export function withStep(history: readonly UpdateStep[], step: UpdateStep): readonly UpdateStep[] {
  if (history.length < mostSteps) return [...history, step];
  return [...history.slice(0, 1), ...history.slice(2), step];
}

export interface UpdateError {
  readonly origin: 'DEVICE' | 'INTERNAL';
  readonly code: string;
  readonly deviceCode?: string | undefined;
  readonly details?: string | undefined;
}

/**
 * The update as a program takes it up that begins now. Its time may have been moved before: what the update waits for is
 * then no further away than it may last.
 */
export function takenUp(
  record: UpdateRecord,
  nowMs: number,
  settings: {
    readonly resourceUpdateTimeoutMs: number;
    readonly resourceUpdateWaitMs: number;
    readonly resourceLinkTtlMs: number;
  },
): UpdateRecord {
  const { status, giveUpMs, linkUntilMs } = record.state;
  const atMost = (atMs: number | undefined, lengthMs: number): number | undefined =>
    atMs === undefined ? undefined : Math.min(atMs, nowMs + lengthMs);
  const lengthMs =
    status === 'IN_PROGRESS' ? settings.resourceUpdateTimeoutMs : settings.resourceUpdateWaitMs;
  const state = {
    ...record.state,
    giveUpMs: atMost(giveUpMs, lengthMs),
    linkUntilMs: atMost(linkUntilMs, settings.resourceLinkTtlMs),
  };
  return { ...record, state };
}

/** What an event brings beside the new status. */
export type UpdateChange = Partial<Omit<UpdateState, 'status' | 'updatedMs'>>;

export function newUpdateState(
  nowMs: number,
  of: { initialVersion: string | undefined; giveUpMs: number },
): UpdateState {
  return {
    ...of,
    status: 'PENDING',
    updatedMs: nowMs,
    error: undefined,
    progress: 0,
    attempt: 0,
    unanswered: 0,
    answered: false,
    via: undefined,
    linkUntilMs: undefined,
    mark: undefined,
    history: [{ atMs: nowMs, status: 'PENDING' }],
  };
}

/** The update after an event, or undefined when this event cannot happen to it now. */
export function afterEvent(
  record: UpdateRecord,
  event: UpdateEvent,
  nowMs: number,
  change: UpdateChange = {},
): UpdateRecord | undefined {
  const status = nextUpdateStatus(record.state.status, event);
  if (!status) return undefined;
  const ended = isFinal(status) ? { giveUpMs: undefined, linkUntilMs: undefined } : {};
  const done = status === 'DONE' ? { progress: 100, error: undefined } : {};
  const state = { ...record.state, ...change, ...ended, ...done, status, updatedMs: nowMs };
  const details = change.error && [change.error.code, change.error.details].filter(Boolean).join(': ');
  const history = withStep(state.history, { atMs: nowMs, status, details });
  return { ...record, state: { ...state, history } };
}

export function toUpdateJson(record: UpdateRecord): UpdateJson {
  const { state } = record;
  const { error, initialVersion } = state;
  return {
    id: record.id,
    deviceId: record.deviceId,
    resourceId: record.resourceId,
    created: isoTime(record.createdMs),
    updated: isoTime(state.updatedMs),
    ...(initialVersion !== undefined && { initialVersion }),
    requestedVersion: record.requestedVersion,
    connector: record.connector,
    status: state.status,
    ...(error && { errorOrigin: error.origin, errorCode: error.code }),
    ...(error?.deviceCode !== undefined && { deviceErrorCode: error.deviceCode }),
    ...(error?.details !== undefined && { errorDetails: error.details }),
    progress: state.progress,
    metadata: { ...record.metadata },
    history: state.history.map(({ atMs, status, details }) => ({
      timestamp: isoTime(atMs),
      status,
      ...(details !== undefined && { details }),
    })),
  };
}
