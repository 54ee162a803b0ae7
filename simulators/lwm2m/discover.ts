import { type DiscoveredPath, formatDiscoverLinks } from '../../core/protocols/lwm2m/object-links.ts';
import { Lwm2mPath } from '../../core/protocols/lwm2m/path.ts';
import type { AttributeStore } from './attribute-store.ts';
import type { DeviceObject, DeviceObjects, ObjectInstance } from './device-objects.ts';
import { isMultiple, isTrue, numberOf, textOf } from './resource-value.ts';

/**
 * The answer to Discover (LwM2M Core 1.1.1, 6.3.2), in link format: with attributes, and with those from above for a
 * resource.
 * @throws Refusal 4.04
 */
export function discover(objects: DeviceObjects, attributes: AttributeStore, path: Lwm2mPath): string {
  const { objectId = 0, instanceId, resourceId } = path;
  const object = objects.object(objectId);
  const version = object.model.version === '1.0' ? {} : { version: object.model.version };
  if (instanceId === undefined) {
    const instances = objects.instances(objectId);
    return formatDiscoverLinks([
      { path, ...version, attributes: attributes.at(path) },
      ...instances.flatMap((instance) => {
        const at = path.child(instance.id);
        const bare = (line: DiscoveredPath): DiscoveredPath => ({ path: line.path, attributes: {} });
        return [
          { path: at, attributes: attributes.at(at) },
          ...resourceLines(objects, attributes, instance).map(bare),
        ];
      }),
    ]);
  }
  const instance = objects.instance(objectId, instanceId);
  const lines = resourceLines(objects, attributes, instance);
  if (resourceId === undefined)
    return formatDiscoverLinks([{ path, attributes: attributes.at(path) }, ...lines]);
  objects.resourceModel(object, resourceId);
  const line = lines.find((each) => each.path.resourceId === resourceId) ?? { path, attributes: {} };
  return formatDiscoverLinks([{ ...line, attributes: attributes.effective(path) }]);
}

/** The answer to Bootstrap-Discover (LwM2M Core 1.1.1, 6.1.7.3). */
export function bootstrapDiscover(objects: DeviceObjects, lwm2mVersion: string, at: Lwm2mPath): string {
  const asked = at.objectId === undefined ? objects.all() : [objects.object(at.objectId)];
  const lines = asked.flatMap(({ model, instances }): DiscoveredPath[] => {
    const of = [...instances.values()].map((instance) => bootstrapLine(objects, instance));
    return of.length > 0 ? of : [{ path: Lwm2mPath.of(model.id), attributes: {} }];
  });
  return formatDiscoverLinks([
    { path: Lwm2mPath.root, attributes: {}, enablerVersion: lwm2mVersion },
    ...lines,
  ]);
}

function bootstrapLine(objects: DeviceObjects, instance: ObjectInstance): DiscoveredPath {
  const objectId = instance.object.model.id;
  const path = Lwm2mPath.of(objectId, instance.id);
  if (objectId === 0) {
    // The bootstrap server's own account has no short id.
    const isBootstrap = isTrue(objects.value(instance, 1));
    const shortServerId = isBootstrap ? undefined : numberOf(objects.value(instance, 10));
    const serverUri = textOf(objects.value(instance, 0));
    return {
      path,
      attributes: {},
      ...(shortServerId !== undefined && { shortServerId }),
      ...(serverUri !== undefined && { serverUri }),
    };
  }
  const shortServerId = objectId === 1 ? numberOf(objects.value(instance, 0)) : undefined;
  return { path, attributes: {}, ...(shortServerId !== undefined && { shortServerId }) };
}

function resourceLines(
  objects: DeviceObjects,
  attributes: AttributeStore,
  instance: ObjectInstance,
): DiscoveredPath[] {
  const base = Lwm2mPath.of(instance.object.model.id, instance.id);
  return instance.object.model.resources.flatMap((resource): DiscoveredPath[] => {
    const value = objects.value(instance, resource.id);
    if (value === undefined && !isSupported(instance.object, resource.id)) return [];
    const path = base.child(resource.id);
    const dimension = value && isMultiple(value) ? value.size : undefined;
    return [{ path, attributes: attributes.at(path), ...(dimension !== undefined && { dimension }) }];
  });
}

/** What can be executed or written is there without a value. */
function isSupported({ model, behaviour }: DeviceObject, resourceId: number): boolean {
  const resource = model.resources.find(({ id }) => id === resourceId);
  if (resource?.operations?.includes('EXECUTE')) return behaviour.execute !== undefined;
  return resource?.operations?.includes('WRITE') === true && resource.mandatory;
}
