import type { AuditLog } from '../audit/audit-log.ts';
import type { EventBus } from '../bus/event-bus.ts';
import type {
  Connectivities,
  DeliveryFailure,
  DeliveryRef,
  ResourceDownlink,
  ResourceReports,
} from '../connectors/connector.ts';
import type { ConnectorName } from '../contract/connectors.ts';
import type { PlatformEvents } from '../contract/events.ts';
import type { Device, DeviceInterface, InterfaceRegistry } from '../inventory/types.ts';
import type { Clock } from '../platform/clock.ts';
import { Deadlines } from '../platform/deadlines.ts';
import type { Statement, Store } from '../store/types.ts';
import { type DeliverySource, deliveryOf } from './delivery-of.ts';
import type { DeviceResources } from './device-resources.ts';
import { OpenUpdate, OpenUpdates } from './open-updates.ts';
import { ResourceInbox } from './resource-inbox.ts';
import { ResourceNotes } from './resource-notes.ts';
import { isCompatible, type Version } from './resource-record.ts';
import { afterEvent, takenUp, type UpdateChange, type UpdateRecord } from './update-record.ts';
import { updateRepository } from './update-repository.ts';
import { isFinal, type UpdateEvent } from './update-state.ts';
import { UpdateWriter } from './update-writer.ts';

export interface EngineSettings {
  readonly resourceMaxPerDevice: number;
  readonly resourceUpdateMaxAttempts: number;
  readonly resourceUpdateWaitMs: number;
  readonly resourceUpdateTimeoutMs: number;
  readonly resourceLinkTtlMs: number;
}

export interface ResourceEngineParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly bus: EventBus<PlatformEvents>;
  readonly audit: AuditLog;
  readonly registry: InterfaceRegistry;
  readonly connectivities: Connectivities;
  readonly settings: EngineSettings;
}

/** What the engine asks of the parts around it. */
export interface EngineHost extends DeliverySource {
  readonly devices: DeviceResources;
  find(seq: number): Promise<UpdateRecord | undefined>;
  /** The end of an update is durable. */
  ended(record: UpdateRecord): void;
}

/** How long to wait before trying again what neither a device nor a store has taken. */
const retryMs = 1000;
/** A download is noted each time that it has come so much further. */
const progressStepPercent = 5;

/**
 * Brings devices to the versions that were asked for (manual 6.5.8): one update of a device at a time, from the request
 * to the report of the new version. What it knows is durable before the wire sees it.
 */
export class ResourceEngine implements ResourceReports {
  readonly updates = new OpenUpdates();
  private readonly parts: ResourceEngineParts;
  private readonly host: EngineHost;
  private readonly notes: ResourceNotes;
  private readonly inbox: ResourceInbox;
  private readonly writer: UpdateWriter;
  private readonly deadlines: Deadlines<OpenUpdate>;

  constructor(parts: ResourceEngineParts, host: EngineHost) {
    this.parts = parts;
    this.host = host;
    this.notes = new ResourceNotes(parts.audit, (seq) => host.find(seq));
    this.inbox = new ResourceInbox(parts, host.devices, {
      updates: this.updates,
      notes: this.notes,
      happen: (update, event, change, options) => this.happen(update, event, change, options),
      write: (update, change, done) => this.write(update, change, done),
      reconcile: (update) => this.reconcile(update),
      dispatch: (device) => this.dispatch(device),
      fetching: (update, bytes) => this.fetching(update, bytes),
      updateGiveUpMs: () => this.updateGiveUpMs(),
    });
    this.deadlines = new Deadlines(parts.clock, 'resource deadlines', (update) => this.due(update));
    this.writer = new UpdateWriter(parts, {
      ended: (update) => {
        this.forget(update);
        if (update.record.state.status === 'FAILED') this.notes.noteFailure(update.record);
        host.ended(update.record);
        this.dispatch(update.device);
      },
      restored: (update) => {
        this.updates.add(update);
        update.retryMs = parts.clock.now() + retryMs;
        this.arm(update);
      },
    });
  }

