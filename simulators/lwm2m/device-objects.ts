import { codes } from '../../core/protocols/coap/codes.ts';
import type { FindResource } from '../../core/protocols/lwm2m/content.ts';
import type { ObjectModel, ResourceModel } from '../../core/protocols/lwm2m/models/object-model.ts';
import type { ObjectModels } from '../../core/protocols/lwm2m/models/object-models.ts';
import type { RegisteredObject } from '../../core/protocols/lwm2m/object-links.ts';
import { Lwm2mPath } from '../../core/protocols/lwm2m/path.ts';
import type { Lwm2mValue } from '../../core/protocols/lwm2m/value.ts';
import { Refusal } from './refusal.ts';
import { isMultiple, type ResourceValue } from './resource-value.ts';

/** What an object does beside holding values. */
export interface ObjectBehaviour {
  /** The value of a resource that is not held but measured when it is asked for; undefined: it is held. */
  read?(instance: ObjectInstance, resourceId: number): ResourceValue | undefined;
  /** A server is about to write: what it says is refused before anything is written. @throws Refusal */
  check?(instance: ObjectInstance, resourceId: number, value: ResourceValue): void;
  /** The first of several blocks of a value has come, which a server writes. */
  begins?(instance: ObjectInstance, resourceId: number): void;
  /** A server writes: true when the value is not to be held. @throws Refusal */
  write?(instance: ObjectInstance, resourceId: number, value: ResourceValue): boolean;
  /** A server has written, and all is held. */
  written?(instance: ObjectInstance, resourceIds: readonly number[]): void;
  /** @throws Refusal */
  execute?(instance: ObjectInstance, resourceId: number, argument: string): void;
  /** A server makes an instance. @throws Refusal */
  created?(instance: ObjectInstance): void;
  /** The instance is gone: what goes on in it ends. */
  deleted?(instance: ObjectInstance): void;
  /** A value is another one, whoever has changed it. */
  changed?(instance: ObjectInstance, resourceId: number): void;
  /** Time has passed: what is measured may be another now. */
  measured?(instance: ObjectInstance): void;
}

export interface ObjectInstance {
  readonly object: DeviceObject;
  readonly id: number;
  readonly resources: Map<number, ResourceValue>;
}

export interface DeviceObject {
  readonly model: ObjectModel;
  readonly behaviour: ObjectBehaviour;
  readonly instances: Map<number, ObjectInstance>;
}

/** Told of what changes in the objects of a device, whoever changes it. */
export interface ObjectsListener {
  /** A resource has another value, or is measured and may have. */
  changed(path: Lwm2mPath): void;
  /** Instances came or went. */
  restructured(): void;
}

/** The objects of a device, their instances and values. */
export class DeviceObjects {
  readonly models: ObjectModels;
  listener: ObjectsListener | undefined;
  private readonly objects = new Map<number, DeviceObject>();

  constructor(models: ObjectModels) {
    this.models = models;
  }

  /** Adds an object without instances. @param version of its model */
  add(objectId: number, version: string | undefined, behaviour: ObjectBehaviour = {}): DeviceObject {
    const model = this.models.find(objectId, version);
    if (!model) throw new Error(`there is no model of object ${objectId}`);
    const object: DeviceObject = { model, behaviour, instances: new Map() };
    this.objects.set(objectId, object);
    return object;
  }

  /** Adds an instance, in place of the one with the same id. */
  addInstance(
    objectId: number,
    instanceId: number,
    values: Readonly<Record<number, ResourceValue | undefined>> = {},
  ): ObjectInstance {
    const object = this.object(objectId);
    const resources = new Map<number, ResourceValue>();
    for (const [id, value] of Object.entries(values)) if (value) resources.set(Number(id), value);
    const instance = { object, id: instanceId, resources };
    object.instances.set(instanceId, instance);
    this.listener?.restructured();
    return instance;
  }

  removeInstance({ object, id }: ObjectInstance): void {
    object.instances.delete(id);
    this.listener?.restructured();
  }

  /** By id. */
  all(): DeviceObject[] {
    return [...this.objects.values()].sort((one, other) => one.model.id - other.model.id);
  }

  has(objectId: number): boolean {
    return this.objects.has(objectId);
  }

