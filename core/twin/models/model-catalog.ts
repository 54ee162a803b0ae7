import { PlatformError } from '../../contract/errors.ts';
import { invalidParameter } from '../../contract/invalid-parameter.ts';
import type { Clock } from '../../platform/clock.ts';
import { Serial } from '../../platform/serial.ts';
import { ObjectXmlError, parseObjectXml } from '../../protocols/lwm2m/models/import-xml.ts';
import type { ObjectModel } from '../../protocols/lwm2m/models/object-model.ts';
import { ObjectModels } from '../../protocols/lwm2m/models/object-models.ts';
import { parseObjectUrn } from '../../protocols/lwm2m/models/object-urn.ts';
import { publicModels } from '../../protocols/lwm2m/models/public-models.ts';
import type { Store } from '../../store/types.ts';
import { customModelRepository } from './custom-model-repository.ts';
import { definitionId, type OwnedModel } from './object-definition.ts';

export interface ModelCatalogSettings {
  readonly customModelMaxPerTenant: number;
  readonly customModelMaxBytes: number;
  readonly customModelMaxResources: number;
}

/** Ids of objects that tenants may describe (manual 7.8.3.3). */
const firstCustomId = 10_241;
const lastCustomId = 42_800;

/**
 * The models of objects that a tenant sees (manual 7.8.3.3): public ones, which are the same for all, and its own, which
 * come first. Custom models are all in memory; public ones are loaded when first asked for.
 */
export class ModelCatalog {
  private readonly parts: {
    readonly store: Store;
    readonly clock: Clock;
    readonly settings: ModelCatalogSettings;
  };
  private readonly changes = new Serial();
  /** By tenant. */
  private readonly custom = new Map<string, readonly ObjectModel[]>();
  /** What {@link models} answered, until a tenant's own models change. */
  private readonly known = new Map<string, ObjectModels>();
  private common: ObjectModels | undefined;

  constructor(parts: ModelCatalog['parts']) {
    this.parts = parts;
  }

  async start(): Promise<void> {
    this.custom.clear();
    this.known.clear();
    for (const { tenantId, model } of await customModelRepository.load(this.parts.store))
      this.custom.set(tenantId, [...this.ownOf(tenantId), model]);
  }

  /** The models that describe the devices of a tenant. Ask again after each wait: an import changes them. */
  async models(tenantId: string): Promise<ObjectModels> {
    await this.load();
    return this.of(tenantId);
  }

  /** Resolves when {@link of} knows the public models. */
  async load(): Promise<void> {
    this.common ??= await publicModels();
  }

  /** The models of a tenant as they are at this moment; its own alone before {@link load}. */
  of(tenantId: string): ObjectModels {
    const { common } = this;
    const found = this.known.get(tenantId);
    if (found) return found;
    const all = (common ?? new ObjectModels()).behind(this.ownOf(tenantId));
    if (common) this.known.set(tenantId, all);
    return all;
  }

  /** All that a tenant sees, by id and version. */
  async list(tenantId: string): Promise<OwnedModel[]> {
    return (await this.models(tenantId)).all().map((model) => this.owned(tenantId, model));
  }

  /**
   * @param urn as `parseObjectUrn` takes it; without a version 1.0 is meant, or the nearest to it that is known
   * @throws PlatformError `twin.modelNotFound`
   */
  async get(tenantId: string, urn: string): Promise<OwnedModel> {
    const reference = parseObjectUrn(urn);
    const models = await this.models(tenantId);
    const { objectId = -1, version } = reference ?? {};
    const model = version === undefined ? models.find(objectId, '1.0') : models.exact(objectId, version);
    if (model) return this.owned(tenantId, model);
    throw new PlatformError('twin.modelNotFound', 'There is no such object definition.', {
      details: reference ? urn : `${urn} is no URN of an object, as urn:oma:lwm2m:oma:5:1.1`,
    });
  }

  /**
   * Imports a definition in the XML of OMA.
   * @param override whether it may take the place of one of the tenant's own of the same id and version
   * @throws PlatformError `api.invalidParameter` with the line in the file; `twin.modelDuplicate`, `twin.modelLimit`
   */
  async add(tenantId: string, file: Uint8Array, override: boolean): Promise<OwnedModel> {
    const model = await this.read(file);
    return this.changes.run(async () => {
      const { store, clock, settings } = this.parts;
      const own = this.ownOf(tenantId);
      const others = own.filter(({ id, version }) => id !== model.id || version !== model.version);
      if (others.length < own.length && !override) {
        throw new PlatformError('twin.modelDuplicate', 'The tenant has an object definition of this id.', {
          details: `${definitionId(model)}. Import it with override=true to replace it.`,
        });
      }
      const most = settings.customModelMaxPerTenant;
      if (others.length >= most) {
        throw new PlatformError('twin.modelLimit', 'The tenant has as many custom models as it may have.', {
          details: `${most} (setting customModelMaxPerTenant). Delete one.`,
        });
      }
      await store.commit([customModelRepository.put({ tenantId, createdMs: clock.now(), model })]);
      this.keep(tenantId, [...others, model]);
      return { model, owner: tenantId };
    });
  }

  /**
   * Deletes a custom model. Objects that it described are described by the public one again, if there is one.
   * @throws PlatformError `twin.modelNotFound`; `twin.modelPublic` for a public one
   */
  delete(tenantId: string, urn: string): Promise<void> {
    return this.changes.run(async () => {
      const { model, owner } = await this.get(tenantId, urn);
      if (owner === undefined) {
        throw new PlatformError('twin.modelPublic', 'A public object definition cannot be deleted.', {
          details: urn,
        });
      }
      await this.parts.store.commit([customModelRepository.delete(tenantId, model)]);
      this.keep(
        tenantId,
        this.ownOf(tenantId).filter((other) => other !== model),
      );
    });
  }

  private ownOf(tenantId: string): readonly ObjectModel[] {
    return this.custom.get(tenantId) ?? [];
  }

  /** A model with whose it is. */
  owned(tenantId: string, model: ObjectModel): OwnedModel {
    return { model, owner: this.ownOf(tenantId).includes(model) ? tenantId : undefined };
  }

  private keep(tenantId: string, models: readonly ObjectModel[]): void {
    if (models.length === 0) this.custom.delete(tenantId);
    else this.custom.set(tenantId, models);
    this.known.delete(tenantId);
  }

  private async read(file: Uint8Array): Promise<ObjectModel> {
    const { customModelMaxBytes: maxBytes, customModelMaxResources: maxResources } = this.parts.settings;
    try {
      const model = await parseObjectXml(file, { maxBytes, maxResources });
      if (model.id >= firstCustomId && model.id <= lastCustomId) return model;
      throw new ObjectXmlError(
        `ObjectID: custom models are of the ids ${firstCustomId} to ${lastCustomId}, not ${model.id}`,
      );
    } catch (error) {
      if (error instanceof ObjectXmlError) throw invalidParameter(`body.file: ${error.message}`);
      throw error;
    }
  }
}
