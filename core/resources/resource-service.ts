import { PlatformError } from '../contract/errors.ts';
import { invalidParameter } from '../contract/invalid-parameter.ts';
import type {
  CreateUpdateRequest,
  DeviceResourceJson,
  DeviceResourcesJson,
  UpdateJson,
} from '../contract/resource-updates.ts';
import type { ResourceConnector } from '../contract/resources.ts';
import { MessageIds } from '../data/message-id.ts';
import type { Device } from '../inventory/types.ts';
import type { Files } from '../platform/files.ts';
import type { Logger } from '../platform/logger.ts';
import { type RandomSource, randomHex } from '../platform/random.ts';
import { OldestRows } from '../store/oldest-rows.ts';
import type { Statement } from '../store/types.ts';
import { ContentFiles } from './content-files.ts';
import { ContentWindow } from './content-window.ts';
import { toDeviceResourceJson, toDeviceResourcesJson } from './device-resource.ts';
import { DeviceResources } from './device-resources.ts';
import { type DownloadEndpoints, type DownloadSettings, Downloads } from './downloads.ts';
import { InterfaceWatch } from './interface-watch.ts';
import type { OpenUpdate } from './open-updates.ts';
import { type CatalogSettings, ResourceCatalog } from './resource-catalog.ts';
import { type EngineSettings, ResourceEngine, type ResourceEngineParts } from './resource-engine.ts';
import { isCompatible, type Resource, type Version } from './resource-record.ts';
import { newUpdateState, toUpdateJson, type UpdateRecord } from './update-record.ts';
import { type UpdateQuery, updateRepository } from './update-repository.ts';
import { isFinal } from './update-state.ts';
import { resourceUpdateChanged } from './update-writer.ts';

export interface ResourceSettings extends CatalogSettings, EngineSettings, DownloadSettings {
  readonly resourceUpdateMaxQueued: number;
  readonly resourceUpdateMaxKept: number;
  readonly resourceUpdateMaxKeptBytes: number;
}

export interface ResourceParts extends ResourceEngineParts {
  readonly settings: ResourceSettings;
  readonly files: Files;
  readonly random: RandomSource;
  readonly logger: Logger;
  /** Undefined keeps contents in memory. */
  readonly dataDir: string | undefined;
  endpoints(): DownloadEndpoints;
}

/** Seconds of 2020-01-01. */
const firstSecond = 1_577_836_800;

/** Resources of devices as the API offers them (facts 4.2), with the parts that do the work. */
export class ResourceService {
  readonly catalog: ResourceCatalog;
  readonly engine: ResourceEngine;
  private readonly watch: InterfaceWatch;
  readonly downloads: Downloads;
  private readonly parts: ResourceParts;
  private readonly devices: DeviceResources;
  private readonly kept: OldestRows;
  /** Updates of a device that are being stored and will wait. */
  private readonly joining = new WeakMap<Device, number>();
  private ids = new MessageIds('0000');
  private nextSeq = 1;

  constructor(parts: ResourceParts) {
    this.parts = parts;
    const { store, clock, settings } = parts;
    const contents = new ContentFiles(parts);
    const { resourceUpdateMaxKept: rows, resourceUpdateMaxKeptBytes: bytes } = settings;
    this.kept = new OldestRows(parts, updateRepository.aged, { rows, bytes });
    this.devices = new DeviceResources(store);
    this.catalog = new ResourceCatalog({
      ...{ store, clock, bus: parts.bus, contents, settings },
      uses: (resource, versionId) => this.uses(resource, versionId),
    });
    this.downloads = new Downloads({
      ...{ clock, contents, settings, catalog: this.catalog },
      engine: () => this.engine,
      endpoints: () => parts.endpoints(),
    });
    this.engine = new ResourceEngine(parts, {
      catalog: this.catalog,
      devices: this.devices,
      linkOf: (record, host, protocol) => this.downloads.linkOf(record, host, protocol),
      contentOf: ({ content }) => new ContentWindow(contents, content),
      find: (seq) => updateRepository.find(store, this.ids, seq),
      ended: (record) => this.kept.added(updateRepository.bytesOf(record)),
    });
    this.watch = new InterfaceWatch({ ...parts, engine: this.engine });
  }