  /** Begins with the updates that had not ended. What was asked and not answered is asked again. */
  start(records: readonly UpdateRecord[]): void {
    this.stop();
    const { registry, clock, settings } = this.parts;
    const nowMs = clock.now();
    for (const record of records) {
      const device = registry.findDevice(record.tenantId, record.deviceId);
      if (device) this.take(device, takenUp(record, nowMs, settings));
      // Its device was deleted while it was being written.
      else this.parts.store.append([updateRepository.updateState(this.canceled(record))], () => {});
    }
    for (const update of this.updates.all()) {
      this.reconcile(update);
      this.lose(update, { counted: false });
    }
    for (const device of this.updates.devices()) {
      this.dropReplaced(device);
      this.dispatch(device);
    }
  }

  stop(): void {
    this.deadlines.clear();
    this.updates.clear();
  }

  /** Takes over a new update that is durable; those of the same resource that wait are cancelled for it. */
  add(device: Device, record: UpdateRecord): void {
    this.take(device, record);
    this.dropReplaced(device);
    this.dispatch(device);
  }

  /**
   * Cancels an update; resolves false when its state does not allow that, true when its end is durable.
   * @param also stored with it
   */
  cancel(update: OpenUpdate, force: boolean, also: readonly Statement[] = []): Promise<boolean> {
    return new Promise<boolean>((resolve, reject) => {
      const done = (error?: Error): void => (error ? reject(error) : resolve(true));
      if (!this.happen(update, force ? 'forceCancel' : 'cancel', {}, { also, done })) resolve(false);
    });
  }

  /** Cancels whatever a device that was deleted still had to do. */
  deviceDeleted(tenantId: string, deviceId: string): void {
    for (const device of this.updates.devices()) {
      if (device.tenantId !== tenantId || device.id !== deviceId) continue;
      for (const update of this.updates.of(device)) this.happen(update, 'forceCancel', {});
    }
  }

  /**
   * Takes along the updates of a device that got another id. Their rows went with the device's, but for one that was
   * being written meanwhile.
   */
  deviceRenamed(device: Device): void {
    const updates = this.updates.of(device);
    for (const update of updates) {
      const isDurable = update.record === update.durable;
      update.record = { ...update.record, deviceId: device.id };
      update.durable = isDurable ? update.record : { ...update.durable, deviceId: device.id };
    }
    const moves = updates.map(({ record }) => updateRepository.move(record));
    if (moves.length > 0) this.parts.store.append(moves, () => {});
  }

  /** A device that is not there any more answers nothing. One that updates may well go for a while. */
  deviceWent(device: Device, connector: ConnectorName, nodeId: string): void {
    for (const update of this.updates.of(device)) {
      const { via } = update.record.state;
      if (via?.connector === connector && via.nodeId === nodeId) this.lose(update, { counted: false });
    }
  }

  /**
   * The interface by which a device is taken through its update is none of the device any more: nobody will know the end.
   * @param why as in `The interface was deleted`
   */
  interfaceGone(update: OpenUpdate, why: string): void {
    if (update.record.state.status !== 'IN_PROGRESS' || !this.isLed(update)) return;
    const details = `${why} while the device was at the update; whether the device has installed it is not known.`;
    this.giveUp(update, 'INTERFACE_UNUSABLE', details);
  }

  /** The device fetches the content of an update: a sign that it is at it. @param bytes how many it has of them */
  fetching(update: OpenUpdate, bytes: number): void {
    const giveUpMs = this.updateGiveUpMs();
    const { state, tenantId, resourceId, requestedVersion } = update.record;
    const { content } = this.host.catalog.getVersion(tenantId, resourceId, requestedVersion);
    const fetched = Math.min(100, Math.floor((bytes * 100) / content.size));
    const progress = Math.max(fetched, state.progress);
    if (this.happen(update, 'accept', { progress, giveUpMs })) return;
    if (state.status !== 'IN_PROGRESS') return;
    // Not each part is worth a write.
    const isStep = progress >= state.progress + progressStepPercent || progress === 100;
    const isLater = giveUpMs - (state.giveUpMs ?? 0) >= this.parts.settings.resourceUpdateTimeoutMs / 20;
    if (!(isStep && progress > state.progress) && !isLater) return;
    this.write(update, { progress, giveUpMs });
  }

