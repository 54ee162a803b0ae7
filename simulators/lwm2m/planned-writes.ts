import { codes } from '../../core/protocols/coap/codes.ts';
import type { Content } from '../../core/protocols/lwm2m/content.ts';
import type { ResourceModel } from '../../core/protocols/lwm2m/models/object-model.ts';
import type { Lwm2mPath } from '../../core/protocols/lwm2m/path.ts';
import type { Lwm2mValue } from '../../core/protocols/lwm2m/value.ts';
import type { Asker } from './access.ts';
import type { DeviceObjects, ObjectInstance } from './device-objects.ts';
import { Refusal } from './refusal.ts';
import { isMultiple, type ResourceValue, rangeProblem } from './resource-value.ts';

/** `replace` takes the place of what is there, `update` adds to it, `create` is for a new instance. */
export type WriteMode = 'replace' | 'update' | 'create';

export interface PlannedWrite {
  readonly instance: ObjectInstance;
  readonly values: ReadonlyMap<number, ResourceValue>;
  /** Resources that the write takes away. */
  readonly removed: readonly number[];
}

/**
 * What a write comes to, with everything checked.
 * @param fresh the instance that is being made, which the device does not have yet
 * @throws Refusal 4.00 for values that a resource cannot have, 4.04, 4.05
 */
export function plannedWrites(
  objects: DeviceObjects,
  target: Lwm2mPath,
  mode: WriteMode,
  { records, empty }: Content,
  asker: Asker,
  fresh?: ObjectInstance,
): PlannedWrite[] {
  const plans = new Map<ObjectInstance, Map<number, ResourceValue>>();
  const planOf = (path: Lwm2mPath): [ObjectInstance, Map<number, ResourceValue>] => {
    const { objectId = 0, instanceId = 0 } = path;
    const instance = fresh ?? objects.instance(objectId, instanceId);
    let plan = plans.get(instance);
    if (!plan) {
      plan = new Map();
      plans.set(instance, plan);
    }
    return [instance, plan];
  };
  if (target.instanceId !== undefined) planOf(target);
  for (const path of empty) {
    const [, plan] = planOf(path);
    if (path.resourceId !== undefined) plan.set(path.resourceId, new Map());
  }
  for (const { path, value } of records) {
    const [instance, plan] = planOf(path);
    const { resourceId = 0, resourceInstanceId } = path;
    const model = writable(objects, instance, resourceId, asker, mode);
    const problem = rangeProblem(model, value);
    if (problem !== undefined && asker !== 'bootstrap') throw new Refusal(codes.badRequest, problem);
    if (model.multiple !== (resourceInstanceId !== undefined)) {
      const what = model.multiple ? 'has instances' : 'has no instances';
      throw new Refusal(
        codes.badRequest,
        `resource ${resourceId} of object /${instance.object.model.id} ${what}`,
      );
    }
    if (resourceInstanceId === undefined) plan.set(resourceId, value);
    else {
      const planned = plan.get(resourceId);
      const values =
        planned && isMultiple(planned) ? planned : heldBefore(instance, resourceId, target, mode);
      values.set(resourceInstanceId, value);
      plan.set(resourceId, values);
    }
  }
  return [...plans].map(([instance, values]) => ({
    instance,
    values,
    removed:
      mode === 'replace' && target.kind === 'instance' ? leftOut(objects, instance, values, asker) : [],
  }));
}

/** The instances of a resource that a write leaves as they are. */
function heldBefore(
  instance: ObjectInstance,
  resourceId: number,
  target: Lwm2mPath,
  mode: WriteMode,
): Map<number, Lwm2mValue> {
  const before = instance.resources.get(resourceId);
  const keeps = mode === 'update' || target.kind === 'resource-instance';
  return keeps && before && isMultiple(before) ? new Map(before) : new Map();
}

/** A replaced instance keeps nothing that could have been written and was not. */
function leftOut(
  objects: DeviceObjects,
  instance: ObjectInstance,
  values: ReadonlyMap<number, ResourceValue>,
  asker: Asker,
): number[] {
  return [...instance.resources.keys()].filter((id) => {
    if (values.has(id)) return false;
    if (asker === 'bootstrap') return true;
    const model = objects.models.resource(instance.object.model, id);
    return model !== undefined && !model.mandatory && model.operations?.includes('WRITE') === true;
  });
}

/** @throws Refusal */
function writable(
  objects: DeviceObjects,
  instance: ObjectInstance,
  resourceId: number,
  asker: Asker,
  mode: WriteMode,
): ResourceModel {
  const model = objects.resourceModel(instance.object, resourceId);
  const mayWrite = model.operations === undefined || model.operations.includes('WRITE');
  // What makes an instance may say also what cannot be changed later (LwM2M Core 1.1.1, 6.3.6).
  if (asker === 'bootstrap' || mode === 'create' || mayWrite) return model;
  const path = `/${instance.object.model.id}/${instance.id}/${resourceId}`;
  throw new Refusal(codes.methodNotAllowed, `${path} cannot be written`);
}