  /** Takes up the updates that have not ended. @param installation as for {@link MessageIds}. */
  async start(installation: string): Promise<void> {
    const { store, clock, bus, registry } = this.parts;
    this.ids = new MessageIds(installation);
    // A wire knows an update by this number, and may answer after a restart or a reset: so it also rises with time.
    const elapsedS = Math.floor(clock.now() / 1000) - firstSecond;
    this.nextSeq = Math.max(this.nextSeq, elapsedS, (await updateRepository.lastSeq(store)) + 1);
    await this.catalog.start();
    await this.devices.start((tenantId, deviceId) => registry.findDevice(tenantId, deviceId));
    const open: UpdateRecord[] = [];
    for await (const record of updateRepository.loadOpen(store, this.ids)) open.push(record);
    await this.kept.start();
    this.engine.start(open);
    this.watch.start();
    bus.on('deviceUpdated', this, ({ tenantId, deviceId, previousId }) => {
      const device = previousId === deviceId ? undefined : registry.findDevice(tenantId, deviceId);
      if (!device) return;
      this.engine.deviceRenamed(device);
      if (this.devices.of(device).size > 0) store.append(this.devices.moved(device, previousId), () => {});
    });
    bus.on('interfaceStatus', this, ({ tenantId, deviceId, connector, nodeId, status }) => {
      const device = status === 'ONLINE' ? undefined : registry.findDevice(tenantId, deviceId);
      if (device) this.engine.deviceWent(device, connector, nodeId);
    });
    bus.on('linkLost', this, ({ tenantId, deviceId, connector, nodeId }) => {
      const device = registry.findDevice(tenantId, deviceId);
      if (device) this.engine.deviceWent(device, connector, nodeId);
    });
    bus.on('deviceDeleted', this, ({ tenantId, deviceId }) => this.engine.deviceDeleted(tenantId, deviceId));
  }

  async stop(): Promise<void> {
    this.parts.bus.release(this);
    this.watch.stop();
    this.engine.stop();
    await this.catalog.stop();
    await this.kept.stop();
  }

  /** @throws PlatformError `inventory.deviceNotFound` */
  list(tenantId: string, deviceId: string): DeviceResourcesJson {
    return toDeviceResourcesJson(this.devices.of(this.device(tenantId, deviceId)));
  }

  /** @throws PlatformError `inventory.deviceNotFound`, `resources.deviceResourceNotFound` */
  get(tenantId: string, deviceId: string, resourceId: string): DeviceResourceJson {
    const found = this.devices.find(this.device(tenantId, deviceId), resourceId);
    if (found) return toDeviceResourceJson(found);
    throw new PlatformError('resources.deviceResourceNotFound', 'The device has no such resource.', {
      details: `${resourceId}: neither reported by the device nor asked for`,
    });
  }

  /**
   * Asks for an update; resolves when it would survive a kill. It goes out when the device takes it.
   * @param alongside makes statements that are stored with the update, in one transaction
   * @returns undefined when the device has the version
   * @throws PlatformError `inventory.deviceNotFound`, `resources.notFound`, `resources.versionNotFound`,
   *   `inventory.connectorUnavailable`, `api.invalidParameter`, `resources.incompatible`, `resources.noEndpoint`,
   *   `resources.updateRunning`, `resources.queueFull`
   */
  async request(
    tenantId: string,
    deviceId: string,
    resourceId: string,
    { requestedVersion, connector, metadata }: CreateUpdateRequest,
    alongside: (updateId: string) => readonly Statement[] = () => [],
  ): Promise<UpdateJson | undefined> {
    const { store, clock, bus, random, registry } = this.parts;
    const device = this.device(tenantId, deviceId);
    const current = this.devices.versionOf(device, resourceId);
    this.requireIdle(device, resourceId);
    // Nothing is to be fetched for that, so the repository need not have it (facts 4.2).
    if (current === requestedVersion) return undefined;
    const resource = this.catalog.get(tenantId, resourceId);
    const version = this.catalog.getVersion(tenantId, resourceId, requestedVersion);
    const way = this.wayTo(device, connector ?? undefined, resource.connector);
    requireCompatible(version, resourceId, current);
    const createdMs = clock.now();
    const seq = this.nextSeq++;
    const giveUpMs = createdMs + this.parts.settings.resourceUpdateWaitMs;
    const record: UpdateRecord = {
      ...{ seq, id: this.ids.format(seq, createdMs), tenantId, deviceId, resourceId, connector: way },
      ...{ requestedVersion, metadata: metadata ?? {}, token: randomHex(random, 16), createdMs },
      state: newUpdateState(createdMs, { initialVersion: current, giveUpMs }),
    };
    if (way === 'http-updater' && this.downloads.linkOf(record, undefined) === undefined)
      throw noEndpoint(resource);
    const wanted = this.devices.request(device, resourceId, requestedVersion, createdMs);
    this.join(device, 1);
    try {
      const others = [...wanted.statements, ...alongside(record.id)];
      await store.commit([updateRepository.insert(record), ...others]);
    } catch (error) {
      wanted.undo();
      throw error;
    } finally {
      this.join(device, -1);
    }
    bus.emit('resourceUpdateChanged', resourceUpdateChanged(record));
    this.engine.add(device, record);
    // It got another id while the update was being stored.
    if (device.id !== deviceId) this.engine.deviceRenamed(device);
    if (registry.findDevice(tenantId, device.id) !== device) this.engine.deviceDeleted(tenantId, device.id);
    return toUpdateJson(record);
  }

