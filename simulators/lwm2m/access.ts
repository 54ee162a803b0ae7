import { codes } from '../../core/protocols/coap/codes.ts';
import type { DeviceObjects, ObjectInstance } from './device-objects.ts';
import { Refusal } from './refusal.ts';
import { integer, isMultiple, numberOf } from './resource-value.ts';

/** Who asks: the server with a short id, or the bootstrap server, who may do anything. */
export type Asker = { readonly shortServerId: number } | 'bootstrap';

/** Bits of the ACL resource (LwM2M Core 1.1.1, E.3). */
export const rights = { read: 1, write: 2, execute: 4, delete: 8, create: 16 } as const;
export type Right = keyof typeof rights;

const accessControlObject = 2;
const resources = { objectId: 0, instanceId: 1, list: 2, owner: 3 } as const;
const serverObject = 1;
/** Security and OSCORE are for the bootstrap server alone (LwM2M Core 1.1.1, E.1). */
const secretObjects = [0, 21];

/**
 * Refuses what a server may not do (LwM2M Core 1.1.1, 8): with one server account it may do anything, with several the
 * instances of Access Control decide.
 * @param instanceId undefined for a Create
 * @throws Refusal 4.01
 */
export function checkAccess(
  objects: DeviceObjects,
  asker: Asker,
  right: Right,
  objectId: number,
  instanceId: number | undefined,
): void {
  if (mayAccess(objects, asker, right, objectId, instanceId)) return;
  const target = instanceId === undefined ? `/${objectId}` : `/${objectId}/${instanceId}`;
  throw new Refusal(codes.unauthorized, `this server may not ${right} ${target}`);
}

export function mayAccess(
  objects: DeviceObjects,
  asker: Asker,
  right: Right,
  objectId: number,
  instanceId: number | undefined,
): boolean {
  if (asker === 'bootstrap') return true;
  if (secretObjects.includes(objectId)) return false;
  if (objects.instances(serverObject).length <= 1) return true;
  const { shortServerId } = asker;
  if (objectId === accessControlObject) return mayControl(objects, shortServerId, right, instanceId);
  if (objectId === serverObject && instanceId !== undefined) {
    return numberOf(objects.valueAt(serverObject, instanceId, 0)) === shortServerId;
  }
  // The id of no instance stands for the object, and what may be made of it.
  const control = controlOf(objects, objectId, instanceId ?? 65_535);
  // Without a word of it reading is for all, and nothing else is for anybody.
  if (!control) return right === 'read';
  const owner = numberOf(objects.value(control, resources.owner));
  const list = objects.value(control, resources.list);
  const entries = list && isMultiple(list) ? list : undefined;
  const own = numberOf(entries?.get(shortServerId));
  const byDefault = owner === shortServerId && (entries?.size ?? 0) === 0 ? 31 : numberOf(entries?.get(0));
  return ((own ?? byDefault ?? 0) & rights[right]) !== 0;
}

/** Who owns an instance of Access Control changes and deletes it; all may read it, and the bootstrap server makes it. */
function mayControl(
  objects: DeviceObjects,
  shortServerId: number,
  right: Right,
  instanceId: number | undefined,
): boolean {
  if (right === 'read') return true;
  if (right === 'create' || instanceId === undefined) return false;
  return numberOf(objects.valueAt(accessControlObject, instanceId, resources.owner)) === shortServerId;
}

/** Where there are several servers, who makes an instance owns it (LwM2M Core 1.1.1, 8.2). */
export function takeOwnership(objects: DeviceObjects, asker: Asker, { object, id }: ObjectInstance): void {
  if (asker === 'bootstrap' || objects.instances(serverObject).length <= 1) return;
  const taken = new Set(objects.instances(accessControlObject).map((instance) => instance.id));
  let free = 0;
  while (taken.has(free)) free += 1;
  objects.addInstance(accessControlObject, free, {
    [resources.objectId]: integer(object.model.id),
    [resources.instanceId]: integer(id),
    [resources.owner]: integer(asker.shortServerId),
  });
}

/** What says who may do what with an instance goes with it. */
export function endOwnership(objects: DeviceObjects, { object, id }: ObjectInstance): void {
  const control = controlOf(objects, object.model.id, id);
  if (control) objects.removeInstance(control);
}

const controlOf = (
  objects: DeviceObjects,
  objectId: number,
  instanceId: number,
): ObjectInstance | undefined =>
  objects
    .instances(accessControlObject)
    .find(
      (instance) =>
        numberOf(objects.value(instance, resources.objectId)) === objectId &&
        numberOf(objects.value(instance, resources.instanceId)) === instanceId,
    );
