import { codes } from '../../core/protocols/coap/codes.ts';
import type { Content, ResourceRecord } from '../../core/protocols/lwm2m/content.ts';
import { comparePaths, Lwm2mPath, maxInstanceId } from '../../core/protocols/lwm2m/path.ts';
import { type Asker, checkAccess, endOwnership, mayAccess, takeOwnership } from './access.ts';
import type { DeviceObjects, ObjectInstance } from './device-objects.ts';
import { plannedWrites, type WriteMode } from './planned-writes.ts';
import { Refusal } from './refusal.ts';
import { isMultiple, type ResourceValue, recordsOf } from './resource-value.ts';

/** What a server may do with the objects of a device (LwM2M Core 1.1.1, 6.3). */
export class ObjectOperations {
  readonly objects: DeviceObjects;

  constructor(objects: DeviceObjects) {
    this.objects = objects;
  }

  /** @throws Refusal 4.01, 4.04, 4.05 */
  read(path: Lwm2mPath, asker: Asker): Content {
    const { objectId, instanceId, resourceId } = path;
    if (objectId === undefined) return this.readAll(asker);
    const object = this.objects.object(objectId);
    if (instanceId === undefined) {
      const seen = [...object.instances.values()].filter(({ id }) =>
        mayAccess(this.objects, asker, 'read', objectId, id),
      );
      if (seen.length < object.instances.size && seen.length === 0)
        checkAccess(this.objects, asker, 'read', objectId, object.instances.keys().next().value);
      return together(seen.map((instance) => this.readInstance(instance)));
    }
    const instance = this.objects.instance(objectId, instanceId);
    checkAccess(this.objects, asker, 'read', objectId, instanceId);
    return resourceId === undefined ? this.readInstance(instance) : this.readResource(instance, path);
  }

  /** What can be read of several paths; those that are not there are left out (LwM2M Core 1.1.1, 6.3.8). */
  readComposite(paths: readonly Lwm2mPath[], asker: Asker): Content {
    const parts: Content[] = [];
    for (const path of paths) {
      try {
        parts.push(this.read(path, asker));
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
      }
    }
    const { records } = together(parts);
    const byPath = new Map(records.map((record) => [`${record.path}`, record] as const));
    return { records: [...byPath.values()], empty: [] };
  }

  /**
   * All of it or nothing.
   * @throws Refusal 4.00, 4.01, 4.04, 4.05
   */
  write(target: Lwm2mPath, mode: WriteMode, content: Content, asker: Asker): void {
    const planned = plannedWrites(this.objects, target, mode, content, asker);
    for (const { instance } of planned)
      checkAccess(this.objects, asker, 'write', instance.object.model.id, instance.id);
    for (const { instance, values } of planned)
      for (const [id, value] of values)
        if (asker !== 'bootstrap') instance.object.behaviour.check?.(instance, id, value);
    for (const { instance, values, removed } of planned) {
      const { behaviour } = instance.object;
      for (const id of removed) this.objects.set(instance, id, undefined);
      for (const [id, value] of values) {
        const taken = asker !== 'bootstrap' && behaviour.write?.(instance, id, value) === true;
        if (!taken) this.objects.set(instance, id, value);
      }
      if (asker !== 'bootstrap') behaviour.written?.(instance, [...values.keys()]);
    }
  }

  /** @throws Refusal 4.00, 4.01, 4.04, 4.05 */
  execute(path: Lwm2mPath, argument: string, asker: Asker): void {
    const [objectId = 0, instanceId = 0, resourceId = 0] = path.ids;
    const instance = this.objects.instance(objectId, instanceId);
    const model = this.objects.resourceModel(instance.object, resourceId);
    if (model.operations && !model.operations.includes('EXECUTE'))
      throw new Refusal(codes.methodNotAllowed, `${path} cannot be executed`);
    checkAccess(this.objects, asker, 'execute', objectId, instanceId);
    if (!isArgument(argument))
      throw new Refusal(codes.badRequest, "arguments are written as in 0='text',1, with digits from 0 to 9");
    instance.object.behaviour.execute?.(instance, resourceId, argument);
  }