  /**
   * Asks for a target version; the same as {@link request}, but nothing new where that version is asked for already.
   * @returns undefined when the device has the version
   */
  async requestTarget(
    tenantId: string,
    deviceId: string,
    resourceId: string,
    { version, metadata }: { version: string; metadata?: CreateUpdateRequest['metadata'] },
  ): Promise<DeviceResourceJson | undefined> {
    const device = this.device(tenantId, deviceId);
    const isAsked = this.openOf(device, resourceId)?.record.requestedVersion === version;
    if (!isAsked) {
      const wanted = { requestedVersion: version, metadata };
      if (!(await this.request(tenantId, deviceId, resourceId, wanted))) return undefined;
    }
    return this.get(tenantId, device.id, resourceId);
  }

  /** Updates of a device, the newest first. @throws PlatformError `inventory.deviceNotFound` */
  async listUpdates(
    tenantId: string,
    deviceId: string,
    query: UpdateQuery,
    withTotal: boolean,
  ): Promise<{ updates: UpdateJson[]; total: number | undefined }> {
    this.device(tenantId, deviceId);
    const of = { tenantId, deviceId };
    const { records, total } = await updateRepository.list(this.parts.store, this.ids, of, query, withTotal);
    return { updates: records.map(toUpdateJson), total };
  }

  /** @throws PlatformError `inventory.deviceNotFound`, `resources.updateNotFound` */
  async latestUpdate(tenantId: string, deviceId: string, resourceId: string): Promise<UpdateJson> {
    const query = { resourceId, latest: true, limit: 1, offset: 0 };
    const { updates } = await this.listUpdates(tenantId, deviceId, query, false);
    const [update] = updates;
    if (!update) throw updateNotFound(`${resourceId} of ${deviceId} was never to be updated`);
    return update;
  }

  /** An update as a restart would find it; undefined when there is none. */
  async find(tenantId: string, updateId: string): Promise<UpdateRecord | undefined> {
    const seq = MessageIds.sequenceOf(updateId);
    const { store } = this.parts;
    const found = seq === undefined ? undefined : await updateRepository.find(store, this.ids, seq);
    return found?.id === updateId && found.tenantId === tenantId ? found : undefined;
  }

  /**
   * Cancels an update.
   * @param options.force also when the device was asked already
   * @throws PlatformError `inventory.deviceNotFound`, `resources.updateNotFound`, `resources.wrongState`
   */
  async cancel(
    tenantId: string,
    deviceId: string,
    updateId: string,
    { force }: { force: boolean },
  ): Promise<void> {
    const device = this.device(tenantId, deviceId);
    const seq = MessageIds.sequenceOf(updateId);
    const open = seq === undefined ? undefined : this.engine.updates.find(seq);
    if (open?.record.id === updateId && open.device === device) {
      if (await this.cancelOpen(open, force)) return;
      throw wrongState(open.record);
    }
    const { store } = this.parts;
    const found = seq === undefined ? undefined : await updateRepository.find(store, this.ids, seq);
    if (found?.id !== updateId || found.tenantId !== tenantId || found.deviceId !== device.id) {
      throw updateNotFound(updateId);
    }
    throw wrongState(found);
  }

  /**
   * Takes back what was asked for, with the update that is to bring it.
   * @param options.force also when the device was asked already
   * @throws PlatformError `inventory.deviceNotFound`, `resources.deviceResourceNotFound`, `resources.wrongState`
   */
  async clearRequested(
    tenantId: string,
    deviceId: string,
    resourceId: string,
    { force }: { force: boolean },
  ): Promise<void> {
    const device = this.device(tenantId, deviceId);
    this.get(tenantId, deviceId, resourceId);
    const open = this.openOf(device, resourceId);
    if (open) {
      if (!(await this.cancelOpen(open, force))) throw wrongState(open.record);
      return;
    }
    const { store, clock } = this.parts;
    const cleared = this.devices.request(device, resourceId, undefined, clock.now());
    try {
      await store.commit(cleared.statements);
    } catch (error) {
      cleared.undo();
      throw error;
    }
  }

