import type { FindResource } from '../content.ts';
import { compareVersions } from './compact-model.ts';
import { camelCaseName } from './model-names.ts';
import type { ObjectModel, ResourceModel } from './object-model.ts';

/** Where models come from. */
export interface ModelSource {
  /** Ids of objects, in order. */
  readonly ids: readonly number[];
  /** The models of an object, by version, the newest last; none for an id that is not known. */
  versionsOf(objectId: number): readonly ObjectModel[];
}

/** Models as a source. */
export function modelSource(models: readonly ObjectModel[]): ModelSource {
  const byId = new Map<number, ObjectModel[]>();
  for (const model of models) byId.set(model.id, [...(byId.get(model.id) ?? []), model]);
  for (const versions of byId.values())
    versions.sort((one, other) => compareVersions(one.version, other.version));
  return {
    ids: [...byId.keys()].sort((one, other) => one - other),
    versionsOf: (objectId) => byId.get(objectId) ?? [],
  };
}

/**
 * Models of objects: custom ones, and behind them public ones. An object with a custom model is described by that one
 * alone, in whatever version a device has it (manual 7.8.3.3).
 */
export class ObjectModels {
  readonly #sources: readonly ModelSource[];
  readonly #resources = new WeakMap<ObjectModel, Map<number | string, ResourceModel>>();

  /** @param sources the first counts first. */
  constructor(...sources: readonly ModelSource[]) {
    this.#sources = sources;
  }

  /** Ids of all objects that are known. */
  get ids(): number[] {
    return [...new Set(this.#sources.flatMap(({ ids }) => ids))].sort((one, other) => one - other);
  }

  /** All models, in all versions; of an id and version that two sources have, the first source's. */
  all(): ObjectModel[] {
    return this.ids.flatMap((id) => {
      const versions = new Map<string, ObjectModel>();
      for (const source of this.#sources)
        for (const model of source.versionsOf(id))
          if (!versions.has(model.version)) versions.set(model.version, model);
      return [...versions.values()].sort((one, other) => compareVersions(one.version, other.version));
    });
  }

  /** The model of exactly this version. */
  exact(objectId: number, version: string): ObjectModel | undefined {
    for (const source of this.#sources) {
      const found = source.versionsOf(objectId).find((model) => model.version === version);
      if (found) return found;
    }
    return undefined;
  }

  /**
   * The model that describes an object best: of this version, otherwise the newest of the same major version, otherwise
   * the newest. Without a version the newest of major version 1: a client leaves out 1.0, and for the objects of LwM2M
   * itself also the version that goes with its LwM2M.
   */
  find(objectId: number, version?: string): ObjectModel | undefined {
    const versions =
      this.#sources.map((source) => source.versionsOf(objectId)).find(({ length }) => length > 0) ?? [];
    const wanted = version ?? '1';
    const major = wanted.split('.')[0];
    return (
      versions.find((model) => model.version === version) ??
      versions.findLast((model) => model.version.split('.')[0] === major) ??
      versions.at(-1)
    );
  }

  /**
   * A resource of a model by its id, its name, or its name in camel case. A name that two resources have is the first's.
   */
  resource(model: ObjectModel, idOrName: number | string): ResourceModel | undefined {
    let index = this.#resources.get(model);
    if (!index) {
      index = new Map();
      for (const resource of model.resources)
        for (const key of [resource.id, resource.name, camelCaseName(resource.name)])
          if (!index.has(key)) index.set(key, resource);
      this.#resources.set(model, index);
    }
    return index.get(idOrName);
  }

  /** For the codecs. @param versionOf the version of an object that the device registered; undefined for none. */
  finder(versionOf: (objectId: number) => string | undefined = () => undefined): FindResource {
    return (objectId, resourceId) => {
      const model = this.find(objectId, versionOf(objectId));
      return model && this.resource(model, resourceId);
    };
  }

  /** These models with others before them. */
  behind(models: readonly ObjectModel[]): ObjectModels {
    return models.length === 0 ? this : new ObjectModels(modelSource(models), ...this.#sources);
  }
}