  ready(via: DeviceInterface): void {
    for (const update of this.updates.of(via.device)) {
      update.retryMs = 0;
      this.resume(update, via);
    }
    this.dispatch(via.device);
  }

  allReady(connector: ConnectorName, tenantId?: string): void {
    for (const device of this.updates.devices()) {
      if (tenantId !== undefined && device.tenantId !== tenantId) continue;
      if ([...device.interfaces].some((via) => via.connector === connector)) this.dispatch(device);
    }
  }

  /** The states of an update know no steps between sent and answered. */
  sent(): void {}

  delivered(): void {}

  unsent({ correlation, attempt }: DeliveryRef, _reason: string): void {
    const update = this.askedWith(correlation, attempt);
    if (!update) return;
    // Not at once: a connectivity that takes and does not send must not keep both busy.
    update.retryMs = this.parts.clock.now() + retryMs;
    this.lose(update, { counted: false });
  }

  failed({ correlation, attempt }: DeliveryRef, { errorCode, reason, permanent }: DeliveryFailure): void {
    const update = this.askedWith(correlation, attempt);
    if (!update) return;
    update.retryMs = this.parts.clock.now() + retryMs;
    if (permanent || this.isLastAttempt(update)) this.giveUp(update, errorCode, reason);
    else this.lose(update, { counted: true });
  }

  progressed(...said: Parameters<ResourceReports['progressed']>): void {
    this.inbox.progressed(...said);
  }

  answered(...said: Parameters<ResourceReports['answered']>): void {
    this.inbox.answered(...said);
  }

  updateFailed(...said: Parameters<ResourceReports['updateFailed']>): void {
    this.inbox.updateFailed(...said);
  }

  reported(...said: Parameters<ResourceReports['reported']>): void {
    this.inbox.reported(...said);
  }

  private take(device: Device, record: UpdateRecord): void {
    const update = new OpenUpdate(device, record);
    this.updates.add(update);
    this.arm(update);
  }

  private forget(update: OpenUpdate): void {
    this.updates.remove(update);
    this.deadlines.set(update, undefined);
  }

  /** Asks the device for its first update that can go out now, unless it is at one. */
  private dispatch(device: Device): void {
    const updates = this.updates.of(device).filter(({ record }) => !isFinal(record.state.status));
    if (updates.some(({ underWay }) => underWay)) return;
    const nowMs = this.parts.clock.now();
    const next = updates.find(({ retryMs: notBefore }) => notBefore <= nowMs);
    if (!next) return;
    for (const via of device.interfaces) {
      const downlink = this.downlink(via.connector);
      if (!via.enabled || downlink?.updater !== next.record.connector || !downlink.takes(via)) continue;
      this.begin(next, downlink, via);
      return;
    }
  }

  /** Counts the attempt, and sends when that is durable. */
  private begin(update: OpenUpdate, downlink: ResourceDownlink, via: DeviceInterface): void {
    const { record, device } = update;
    const { tenantId, resourceId, requestedVersion } = record;
    const version = this.host.catalog.findVersion(tenantId, resourceId, requestedVersion);
    const current = this.host.devices.versionOf(device, resourceId);
    if (!version) {
      this.giveUp(update, 'VERSION_NOT_FOUND', 'The version is not in the repository any more.');
    } else if (!isCompatible(version, current)) {
      this.giveUpIncompatible(update, version, current);
    } else if (downlink.updater === 'http-updater' && this.host.linkOf(record, undefined) === undefined) {
      this.giveUp(update, 'DOWNLOAD_UNAVAILABLE', 'No HTTP or HTTPS port listens, as the resource needs it.');
    } else {
      const nowMs = this.parts.clock.now();
      const attempt = record.state.attempt + 1;
      const change: UpdateChange = {
        attempt,
        unanswered: record.state.unanswered + 1,
        answered: false,
        initialVersion: current,
        via: { connector: via.connector, nodeId: via.nodeId },
        giveUpMs: nowMs + downlink.answerTimeoutMs,
        linkUntilMs: nowMs + this.parts.settings.resourceLinkTtlMs,
      };
      const done = (error?: Error): void => {
        if (!error) this.send(update, attempt, version, via);
      };
      this.happen(update, 'begin', change, { done });
    }
  }

