import type {
  TwinAttributeJson,
  TwinInstanceJson,
  TwinObjectJson,
  TwinReportJson,
  TwinRootJson,
} from '../contract/twin.ts';
import type { BenchTwinJson } from '../contract/twin-bench.ts';
import { isoTime } from '../platform/clock.ts';
import type { ResourceRecord } from '../protocols/lwm2m/content.ts';
import type { ObjectModels } from '../protocols/lwm2m/models/object-models.ts';
import { objectUrn, rootUrn } from '../protocols/lwm2m/models/object-urn.ts';
import { valueToJson } from '../protocols/lwm2m/value.ts';
import { toObjectModelJson } from './models/object-definition.ts';
import { reportedText, type StoredValue, sortedValues } from './reported-values.ts';
import type { Twin } from './twin.ts';
import type { TwinModels } from './twin-models.ts';

/** The views of a twin (manual 7.8.5.5 to 7.8.5.8). */
export const supportedObjects = (twin: Twin, models: ObjectModels): string[] =>
  twin.objects.map(({ objectId }) => idOf(twin, models, objectId));

/** All objects that have instances. @param expanded with their instances */
export function rootView(twin: Twin, models: ObjectModels, expanded: boolean): TwinRootJson {
  const children = [...twin.instantiated()].map(([objectId, instanceIds]): TwinObjectJson => {
    const objectDefinitionId = idOf(twin, models, objectId);
    const instances = instanceIds.map((id) => ({ objectDefinitionId, path: `/${objectId}/${id}` }));
    return { objectDefinitionId, path: `/${objectId}`, ...(expanded && { instances }) };
  });
  return { objectDefinitionId: rootUrn, path: '/', children };
}

/** Objects that it registered, and those that values are of, with the models that the engine reads them by. */
export function twinWithModels(twin: Twin, models: TwinModels): BenchTwinJson {
  const find = twin.findObjectIn(models);
  const { tenantId } = twin.device;
  const instances = twin.instantiated();
  const registered = new Map(twin.objects.map((object) => [object.objectId, object]));
  const ids = [...new Set([...registered.keys(), ...instances.keys()])].sort((one, other) => one - other);
  const objects = ids.map((objectId) => {
    const model = find(objectId);
    const version = registered.get(objectId)?.version;
    return {
      ...{ objectId, registered: registered.has(objectId), instanceIds: instances.get(objectId) ?? [] },
      ...(version !== undefined && { version }),
      ...(model && { model: toObjectModelJson(models.owned(tenantId, model)) }),
    };
  });
  return { objects };
}

/** One object; undefined when the device does not have it. @param expanded with the attributes of its instances */
export function objectView(
  twin: Twin,
  models: ObjectModels,
  objectId: number,
  expanded: boolean,
): TwinObjectJson | undefined {
  const instanceIds = twin.instantiated().get(objectId);
  if (!instanceIds && !twin.objects.some((object) => object.objectId === objectId)) return undefined;
  const objectDefinitionId = idOf(twin, models, objectId);
  const instances = (instanceIds ?? []).map(
    (id): TwinInstanceJson =>
      expanded
        ? instanceWith(twin, models, objectId, id)
        : { objectDefinitionId, path: `/${objectId}/${id}` },
  );
  return { objectDefinitionId, path: `/${objectId}`, instances };
}

/** One instance with its attributes; undefined when the device does not have it. */
export function instanceView(
  twin: Twin,
  models: ObjectModels,
  objectId: number,
  instanceId: number,
): TwinInstanceJson | undefined {
  const isThere = twin.instantiated().get(objectId)?.includes(instanceId);
  return isThere ? instanceWith(twin, models, objectId, instanceId) : undefined;
}

function instanceWith(
  twin: Twin,
  models: ObjectModels,
  objectId: number,
  instanceId: number,
): TwinInstanceJson {
  const attributes = new Map<number, TwinAttributeJson>();
  const key = `${objectId}/${instanceId}`;
  for (const { path, value } of sortedValues(key, twin.values.instance(key))) {
    const { resourceId = 0, resourceInstanceId } = path;
    const at = { pathSegment: String(resourceId), path: `/${key}/${resourceId}` };
    const content = contentOf(value);
    if (resourceInstanceId === undefined) attributes.set(resourceId, { ...at, content });
    else {
      const others = attributes.get(resourceId)?.contents ?? [];
      attributes.set(resourceId, { ...at, contents: [...others, { ...content, path: String(path) }] });
    }
  }
  const objectDefinitionId = idOf(twin, models, objectId);
  return { objectDefinitionId, path: `/${key}`, attributes: [...attributes.values()] };
}

const contentOf = (value: Pick<StoredValue, 'json' | 'timestampMs'>) => ({
  reportedValue: reportedText(value),
  timestamp: isoTime(value.timestampMs),
});

/** The URN by which a model was imported, or the one of OMA. */
function idOf(twin: Twin, models: ObjectModels, objectId: number): string {
  const version = twin.versionOf(objectId) ?? '1.0';
  return models.exact(objectId, version)?.urn ?? objectUrn(objectId, version);
}

/** Reported values for the live socket. @param nowMs time of those without one */
export function reportView(
  origin: TwinReportJson['origin'],
  records: readonly ResourceRecord[],
  nowMs: number,
): TwinReportJson {
  const values = records.map(({ path, value, timestampMs = nowMs }) => ({
    path: String(path),
    ...contentOf({ json: valueToJson(value), timestampMs }),
  }));
  return { origin, values };
}
