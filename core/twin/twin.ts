import type { Device } from '../inventory/types.ts';
import type { FindResource } from '../protocols/lwm2m/content.ts';
import type { RegisteredObject } from '../protocols/lwm2m/object-links.ts';
import { ReportedValues } from './reported-values.ts';
import type { FindObject, TwinModels } from './twin-models.ts';

/** What a device has said of itself, in memory (manual 7.8.5). */
export class Twin {
  readonly device: Device;
  readonly seq: number;
  /** Objects that it registered last, by id. */
  objects: readonly RegisteredObject[] = [];
  readonly values = new ReportedValues();
  /** Registered now, so that it stays in memory. */
  live = false;
  /** Its row is in the store. */
  stored = false;
  /** True once its device is deleted: what still happens to it does not count. */
  deleted = false;

  constructor(device: Device, seq: number) {
    this.device = device;
    this.seq = seq;
  }

  versionOf(objectId: number): string | undefined {
    return this.objects.find((object) => object.objectId === objectId)?.version;
  }

  /** Objects with their instances, by id: those registered, and those that values are of. */
  instantiated(): Map<number, number[]> {
    const found = new Map<number, Set<number>>();
    const add = (objectId: number, instanceId: number): unknown =>
      (found.get(objectId) ?? found.set(objectId, new Set()).get(objectId))?.add(instanceId);
    for (const { objectId, instanceIds } of this.objects) for (const id of instanceIds) add(objectId, id);
    for (const key of this.values.keys()) {
      const [objectId = 0, instanceId = 0] = key.split('/').map(Number);
      add(objectId, instanceId);
    }
    const sorted = [...found].sort(([one], [other]) => one - other);
    return new Map(sorted.map(([objectId, ids]) => [objectId, [...ids].sort((one, other) => one - other)]));
  }

  /** The models of its objects, each in the version that it has. */
  findObjectIn(models: TwinModels): FindObject {
    return (objectId) => models.of(this.device.tenantId).find(objectId, this.versionOf(objectId));
  }

  findResourceIn(models: TwinModels): FindResource {
    return models.of(this.device.tenantId).finder((objectId) => this.versionOf(objectId));
  }
}
