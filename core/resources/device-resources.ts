import type { ReportedResource } from '../connectors/connector.ts';
import type { Device } from '../inventory/types.ts';
import type { Statement, Store } from '../store/types.ts';
import type { DeviceResource } from './device-resource.ts';
import { deviceResourceRepository } from './device-resource-repository.ts';

/** A change that is made in memory, with what makes it durable, and what takes it back when that fails. */
export interface StatedChange {
  readonly statements: readonly Statement[];
  undo(): void;
}

const none: ReadonlyMap<string, DeviceResource> = new Map();

/** The resources of all devices, in memory. They belong to a device whatever its id is, and go with it. */
export class DeviceResources {
  private readonly store: Store;
  private byDevice = new WeakMap<Device, Map<string, DeviceResource>>();

  constructor(store: Store) {
    this.store = store;
  }

  /** Takes up what the store holds. */
  async start(findDevice: (tenantId: string, deviceId: string) => Device | undefined): Promise<void> {
    this.byDevice = new WeakMap();
    for await (const { tenantId, deviceId, resourceId, resource } of deviceResourceRepository.load(
      this.store,
    )) {
      const device = findDevice(tenantId, deviceId);
      if (device) this.put(device, resourceId, resource);
      // Its device was deleted while it was being written.
      else await this.store.commit([deviceResourceRepository.delete(tenantId, deviceId)]);
    }
  }

  of(device: Device): ReadonlyMap<string, DeviceResource> {
    return this.byDevice.get(device) ?? none;
  }

  find(device: Device, resourceId: string): DeviceResource | undefined {
    return this.byDevice.get(device)?.get(resourceId);
  }

  /** What the device said last it has. */
  versionOf(device: Device, resourceId: string): string | undefined {
    return this.find(device, resourceId)?.reported?.version;
  }

  /** Takes what a device says. */
  report(device: Device, resources: ReadonlyMap<string, ReportedResource>, nowMs: number): StatedChange {
    const changes = [...resources].map(([resourceId, { version, metadata }]) => {
      const { requested } = this.find(device, resourceId) ?? {};
      return this.change(device, resourceId, {
        reported: { version, atMs: nowMs },
        ...(requested && { requested }),
        ...(metadata && { metadata }),
      });
    });
    return {
      statements: changes.flatMap(({ statements }) => statements),
      undo: () => {
        for (const { undo } of changes) undo();
      },
    };
  }

  /** Notes what is asked for; undefined: nothing any more. */
  request(device: Device, resourceId: string, version: string | undefined, nowMs: number): StatedChange {
    const { requested: _, ...others } = this.find(device, resourceId) ?? {};
    if (version !== undefined)
      return this.change(device, resourceId, { ...others, requested: { version, atMs: nowMs } });
    // Of a resource that the device never reported nothing is left.
    return this.change(device, resourceId, others.reported ? others : undefined);
  }

  /** Statements for a device that has another id: its rows went with it, but for one that was being written. */
  moved(device: Device, previousId: string): Statement[] {
    const rows = [...this.of(device)].map(([id, each]) => deviceResourceRepository.put(device, id, each));
    return [deviceResourceRepository.delete(device.tenantId, previousId), ...rows];
  }

  private change(device: Device, resourceId: string, resource: DeviceResource | undefined): StatedChange {
    const before = this.find(device, resourceId);
    this.put(device, resourceId, resource);
    return {
      statements: [
        resource
          ? deviceResourceRepository.put(device, resourceId, resource)
          : deviceResourceRepository.deleteOne(device, resourceId),
      ],
      undo: () => {
        if (this.find(device, resourceId) === resource) this.put(device, resourceId, before);
      },
    };
  }

  private put(device: Device, resourceId: string, resource: DeviceResource | undefined): void {
    const resources = this.byDevice.get(device) ?? new Map<string, DeviceResource>();
    this.byDevice.set(device, resources);
    const before = resources.get(resourceId)?.reported?.version;
    if (resource) resources.set(resourceId, resource);
    else resources.delete(resourceId);
    if (resource?.reported?.version !== before) this.showVersions(device);
  }

  private showVersions(device: Device): void {
    const versions = [...this.of(device)].flatMap(([id, { reported }]) =>
      reported ? [[id, reported.version] as const] : [],
    );
    device.resourceVersions = Object.fromEntries(versions);
  }
}
