import type { Connectivities } from '../connectors/connector.ts';
import type { DeliveryRef } from '../connectors/delivery.ts';
import type {
  Done,
  TwinDelivery,
  TwinDownlink,
  TwinOutcome,
  TwinRegistration,
  TwinReport,
  TwinReports,
} from '../connectors/twin-link.ts';
import type { Device, DeviceInterface } from '../inventory/types.ts';
import { Deadlines } from '../platform/deadlines.ts';
import type { FindResource } from '../protocols/lwm2m/content.ts';
import { type Lane, Lanes, Observation, type OpenOperation, type UnderWay } from './lanes.ts';
import { ObservationRunner, type ObservationRunnerParts } from './observation-runner.ts';
import { type OperationHost, OperationRunner, type OperationRunnerParts } from './operation-runner.ts';
import type { Twin } from './twin.ts';
import type { TwinNotes } from './twin-notes.ts';
import type { TwinShelf } from './twin-shelf.ts';
import { supportedObjects } from './twin-views.ts';
import type { ValueReporter } from './value-reporter.ts';

export interface TwinEngineParts extends OperationRunnerParts, ObservationRunnerParts {
  readonly connectivities: Connectivities;
  readonly settings: OperationRunnerParts['settings'] &
    ObservationRunnerParts['settings'] & { readonly twinMaxInstances: number };
}

/** How long to wait before trying again what could not be begun. */
const retryMs = 1000;

/**
 * Between what is asked of twins and the connectivities that their devices are behind: gives each device one request at a time,
 * and takes in what devices say.
 */
export class TwinEngine implements TwinReports, OperationHost {
  readonly lanes = new Lanes();
  readonly operations: OperationRunner;
  readonly observations: ObservationRunner;
  private readonly parts: TwinEngineParts;
  private readonly own: {
    readonly shelf: TwinShelf;
    readonly reporter: ValueReporter;
    readonly notes: TwinNotes;
  };
  /** Devices to look at again. */
  private readonly later: Deadlines<Lane>;

  constructor(parts: TwinEngineParts, own: TwinEngine['own']) {
    this.parts = parts;
    this.own = own;
    this.operations = new OperationRunner(parts, own, this);
    this.observations = new ObservationRunner(parts, own, this);
    this.later = new Deadlines(parts.clock, 'twins to look at', (lane) => this.dispatch(lane));
  }

  stop(): void {
    this.operations.stop();
    this.observations.stop();
    this.later.clear();
    this.lanes.clear();
  }

  deviceDeleted(tenantId: string, id: string): void {
    this.own.shelf.remove(tenantId, id);
    const lane = this.lanes.remove({ tenantId, id });
    if (!lane) return;
    this.later.set(lane, undefined);
    this.operations.forget(lane);
    this.observations.forget(lane.observations);
  }

  registered(via: DeviceInterface, registration: TwinRegistration, done: Done): void {
    const lane = this.lanes.find(via.device);
    if (lane) this.observations.reset(lane);
    this.takeRegistration(via, 'register', registration, done);
  }

  updated(via: DeviceInterface, registration: TwinRegistration | undefined, done: Done): void {
    const lane = this.lanes.find(via.device);
    if (lane) this.observations.updated(lane);
    if (registration) this.takeRegistration(via, 'update', registration, done);
    else {
      done();
      this.ready(via);
    }
  }

  gone(via: DeviceInterface, device: Device, unusable?: string): void {
    this.own.shelf.release(device);
    const lane = this.lanes.find(device);
    if (!lane) return;
    const { underWay } = lane;
    if (unusable !== undefined && underWay?.via === via) {
      this.withdraw(lane);
      lane.underWay = undefined;
      const { subject } = underWay;
      if (subject instanceof Observation) this.observations.abandon(subject);
      else this.operations.abandon(subject, unusable);
    }
    this.observations.reset(lane);
    if (unusable !== undefined) this.dispatch(lane);
  }

  ready({ device }: DeviceInterface): void {
    const lane = this.lanes.find(device);
    if (!lane) return;
    lane.notBeforeMs = 0;
    this.dispatch(lane);
  }

  ended(via: DeviceInterface, { correlation, attempt }: DeliveryRef, outcome: TwinOutcome): void {
    const lane = this.lanes.find(via.device);
    if (!lane) return;
    const { underWay } = lane;
    const { delivery } = underWay ?? {};
    if (underWay && delivery?.correlation === correlation && delivery.attempt === attempt) {
      this.outcome(via, lane, underWay, outcome);
      return;
    }
    const observation = lane.observations.find(({ seq }) => seq === correlation);
    if (attempt === 0 && observation?.status === 'OBSERVING' && 'reason' in outcome)
      this.observations.lost(observation, outcome.reason);
  }

  reported(via: DeviceInterface, report: TwinReport, done: Done): 'taken' | 'unwanted' {
    const { origin, values, trace } = report;
    const observation = origin.kind === 'notify' ? this.observationOf(via, origin.observation) : undefined;
    if (origin.kind === 'notify' && !observation) return 'unwanted';
    if (observation) this.observations.notified(observation);
    // Of several paths, a notification may bring what has changed alone.
    const covers = observation?.paths.length === 1 ? observation.paths : [];
    this.own.shelf
      .use(via.device, (twin) =>
        this.own.reporter.reported(via, twin, { origin: origin.kind, values, covers }, trace, done),
      )
      .catch((error: Error) => done(error));
    return 'taken';
  }

