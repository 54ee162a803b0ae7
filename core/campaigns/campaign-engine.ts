import type { AuditLog } from '../audit/audit-log.ts';
import type { EventBus } from '../bus/event-bus.ts';
import type { CampaignStatus, OperationError } from '../contract/campaigns.ts';
import { PlatformError } from '../contract/errors.ts';
import type { PlatformEvents } from '../contract/events.ts';
import { invalidParameter } from '../contract/invalid-parameter.ts';
import type { RsqlExpression } from '../contract/rsql/ast.ts';
import type { RsqlLimits } from '../contract/rsql/parse.ts';
import { readDeviceFilter } from '../inventory/device-filter-text.ts';
import type { InventoryService } from '../inventory/inventory-service.ts';
import type { Clock, Timer } from '../platform/clock.ts';
import { Deadlines } from '../platform/deadlines.ts';
import type { Logger } from '../platform/logger.ts';
import { UnderWay } from '../platform/under-way.ts';
import type { Store } from '../store/types.ts';
import { Campaign } from './campaign.ts';
import { CampaignNotes } from './campaign-notes.ts';
import { type CampaignRecord, countsOf, hasEnded } from './campaign-record.ts';
import { campaignRepository } from './campaign-repository.ts';
import { CampaignRun, type CampaignRunHost } from './campaign-run.ts';
import { EligibleDevices } from './eligible-devices.ts';
import type { OperationDriver } from './operation-driver.ts';
import { RunningCampaigns } from './running-campaigns.ts';
import { noTargets } from './target-state.ts';

export interface CampaignEngineParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly wireClock: Clock;
  readonly bus: EventBus<PlatformEvents>;
  readonly audit: AuditLog;
  readonly logger: Logger;
  readonly inventory: InventoryService;
  readonly settings: RsqlLimits & { readonly campaignMaxTargets: number; readonly campaignMaxAtWork: number };
}

/** How long to wait before trying again what the store has not taken. */
const retryMs = 1000;
/** How often those who watch are told of the progress of a campaign. */
const tellPeriodMs = 250;

/** Begins campaigns at their time, and ends them at theirs or when all is done (facts 6). */
export class CampaignEngine implements CampaignRunHost {
  private readonly parts: CampaignEngineParts;
  private readonly drivers: ReadonlyMap<string, OperationDriver>;
  private readonly running: RunningCampaigns;
  private readonly notes: CampaignNotes;
  private readonly campaigns = new Map<string, Campaign>();
  private readonly deadlines: Deadlines<Campaign>;
  private readonly telling = new Map<Campaign, Timer>();
  private readonly underWay = new UnderWay();
  private stopped = true;

  constructor(parts: CampaignEngineParts, drivers: readonly OperationDriver[]) {
    this.parts = parts;
    this.drivers = new Map(drivers.map((driver) => [driver.action, driver]));
    this.running = new RunningCampaigns(parts, drivers, (run) => this.lookAgain(run));
    this.notes = new CampaignNotes(parts.audit);
    this.deadlines = new Deadlines(parts.clock, 'campaigns', (campaign) => this.due(campaign));
  }

  /** Takes up the campaigns that the store holds, and goes on with those that run. */
  async start(records: readonly CampaignRecord[]): Promise<void> {
    this.stop();
    this.stopped = false;
    const { store } = this.parts;
    const counts = records.some(hasEnded) ? await campaignRepository.countAllTargets(store) : undefined;
    for (const record of records) {
      const campaign = new Campaign(record);
      this.campaigns.set(record.id, campaign);
      if (record.status === 'SCHEDULED') continue;
      if (hasEnded(record)) {
        campaign.keepCounts(counts?.get(record.seq) ?? noTargets());
        if (record.doomed) await this.remove(campaign);
        continue;
      }
      const run = this.makeRun(campaign);
      for await (const row of campaignRepository.loadTargets(store, record.seq)) run.load(row);
    }
    this.running.start();
    for (const campaign of this.campaigns.values()) {
      this.arm(campaign);
      if (campaign.record.status === 'CANCELING') campaign.run?.end({ force: campaign.record.force });
      else campaign.run?.open();
      this.takeEligible(campaign);
    }
  }

  stop(): void {
    this.stopped = true;
    this.running.stop();
    for (const timer of this.telling.values()) timer.cancel();
    this.telling.clear();
    this.deadlines.clear();
    this.campaigns.clear();
  }

  /**
   * Waits until nothing is under way that does not wait for time or for devices.
   * @returns false when nothing was
   */
  settle(): Promise<boolean> {
    return this.underWay.end();
  }

  find(id: string): Campaign | undefined {
    return this.campaigns.get(id);
  }

