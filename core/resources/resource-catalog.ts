import type { EventBus } from '../bus/event-bus.ts';
import { PlatformError } from '../contract/errors.ts';
import type { PlatformEvents } from '../contract/events.ts';
import { invalidParameter } from '../contract/invalid-parameter.ts';
import type {
  CreateResourceRequest,
  CreateVersionRequest,
  UpdateResourceRequest,
  UpdateVersionRequest,
} from '../contract/resources.ts';
import type { Clock } from '../platform/clock.ts';
import { Serial } from '../platform/serial.ts';
import type { Statement, Store } from '../store/types.ts';
import type { Content, ContentFiles } from './content-files.ts';
import { readFile } from './read-file.ts';
import {
  changedResource,
  changedVersion,
  checksumOf,
  isCompatible,
  newResource,
  newVersion,
  type Resource,
  type Version,
} from './resource-record.ts';
import { resourceRepository } from './resource-repository.ts';

export interface CatalogSettings {
  readonly resourceMaxFileBytes: number;
  readonly resourceMaxPerTenant: number;
  readonly resourceMaxVersions: number;
  readonly resourceMaxTotalBytes: number;
}

interface Shelf {
  resource: Resource;
  readonly versions: Map<string, Version>;
}

/** The repository of resources (facts 4.1): all of it in memory, but for the contents. */
export class ResourceCatalog {
  private readonly parts: {
    readonly store: Store;
    readonly clock: Clock;
    readonly bus: EventBus<PlatformEvents>;
    readonly contents: ContentFiles;
    readonly settings: CatalogSettings;
    /** True while an update that has not ended is to bring this resource, or this version of it, to a device. */
    uses(resource: Resource, versionId?: string): boolean;
  };
  /** By tenant and id. */
  private readonly shelves = new Map<string, Map<string, Shelf>>();
  private readonly changes = new Serial();
  private totalBytes = 0;

  constructor(parts: ResourceCatalog['parts']) {
    this.parts = parts;
  }

  async start(): Promise<void> {
    const { store, contents } = this.parts;
    this.shelves.clear();
    this.totalBytes = 0;
    for (const resource of await resourceRepository.load(store)) this.put(resource);
    const named = new Set<string>();
    for (const { tenantId, resourceId, version } of await resourceRepository.loadVersions(store)) {
      this.shelves.get(tenantId)?.get(resourceId)?.versions.set(version.id, version);
      named.add(version.content.file);
      this.totalBytes += version.content.size;
    }
    await contents.start(named);
  }

  /** Resolves when changes that were asked for are made. */
  async stop(): Promise<void> {
    await this.changes.run(async () => {});
  }