  resourcesOf({ device }: DeviceInterface): FindResource {
    const { models } = this.parts;
    const twin = this.own.shelf.find(device);
    if (twin) return twin.findResourceIn(models);
    return models.of(device.tenantId).finder();
  }

  /** Sends the next request of a device, unless one is under way. */
  dispatch(lane: Lane): void {
    const nowMs = this.parts.clock.now();
    if (lane.underWay || lane.deleted || lane.notBeforeMs > nowMs) return;
    const subject = this.observations.next(lane) ?? this.operations.next(lane);
    const via = subject && this.reachable(lane.device);
    if (!subject || !via) {
      this.lanes.tidy(lane);
      return;
    }
    const underWay: UnderWay = { subject, via, delivery: undefined };
    lane.underWay = underWay;
    if (subject instanceof Observation) {
      this.observations.begin(subject);
      return;
    }
    this.use(lane.device, (twin) => {
      // Cancelled, or ended with the device, while the twin was being read.
      if (lane.underWay !== underWay) return;
      if (lane.operations.includes(subject)) this.operations.begin(subject, twin);
      else this.free(lane, 0);
    }).catch(() => this.free(lane, this.parts.clock.now() + retryMs));
  }

  send(lane: Lane, delivery: TwinDelivery): void {
    const { underWay } = lane;
    // Ended while the attempt was being stored.
    if (!underWay || lane.deleted) return;
    underWay.delivery = delivery;
    const downlink = this.downlink(underWay.via);
    if (downlink?.takes(underWay.via)) downlink.send(underWay.via, delivery);
    else {
      const reason = 'the device went while the request was being stored';
      this.ended(underWay.via, delivery, { kind: 'unsent', reason });
    }
  }

  withdraw({ underWay }: Lane): void {
    if (underWay?.delivery) this.downlink(underWay.via)?.withdraw?.(underWay.via, underWay.delivery);
  }

  free(lane: Lane, notBeforeMs: number): void {
    lane.underWay = undefined;
    lane.notBeforeMs = notBeforeMs;
    if (notBeforeMs > this.parts.clock.now()) this.later.set(lane, notBeforeMs);
    else this.dispatch(lane);
  }

  /** Ends observations at the device, or at its next notification. */
  endObservation({ lane, seq }: Observation): void {
    for (const via of lane.device.interfaces) this.downlink(via)?.endObservation(via, seq);
  }

  private outcome(via: DeviceInterface, lane: Lane, { subject }: UnderWay, outcome: TwinOutcome): void {
    if (subject instanceof Observation && subject.cancelled) {
      this.endObservation(subject);
      this.free(lane, 0);
      return;
    }
    // Nothing else is taken for this outcome, and the next request waits until it is dealt with.
    const underWay = lane.underWay as UnderWay;
    underWay.delivery = undefined;
    this.use(lane.device, (twin) => {
      if (lane.underWay !== underWay) return;
      if (subject instanceof Observation) this.observations.ended(via, subject, twin, outcome);
      else this.operations.ended(via, subject as OpenOperation, twin, outcome);
    }).catch(() => this.free(lane, this.parts.clock.now() + retryMs));
  }

  private takeRegistration(
    via: DeviceInterface,
    origin: 'register' | 'update',
    { objects }: TwinRegistration,
    done: Done,
  ): void {
    const { device } = via;
    const { models } = this.parts;
    const take = (twin: Twin): void => {
      twin.objects = withinLimit(objects, this.parts.settings.twinMaxInstances);
      twin.live = true;
      const kept = twin.objects.flatMap(({ objectId, instanceIds }) =>
        instanceIds.map((instanceId) => `${objectId}/${instanceId}`),
      );
      const changed = twin.values.keepOnly(new Set(kept));
      this.parts.store.append(this.own.shelf.statementsOf(twin, { registered: true, changed }), (error) => {
        if (!error) this.tellRegistration(twin, origin);
        done(error);
        if (!error) this.ready(via);
      });
    };
    models
      .load()
      .then(() => this.use(device, take))
      .catch((error: Error) => done(error));
  }

  private tellRegistration(twin: Twin, origin: 'register' | 'update'): void {
    const { tenantId, id: deviceId } = twin.device;
    const objects = supportedObjects(twin, this.parts.models.of(tenantId));
    const describe = () => ({ origin, supportedObjects: objects });
    this.parts.bus.emit('twinReported', { tenantId, deviceId, describe });
  }

  private use(device: Device, run: (twin: Twin) => void): Promise<void> {
    return this.own.shelf.use(device, run);
  }

  private observationOf(via: DeviceInterface, seq: number): Observation | undefined {
    const found = this.lanes.find(via.device)?.observations.find((each) => each.seq === seq);
    return found?.status === 'FAILED' ? undefined : found;
  }

  private reachable(device: Device): DeviceInterface | undefined {
    return [...device.interfaces].find((via) => via.enabled && this.downlink(via)?.takes(via));
  }

  private downlink({ connector }: DeviceInterface): TwinDownlink | undefined {
    return this.parts.connectivities.find(connector)?.twin;
  }
}

/** Objects with no more instances than may be kept; those beyond are left out. */
function withinLimit(objects: TwinRegistration['objects'], most: number): TwinRegistration['objects'] {
  let room = most;
  return objects.map((object) => {
    const instanceIds = object.instanceIds.slice(0, Math.max(0, room));
    room -= instanceIds.length;
    return { ...object, instanceIds };
  });
}
