import type { EventBus } from '../bus/event-bus.ts';
import type {
  DeviceResourceError,
  ResourceProgress,
  ResourceReport,
  ResourceReports,
  ResourceUpdateRef,
} from '../connectors/connector.ts';
import type { PlatformEvents } from '../contract/events.ts';
import type { UpdateAnswer } from '../contract/resource-updates.ts';
import { MessageIds } from '../data/message-id.ts';
import type { Device, DeviceInterface, InterfaceRegistry } from '../inventory/types.ts';
import type { Clock } from '../platform/clock.ts';
import type { Store } from '../store/types.ts';
import { toDeviceResourcesJson } from './device-resource.ts';
import type { DeviceResources } from './device-resources.ts';
import type { OpenUpdate, OpenUpdates } from './open-updates.ts';
import type { ResourceNotes } from './resource-notes.ts';
import { type UpdateChange, type UpdateError, withStep } from './update-record.ts';
import type { UpdateEvent } from './update-state.ts';

/** What can be done about what a device says. */
export interface InboxHost {
  readonly updates: OpenUpdates;
  readonly notes: ResourceNotes;
  /** @returns false when this cannot happen to the update now; then `done` is not called. */
  happen(
    update: OpenUpdate,
    event: UpdateEvent,
    change: UpdateChange,
    options: { done: (error?: Error) => void },
  ): boolean;
  /** A change within the state that an update is in. */
  write(update: OpenUpdate, change: UpdateChange, done: (error?: Error) => void): void;
  /** The device has so many bytes of the content. */
  fetching(update: OpenUpdate, bytes: number): void;
  /** Ends an update whose version the device has. */
  reconcile(update: OpenUpdate): void;
  /** Asks the device for its next update, if it is at none. */
  dispatch(device: Device): void;
  updateGiveUpMs(): number;
}

const reportedByDevice = { origin: 'DEVICE', code: 'ASSET_ORIGINATED_ERROR' } as const;

/** Takes what devices say of their resources and updates, and notes what fits nothing. */
export class ResourceInbox
  implements Pick<ResourceReports, 'answered' | 'updateFailed' | 'progressed' | 'reported'>
{
  private readonly parts: {
    readonly store: Store;
    readonly clock: Clock;
    readonly bus: EventBus<PlatformEvents>;
    readonly registry: InterfaceRegistry;
    readonly settings: { readonly resourceMaxPerDevice: number };
  };
  private readonly devices: DeviceResources;
  private readonly host: InboxHost;

  constructor(parts: ResourceInbox['parts'], devices: DeviceResources, host: InboxHost) {
    this.parts = parts;
    this.devices = devices;
    this.host = host;
  }

  answered(
    via: DeviceInterface,
    to: ResourceUpdateRef,
    answer: UpdateAnswer,
    done: (error?: Error) => void,
  ): void {
    const update = this.updateOf(via, to);
    const event = answer === 'OK' ? 'accept' : 'refuse';
    const change =
      answer === 'OK'
        ? { giveUpMs: this.host.updateGiveUpMs(), answered: true }
        : { error: { origin: 'DEVICE', code: answer } as const };
    if (update && update.record.state.attempt > 0 && this.host.happen(update, event, change, { done }))
      return;
    // It has begun to fetch before it answered.
    if (
      update?.record.state.status === 'IN_PROGRESS' &&
      event === 'accept' &&
      !update.record.state.answered
    ) {
      this.host.write(update, change, done);
      return;
    }
    this.host.notes.noteStray(via, seqOf(to), { ...to, answer }, update?.record, done);
  }

  updateFailed(
    via: DeviceInterface,
    to: ResourceUpdateRef | undefined,
    { code, details, as = reportedByDevice }: DeviceResourceError,
    done: (error?: Error) => void,
  ): void {
    const update = to ? this.updateOf(via, to) : this.current(via.device);
    const error: UpdateError = { ...as, deviceCode: code, details };
    if (update && this.host.happen(update, 'refuse', { error }, { done })) return;
    if (to) {
      const said = { ...to, deviceErrorCode: code, errorDetails: details };
      this.host.notes.noteStray(via, seqOf(to), said, update?.record, done);
      return;
    }
    this.host.notes.noteErrorOfNothing(via, code, details);
    done();
  }

  progressed(
    via: DeviceInterface,
    to: ResourceUpdateRef,
    { bytes, mark, note }: ResourceProgress,
    done: (error?: Error) => void,
  ): void {
    const update = this.updateOf(via, to);
    if (!update?.underWay) {
      done(new Error('the device is not at this update any more'));
      return;
    }
    if (bytes !== undefined) this.host.fetching(update, bytes);
    if (mark === undefined && note === undefined) {
      done();
      return;
    }
    const { status, history } = update.record.state;
    const step = { atMs: this.parts.clock.now(), status, details: note };
    this.host.write(
      update,
      {
        ...(mark !== undefined && { mark }),
        ...(note !== undefined && { history: withStep(history, step) }),
        ...(status === 'IN_PROGRESS' && { giveUpMs: this.host.updateGiveUpMs() }),
      },
      done,
    );
  }

  reported(via: DeviceInterface, report: ResourceReport, done: (error?: Error) => void): void {
    const { device } = via;
    const { store, clock, registry, bus } = this.parts;
    const { resources, problems } = this.withinLimits(device, report);
    if (problems.length > 0) this.host.notes.noteReport(via, problems);
    if (resources.size === 0 || registry.findDevice(device.tenantId, device.id) !== device) {
      done();
      return;
    }
    const change = this.devices.report(device, resources, clock.now());
    store.append(change.statements, (error) => {
      if (error) change.undo();
      else {
        const all = this.devices.of(device);
        const changed = new Map([...all].filter(([id]) => resources.has(id)));
        const describe = () => toDeviceResourcesJson(changed);
        bus.emit('resourcesReported', { tenantId: device.tenantId, deviceId: device.id, describe });
      }
      done(error);
    });
    for (const update of this.host.updates.of(device)) this.host.reconcile(update);
    this.host.dispatch(device);
  }

  /** The open update that a message of this device names. */
  private updateOf(via: DeviceInterface, to: ResourceUpdateRef): OpenUpdate | undefined {
    const seq = seqOf(to);
    const update = seq === undefined ? undefined : this.host.updates.find(seq);
    if (!update || update.device !== via.device) return undefined;
    return 'updateId' in to && to.updateId !== update.record.id ? undefined : update;
  }

  /** The update that a device is at, or was asked for last. */
  private current(device: Device): OpenUpdate | undefined {
    const asked = this.host.updates.of(device).filter(({ record }) => record.state.attempt > 0);
    return asked.find(({ underWay }) => underWay) ?? asked[0];
  }

  /** The report without resources beyond those that a device may have. */
  private withinLimits(device: Device, report: ResourceReport): ResourceReport {
    const { resourceMaxPerDevice: most } = this.parts.settings;
    const known = this.devices.of(device);
    const resources = new Map(report.resources);
    const problems = [...report.problems];
    let room = most - known.size;
    for (const id of report.resources.keys()) {
      if (known.has(id) || room-- > 0) continue;
      resources.delete(id);
      problems.push(`${id}: a device has at most ${most} resources (setting resourceMaxPerDevice)`);
    }
    return { resources, problems };
  }
}

function seqOf(to: ResourceUpdateRef): number | undefined {
  const seq = 'correlation' in to ? to.correlation : MessageIds.sequenceOf(to.updateId);
  // Numbers from a wire may be anything.
  return Number.isSafeInteger(seq) ? seq : undefined;
}