  private async cancelOpen(open: OpenUpdate, force: boolean): Promise<boolean> {
    const { device, record } = open;
    if (!force && open.underWay) return false;
    const cleared = this.devices.request(device, record.resourceId, undefined, this.parts.clock.now());
    try {
      if (await this.engine.cancel(open, force, cleared.statements)) return true;
      cleared.undo();
      return false;
    } catch (error) {
      cleared.undo();
      throw error;
    }
  }

  /** The update of a resource of a device that has not ended, the newest. */
  private openOf(device: Device, resourceId: string): OpenUpdate | undefined {
    return this.engine.updates
      .of(device)
      .filter(({ record }) => record.resourceId === resourceId && !isFinal(record.state.status))
      .at(-1);
  }

  private uses({ tenantId, id }: Resource, versionId: string | undefined): boolean {
    return this.engine.updates
      .all()
      .some(
        ({ record }) =>
          record.tenantId === tenantId &&
          record.resourceId === id &&
          (versionId === undefined || record.requestedVersion === versionId) &&
          !isFinal(record.state.status),
      );
  }

  private requireIdle(device: Device, resourceId: string): void {
    const open = this.engine.updates.of(device).filter(({ record }) => !isFinal(record.state.status));
    const running = open.find((each) => each.underWay && each.record.resourceId === resourceId);
    if (running) {
      const { id, state, requestedVersion } = running.record;
      throw new PlatformError('resources.updateRunning', 'The device is at an update of this resource.', {
        details: `Update ${id} to ${requestedVersion} is ${state.status}. Wait until it ends, or cancel it with force=true.`,
      });
    }
    const others = open.filter((each) => !each.underWay && each.record.resourceId !== resourceId).length;
    const waiting = others + (this.joining.get(device) ?? 0);
    const { resourceUpdateMaxQueued: most } = this.parts.settings;
    if (waiting < most) return;
    throw new PlatformError('resources.queueFull', 'Too many updates of this device wait to be sent.', {
      details: `${waiting} wait; the most is ${most} (setting resourceUpdateMaxQueued). Wait, or cancel some.`,
    });
  }

  private join(device: Device, by: 1 | -1): void {
    this.joining.set(device, (this.joining.get(device) ?? 0) + by);
  }

  /** By which of its interfaces' ways the content gets to a device: the one that is named, or one that it has. */
  private wayTo(
    device: Device,
    named: ResourceConnector | undefined,
    usual: ResourceConnector,
  ): ResourceConnector {
    const { connectivities } = this.parts;
    const ways = [...device.interfaces].flatMap(
      ({ connector }) => connectivities.find(connector)?.resources?.updater ?? [],
    );
    const way = named ?? (ways.includes(usual) ? usual : (ways[0] ?? usual));
    if (ways.includes(way)) return way;
    const offered = connectivities.updaters();
    if (!offered.has(way)) {
      throw new PlatformError('inventory.connectorUnavailable', 'The platform does not offer this way.', {
        details: `${way}: no port listens for it; offered: ${[...offered].join(', ') || 'none'}`,
      });
    }
    const needed = way === 'lwm2m-updater' ? 'lwm2m' : 'mqtt or x-connector';
    throw invalidParameter(
      `deviceId: the device has no interface that takes updates by ${way}; add one (${needed})`,
    );
  }

  private device(tenantId: string, deviceId: string): Device {
    const device = this.parts.registry.findDevice(tenantId, deviceId);
    if (device) return device;
    throw new PlatformError('inventory.deviceNotFound', 'There is no such device.', { details: deviceId });
  }
}

function requireCompatible(version: Version, resourceId: string, current: string | undefined): void {
  if (isCompatible(version, current)) return;
  throw new PlatformError('resources.incompatible', 'The device cannot go to this version directly.', {
    details: `${resourceId}: it has ${current}, and version ${version.id} is for ${version.compatibleVersions.join(', ')}.`,
  });
}

function noEndpoint({ id, metadata }: Resource): PlatformError {
  const port = metadata.secured === 'true' ? 'HTTPS' : 'HTTP';
  return new PlatformError('resources.noEndpoint', 'Devices cannot download from this platform.', {
    details: `${id} needs the ${port} port, and it is off.`,
  });
}

function updateNotFound(details: string): PlatformError {
  return new PlatformError('resources.updateNotFound', 'There is no such update.', { details });
}

function wrongState({ state: { status } }: UpdateRecord): PlatformError {
  const hint = isFinal(status) ? '' : '; with force=true it can be canceled though the device was asked';
  return new PlatformError('resources.wrongState', 'The update cannot be canceled.', {
    details: `Its status is ${status}${hint}.`,
  });
}
