import type { DataMessageInput, Location } from '../data/data-message.ts';
import type { ResourceRecord } from '../protocols/lwm2m/content.ts';
import { camelCaseName } from '../protocols/lwm2m/models/model-names.ts';
import type { ObjectModel } from '../protocols/lwm2m/models/object-model.ts';
import { Lwm2mPath } from '../protocols/lwm2m/path.ts';
import { type Lwm2mValue, valueToJson } from '../protocols/lwm2m/value.ts';
import type { Twin } from './twin.ts';
import type { FindObject } from './twin-models.ts';

type Json = string | number | boolean | { [key: string]: Json };
type JsonObject = { [key: string]: Json };

/**
 * Reported values as data messages (manual 7.8.11), one for each time that they are of, the oldest first.
 * @param nowMs time of those without one
 */
export function twinMessages(
  records: readonly ResourceRecord[],
  findObject: FindObject,
  { objects, values: known }: Pick<Twin, 'objects' | 'values'>,
  nowMs: number,
): DataMessageInput[] {
  const objectIds = objects.map(({ objectId }) => objectId);
  const byTime = new Map<number, ResourceRecord[]>();
  for (const record of records) {
    const timeMs = record.timestampMs ?? nowMs;
    byTime.set(timeMs, [...(byTime.get(timeMs) ?? []), record]);
  }
  return [...byTime]
    .sort(([one], [other]) => one - other)
    .map(([timestampMs, each]) => ({
      streamId: undefined,
      timestampMs,
      model: 'twin_json',
      value: twinJson(each, findObject, objectIds),
      location: locationOf(each, known),
      tags: undefined,
      encoding: undefined,
      ignored: [],
    }));
}

/**
 * Values under the names of their objects and attributes; under its number is what no model names, and what has the name of
 * another with a lower number.
 * @param objectIds all objects of the device, so that the names of an object are the same in each of its messages
 */
export function twinJson(
  records: readonly ResourceRecord[],
  findObject: FindObject,
  objectIds: readonly number[],
): JsonObject {
  const json: JsonObject = {};
  for (const { path, value } of records) {
    const [objectId = 0, instanceId = 0, resourceId = 0, resourceInstanceId] = path.ids;
    const object = below(json, objectName(objectId, findObject, objectIds));
    const instance = below(object, String(instanceId));
    const attribute = attributeName(resourceId, findObject(objectId));
    if (resourceInstanceId === undefined) instance[attribute] = rawValue(value);
    else below(instance, attribute)[String(resourceInstanceId)] = rawValue(value);
  }
  return json;
}

function below(json: JsonObject, name: string): JsonObject {
  const found = json[name];
  if (typeof found === 'object') return found;
  const made: JsonObject = {};
  json[name] = made;
  return made;
}

function objectName(objectId: number, findObject: FindObject, objectIds: readonly number[]): string {
  const name = namesOf(findObject(objectId))?.object;
  const isTaken = objectIds.some(
    (other) => other < objectId && name !== undefined && namesOf(findObject(other))?.object === name,
  );
  return isTaken || !name ? String(objectId) : name;
}

const attributeName = (resourceId: number, model: ObjectModel | undefined): string =>
  namesOf(model)?.attributes.get(resourceId) ?? String(resourceId);

interface Names {
  readonly object: string;
  readonly attributes: ReadonlyMap<number, string>;
}

const namesOfModels = new WeakMap<ObjectModel, Names>();

function namesOf(model: ObjectModel | undefined): Names | undefined {
  if (!model) return undefined;
  const known = namesOfModels.get(model);
  if (known) return known;
  const attributes = new Map<string, number>();
  for (const { id, name } of [...model.resources].sort((one, other) => one.id - other.id)) {
    const camel = camelCaseName(name);
    if (camel !== '' && !attributes.has(camel)) attributes.set(camel, id);
  }
  const names = {
    object: camelCaseName(model.name),
    attributes: new Map([...attributes].map(([name, id]) => [id, name])),
  };
  namesOfModels.set(model, names);
  return names;
}

/** Times are in ISO 8601, to the second, as the manual's example has them; those beyond what dates reach are numbers. */
function rawValue(value: Lwm2mValue): Json {
  const json = valueToJson(value);
  if (value.type !== 'TIME') return json;
  const date = new Date(Number(json) * 1000);
  return Number.isNaN(date.getTime()) ? json : date.toISOString().replace('.000Z', 'Z');
}

const locationAt = { lat: 0, lon: 1, alt: 2, accuracy: 3 } as const;
const locationInstance = Lwm2mPath.of(6, 0);

/**
 * The location of the device (manual 7.8.11.3), when object 6 is among the values: latitude and longitude, and what is known
 * of height and radius. A part that was not reported now is as it was reported last.
 */
function locationOf(records: readonly ResourceRecord[], known: Twin['values']): Location | undefined {
  const reported = new Map<number, unknown>();
  for (const { path, value } of records)
    if (path.startsWith(locationInstance) && path.kind === 'resource')
      reported.set(path.resourceId ?? 0, value.value);
  const parts = Object.values(locationAt);
  if (!parts.some((id) => reported.has(id))) return undefined;
  const part = (id: number): number | undefined => {
    const value = reported.get(id) ?? known.find(locationInstance.child(id))?.json;
    // Older versions of the object have texts.
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
  };
  const [lat, lon, alt, accuracy] = parts.map(part);
  if (lat === undefined || lon === undefined || Math.abs(lat) > 90 || Math.abs(lon) > 180) return undefined;
  return { lat, lon, ...(alt !== undefined && { alt }), ...(accuracy !== undefined && { accuracy }) };
}
