import { isDeepStrictEqual } from 'node:util';
import type { AuditLog } from '../audit/audit-log.ts';
import type { EventBus } from '../bus/event-bus.ts';
import type { CommandService } from '../commands/command-service.ts';
import type { ConfigurationService } from '../configuration/configuration-service.ts';
import type {
  CampaignJson,
  CampaignOperation,
  CampaignSortField,
  CampaignStatus,
  CampaignSummary,
  CampaignTargetJson,
  CreateCampaignRequest,
  TargetCounts,
  TargetStatus,
  UpdateCampaignRequest,
} from '../contract/campaigns.ts';
import { PlatformError } from '../contract/errors.ts';
import type { PlatformEvents } from '../contract/events.ts';
import { invalidParameter } from '../contract/invalid-parameter.ts';
import { requireAtMost } from '../contract/require-at-most.ts';
import type { RsqlLimits } from '../contract/rsql/parse.ts';
import { MessageIds } from '../data/message-id.ts';
import type { InventoryService } from '../inventory/inventory-service.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { ResourceService } from '../resources/resource-service.ts';
import type { Store } from '../store/types.ts';
import { checkOperation } from '../twin/check-operation.ts';
import type { TwinService } from '../twin/twin-service.ts';
import { CampaignEngine } from './campaign-engine.ts';
import {
  type CampaignRecord,
  type CampaignSelector,
  hasEnded,
  toCampaignJson,
  toCampaignSummary,
  toOperationsJson,
  toTargetJson,
} from './campaign-record.ts';
import { campaignRepository } from './campaign-repository.ts';
import { CommandDriver } from './command-driver.ts';
import { ConfigureDriver } from './configure-driver.ts';
import type { OperationDriver } from './operation-driver.ts';
import { ResourceDriver } from './resource-driver.ts';
import { twinDrivers } from './twin-drivers.ts';

export interface CampaignSettings extends RsqlLimits {
  /** Most campaigns of one tenant. */
  readonly campaignMaxPerTenant: number;
  /** Most devices of one campaign. */
  readonly campaignMaxTargets: number;
  /** Devices of one campaign on which something is begun or looked up at a time. */
  readonly campaignMaxAtWork: number;
  /** Most operations of one campaign. */
  readonly campaignMaxOperations: number;
  /** How often one operation may be begun anew on a device. */
  readonly campaignMaxRetries: number;
}

export interface CampaignParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly wireClock: Clock;
  readonly bus: EventBus<PlatformEvents>;
  readonly audit: AuditLog;
  readonly logger: Logger;
  readonly inventory: InventoryService;
  readonly commands: CommandService;
  readonly configuration: ConfigurationService;
  readonly resources: ResourceService;
  readonly twin: TwinService;
  readonly settings: CampaignSettings;
}

export interface CampaignQuery {
  readonly page: number;
  readonly size: number;
  readonly status: readonly CampaignStatus[];
  readonly sort: { readonly field: CampaignSortField; readonly descending: boolean };
}

/** Campaigns as the API offers them (facts 6); how they go on is the engine's. */
export class CampaignService {
  private readonly parts: CampaignParts;
  private readonly engine: CampaignEngine;
  private ids = new MessageIds('0000');
  private nextSeq = 1;

  constructor(parts: CampaignParts) {
    this.parts = parts;
    const drivers: OperationDriver[] = [
      new CommandDriver(parts),
      new ConfigureDriver(parts),
      new ResourceDriver('resource', parts),
      new ResourceDriver('resource-update', parts),
      ...twinDrivers(parts),
    ];
    this.engine = new CampaignEngine(parts, drivers);
  }

  /** Takes up all campaigns. @param installation as for {@link MessageIds}. */
  async start(installation: string): Promise<void> {
    this.ids = new MessageIds(installation);
    const records: CampaignRecord[] = [];
    for await (const record of campaignRepository.load(this.parts.store)) records.push(record);
    this.nextSeq = Math.max(this.nextSeq, ...records.map(({ seq }) => seq + 1));
    await this.engine.start(records);
  }

  stop(): void {
    this.engine.stop();
  }

  /**
   * Waits until all that campaigns began at this moment has come as far as it does without time and devices.
   * @returns false when there was nothing to wait for
   */
  settle(): Promise<boolean> {
    return this.engine.settle();
  }