  /** @throws Refusal 4.04 */
  object(objectId: number): DeviceObject {
    const object = this.objects.get(objectId);
    if (object) return object;
    throw new Refusal(codes.notFound, `there is no object /${objectId}`);
  }

  /** Of the object, by id; none when it is not there. */
  instances(objectId: number): ObjectInstance[] {
    const object = this.objects.get(objectId);
    return object ? [...object.instances.values()].sort((one, other) => one.id - other.id) : [];
  }

  findInstance(objectId: number, instanceId: number): ObjectInstance | undefined {
    return this.objects.get(objectId)?.instances.get(instanceId);
  }

  /** @throws Refusal 4.04 */
  instance(objectId: number, instanceId: number): ObjectInstance {
    const instance = this.object(objectId).instances.get(instanceId);
    if (instance) return instance;
    throw new Refusal(codes.notFound, `there is no instance /${objectId}/${instanceId}`);
  }

  /** @throws Refusal 4.04 for a resource that its definition does not have */
  resourceModel({ model }: DeviceObject, resourceId: number): ResourceModel {
    const resource = this.models.resource(model, resourceId);
    if (resource) return resource;
    throw new Refusal(codes.notFound, `object /${model.id} has no resource ${resourceId}`);
  }

  /** What a resource holds or measures; undefined when it has nothing. */
  value(instance: ObjectInstance, resourceId: number): ResourceValue | undefined {
    return instance.object.behaviour.read?.(instance, resourceId) ?? instance.resources.get(resourceId);
  }

  valueAt(objectId: number, instanceId: number, resourceId: number): ResourceValue | undefined {
    const instance = this.findInstance(objectId, instanceId);
    return instance && this.value(instance, resourceId);
  }

  /** Sets what the device itself knows or measures; nothing happens when it is the same as before. */
  set(instance: ObjectInstance, resourceId: number, value: ResourceValue | undefined): void {
    const before = instance.resources.get(resourceId);
    if (value === undefined ? before === undefined : before !== undefined && sameValue(before, value)) return;
    if (value === undefined) instance.resources.delete(resourceId);
    else instance.resources.set(resourceId, value);
    instance.object.behaviour.changed?.(instance, resourceId);
    this.listener?.changed(Lwm2mPath.of(instance.object.model.id, instance.id, resourceId));
  }

  /** Ends what goes on in them; nobody is told of anything any more. */
  discard(): void {
    this.listener = undefined;
    for (const { behaviour, instances } of this.objects.values())
      for (const instance of instances.values()) behaviour.deleted?.(instance);
  }

  /** Measures anew what is not held. */
  measure(): void {
    for (const { behaviour, instances } of this.objects.values())
      for (const instance of instances.values()) behaviour.measured?.(instance);
  }

  /** Types for the codecs, in the versions that the device has. */
  readonly findResource: FindResource = (objectId, resourceId) => {
    const model = this.objects.get(objectId)?.model;
    return model && this.models.resource(model, resourceId);
  };

  /** What it says of them when it registers: not Security, nor OSCORE (LwM2M Core 1.1.1, 6.2.1). */
  registered(): RegisteredObject[] {
    return this.all()
      .filter(({ model }) => model.id !== 0 && model.id !== 21)
      .map(({ model, instances }) => ({
        objectId: model.id,
        ...(model.version !== '1.0' && { version: model.version }),
        instanceIds: [...instances.keys()].sort((one, other) => one - other),
      }));
  }
}

export function sameValue(one: ResourceValue, other: ResourceValue): boolean {
  if (isMultiple(one) || isMultiple(other)) {
    if (!isMultiple(one) || !isMultiple(other) || one.size !== other.size) return false;
    return [...one].every(([id, value]) => {
      const twin = other.get(id);
      return twin !== undefined && sameSingle(value, twin);
    });
  }
  return sameSingle(one, other);
}

function sameSingle(one: Lwm2mValue, other: Lwm2mValue): boolean {
  if (one.type === 'OPAQUE') return other.type === 'OPAQUE' && Buffer.from(one.value).equals(other.value);
  if (one.type === 'OBJLNK') {
    return (
      other.type === 'OBJLNK' &&
      one.value.objectId === other.value.objectId &&
      one.value.instanceId === other.value.instanceId
    );
  }
  return one.value === other.value;
}
