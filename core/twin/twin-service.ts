import type { AuditLog } from '../audit/audit-log.ts';
import type { TraceStore } from '../bus/trace-store.ts';
import { PlatformError } from '../contract/errors.ts';
import type { TwinInstanceJson, TwinObjectJson, TwinRootJson } from '../contract/twin.ts';
import type { BenchTwinJson } from '../contract/twin-bench.ts';
import type { DataService } from '../data/data-service.ts';
import type { InterfaceRegistry } from '../inventory/types.ts';
import type { RandomSource } from '../platform/random.ts';
import type { ObjectModels } from '../protocols/lwm2m/models/object-models.ts';
import { type DataRuleSettings, DataRules } from './data-rules.ts';
import { observationRepository } from './observation-repository.ts';
import { ObservationService, type ObservationSettings } from './observation-service.ts';
import type { OperationTimes } from './operation-record.ts';
import { operationRepository } from './operation-repository.ts';
import { OperationService, type OperationSettings } from './operation-service.ts';
import type { Twin } from './twin.ts';
import { TwinDevices } from './twin-devices.ts';
import { TwinEngine, type TwinEngineParts } from './twin-engine.ts';
import { TwinNotes } from './twin-notes.ts';
import { TwinShelf } from './twin-shelf.ts';
import { instanceView, objectView, rootView, supportedObjects, twinWithModels } from './twin-views.ts';
import { type ReporterParts, ValueReporter } from './value-reporter.ts';

export type TwinSettings = OperationSettings & OperationTimes & ObservationSettings & DataRuleSettings;

export interface TwinParts extends TwinEngineParts, ReporterParts {
  readonly registry: InterfaceRegistry;
  readonly audit: AuditLog;
  readonly traces: TraceStore;
  readonly data: DataService;
  readonly random: RandomSource;
  readonly settings: TwinSettings & TwinEngineParts['settings'] & ReporterParts['settings'];
}

/** Seconds of 2020-01-01. */
const firstSecond = 1_577_836_800;

/** Twins of devices (manual 7.8): what devices said of themselves, and what is asked of them. */
export class TwinService {
  readonly engine: TwinEngine;
  readonly operations: OperationService;
  readonly observations: ObservationService;
  readonly rules: DataRules;
  private readonly parts: TwinParts;
  private readonly shelf: TwinShelf;
  private readonly devices: TwinDevices;
  private nextSeq = 1;

  constructor(parts: TwinParts) {
    this.parts = parts;
    this.shelf = new TwinShelf(parts.store);
    this.devices = new TwinDevices(parts.registry);
    this.rules = new DataRules(parts);
    const notes = new TwinNotes(parts.audit);
    const reporter = new ValueReporter(parts, { shelf: this.shelf, rules: this.rules, notes });
    this.engine = new TwinEngine(parts, { shelf: this.shelf, reporter, notes });
    const { devices, engine } = this;
    const own = { ...parts, devices, engine, nextSeq: () => this.nextSeq++ };
    this.operations = new OperationService(own);
    this.observations = new ObservationService(own);
  }

  /** @param installation as for the ids of messages */
  async start(installation: string): Promise<void> {
    const { store, clock, registry, bus } = this.parts;
    await this.shelf.start();
    await this.rules.start(installation);
    // A device knows an observation by this number, and may notify after a restart or a reset: so it also rises with time.
    const elapsedS = Math.floor(clock.now() / 1000) - firstSecond;
    const last = [await operationRepository.lastSeq(store), await observationRepository.lastSeq(store)];
    this.nextSeq = Math.max(this.nextSeq, elapsedS, ...last.map((seq) => seq + 1));
    await this.operations.start();
    await this.observations.start(installation);
    bus.on('deviceUpdated', this, ({ tenantId, deviceId, previousId }) => {
      const device = previousId === deviceId ? undefined : registry.findDevice(tenantId, deviceId);
      if (!device) return;
      this.shelf.renamed(device, previousId);
      this.engine.lanes.renamed(device, previousId);
    });
    bus.on('deviceDeleted', this, ({ tenantId, deviceId }) => this.engine.deviceDeleted(tenantId, deviceId));
  }

  stop(): void {
    this.parts.bus.release(this);
    this.engine.stop();
    this.shelf.clear();
  }

  /** Ids of definitions. @throws PlatformError `inventory.deviceNotFound`, `twin.notFound` */
  supportedObjects(tenantId: string, deviceId: string): Promise<string[]> {
    return this.view(tenantId, deviceId, supportedObjects);
  }

  /** All instantiated objects. @throws PlatformError `inventory.deviceNotFound`, `twin.notFound` */
  root(tenantId: string, deviceId: string, expanded: boolean): Promise<TwinRootJson> {
    return this.view(tenantId, deviceId, (twin, models) => rootView(twin, models, expanded));
  }

  /** @throws PlatformError `inventory.deviceNotFound`, `twin.notFound`, `twin.objectNotFound` */
  async object(
    tenantId: string,
    deviceId: string,
    objectId: number,
    expanded: boolean,
  ): Promise<TwinObjectJson> {
    const found = await this.view(tenantId, deviceId, (twin, models) =>
      objectView(twin, models, objectId, expanded),
    );
    if (found) return found;
    throw objectNotFound(`/${objectId}`);
  }

  /** @throws PlatformError `inventory.deviceNotFound`, `twin.notFound`, `twin.objectNotFound` */
  async instance(
    tenantId: string,
    deviceId: string,
    objectId: number,
    instanceId: number,
  ): Promise<TwinInstanceJson> {
    const found = await this.view(tenantId, deviceId, (twin, models) =>
      instanceView(twin, models, objectId, instanceId),
    );
    if (found) return found;
    throw objectNotFound(`/${objectId}/${instanceId}`);
  }

  /** What a device has, with the models by which it is read. @throws PlatformError as {@link root} */
  async withModels(tenantId: string, deviceId: string): Promise<BenchTwinJson> {
    const { models } = this.parts;
    await models.load();
    return this.view(tenantId, deviceId, (twin) => twinWithModels(twin, models));
  }

  private async view<View>(
    tenantId: string,
    deviceId: string,
    make: (twin: Twin, models: ObjectModels) => View,
  ): Promise<View> {
    const device = this.devices.get(tenantId, deviceId);
    return this.shelf.use(device, (twin) => make(twin, this.parts.models.of(tenantId)));
  }
}

const objectNotFound = (path: string): PlatformError =>
  new PlatformError('twin.objectNotFound', 'The device has no such object or instance.', { details: path });