  /**
   * Plans a campaign; resolves when that would survive a kill.
   * @throws PlatformError `api.invalidParameter`
   */
  async create(tenantId: string, request: CreateCampaignRequest): Promise<CampaignJson> {
    const { clock, settings } = this.parts;
    const { campaignMaxPerTenant } = settings;
    if (this.engine.list(tenantId).length >= campaignMaxPerTenant) {
      throw invalidParameter(
        `There are ${campaignMaxPerTenant} campaigns already, which is the most (setting campaignMaxPerTenant). Delete some that have ended.`,
      );
    }
    this.checkOperations(request.operations);
    const createdMs = clock.now();
    const seq = this.nextSeq++;
    const record: CampaignRecord = {
      ...{ seq, id: this.ids.format(seq, createdMs), tenantId, createdMs, updatedMs: createdMs },
      ...{ status: 'SCHEDULED', error: undefined, force: false, doomed: false },
      name: request.name,
      description: request.description ?? undefined,
      startMs: millisecondsOf(request.planning?.startDate) ?? createdMs,
      endMs: millisecondsOf(request.planning?.endDate),
      selector: this.selectorOf(request.targets),
      operations: request.operations,
      dynamic: request.options?.dynamicallyAddEligibleDevice ?? false,
    };
    checkPlanning(record, createdMs);
    return this.json(await this.engine.add(record));
  }

  list(tenantId: string, query: CampaignQuery) {
    return this.page(tenantId, query, toCampaignJson);
  }

  /** The same without the lists of their devices. */
  listSummaries(tenantId: string, query: CampaignQuery) {
    return this.page(tenantId, query, toCampaignSummary);
  }

  private page<View>(
    tenantId: string,
    { page, size, status, sort }: CampaignQuery,
    view: (record: CampaignRecord, counts: TargetCounts) => View,
  ) {
    const found = this.engine
      .list(tenantId)
      .filter(({ record }) => status.length === 0 || status.includes(record.status))
      .sort((a, b) => compare(a.record, b.record, sort.field) * (sort.descending ? -1 : 1));
    const data = found
      .slice(page * size, (page + 1) * size)
      .map(({ record, counts }) => view(record, counts));
    return { page, size, totalCount: found.length, data };
  }

  /** @throws PlatformError `campaigns.notFound` */
  get(tenantId: string, id: string): CampaignJson {
    return this.json(this.find(tenantId, id));
  }

  /** Without the list of its devices. @throws PlatformError `campaigns.notFound` */
  getSummary(tenantId: string, id: string): CampaignSummary {
    const { record, counts } = this.find(tenantId, id);
    return toCampaignSummary(record, counts);
  }

  /**
   * Changes a campaign: what and whom it is about only before it begins.
   * @throws PlatformError `campaigns.notFound`, `campaigns.wrongState`, `api.invalidParameter`
   */
  update(tenantId: string, id: string, request: UpdateCampaignRequest): Promise<CampaignJson> {
    const campaign = this.find(tenantId, id);
    const { targets = request.target, operations, planning, options } = request;
    const selector = targets && this.selectorOf(targets);
    this.checkOperations(operations ?? []);
    return campaign.changes.run(async () => {
      const { record } = this.find(tenantId, id);
      const startMs = millisecondsOf(planning?.startDate) ?? record.startMs;
      const endMs = planning?.endDate === undefined ? record.endMs : millisecondsOf(planning.endDate);
      const dynamic = options?.dynamicallyAddEligibleDevice ?? record.dynamic;
      // Who sends back what it has read, with a new name in it, changes the name alone.
      const early = {
        targets: selector !== undefined && !isDeepStrictEqual(selector, record.selector),
        operations: operations !== undefined && !sameOperations(operations, record.operations),
        'planning.startDate': startMs !== record.startMs,
      };
      const late = { 'planning.endDate': endMs !== record.endMs, options: dynamic !== record.dynamic };
      refuseLate(record, early, record.status === 'SCHEDULED', 'before it begins');
      refuseLate(record, late, !hasEnded(record) && record.status !== 'CANCELING', 'before it ends');
      const next: CampaignRecord = {
        ...record,
        name: request.name ?? record.name,
        description:
          request.description === undefined ? record.description : (request.description ?? undefined),
        startMs,
        endMs,
        selector: selector ?? record.selector,
        operations: operations ?? record.operations,
        dynamic,
      };
      if (startMs !== record.startMs || endMs !== record.endMs) checkPlanning(next, this.parts.clock.now());
      await this.engine.write(campaign, next);
      return this.json(campaign);
    });
  }

  /**
   * Cancels a campaign: devices that have not begun never do, and what waits is taken back.
   * @param options.force also what devices have under way
   * @throws PlatformError `campaigns.notFound`, `campaigns.wrongState`
   */
  async cancel(tenantId: string, id: string, { force }: { force: boolean }): Promise<CampaignJson> {
    const campaign = this.find(tenantId, id);
    const { record } = await this.engine.cancel(campaign, { force, doomed: false });
    if (hasEnded(record) && record.status !== 'CANCELED') {
      throw new PlatformError('campaigns.wrongState', 'The campaign has ended.', {
        details: `Its status is ${record.status}.`,
      });
    }
    return this.json(campaign);
  }

