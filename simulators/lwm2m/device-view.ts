import { invalidParameter } from '../../core/contract/invalid-parameter.ts';
import type { Lwm2mDeviceDetails } from '../../core/contract/simulated-lwm2m.ts';
import type { ResourceModel } from '../../core/protocols/lwm2m/models/object-model.ts';
import { Lwm2mPath } from '../../core/protocols/lwm2m/path.ts';
import { valueFromJson, valueToJson } from '../../core/protocols/lwm2m/value.ts';
import type { DeviceObjects, ObjectInstance } from './device-objects.ts';
import type { GeneratedValues } from './generated-values.ts';
import { isMultiple, recordsOf } from './resource-value.ts';
import type { ServerSession } from './server-session.ts';

type ShownObject = Lwm2mDeviceDetails['objects'][number];
type ShownResource = ShownObject['instances'][number]['resources'][number];

/** A device as its panel shows it. */
export function deviceDetails(
  objects: DeviceObjects,
  generated: GeneratedValues,
  { session, observations, lost }: { session: ServerSession | undefined; observations: number; lost: number },
): Lwm2mDeviceDetails {
  const local = session?.client.local;
  return {
    address: local ? `${local.address}:${local.port}` : null,
    registration: session ? `/${session.location.join('/')}` : null,
    connectionId: session?.client.session.hasConnectionId === true,
    observations,
    lost,
    // Security holds keys.
    objects: objects
      .all()
      .filter(({ model }) => model.id !== 0)
      .map(
        ({ model, instances }): ShownObject => ({
          ...{ id: model.id, name: model.name, version: model.version },
          instances: [...instances.values()].map((instance) => ({
            id: instance.id,
            resources: resourcesOf(objects, generated, instance),
          })),
        }),
      ),
  };
}

function resourcesOf(
  objects: DeviceObjects,
  generated: GeneratedValues,
  instance: ObjectInstance,
): ShownResource[] {
  const { model } = instance.object;
  return model.resources.flatMap((resource): ShownResource[] => {
    const path = Lwm2mPath.of(model.id, instance.id, resource.id);
    const facts = { name: resource.name, type: resource.type, operations: lettersOf(resource) };
    const value = objects.value(instance, resource.id);
    if (value === undefined)
      return facts.operations.includes('R') ? [] : [{ ...facts, path: `${path}`, generated: false }];
    return recordsOf(path, value).map((record, index) => ({
      ...facts,
      path: `${record.path}`,
      value: valueToJson(record.value),
      generated: index === 0 && generated.has(`${path}`),
    }));
  });
}

const lettersOf = ({ operations }: ResourceModel): string =>
  (operations ?? ['READ']).map((operation) => operation[0]).join('');

/**
 * Changes a value as the device itself would: what servers may do does not matter.
 * @throws PlatformError `api.invalidParameter` for a path that the device does not have, and for a value of another type
 */
export function setValue(objects: DeviceObjects, text: string, given: string | number | boolean): void {
  const path = Lwm2mPath.tryParse(text);
  if (!path) throw invalidParameter(`body.path: ${text} is no path`);
  const [objectId = 0, instanceId = 0, resourceId = 0, resourceInstanceId] = path.ids;
  const instance = objectId === 0 ? undefined : objects.findInstance(objectId, instanceId);
  const model = objects.findResource(objectId, resourceId);
  if (!instance || !model) throw invalidParameter(`body.path: the device has no ${text}`);
  if (instance.object.behaviour.read?.(instance, resourceId) !== undefined)
    throw invalidParameter(`body.path: the device measures ${text}, so it cannot be set`);
  const value = valueFromJson(model.type, given);
  if (!value)
    throw invalidParameter(`body.value: ${JSON.stringify(given)} is no value of type ${model.type}`);
  if (model.multiple !== (resourceInstanceId !== undefined)) {
    const what = model.multiple ? 'has instances: name one, as in /3/0/6/0' : 'has no instances';
    throw invalidParameter(`body.path: resource /${objectId}/${instanceId}/${resourceId} ${what}`);
  }
  if (resourceInstanceId === undefined) {
    objects.set(instance, resourceId, value);
    return;
  }
  const before = instance.resources.get(resourceId);
  const others = before && isMultiple(before) ? before : [];
  objects.set(instance, resourceId, new Map(others).set(resourceInstanceId, value));
}