  private send(update: OpenUpdate, attempt: number, version: Version, via: DeviceInterface): void {
    const { record } = update;
    // Cancelled, or ended with the device, while it was being stored.
    if (this.askedWith(record.seq, attempt) !== update) return;
    const delivery = deliveryOf(record, version, this.host);
    const downlink = this.downlink(via.connector);
    if (downlink?.takes(via)) downlink.send(via, delivery);
    else this.unsent(delivery, 'the device went while the request was being stored');
  }

  /** A device that has accepted an update is there again: whoever takes it through goes on. */
  private resume({ record }: OpenUpdate, via: DeviceInterface): void {
    const { state, tenantId, resourceId, requestedVersion } = record;
    const downlink = this.downlink(via.connector);
    if (state.status !== 'IN_PROGRESS' || !downlink?.resume || state.via?.nodeId !== via.nodeId) return;
    const version = this.host.catalog.findVersion(tenantId, resourceId, requestedVersion);
    if (version) downlink.resume(via, deliveryOf(record, version, this.host));
  }

  /** The moment of an update has come: it is given up as it stands, or it is tried again. */
  private due(update: OpenUpdate): void {
    const { status, giveUpMs } = update.record.state;
    if (giveUpMs !== undefined && giveUpMs <= this.parts.clock.now()) {
      if (status === 'PENDING') this.giveUp(update, 'EXPIRED', 'No device took it in time.');
      else if (status === 'IN_PROGRESS') {
        this.giveUp(update, 'UPDATE_TIMEOUT', 'The device did not report the new version in time.');
      } else if (status === 'SENT' && this.isLastAttempt(update)) {
        this.withdraw(update);
        const { unanswered } = update.record.state;
        this.giveUp(update, 'ANSWER_TIMEOUT', `The device was asked ${unanswered} times and did not answer.`);
      } else {
        this.withdraw(update);
        this.lose(update, { counted: true });
      }
    }
    this.arm(update);
    this.dispatch(update.device);
  }

  /** The request did not get to the device, or was not answered: it is sent again. */
  private lose(update: OpenUpdate, { counted }: { counted: boolean }): void {
    const { createdMs, state } = update.record;
    const unanswered = counted ? state.unanswered : Math.max(0, state.unanswered - 1);
    // It may have been made at a later time than it is now.
    const sinceMs = Math.min(createdMs, this.parts.clock.now());
    const giveUpMs = sinceMs + this.parts.settings.resourceUpdateWaitMs;
    this.happen(update, 'lost', { unanswered, giveUpMs });
  }

  private giveUp(update: OpenUpdate, code: string, details: string): void {
    this.happen(update, 'giveUp', { error: { origin: 'INTERNAL', code, details } });
  }

  /** Ends an update whose version the device has. */
  private reconcile(update: OpenUpdate): void {
    const { tenantId, resourceId, requestedVersion, state } = update.record;
    const current = this.host.devices.versionOf(update.device, resourceId);
    if (current === requestedVersion) this.happen(update, 'match', {});
    // Who takes the device through the update asks it first what it has.
    else if (state.status === 'SENT' && state.initialVersion === undefined && this.isLed(update)) {
      this.write(update, { initialVersion: current });
      const version = this.host.catalog.findVersion(tenantId, resourceId, requestedVersion);
      if (version && !isCompatible(version, current)) this.giveUpIncompatible(update, version, current);
    }
  }