  /** All of a tenant, by id. */
  list(tenantId: string): Resource[] {
    const found = [...(this.shelves.get(tenantId)?.values() ?? [])];
    return found.map(({ resource }) => resource).sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  find(tenantId: string, id: string): Resource | undefined {
    return this.shelves.get(tenantId)?.get(id)?.resource;
  }

  /** @throws PlatformError `resources.notFound` */
  get(tenantId: string, id: string): Resource {
    return this.shelf(tenantId, id).resource;
  }

  /** Versions of a resource, the oldest first. @throws PlatformError `resources.notFound` */
  versions(tenantId: string, id: string): Version[] {
    return [...this.shelf(tenantId, id).versions.values()];
  }

  findVersion(tenantId: string, id: string, versionId: string): Version | undefined {
    return this.shelves.get(tenantId)?.get(id)?.versions.get(versionId);
  }

  /** @throws PlatformError `resources.notFound`, `resources.versionNotFound` */
  getVersion(tenantId: string, id: string, versionId: string): Version {
    const version = this.shelf(tenantId, id).versions.get(versionId);
    if (version) return version;
    throw new PlatformError('resources.versionNotFound', 'There is no such version of the resource.', {
      details: `${id}, version ${versionId}`,
    });
  }

  /** Versions to which a device with this one may go. @throws PlatformError `resources.notFound` */
  compatibleWith(tenantId: string, id: string, currentVersion: string): string[] {
    return this.versions(tenantId, id)
      .filter((version) => version.id !== currentVersion && isCompatible(version, currentVersion))
      .map((version) => version.id);
  }

  /** @throws PlatformError `resources.duplicate`, `resources.limit` */
  create(tenantId: string, { resourceId: id, ...wanted }: CreateResourceRequest): Promise<Resource> {
    return this.changes.run(async () => {
      if (this.find(tenantId, id)) {
        throw new PlatformError('resources.duplicate', 'There is a resource with this id.', { details: id });
      }
      const { resourceMaxPerTenant: most } = this.parts.settings;
      if (this.list(tenantId).length >= most) {
        throw limit(`A tenant has at most ${most} resources (setting resourceMaxPerTenant). Delete one.`);
      }
      const nowMs = this.parts.clock.now();
      const made = changedResource(newResource(tenantId, id, nowMs), wanted, nowMs);
      await this.parts.store.commit([resourceRepository.put(made)]);
      this.put(made);
      this.tell(made);
      return made;
    });
  }

  /** @throws PlatformError `resources.notFound`, `api.invalidParameter` */
  update(tenantId: string, id: string, wanted: UpdateResourceRequest): Promise<Resource> {
    mustBe('resourceId', wanted.resourceId, id);
    return this.changes.run(async () => {
      const shelf = this.shelf(tenantId, id);
      const changed = changedResource(shelf.resource, wanted, this.parts.clock.now());
      await this.parts.store.commit([resourceRepository.put(changed)]);
      shelf.resource = changed;
      this.tell(changed);
      return changed;
    });
  }

  /** Deletes a resource with its versions and their contents. @throws PlatformError `resources.notFound`, `resources.inUse` */
  delete(tenantId: string, id: string): Promise<void> {
    return this.changes.run(async () => {
      const shelf = this.shelf(tenantId, id);
      this.requireUnused(shelf.resource);
      await this.parts.store.commit(resourceRepository.delete(shelf.resource));
      this.shelves.get(tenantId)?.delete(id);
      this.tell(shelf.resource);
      await this.dispose([...shelf.versions.values()].map(({ content }) => content));
    });
  }

  /**
   * Adds a version; resolves when it and its content would survive a loss of power.
   * @throws PlatformError `resources.notFound`, `resources.versionDuplicate`, `resources.limit`, `store.full`,
   *   `api.invalidParameter`, `api.bodyTooLarge`
   */
  createVersion(tenantId: string, id: string, wanted: CreateVersionRequest): Promise<Version> {
    const { resourceVersionId: versionId, file, checksum } = wanted;
    return this.changes.run(async () => {
      const { resource, versions } = this.shelf(tenantId, id);
      if (versions.has(versionId)) {
        throw new PlatformError('resources.versionDuplicate', 'The resource has this version already.', {
          details: `${id}, version ${versionId}. Change it with PUT, or give this one another id.`,
        });
      }
      const { resourceMaxVersions: most } = this.parts.settings;
      if (versions.size >= most) {
        throw limit(`A resource has at most ${most} versions (setting resourceMaxVersions). Delete one.`);
      }
      const content = await this.write(file, checksum);
      const nowMs = this.parts.clock.now();
      const made = changedVersion(newVersion(versionId, content, nowMs), wanted, content, nowMs);
      await this.commit([resourceRepository.putVersion(resource, made)], content);
      versions.set(versionId, made);
      this.tell(resource);
      return made;
    });
  }

  /**
   * Changes a version, also its content.
   * @throws PlatformError as {@link createVersion}, and `resources.versionNotFound`, `resources.inUse`
   */
  updateVersion(
    tenantId: string,
    id: string,
    versionId: string,
    wanted: UpdateVersionRequest,
  ): Promise<Version> {
    mustBe('resourceVersionId', wanted.resourceVersionId, versionId);
    return this.changes.run(async () => {
      const before = this.getVersion(tenantId, id, versionId);
      const { resource, versions } = this.shelf(tenantId, id);
      const { file } = wanted;
      if (file !== undefined && file !== null) this.requireUnused(resource, versionId);
      else requireChecksum(before.content, wanted.checksum);
      const content =
        file === undefined || file === null ? before.content : await this.write(file, wanted.checksum);
      const changed = changedVersion(before, wanted, content, this.parts.clock.now());
      const statement = resourceRepository.putVersion(resource, changed);
      await this.commit([statement], content === before.content ? undefined : content);
      versions.set(versionId, changed);
      this.tell(resource);
      if (content !== before.content) await this.dispose([before.content]);
      return changed;
    });
  }

  /** @throws PlatformError `resources.notFound`, `resources.versionNotFound`, `resources.inUse` */
  deleteVersion(tenantId: string, id: string, versionId: string): Promise<void> {
    return this.changes.run(async () => {
      const version = this.getVersion(tenantId, id, versionId);
      const { resource, versions } = this.shelf(tenantId, id);
      this.requireUnused(resource, versionId);
      await this.parts.store.commit([resourceRepository.deleteVersion(resource, version)]);
      versions.delete(versionId);
      this.tell(resource);
      await this.dispose([version.content]);
    });
  }

  private tell({ tenantId, id }: Resource): void {
    this.parts.bus.emit('repositoryChanged', { tenantId, resourceId: id });
  }

  private put(resource: Resource): void {
    const ofTenant = this.shelves.get(resource.tenantId) ?? new Map<string, Shelf>();
    this.shelves.set(resource.tenantId, ofTenant);
    ofTenant.set(resource.id, { resource, versions: new Map() });
  }

  private shelf(tenantId: string, id: string): Shelf {
    const shelf = this.shelves.get(tenantId)?.get(id);
    if (shelf) return shelf;
    throw new PlatformError('resources.notFound', 'There is no such resource.', { details: id });
  }

  private async write(file: string, checksum: string | null | undefined): Promise<Content> {
    const { resourceMaxFileBytes, resourceMaxTotalBytes: most } = this.parts.settings;
    const bytes = readFile(file, resourceMaxFileBytes);
    if (this.totalBytes + bytes.byteLength > most) {
      throw limit(
        `All contents together have at most ${most} bytes (setting resourceMaxTotalBytes); ` +
          `there are ${this.totalBytes}, and this one has ${bytes.byteLength}. Delete versions.`,
      );
    }
    const content = await this.parts.contents.write(bytes);
    try {
      requireChecksum(content, checksum);
    } catch (error) {
      await this.parts.contents.remove([content.file]);
      throw error;
    }
    return content;
  }

  /** @param made content that goes again when its row cannot be stored */
  private async commit(statements: readonly Statement[], made: Content | undefined): Promise<void> {
    try {
      await this.parts.store.commit(statements);
    } catch (error) {
      if (made) await this.parts.contents.remove([made.file]);
      throw error;
    }
    this.totalBytes += made?.size ?? 0;
  }

  private async dispose(contents: readonly Content[]): Promise<void> {
    for (const { size } of contents) this.totalBytes -= size;
    await this.parts.contents.remove(contents.map(({ file }) => file));
  }

  private requireUnused(resource: Resource, versionId?: string): void {
    if (!this.parts.uses(resource, versionId)) return;
    const what = versionId === undefined ? 'The resource' : 'The version';
    throw new PlatformError('resources.inUse', `${what} is needed by updates that have not ended.`, {
      details: 'Wait until they have ended, or cancel them.',
    });
  }
}

function requireChecksum(content: Content, checksum: string | null | undefined): void {
  const found = checksumOf(content);
  if (checksum === undefined || checksum === null || checksum === found) return;
  throw invalidParameter(`body.checksum: is ${checksum}, and the content has ${found}`);
}

/** An id in the body says what the path says. */
function mustBe(name: string, given: string | null | undefined, expected: string): void {
  if (given === undefined || given === null || given === expected) return;
  throw invalidParameter(`body.${name}: must be ${expected}, as in the path; an id does not change`);
}

function limit(details: string): PlatformError {
  return new PlatformError('resources.limit', 'The repository of resources is full.', { details });
}
