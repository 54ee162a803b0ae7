import type { TwinAttributeJson, TwinObjectJson } from '../../../core/contract/twin.ts';
import type { BenchTwinJson } from '../../../core/contract/twin-bench.ts';
import type { ObjectModelJson } from '../../../core/contract/twin-models.ts';
import { idsOf } from './twin-path.ts';

export type TwinObject = BenchTwinJson['objects'][number];
export type ResourceModel = ObjectModelJson['resources'][number];
export type ResourceType = ResourceModel['type'];
export type ResourceOperation = 'READ' | 'WRITE' | 'EXECUTE';

/** A value of a resource, or of one instance of it. */
export interface Reported {
  readonly path: string;
  readonly reportedValue: string;
  readonly timestamp: string;
}

/** A resource of an instance: what its model says, what the device said, or both. */
export interface TwinResource {
  readonly id: number;
  readonly path: string;
  /** Undefined when the model does not know it, or there is no model. */
  readonly model: ResourceModel | undefined;
  readonly values: readonly Reported[];
  /** It has several values, each with an id of its own. */
  readonly multiple: boolean;
}

/** Resources of an instance: those of the model, and those that the device reported beyond it. */
export function resourcesOf(
  instancePath: string,
  model: ObjectModelJson | undefined,
  attributes: readonly TwinAttributeJson[] = [],
): TwinResource[] {
  const reported = new Map(attributes.map((attribute) => [Number(attribute.pathSegment), attribute]));
  const models = new Map(model?.resources.map((resource) => [resource.id, resource]));
  const ids = [...new Set([...models.keys(), ...reported.keys()])].sort((one, other) => one - other);
  return ids.map((id) => {
    const path = `${instancePath}/${id}`;
    const { content, contents } = reported.get(id) ?? {};
    const values = [...(content ? [{ ...content, path }] : []), ...(contents ?? [])];
    const known = models.get(id);
    return { id, path, model: known, values, multiple: known?.multiple === true || contents !== undefined };
  });
}

/** Whether the model lets this be tried; where nothing is known the device decides. */
export const allows = (model: ResourceModel | undefined, operation: ResourceOperation): boolean =>
  model?.operations === undefined
    ? operation !== 'EXECUTE' || model === undefined || model.type === 'NONE'
    : model.operations.includes(operation);

/** The model of the resource that a path leads to or into. */
export function resourceAt(objects: readonly TwinObject[], path: string): ResourceModel | undefined {
  const [objectId, , resourceId] = idsOf(path);
  const object = objects.find((each) => each.objectId === objectId);
  return object?.model?.resources.find(({ id }) => id === resourceId);
}

/** True when words of it, or its number, have all the words that are looked for. */
export function matches(find: string, ...texts: readonly (string | undefined)[]): boolean {
  const all = texts.join(' ').toLowerCase();
  return find
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}

/** Whether something of an object answers to what is looked for: itself, or one of its resources. */
export const objectMatches = (find: string, { objectId, model }: TwinObject): boolean =>
  find === '' ||
  matches(find, `/${objectId}`, model?.name) ||
  (model?.resources ?? []).some(({ id, name }) => matches(find, `/${objectId}/ /${id}`, name));

/** Values of an object with some that have just come; what is of an instance that it lacks is left out. */
export function withValues(object: TwinObjectJson, values: readonly Reported[]): TwinObjectJson {
  return {
    ...object,
    instances: object.instances?.map((instance) => {
      const own = values.filter(({ path }) => path.startsWith(`${instance.path}/`));
      if (own.length === 0) return instance;
      const attributes = new Map((instance.attributes ?? []).map((each) => [each.pathSegment, each]));
      for (const { path, reportedValue, timestamp } of own) {
        const [, , resourceId, within] = idsOf(path);
        const pathSegment = String(resourceId);
        const at = { pathSegment, path: `${instance.path}/${pathSegment}` };
        const known = attributes.get(pathSegment);
        const given = { reportedValue, timestamp };
        const newer = (before: { timestamp: string } | undefined) => !before || before.timestamp <= timestamp;
        if (within === undefined) {
          if (newer(known?.content)) attributes.set(pathSegment, { ...at, content: given });
          continue;
        }
        const others = known?.contents ?? [];
        if (!newer(others.find((each) => each.path === path))) continue;
        const contents = [...others.filter((each) => each.path !== path), { ...given, path }];
        contents.sort((one, other) => (idsOf(one.path)[3] ?? 0) - (idsOf(other.path)[3] ?? 0));
        attributes.set(pathSegment, { ...at, contents });
      }
      const sorted = [...attributes.values()].sort(
        (one, other) => Number(one.pathSegment) - Number(other.pathSegment),
      );
      return { ...instance, attributes: sorted };
    }),
  };
}