  list(tenantId: string): Campaign[] {
    return [...this.campaigns.values()].filter(({ record }) => record.tenantId === tenantId);
  }

  /** @throws PlatformError `api.invalidParameter` */
  readFilter(text: string, place: string): RsqlExpression {
    return readDeviceFilter(text, place, this.parts.settings);
  }

  /** Takes over a new campaign; resolves when it is durable. */
  async add(record: CampaignRecord): Promise<Campaign> {
    const campaign = new Campaign(record);
    // Before it is durable, so that two at a time count for one another.
    this.campaigns.set(record.id, campaign);
    try {
      await this.parts.store.commit([campaignRepository.put(record)]);
    } catch (error) {
      this.campaigns.delete(record.id);
      throw error;
    }
    this.tell(campaign);
    this.arm(campaign);
    return campaign;
  }

  /** Stores a campaign as it is to be, and goes on from that. Call it in {@link Campaign.changes}. */
  async write(campaign: Campaign, next: CampaignRecord): Promise<void> {
    const record = { ...next, updatedMs: this.parts.clock.now() };
    await this.parts.store.commit([campaignRepository.put(record)]);
    campaign.record = record;
    if (campaign.run) campaign.run.record = record;
    this.arm(campaign);
    this.tell(campaign);
    campaign.run?.goOn();
    this.takeEligible(campaign);
  }

  /** Cancels a campaign that has not ended; resolves when that it is to end is durable. */
  cancel(campaign: Campaign, { force, doomed }: { force: boolean; doomed: boolean }): Promise<Campaign> {
    return campaign.changes.run(async () => {
      const { record, run } = campaign;
      if (hasEnded(record)) return campaign;
      if (!run) {
        await this.write(campaign, { ...record, status: 'CANCELED', doomed });
        this.notes.ended(campaign.record, campaign.counts);
        return campaign;
      }
      const forced = force || record.force;
      const next = {
        ...record,
        status: 'CANCELING',
        force: forced,
        doomed: doomed || record.doomed,
      } as const;
      await this.write(campaign, next);
      run.end({ force: forced });
      return campaign;
    });
  }

  /** @returns true when it is deleted, false when it will be once it is canceled */
  async delete(campaign: Campaign): Promise<boolean> {
    await this.cancel(campaign, { force: true, doomed: true });
    return campaign.changes.run(async () => {
      if (!hasEnded(campaign.record)) return false;
      await this.remove(campaign);
      return true;
    });
  }

  progressed(run: CampaignRun): void {
    const campaign = this.campaigns.get(run.record.id);
    if (!campaign || this.telling.has(campaign)) return;
    const timer = this.parts.wireClock.after('campaign progress', tellPeriodMs, () => this.tell(campaign));
    this.telling.set(campaign, timer);
  }

  full(run: CampaignRun, deviceId: string): void {
    this.notes.full(run.record, deviceId, this.parts.settings.campaignMaxTargets);
  }

  failed(run: CampaignRun, deviceId: string, error: OperationError): void {
    this.notes.deviceFailed(run.record, deviceId, error);
  }

  done(run: CampaignRun): void {
    const campaign = this.campaigns.get(run.record.id);
    if (campaign?.run === run) this.guard(campaign.changes.run(() => this.finish(campaign, run)));
  }

  private async finish(campaign: Campaign, run: CampaignRun): Promise<void> {
    if (this.stopped || campaign.run !== run) return;
    const { record } = campaign;
    const { counts } = run;
    const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
    const outcome: CampaignStatus = counts.success === all ? 'COMPLETE' : 'INCOMPLETE';
    const status = record.status === 'CANCELING' ? 'CANCELED' : outcome;
    try {
      await this.write(campaign, { ...record, status });
    } catch (error) {
      this.parts.logger.warn(
        { err: error, campaign: record.id },
        'the end of a campaign could not be stored',
      );
      this.parts.clock.after('campaign end', retryMs, () => this.done(run));
      return;
    }
    campaign.keepCounts(counts);
    this.dropRun(campaign);
    this.arm(campaign);
    this.notes.ended(campaign.record, counts);
    if (campaign.record.doomed) await this.remove(campaign);
  }

  /** More devices may have come to fit than can be looked at one by one. */
  private lookAgain(run: CampaignRun): void {
    const campaign = this.campaigns.get(run.record.id);
    if (campaign?.run === run) this.takeEligible(campaign);
  }

  /** Takes in the devices that fit by now: while the program was off, or did not look, some may have come. */
  private takeEligible(campaign: Campaign): void {
    const { record, run } = campaign;
    if (!run || record.status !== 'RUNNING' || !record.dynamic || !('filterQuery' in record.selector)) return;
    this.guard(
      this.eligibleDevices(record.tenantId, record.selector.filterQuery).then((ids) => run.join(ids)),
    );
  }

