import type { TwinRequest } from '../connectors/twin-link.ts';
import type { BenchOperationRequest } from '../contract/twin-bench.ts';
import {
  type AttributeChange,
  checkAttributes,
  type NotificationAttribute,
  type NotificationAttributes,
  parseAttributeValue,
} from '../protocols/lwm2m/attributes.ts';
import { Lwm2mCodecError } from '../protocols/lwm2m/codec-error.ts';
import type { ResourceRecord } from '../protocols/lwm2m/content.ts';
import type { ResourceModel, ResourceOperation } from '../protocols/lwm2m/models/object-model.ts';
import { Lwm2mPath } from '../protocols/lwm2m/path.ts';
import { valueFromJson } from '../protocols/lwm2m/value.ts';
import type { FindObject } from './twin-models.ts';

type Request = BenchOperationRequest;

/** The models say that this cannot be asked of the device. */
class DoesNotFit extends Error {}

/**
 * What to ask of a device for an operation that passed `checkOperation`.
 * @returns a text when it does not fit the models: what is wrong, and where
 */
export function planRequest(request: Request, findObject: FindObject): TwinRequest | string {
  try {
    return plan(request, findObject);
  } catch (error) {
    if (error instanceof DoesNotFit || error instanceof Lwm2mCodecError) return error.message;
    throw error;
  }
}

function plan(request: Request, findObject: FindObject): TwinRequest {
  const { type, paths, values, options } = request;
  const formats = options?.lwm2m?.contentFormat;
  const [first = '/'] = paths ?? [];
  const requestFormat = formats?.request ?? undefined;
  switch (type) {
    case 'READ': {
      const parsed = (paths ?? []).map((path) => Lwm2mPath.parse(path));
      for (const path of parsed) checkPath(path, 'READ', findObject);
      return { kind: 'read', paths: parsed, responseFormat: formats?.response ?? undefined };
    }
    case 'WRITE': {
      const path = Lwm2mPath.parse(first);
      checkPath(path, 'WRITE', findObject);
      const records = (values ?? []).map((each) => recordOf(each, 'WRITE', findObject));
      const mode = request.writeMode ?? 'UPDATE';
      return { kind: 'write', path, mode, values: records, requestFormat };
    }
    case 'EXECUTE': {
      const path = Lwm2mPath.parse(first);
      checkPath(path, 'EXECUTE', findObject);
      return { kind: 'execute', path, argument: request.argument ?? '' };
    }
    case 'CREATE': {
      const path = Lwm2mPath.parse(first);
      checkPath(path, undefined, findObject);
      // What a new instance begins with may be what nobody can write later.
      const records = (values ?? []).map((each) => recordOf(each, undefined, findObject));
      return { kind: 'create', path, values: records, requestFormat };
    }
    case 'DELETE':
      return { kind: 'delete', path: Lwm2mPath.parse(first) };
    case 'DISCOVER':
      return { kind: 'discover', path: Lwm2mPath.parse(first) };
    case 'WRITE-METADATA':
      return planMetadata(values?.[0] as NonNullable<Request['values']>[number], findObject);
  }
}

function planMetadata(
  { path: text, metadata = [] }: NonNullable<Request['values']>[number],
  findObject: FindObject,
): TwinRequest {
  const path = Lwm2mPath.parse(text);
  const resource = checkPath(path, undefined, findObject);
  const set: Partial<Record<NotificationAttribute, number>> = {};
  const unset: NotificationAttribute[] = [];
  for (const { name, value } of metadata) {
    if (value === undefined || value === null) unset.push(name);
    else set[name] = parseAttributeValue(name, String(value));
  }
  checkAttributes(set as NotificationAttributes, { kind: path.kind, type: resource?.type });
  const change: AttributeChange = { set, unset };
  return { kind: 'write-attributes', path, change };
}

function recordOf(
  { path: text, value }: NonNullable<Request['values']>[number],
  operation: ResourceOperation | undefined,
  findObject: FindObject,
): ResourceRecord {
  const path = Lwm2mPath.parse(text);
  const resource = checkPath(path, operation, findObject) as ResourceModel;
  if (resource.multiple && path.kind === 'resource')
    throw new DoesNotFit(`${path} has several instances: name one, as ${path}/0`);
  const typed = valueFromJson(resource.type, value);
  if (!typed) throw new DoesNotFit(`${path} is of type ${resource.type}: ${JSON.stringify(value)} is none`);
  return { path, value: typed };
}

/** The resource that a path leads to or into; undefined for an object or an instance. */
function checkPath(
  path: Lwm2mPath,
  operation: ResourceOperation | undefined,
  findObject: FindObject,
): ResourceModel | undefined {
  const { objectId, resourceId } = path;
  if (objectId === undefined) return undefined;
  const object = findObject(objectId);
  if (!object) {
    throw new DoesNotFit(
      `${path}: no model of object ${objectId} is known; import its definition (twin/model/object-definitions)`,
    );
  }
  if (resourceId === undefined) return undefined;
  const resource = object.resources.find(({ id }) => id === resourceId);
  if (!resource) throw new DoesNotFit(`${path}: ${object.name} (${objectId}) has no attribute ${resourceId}`);
  if (path.kind === 'resource-instance' && !resource.multiple)
    throw new DoesNotFit(`${path}: ${resource.name} of ${object.name} has one value and no instances`);
  // Where no definition says what may be done with it, the device does.
  if (operation && resource.operations?.includes(operation) === false) {
    const allowed = resource.operations.join(', ') || 'nothing';
    throw new DoesNotFit(`${path}: ${resource.name} of ${object.name} takes ${allowed}, and no ${operation}`);
  }
  return resource;
}