  private giveUpIncompatible(update: OpenUpdate, { compatibleVersions }: Version, current?: string): void {
    const details = `The device has ${current}; it needs one of ${compatibleVersions.join(', ')}.`;
    this.giveUp(update, 'INCOMPATIBLE_VERSION', details);
  }

  /** True when a connectivity takes the device through the update step by step. */
  private isLed({ record }: OpenUpdate): boolean {
    return this.downlink(record.state.via?.connector)?.resume !== undefined;
  }

  /** Of several updates of one resource that wait, only the newest is meant. */
  private dropReplaced(device: Device): void {
    const newest = new Map(this.updates.of(device).map((each) => [each.record.resourceId, each]));
    for (const update of this.updates.of(device)) {
      if (newest.get(update.record.resourceId) !== update) this.happen(update, 'cancel', {});
    }
  }

  /** @returns false when this cannot happen to the update now; then `done` is not called. */
  private happen(
    update: OpenUpdate,
    event: UpdateEvent,
    change: UpdateChange,
    { also, done }: { also?: readonly Statement[]; done?: (error?: Error) => void } = {},
  ): boolean {
    const next = afterEvent(update.record, event, this.parts.clock.now(), change);
    if (!next) return false;
    const wasSent = update.record.state.status === 'SENT';
    const endsLed = update.underWay && isFinal(next.state.status) && this.isLed(update);
    if (endsLed || (event === 'forceCancel' && wasSent)) this.withdraw(update);
    this.writer.write(update, next, also, done);
    this.arm(update);
    if (event === 'lost') this.dispatch(update.device);
    return true;
  }

  /** A change within the state that an update is in. */
  private write(update: OpenUpdate, change: UpdateChange, done?: (error?: Error) => void): void {
    const { record } = update;
    const state = { ...record.state, ...change, updatedMs: this.parts.clock.now() };
    this.writer.write(update, { ...record, state }, undefined, done);
    this.arm(update);
  }

  private canceled(record: UpdateRecord): UpdateRecord {
    return afterEvent(record, 'forceCancel', this.parts.clock.now()) ?? record;
  }

  private arm(update: OpenUpdate): void {
    const nowMs = this.parts.clock.now();
    const { giveUpMs, status } = update.record.state;
    if (isFinal(status)) {
      this.deadlines.set(update, undefined);
      return;
    }
    const times = [giveUpMs, status === 'PENDING' && update.retryMs > nowMs ? update.retryMs : undefined];
    const known = times.filter((time) => time !== undefined);
    const next = known.length === 0 ? undefined : Math.min(...known);
    // What is over and could not be stored is tried again, and not at once.
    this.deadlines.set(update, next !== undefined && next <= nowMs ? nowMs + retryMs : next);
  }

  private withdraw({ record }: OpenUpdate): void {
    const { seq: correlation, tenantId, state } = record;
    const { via, attempt } = state;
    const found = via && this.parts.registry.findInterface(tenantId, via.connector, via.nodeId);
    if (found) this.downlink(found.connector)?.withdraw?.(found, { correlation, attempt });
  }

  private downlink(connector: ConnectorName | undefined): ResourceDownlink | undefined {
    return connector && this.parts.connectivities.find(connector)?.resources;
  }

  private isLastAttempt({ record }: OpenUpdate): boolean {
    return record.state.unanswered >= this.parts.settings.resourceUpdateMaxAttempts;
  }

  private updateGiveUpMs(): number {
    return this.parts.clock.now() + this.parts.settings.resourceUpdateTimeoutMs;
  }

  /** The update whose present attempt this is; undefined when that is over. */
  private askedWith(correlation: number, attempt: number): OpenUpdate | undefined {
    const update = this.updates.find(correlation);
    const state = update?.record.state;
    return state?.status === 'SENT' && state.attempt === attempt ? update : undefined;
  }
}
