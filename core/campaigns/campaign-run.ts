import type { OperationError, TargetCounts } from '../contract/campaigns.ts';
import { errorTable, PlatformError } from '../contract/errors.ts';
import type { Device, InterfaceRegistry } from '../inventory/types.ts';
import type { Clock, Timer } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { UnderWay } from '../platform/under-way.ts';
import type { Store } from '../store/types.ts';
import type { CampaignRecord, TargetRow } from './campaign-record.ts';
import { campaignRepository } from './campaign-repository.ts';
import type { DeviceChange, EligibleDevices } from './eligible-devices.ts';
import type { CampaignDevice, OperationDriver } from './operation-driver.ts';
import {
  afterBegin,
  afterEnd,
  afterStanding,
  isFinal,
  nextOperation,
  noTargets,
  notStarted,
  openOperation,
  type Standing,
  type TargetState,
} from './target-state.ts';

export interface CampaignRunParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: InterfaceRegistry;
  readonly drivers: ReadonlyMap<string, OperationDriver>;
  readonly settings: { readonly campaignMaxAtWork: number; readonly campaignMaxTargets: number };
  /** What it does about its devices. */
  readonly underWay: UnderWay;
}

export interface CampaignRunHost {
  /** Devices have gone on. */
  progressed(run: CampaignRun): void;
  /** A device that has come to fit cannot join: there are as many as there may be. */
  full(run: CampaignRun, deviceId: string): void;
  /** A device has failed for good. */
  failed(run: CampaignRun, deviceId: string, error: OperationError): void;
  /** Nothing more is to happen. */
  done(run: CampaignRun): void;
}

/** A device of a running campaign. */
interface Target {
  readonly number: number;
  deviceId: string;
  state: TargetState;
  /** Something about it is being found out or stored. */
  busy: boolean;
  /** It had no room for the next operation. */
  waiting: boolean;
}

/** How long to wait before trying again what the store has not taken. */
const retryMs = 1000;
/** Rows that are stored in one transaction. */
const rowsAtATime = 500;

/**
 * A campaign under way: brings every device through the operations, some at a time. What it begins on a device is
 * durable together with the request itself, so a kill forgets nothing and begins nothing twice.
 */
export class CampaignRun {
  record: CampaignRecord;
  readonly counts: TargetCounts = noTargets();
  private readonly parts: CampaignRunParts;
  private readonly host: CampaignRunHost;
  /** The devices that belong to it; undefined when only those named by id do. */
  private readonly eligible: EligibleDevices | undefined;
  private readonly targets = new Map<string, Target>();
  private nextNumber = 1;
  /** Devices to look at, in their order. */
  private readonly ready = new Set<Target>();
  private atWork = 0;
  private state: 'preparing' | 'open' | 'ending' | 'over' = 'preparing';
  private later: Timer | undefined;

  constructor(
    record: CampaignRecord,
    eligible: EligibleDevices | undefined,
    parts: CampaignRunParts,
    host: CampaignRunHost,
  ) {
    this.record = record;
    this.eligible = eligible;
    this.parts = parts;
    this.host = host;
  }

  /** Takes up a device as the store has it. */
  load({ number, deviceId, state }: TargetRow): void {
    this.take({ number, deviceId, state, busy: false, waiting: false });
    this.nextNumber = Math.max(this.nextNumber, number + 1);
  }

  /** Takes in devices that are not there yet; resolves when that is durable. */
  async add(deviceIds: readonly string[]): Promise<void> {
    const fresh = [...new Set(deviceIds)].filter((id) => !this.targets.has(id));
    for (let start = 0; start < fresh.length; start += rowsAtATime) {
      const added = fresh.slice(start, start + rowsAtATime).map((deviceId): Target => {
        const target = { number: this.nextNumber++, deviceId, state: notStarted, busy: true, waiting: false };
        this.take(target);
        return target;
      });
      try {
        await this.parts.store.commit(
          added.map((target) => campaignRepository.insertTarget(this.record, target)),
        );
      } catch (error) {
        for (const target of added) this.drop(target);
        throw error;
      }
      for (const target of added) this.release(target);
    }
  }

  /** Begins, or goes on after a restart. */
  open(): void {
    if (this.state === 'preparing') this.state = 'open';
    this.work();
  }

  /** Begins nothing more: what is pending is taken back, and with `force` also what devices have under way. */
  end({ force }: { force: boolean }): void {
    if (this.state === 'over') return;
    this.state = 'ending';
    this.record = { ...this.record, force };
    for (const target of this.targets.values()) if (!isFinal(target.state.status)) this.ready.add(target);
    this.work();
  }

  /** Does nothing any more; the store keeps what it has. */
  close(): void {
    this.state = 'over';
    this.later?.cancel();
    this.ready.clear();
  }

