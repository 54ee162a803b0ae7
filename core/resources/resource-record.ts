import type {
  ResourceConnector,
  ResourceJson,
  ResourceMetadata,
  UpdateResourceRequest,
  UpdateVersionRequest,
  VersionJson,
} from '../contract/resources.ts';
import type { Content } from './content-files.ts';

/** A resource of the repository as it is at one moment. */
export interface Resource {
  readonly tenantId: string;
  readonly id: string;
  readonly label: string | undefined;
  readonly description: string | undefined;
  readonly connector: ResourceConnector;
  readonly metadata: ResourceMetadata;
  readonly versionAliases: readonly string[];
  readonly createdMs: number;
  readonly updatedMs: number;
}

/** A version of a resource, with its content. */
export interface Version {
  readonly id: string;
  readonly description: string | undefined;
  /** Versions from which a device may come; empty: from any. */
  readonly compatibleVersions: readonly string[];
  readonly content: Content;
  readonly createdMs: number;
  readonly updatedMs: number;
}

export function newResource(tenantId: string, id: string, nowMs: number): Resource {
  return {
    ...{ tenantId, id, label: undefined, description: undefined, connector: 'http-updater' },
    ...{ metadata: {}, versionAliases: [], createdMs: nowMs, updatedMs: nowMs },
  };
}

/** The resource with what is asked for; what is absent stays, `null` takes away. */
export function changedResource(before: Resource, wanted: UpdateResourceRequest, nowMs: number): Resource {
  return {
    ...before,
    label: chosen(wanted.label, before.label, undefined),
    description: chosen(wanted.description, before.description, undefined),
    connector: chosen(wanted.connector, before.connector, 'http-updater'),
    metadata: chosen(wanted.metadata, before.metadata, {}),
    versionAliases: chosen(wanted.versionAliases, before.versionAliases, []),
    updatedMs: nowMs,
  };
}

export function newVersion(id: string, content: Content, nowMs: number): Version {
  return {
    ...{ id, content, description: undefined, compatibleVersions: [], createdMs: nowMs, updatedMs: nowMs },
  };
}

/** The version with what is asked for; what is absent stays, `null` takes away. */
export function changedVersion(
  before: Version,
  wanted: Pick<UpdateVersionRequest, 'description' | 'compatibleVersions'>,
  content: Content,
  nowMs: number,
): Version {
  return {
    ...before,
    content,
    description: chosen(wanted.description, before.description, undefined),
    compatibleVersions: chosen(wanted.compatibleVersions, before.compatibleVersions, []),
    updatedMs: nowMs,
  };
}

function chosen<T>(wanted: T | null | undefined, before: T, none: T): T {
  return wanted === undefined ? before : (wanted ?? none);
}

/** True when a device that has `from` may go to this version; what it has may be unknown. */
export function isCompatible({ compatibleVersions }: Version, from: string | undefined): boolean {
  return compatibleVersions.length === 0 || from === undefined || compatibleVersions.includes(from);
}

/** The API's form of an MD5. */
export function checksumOf({ md5 }: Pick<Content, 'md5'>): string {
  return Buffer.from(md5, 'hex').toString('base64');
}

export function toResourceJson(resource: Resource): ResourceJson {
  const { id, label, description, connector, metadata, versionAliases, createdMs, updatedMs } = resource;
  return {
    resourceId: id,
    ...(label !== undefined && { label }),
    ...(description !== undefined && { description }),
    connector,
    metadata: { ...metadata },
    versionAliases: [...versionAliases],
    created: createdMs,
    updated: updatedMs,
  };
}

export function toVersionJson(version: Version): VersionJson {
  const { id, description, compatibleVersions, content, createdMs, updatedMs } = version;
  return {
    resourceVersionId: id,
    ...(description !== undefined && { description }),
    checksum: checksumOf(content),
    size: content.size,
    compatibleVersions: [...compatibleVersions],
    created: createdMs,
    updated: updatedMs,
  };
}