  /**
   * Makes an instance.
   * @param content its values, which name it; with none, the device gives it the lowest free id
   * @throws Refusal 4.00, 4.01, 4.04, 4.05
   */
  create(objectId: number, content: Content, asker: Asker): Lwm2mPath {
    const object = this.objects.object(objectId);
    const named = [...content.records.map(({ path }) => path), ...content.empty].map(
      (path) => path.instanceId,
    );
    const [instanceId = this.freeId(objectId)] = named;
    if (named.some((id) => id !== instanceId))
      throw new Refusal(codes.badRequest, 'one request makes one instance');
    if (!object.model.multiple && object.instances.size > 0)
      throw new Refusal(codes.methodNotAllowed, `object /${objectId} has one instance only`);
    if (object.instances.has(instanceId))
      throw new Refusal(codes.badRequest, `instance /${objectId}/${instanceId} is there already`);
    checkAccess(this.objects, asker, 'create', objectId, undefined);
    const instance: ObjectInstance = { object, id: instanceId, resources: new Map() };
    const path = Lwm2mPath.of(objectId, instanceId);
    const values = plannedWrites(this.objects, path, 'create', content, asker, instance)[0]?.values;
    const made = this.objects.addInstance(objectId, instanceId, Object.fromEntries(values ?? []));
    try {
      object.behaviour.created?.(made);
    } catch (error) {
      this.objects.removeInstance(made);
      throw error;
    }
    takeOwnership(this.objects, asker, made);
    return path;
  }

  /** @throws Refusal 4.01, 4.04, 4.05 */
  delete(path: Lwm2mPath, asker: Asker): void {
    const { objectId, instanceId } = path;
    if (path.kind !== 'instance' || objectId === undefined || instanceId === undefined)
      throw new Refusal(codes.methodNotAllowed, 'only an instance of an object can be deleted');
    const instance = this.objects.instance(objectId, instanceId);
    checkAccess(this.objects, asker, 'delete', objectId, instanceId);
    const { model, behaviour } = instance.object;
    if (!model.multiple)
      throw new Refusal(codes.methodNotAllowed, `the instance of object /${objectId} cannot be deleted`);
    this.objects.removeInstance(instance);
    behaviour.deleted?.(instance);
    endOwnership(this.objects, instance);
  }

  private readAll(asker: Asker): Content {
    const parts = this.objects
      .all()
      .filter(({ model }) => model.id !== 0 && model.id !== 21)
      .map(({ model }) => this.readComposite([Lwm2mPath.of(model.id)], asker));
    return together(parts);
  }

  private readInstance(instance: ObjectInstance): Content {
    const base = Lwm2mPath.of(instance.object.model.id, instance.id);
    const records: ResourceRecord[] = [];
    for (const resource of instance.object.model.resources) {
      if (!isReadable(resource.operations) || resource.type === 'NONE') continue;
      const value = this.objects.value(instance, resource.id);
      if (value) records.push(...recordsOf(base.child(resource.id), value));
    }
    return { records, empty: records.length === 0 ? [base] : [] };
  }

  private readResource(instance: ObjectInstance, path: Lwm2mPath): Content {
    const { resourceId = 0, resourceInstanceId } = path;
    const model = this.objects.resourceModel(instance.object, resourceId);
    if (!isReadable(model.operations) || model.type === 'NONE')
      throw new Refusal(codes.methodNotAllowed, `${path} cannot be read`);
    const value: ResourceValue | undefined = this.objects.value(instance, resourceId);
    if (value === undefined) throw new Refusal(codes.notFound, `the device has no ${path}`);
    if (resourceInstanceId === undefined) {
      const records = recordsOf(path, value);
      return { records, empty: records.length === 0 ? [path] : [] };
    }
    const single = isMultiple(value) ? value.get(resourceInstanceId) : undefined;
    if (single === undefined) throw new Refusal(codes.notFound, `the device has no ${path}`);
    return { records: [{ path, value: single }], empty: [] };
  }

  /** @throws Refusal 4.00, 4.04 */
  freeId(objectId: number): number {
    const taken = this.objects.object(objectId).instances;
    let id = 0;
    while (taken.has(id)) id += 1;
    if (id > maxInstanceId) throw new Refusal(codes.badRequest, 'there is no free instance id');
    return id;
  }
}

export const isReadable = (operations: readonly string[] | undefined): boolean =>
  operations === undefined || operations.includes('READ');

function together(parts: readonly Content[]): Content {
  return {
    records: parts.flatMap(({ records }) => records).sort((one, other) => comparePaths(one.path, other.path)),
    empty: parts.flatMap(({ empty }) => empty),
  };
}

/** LwM2M Core 1.1.1, 6.3.5: digits with or without a text, separated by commas. */
const isArgument = (text: string): boolean =>
  /^(?:\d(?:='[\x20-\x26\x28-\x7e]*')?(?:,\d(?:='[\x20-\x26\x28-\x7e]*')?)*)?$/.test(text);