  /**
   * Deletes a campaign.
   * @param options.force also one that runs, which is canceled first
   * @returns true when it is deleted, false when it will be once it is canceled
   * @throws PlatformError `campaigns.notFound`, `campaigns.wrongState`
   */
  async delete(tenantId: string, id: string, { force }: { force: boolean }): Promise<boolean> {
    const campaign = this.find(tenantId, id);
    const { status } = campaign.record;
    if (!hasEnded(campaign.record) && status !== 'SCHEDULED' && !force) {
      throw new PlatformError('campaigns.wrongState', 'The campaign runs.', {
        details: `Its status is ${status}; cancel it first, or delete it with force=true.`,
      });
    }
    return this.engine.delete(campaign);
  }

  /** @throws PlatformError `campaigns.notFound` */
  async listTargets(
    tenantId: string,
    id: string,
    { page, size, status }: { page: number; size: number; status?: TargetStatus | undefined },
  ): Promise<{ page: number; size: number; totalCount: number; data: CampaignTargetJson[] }> {
    const { record } = this.find(tenantId, id);
    const { store } = this.parts;
    const [counts, rows] = await Promise.all([
      campaignRepository.countTargets(store, record.seq),
      campaignRepository.listTargets(store, record.seq, { status, limit: size, offset: page * size }),
    ]);
    const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
    const totalCount = status === undefined ? all : counts[status];
    return { page, size, totalCount, data: rows.map((row) => toTargetJson(record, row)) };
  }

  private find(tenantId: string, id: string) {
    const found = this.engine.find(id);
    if (found?.record.tenantId === tenantId) return found;
    throw new PlatformError('campaigns.notFound', 'There is no such campaign.', { details: id });
  }

  private json(campaign: ReturnType<CampaignService['find']>): CampaignJson {
    return toCampaignJson(campaign.record, campaign.counts);
  }

  private checkOperations(operations: CreateCampaignRequest['operations']): void {
    const { settings } = this.parts;
    requireAtMost(settings, 'campaignMaxOperations', operations.length, 'body.operations', 'operations');
    for (const [index, { action, definition }] of operations.entries()) {
      const field = `body.operations.${index}.definition`;
      requireAtMost(settings, 'campaignMaxRetries', definition.maxRetry, `${field}.maxRetry`);
      if (action === 'twin-operation') checkOperation(definition, field);
    }
  }

  private selectorOf({ idList, filterQuery }: CreateCampaignRequest['targets']): CampaignSelector {
    const { campaignMaxTargets } = this.parts.settings;
    if (filterQuery) {
      this.engine.readFilter(filterQuery, 'body.targets.filterQuery');
      return { filterQuery };
    }
    const named = [...new Set(idList)];
    if (named.length > campaignMaxTargets) {
      throw invalidParameter(
        `body.targets.idList: names ${named.length} devices; a campaign has at most ${campaignMaxTargets} (setting campaignMaxTargets)`,
      );
    }
    return { idList: named };
  }
}

const millisecondsOf = (date: string | null | undefined): number | undefined =>
  date ? Date.parse(date) : undefined;

function checkPlanning({ startMs, endMs }: CampaignRecord, nowMs: number): void {
  if (endMs === undefined) return;
  if (endMs <= nowMs) throw invalidParameter('body.planning.endDate: is over already');
  if (endMs <= startMs) throw invalidParameter('body.planning.endDate: must be after startDate');
}

function sameOperations(some: readonly CampaignOperation[], others: readonly CampaignOperation[]): boolean {
  // As JSON: what is undefined is not there.
  const [a, b] = [some, others].map((each) => JSON.parse(JSON.stringify(toOperationsJson(each))));
  return isDeepStrictEqual(a, b);
}

/** Refuses changes that come too late. */
function refuseLate(
  { status }: CampaignRecord,
  changes: Readonly<Record<string, boolean>>,
  allowed: boolean,
  when: string,
): void {
  const named = Object.keys(changes).filter((name) => changes[name]);
  if (allowed || named.length === 0) return;
  throw new PlatformError('campaigns.wrongState', 'The campaign cannot be changed like this any more.', {
    details: `${named.join(', ')}: can be changed only ${when}; its status is ${status}.`,
  });
}

function compare(a: CampaignRecord, b: CampaignRecord, field: CampaignSortField): number {
  const key = ({ seq, name, status, updatedMs }: CampaignRecord): string | number =>
    field === 'name' ? name : field === 'status' ? status : field === 'updated' ? updatedMs : seq;
  const [left, right] = [key(a), key(b)];
  return left < right ? -1 : left > right ? 1 : a.seq - b.seq;
}
