import { PlatformError } from '../contract/errors.ts';
import { invalidParameter } from '../contract/invalid-parameter.ts';
import { requireAtMost } from '../contract/require-at-most.ts';
import type { CreateTwinObservationRequest, TwinObservationJson } from '../contract/twin.ts';
import type { BenchObservationJson } from '../contract/twin-bench.ts';
import { MessageIds } from '../data/message-id.ts';
import type { InterfaceRegistry } from '../inventory/types.ts';
import type { Clock } from '../platform/clock.ts';
import { Lwm2mPath } from '../protocols/lwm2m/path.ts';
import type { Statement, Store } from '../store/types.ts';
import { type Lane, Observation } from './lanes.ts';
import { observationRepository } from './observation-repository.ts';
import { toBenchObservationJson, toObservationJson } from './observation-runner.ts';
import type { TwinDevices } from './twin-devices.ts';
import type { TwinEngine } from './twin-engine.ts';

export interface ObservationSettings {
  readonly twinObservationMaxPerDevice: number;
  readonly twinObservationMaxPaths: number;
}

/** Observations as the API offers them (manual 7.8.8); what happens to them after is the engine's. */
export class ObservationService {
  private readonly parts: {
    readonly store: Store;
    readonly clock: Clock;
    readonly registry: InterfaceRegistry;
    readonly devices: TwinDevices;
    readonly engine: TwinEngine;
    readonly settings: ObservationSettings;
    nextSeq(): number;
  };
  private ids = new MessageIds('0000');

  constructor(parts: ObservationService['parts']) {
    this.parts = parts;
  }

  /** Takes up what there is; no device is registered yet. @param installation as for {@link MessageIds} */
  async start(installation: string): Promise<void> {
    this.ids = new MessageIds(installation);
    const { store, registry, engine } = this.parts;
    for await (const { of, facts } of observationRepository.loadAll(store)) {
      const device = registry.findDevice(of.tenantId, of.deviceId);
      if (!device) continue;
      const lane = engine.lanes.of(device);
      const paths = facts.paths.map((path) => Lwm2mPath.parse(path));
      const observation = new Observation(lane, { ...facts, name: facts.name, paths });
      observation.status = facts.status;
      observation.stored = true;
      lane.observations = [...lane.observations, observation];
      engine.observations.reset(lane);
    }
  }

  /**
   * Makes an observation; resolves when it would survive a kill.
   * @param alongside makes statements that are stored with it, in one transaction
   * @throws PlatformError `inventory.deviceNotFound`, `twin.notFound`, `api.invalidParameter`,
   *   `twin.observationLimit`
   */
  async create(
    tenantId: string,
    deviceId: string,
    { paths, name }: CreateTwinObservationRequest,
    alongside?: (observationId: string) => readonly Statement[],
  ): Promise<TwinObservationJson> {
    const { store, clock, registry, devices, engine, settings } = this.parts;
    const device = devices.get(tenantId, deviceId);
    requireAtMost(settings, 'twinObservationMaxPaths', paths.length, 'body.paths', 'paths');
    const twice = paths.find((path, index) => paths.indexOf(path) !== index);
    if (twice !== undefined) throw invalidParameter(`body.paths: names ${twice} twice`);
    const lane = engine.lanes.of(device);
    this.requireRoom(lane);
    const seq = this.parts.nextSeq();
    const createdMs = clock.now();
    const observation = new Observation(lane, {
      ...{ seq, id: this.ids.format(seq, createdMs), createdMs, name: name ?? undefined },
      paths: paths.map((path) => Lwm2mPath.parse(path)),
    });
    lane.joining.observations++;
    try {
      const insert = observationRepository.insert(observation);
      await store.commit([insert, ...(alongside?.(observation.id) ?? [])]);
    } catch (error) {
      lane.joining.observations--;
      engine.lanes.tidy(lane);
      throw error;
    }
    lane.joining.observations--;
    if (lane.deleted || registry.findDevice(tenantId, device.id) !== device) {
      await store.commit([observationRepository.delete(seq)]);
      throw devices.notFound(deviceId);
    }
    observation.stored = true;
    lane.observations = [...lane.observations, observation];
    const answer = toObservationJson(observation);
    engine.observations.tell(observation);
    engine.dispatch(lane);
    return answer;
  }

  /** The oldest first. @throws PlatformError `inventory.deviceNotFound`, `twin.notFound` */
  list(tenantId: string, deviceId: string): TwinObservationJson[] {
    const device = this.parts.devices.get(tenantId, deviceId);
    return (this.parts.engine.lanes.find(device)?.observations ?? []).map(toObservationJson);
  }

  /** As {@link list}, with what has come of each. */
  listWithActivity(tenantId: string, deviceId: string): BenchObservationJson[] {
    const device = this.parts.devices.get(tenantId, deviceId);
    return (this.parts.engine.lanes.find(device)?.observations ?? []).map(toBenchObservationJson);
  }

  /** @throws PlatformError `inventory.deviceNotFound`, `twin.notFound`, `twin.observationNotFound` */
  get(tenantId: string, deviceId: string, id: string): TwinObservationJson {
    return toObservationJson(this.find(tenantId, deviceId, id));
  }

  /**
   * Cancels an observation: at the device when it can be reached, else with its next notification; resolves when it would
   * not come back after a kill.
   * @throws PlatformError as {@link get}
   */
  async cancel(tenantId: string, deviceId: string, id: string): Promise<void> {
    await this.remove([this.find(tenantId, deviceId, id)], []);
  }

  /**
   * Cancels all observations of a device.
   * @param also statements that are stored with it, in one transaction
   * @throws PlatformError `inventory.deviceNotFound`, `twin.notFound`
   */
  async cancelAll(tenantId: string, deviceId: string, also: readonly Statement[] = []): Promise<void> {
    const device = this.parts.devices.get(tenantId, deviceId);
    await this.remove(this.parts.engine.lanes.find(device)?.observations ?? [], also);
  }

  private async remove(observations: readonly Observation[], also: readonly Statement[]): Promise<void> {
    const { store, engine } = this.parts;
    const deletions = observations.map(({ seq }) => observationRepository.delete(seq));
    if (deletions.length + also.length > 0) await store.commit([...deletions, ...also]);
    engine.observations.forget(observations);
    for (const observation of observations) {
      const { lane } = observation;
      lane.observations = lane.observations.filter((other) => other !== observation);
      engine.endObservation(observation);
      engine.observations.tell(observation);
      engine.lanes.tidy(lane);
    }
  }

  private find(tenantId: string, deviceId: string, id: string): Observation {
    const device = this.parts.devices.get(tenantId, deviceId);
    const found = this.parts.engine.lanes.find(device)?.observations.find((each) => each.id === id);
    if (found) return found;
    throw new PlatformError('twin.observationNotFound', 'There is no such observation.', { details: id });
  }

  private requireRoom({ observations, joining }: Lane): void {
    const { twinObservationMaxPerDevice: most } = this.parts.settings;
    const there = observations.length + joining.observations;
    if (there < most) return;
    throw new PlatformError('twin.observationLimit', 'The device has as many observations as it may have.', {
      details: `${there}; the most is ${most} (setting twinObservationMaxPerDevice). Cancel some.`,
    });
  }
}
