import type { DataMessageInput, Location } from '../data/data-message.ts';
import type { ResourceRecord } from '../protocols/lwm2m/content.ts';
import { camelCaseName } from '../protocols/lwm2m/models/model-names.ts';
import { Lwm2mPath } from '../protocols/lwm2m/path.ts';
import { type Lwm2mValue, valueToJson } from '../protocols/lwm2m/value.ts';
import type { ReportedValues } from './reported-values.ts';
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
  known: ReportedValues,
  nowMs: number,
): DataMessageInput[] {
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
      value: twinJson(each, findObject),
      location: locationOf(each, known),
      tags: undefined,
      encoding: undefined,
      ignored: [],
    }));
}

/** Values under the names of their objects and attributes; what no model names is under its number. */
export function twinJson(records: readonly ResourceRecord[], findObject: FindObject): JsonObject {
  const json: JsonObject = {};
  for (const { path, value } of records) {
    const [objectId = 0, instanceId = 0, resourceId = 0, resourceInstanceId] = path.ids;
    const model = findObject(objectId);
    const instance = below(below(json, nameOf(model?.name, objectId)), String(instanceId));
    const attribute = nameOf(model?.resources.find(({ id }) => id === resourceId)?.name, resourceId);
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

const nameOf = (name: string | undefined, id: number): string => camelCaseName(name ?? '') || String(id);

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
function locationOf(records: readonly ResourceRecord[], known: ReportedValues): Location | undefined {
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