  get size(): number {
    return this.targets.size;
  }

  /** An operation on a device may stand elsewhere than before. */
  news(deviceId: string, action: string, operationId: string | undefined): void {
    const target = this.targets.get(deviceId);
    if (!target || isFinal(target.state.status)) return;
    const open = openOperation(target.state);
    const concerns = open && (operationId === undefined || open.operationId === operationId);
    if (!(concerns && this.actionOf(target) === action) && !target.waiting) return;
    target.waiting = false;
    this.ready.add(target);
    this.work();
  }

  /** True when such a change may make a device one of its own. */
  minds(change: DeviceChange): boolean {
    const { record, eligible, state } = this;
    if (!record.dynamic || !eligible || state === 'ending' || state === 'over') return false;
    return eligible.mind(change);
  }

  /** True when the device fits and has no part in it yet. */
  awaits(device: Device): boolean {
    return !this.targets.has(device.id) && this.eligible?.has(device) === true;
  }

  /** Takes in devices that have come to fit, as long as there is room. */
  async join(deviceIds: readonly string[]): Promise<void> {
    const fresh = deviceIds.filter((id) => !this.targets.has(id));
    const room = Math.max(0, this.parts.settings.campaignMaxTargets - this.targets.size);
    for (const deviceId of fresh.slice(room)) this.host.full(this, deviceId);
    await this.add(fresh.slice(0, room));
  }

  /** Its record has changed: looks again at whether there is something to do. */
  goOn(): void {
    this.work();
  }

  renamed(from: string, to: string): void {
    const target = this.targets.get(from);
    if (!target) return;
    this.targets.delete(from);
    this.targets.set(to, target);
    // Its row went with the device's.
    target.deviceId = to;
  }

  deleted(deviceId: string): void {
    const target = this.targets.get(deviceId);
    if (target && !isFinal(target.state.status)) this.fail(target, deviceGone);
  }

  private take(target: Target): void {
    this.targets.set(target.deviceId, target);
    this.counts[target.state.status]++;
    if (!isFinal(target.state.status)) this.ready.add(target);
  }

  private drop(target: Target): void {
    this.targets.delete(target.deviceId);
    this.counts[target.state.status]--;
    this.ready.delete(target);
  }

  private release(target: Target): void {
    target.busy = false;
    if (!isFinal(target.state.status)) this.ready.add(target);
    this.work();
  }

  private work(): void {
    if (this.state === 'preparing' || this.state === 'over') return;
    const { campaignMaxAtWork } = this.parts.settings;
    for (const target of this.ready) {
      if (this.atWork >= campaignMaxAtWork) return;
      // Looked at again when what is under way about it has ended.
      if (target.busy) continue;
      this.ready.delete(target);
      if (!isFinal(target.state.status)) this.parts.underWay.add(this.workOn(target));
    }
    this.finishWhenDone();
  }

  /** Brings one device forward by one step, if it can go. Never rejects. */
  private async workOn(target: Target): Promise<void> {
    target.busy = true;
    this.atWork++;
    let again = false;
    try {
      again = openOperation(target.state) ? await this.follow(target) : await this.begin(target);
    } catch (error) {
      // Whatever it was, the campaign must not stand still because of one device.
      this.parts.logger.error(
        { err: error, campaign: this.record.id },
        'a device of a campaign failed inside',
      );
      this.tryLater();
    }
    this.atWork--;
    target.busy = false;
    if (again && !isFinal(target.state.status)) this.ready.add(target);
    this.work();
  }

  /** @returns true when there is more to do at once */
  private async follow(target: Target): Promise<boolean> {
    const open = openOperation(target.state);
    const operation = this.record.operations[target.state.operations.length - 1];
    const driver = operation && this.parts.drivers.get(operation.action);
    if (!open || !operation || !driver) return false;
    const device = this.deviceOf(target);
    const isCurrent = (): boolean => openOperation(target.state)?.operationId === open.operationId;
    const turn = () => ({
      operations: this.record.operations.length,
      maxRetry: operation.definition.maxRetry,
      goesOn: this.state !== 'ending',
    });
    let standing: Standing;
    try {
      standing = await driver.standing(device, operation, open.operationId);
      if (this.state === 'ending' && !isFinal(standing.status)) {
        const { force } = this.record;
        if (force || standing.status === 'pending') {
          await driver.cancel(device, operation, open.operationId, { force });
          standing = await driver.standing(device, operation, open.operationId);
        }
      }
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
      if (isTransient(error)) {
        this.tryLater();
        return false;
      }
      if (isCurrent()) this.fail(target, describeError(error));
      return false;
    }
    if (this.state === 'over') return false;
    if (!isCurrent()) return true;
    const next = afterStanding(target.state, standing, turn(), this.parts.clock.now());
    if (!next) return false;
    this.change(target, next);
    return isFinal(standing.status);
  }

