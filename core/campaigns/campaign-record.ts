import type {
  CampaignJson,
  CampaignOperation,
  CampaignStatus,
  CampaignSummary,
  CampaignTargetJson,
  TargetCounts,
} from '../contract/campaigns.ts';
import { isoTime } from '../platform/clock.ts';
import { noTargets, type OperationState, type TargetState } from './target-state.ts';

/** Which devices take part. */
export type CampaignSelector = { readonly idList: readonly string[] } | { readonly filterQuery: string };

/** A campaign as it is at one moment. Never changed: what happens to it makes another. */
export interface CampaignRecord {
  /** Given by the platform and ever rising. */
  readonly seq: number;
  readonly id: string;
  readonly tenantId: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly startMs: number;
  /** Undefined: it ends when all devices are done. */
  readonly endMs: number | undefined;
  readonly selector: CampaignSelector;
  readonly operations: readonly CampaignOperation[];
  /** Devices that come to fit while it runs take part as well. */
  readonly dynamic: boolean;
  readonly status: CampaignStatus;
  /** Why it is in SERVER_ERROR. */
  readonly error: string | undefined;
  /** While it is being canceled: also what devices have under way. */
  readonly force: boolean;
  /** True when it is to be deleted as soon as it has ended. */
  readonly doomed: boolean;
  readonly createdMs: number;
  readonly updatedMs: number;
}

/** A device of a campaign in the store. */
export interface TargetRow {
  /** Its number in the campaign, from 1. */
  readonly number: number;
  readonly deviceId: string;
  readonly state: TargetState;
}

const ended: ReadonlySet<CampaignStatus> = new Set(['CANCELED', 'COMPLETE', 'INCOMPLETE', 'SERVER_ERROR']);

/** True when nothing more happens in a campaign of this status. */
export function hasEnded({ status }: CampaignRecord): boolean {
  return ended.has(status);
}

/** How many devices a campaign has in each status, before it has begun too. */
export function countsOf({ selector, status }: CampaignRecord, counted: TargetCounts): TargetCounts {
  const named = status === 'SCHEDULED' && 'idList' in selector ? new Set(selector.idList).size : 0;
  return named > 0 ? { ...noTargets(), notStarted: named } : counted;
}

export function toCampaignJson(record: CampaignRecord, counted: TargetCounts): CampaignJson {
  const { selector } = record;
  const target = 'idList' in selector ? { idList: [...selector.idList] } : { ...selector };
  return { ...withoutTarget(record, counted), target };
}

/** The same without the list of its devices. */
export function toCampaignSummary(record: CampaignRecord, counted: TargetCounts): CampaignSummary {
  const { selector } = record;
  const target = 'idList' in selector ? { named: selector.idList.length } : { ...selector };
  return { ...withoutTarget(record, counted), target };
}

function withoutTarget(record: CampaignRecord, counted: TargetCounts): Omit<CampaignJson, 'target'> {
  const { id, name, description, startMs, endMs, operations, dynamic, status, error } = record;
  const totalTargetsPerStatus = countsOf(record, counted);
  return {
    id,
    name,
    ...(description !== undefined && { description }),
    planning: { startDate: isoTime(startMs), ...(endMs !== undefined && { endDate: isoTime(endMs) }) },
    operations: toOperationsJson(operations),
    options: { dynamicallyAddEligibleDevice: dynamic },
    campaignStatus: status,
    ...(error !== undefined && { error }),
    created: isoTime(record.createdMs),
    updated: isoTime(record.updatedMs),
    numberOfTargets: Object.values(totalTargetsPerStatus).reduce((sum, count) => sum + count, 0),
    totalTargetsPerStatus,
  };
}

export function toOperationsJson(operations: readonly CampaignOperation[]): CampaignJson['operations'] {
  return operations.map(({ action, version, definition }) => ({
    action,
    version: version ?? 1,
    definition: { ...definition },
  }));
}

export function toTargetJson(
  { operations }: Pick<CampaignRecord, 'operations'>,
  { deviceId, state }: TargetRow,
): CampaignTargetJson {
  return {
    deviceId,
    status: state.status,
    ...(state.error && { error: state.error }),
    operations: state.operations.map((each, index) => ({
      action: (operations[index] as CampaignOperation).action,
      ...operationJson(each),
    })),
  };
}

function operationJson({
  operationId,
  status,
  currentRetry,
  startedMs,
  updatedMs,
  endedMs,
  error,
}: OperationState) {
  return {
    operationId,
    operationStatus: status,
    currentRetry,
    started: isoTime(startedMs),
    updated: isoTime(updatedMs),
    ...(endedMs !== undefined && { ended: isoTime(endedMs) }),
    ...(error && { error }),
  };
}