  private due(campaign: Campaign): void {
    if (campaign.run) campaign.run.end({ force: false });
    else if (campaign.record.status === 'SCHEDULED')
      this.guard(campaign.changes.run(() => this.begin(campaign)));
  }

  private async begin(campaign: Campaign): Promise<void> {
    const { record } = campaign;
    if (this.stopped || record.status !== 'SCHEDULED' || record.startMs > this.parts.clock.now()) return;
    try {
      // A kill may have left some of an earlier beginning.
      await this.parts.store.commit([campaignRepository.deleteTargets(record.seq)]);
      const run = this.makeRun(campaign);
      await run.add(await this.devicesOf(record));
      await this.write(campaign, { ...record, status: 'RUNNING' });
      this.notes.began(campaign.record, run.size);
      // Its time may have passed while the program was off.
      if (record.endMs !== undefined && record.endMs <= this.parts.clock.now()) run.end({ force: false });
      else run.open();
    } catch (error) {
      this.dropRun(campaign);
      if (!(error instanceof PlatformError) || error.code.startsWith('store.')) {
        this.parts.logger.warn(
          { err: error, campaign: record.id },
          'a campaign could not begin; trying again',
        );
        this.deadlines.set(campaign, this.parts.clock.now() + retryMs);
        return;
      }
      const reason = error.details ?? error.message;
      await this.write(campaign, { ...record, status: 'SERVER_ERROR', error: reason });
      this.notes.ended(campaign.record, campaign.counts);
    }
  }

  private async devicesOf({ tenantId, selector }: CampaignRecord): Promise<readonly string[]> {
    if ('idList' in selector) return selector.idList;
    const ids = await this.eligibleDevices(tenantId, selector.filterQuery);
    const { campaignMaxTargets } = this.parts.settings;
    if (ids.length > campaignMaxTargets) {
      throw invalidParameter(
        `filterQuery fits ${ids.length} devices; a campaign has at most ${campaignMaxTargets} (setting campaignMaxTargets)`,
      );
    }
    return ids;
  }

  private async eligibleDevices(tenantId: string, filterQuery: string): Promise<string[]> {
    const expression = this.readFilter(filterQuery, 'filterQuery');
    const query = { filter: { expressions: [expression] }, limit: 1, offset: 0, sort: [] };
    const devices = await this.parts.inventory.devices.listAll(tenantId, query);
    return devices.map(({ id }) => id);
  }

  private makeRun(campaign: Campaign): CampaignRun {
    const { record } = campaign;
    const { tenantId, selector } = record;
    const expression =
      'filterQuery' in selector ? this.readFilter(selector.filterQuery, 'filterQuery') : undefined;
    const eligible = expression && new EligibleDevices(tenantId, expression);
    const { drivers, underWay } = this;
    const parts = { ...this.parts, registry: this.parts.inventory, drivers, underWay };
    const run = new CampaignRun(record, eligible, parts, this);
    campaign.run = run;
    this.running.add(run);
    return run;
  }

  private dropRun(campaign: Campaign): void {
    if (campaign.run) this.running.remove(campaign.run);
    campaign.run = undefined;
  }

  private async remove(campaign: Campaign): Promise<void> {
    const { seq, id, tenantId } = campaign.record;
    await this.parts.store.commit(campaignRepository.delete(seq));
    this.dropRun(campaign);
    this.campaigns.delete(id);
    this.deadlines.set(campaign, undefined);
    this.telling.get(campaign)?.cancel();
    this.telling.delete(campaign);
    this.parts.bus.emit('campaignChanged', { tenantId, campaignId: id, progress: undefined });
  }

  private arm(campaign: Campaign): void {
    const { status, startMs, endMs } = campaign.record;
    const next = status === 'SCHEDULED' ? startMs : status === 'RUNNING' ? endMs : undefined;
    this.deadlines.set(campaign, next);
  }

  private tell(campaign: Campaign): void {
    this.telling.get(campaign)?.cancel();
    this.telling.delete(campaign);
    const { tenantId, id: campaignId, status: campaignStatus } = campaign.record;
    const totalTargetsPerStatus = { ...countsOf(campaign.record, campaign.counts) };
    const progress = { campaignStatus, totalTargetsPerStatus };
    this.parts.bus.emit('campaignChanged', { tenantId, campaignId, progress });
  }

  private guard(work: Promise<unknown>): void {
    this.underWay.add(work);
    work.catch((error: unknown) => this.parts.logger.error({ err: error }, 'a campaign failed inside'));
  }
}