  /** @returns true when there is more to do at once */
  private async begin(target: Target): Promise<boolean> {
    const { record, parts } = this;
    const next = nextOperation(target.state, record.operations.length);
    const operation = next && record.operations[next.index];
    const driver = operation && parts.drivers.get(operation.action);
    if (!next || !operation || !driver || this.state === 'over') return false;
    if (this.state === 'ending') {
      // Who has not begun never does; who was between two operations gets no other.
      if (target.state.status !== 'notStarted')
        this.change(target, afterEnd(target.state, { status: 'canceled' }, parts.clock.now()));
      return false;
    }
    const device = this.deviceOf(target);
    if (!parts.registry.findDevice(device.tenantId, device.deviceId)) {
      this.fail(target, deviceGone);
      return false;
    }
    const before = target.state;
    let marked: TargetState | undefined;
    const ownId = `${record.id}-${target.number}-${next.index + 1}-${next.retry}`;
    try {
      await driver.begin(device, operation, ownId, (operationId) => {
        marked = afterBegin(before, next, operationId, parts.clock.now());
        this.set(target, marked);
        return [campaignRepository.updateTarget(record.seq, target)];
      });
    } catch (error) {
      // Unless it was deleted meanwhile.
      if (target.state === marked) this.set(target, before);
      if (!(error instanceof PlatformError)) throw error;
      if (noRoom.has(error.code)) target.waiting = true;
      else if (isTransient(error)) this.tryLater();
      else this.fail(target, describeError(error), ownId);
      return false;
    }
    this.host.progressed(this);
    // What was told while it was being stored.
    return true;
  }

  /** Ends a device with a failure. @param operationId of an operation that was refused before it began */
  private fail(target: Target, error: OperationError, operationId?: string): void {
    const nowMs = this.parts.clock.now();
    const next = nextOperation(target.state, this.record.operations.length);
    const begun =
      operationId !== undefined && next ? afterBegin(target.state, next, operationId, nowMs) : target.state;
    this.change(target, afterEnd(begun, { status: 'failure', error }, nowMs));
  }

  private change(target: Target, next: TargetState): void {
    this.set(target, next);
    this.save(target);
    if (next.status === 'failure') {
      const error = next.error ?? next.operations.at(-1)?.error;
      if (error) this.host.failed(this, target.deviceId, error);
    }
    this.host.progressed(this);
    this.finishWhenDone();
  }

  private set(target: Target, next: TargetState): void {
    this.counts[target.state.status]--;
    this.counts[next.status]++;
    target.state = next;
    if (isFinal(next.status)) this.ready.delete(target);
  }

  private save(target: Target): void {
    this.parts.store.append([campaignRepository.updateTarget(this.record.seq, target)], (error) => {
      if (!error || this.state === 'over') return;
      this.parts.logger.warn({ err: error }, 'the progress of a campaign could not be stored; trying again');
      this.parts.clock.after('campaign write', retryMs, () => this.save(target));
    });
  }

  /** Looks again soon at all that has not ended. */
  private tryLater(): void {
    this.later ??= this.parts.clock.after('campaign retry', retryMs, () => {
      this.later = undefined;
      for (const target of this.targets.values()) if (!isFinal(target.state.status)) this.ready.add(target);
      this.work();
    });
  }

  private finishWhenDone(): void {
    const { notStarted: waiting, pending, inProgress } = this.counts;
    if (this.state === 'preparing' || this.state === 'over' || this.atWork > 0) return;
    if (pending + inProgress > 0 || this.ready.size > 0) return;
    if (this.state === 'open' && (waiting > 0 || (this.record.dynamic && this.eligible))) return;
    this.state = 'over';
    this.host.done(this);
  }

  private actionOf(target: Target): string | undefined {
    return this.record.operations[target.state.operations.length - 1]?.action;
  }

  private deviceOf({ deviceId }: Target): CampaignDevice {
    return { tenantId: this.record.tenantId, deviceId };
  }
}

const deviceGone: OperationError = {
  origin: 'INTERNAL',
  code: errorTable['inventory.deviceNotFound'].apiCode,
  details: 'there is no such device',
};

/** The device is busy with others; what becomes of them is told. */
const noRoom: ReadonlySet<string> = new Set([
  'commands.queueFull',
  'resources.queueFull',
  'resources.updateRunning',
  'twin.operationLimit',
  'twin.observationLimit',
]);

/** The store cannot keep it now; what the device or the area refuses it will refuse again. */
const isTransient = ({ code }: PlatformError): boolean => code.startsWith('store.');

function describeError({ code, message, details }: PlatformError): OperationError {
  return {
    origin: 'INTERNAL',
    code: errorTable[code].apiCode,
    details: details === undefined ? message : `${message} ${details}`,
  };
}
