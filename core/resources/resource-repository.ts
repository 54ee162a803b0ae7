import { sqlBuilder } from '../store/builder.ts';
import type { Statement, Store } from '../store/types.ts';
import type { Resource, Version } from './resource-record.ts';

type ResourceDocument = Omit<Resource, 'tenantId' | 'id' | 'createdMs' | 'updatedMs'>;
type VersionDocument = Pick<Version, 'description' | 'compatibleVersions'> & Omit<Version['content'], 'file'>;

/** Resources and their versions in the store. */
export const resourceRepository = {
  put(resource: Resource): Statement {
    const { tenantId, id, createdMs, updatedMs, ...document } = resource;
    const row = { document: JSON.stringify(document satisfies ResourceDocument), updated: updatedMs };
    return sqlBuilder
      .insertInto('resources')
      .values({ tenant_id: tenantId, id, created: createdMs, ...row })
      .onConflict((conflict) => conflict.columns(['tenant_id', 'id']).doUpdateSet(row))
      .compile();
  },

  /** Statements that delete a resource with its versions. */
  delete({ tenantId, id }: Resource): Statement[] {
    return [
      sqlBuilder
        .deleteFrom('resource_versions')
        .where('tenant_id', '=', tenantId)
        .where('resource_id', '=', id)
        .compile(),
      sqlBuilder.deleteFrom('resources').where('tenant_id', '=', tenantId).where('id', '=', id).compile(),
    ];
  },

  putVersion(of: Resource, version: Version): Statement {
    const { id, description, compatibleVersions, createdMs, updatedMs } = version;
    const { file, size, md5 } = version.content;
    const document: VersionDocument = { description, compatibleVersions, size, md5 };
    const row = { document: JSON.stringify(document), content: file, updated: updatedMs };
    return sqlBuilder
      .insertInto('resource_versions')
      .values({ tenant_id: of.tenantId, resource_id: of.id, id, created: createdMs, ...row })
      .onConflict((conflict) => conflict.columns(['tenant_id', 'resource_id', 'id']).doUpdateSet(row))
      .compile();
  },

  deleteVersion(of: Resource, { id }: Version): Statement {
    return sqlBuilder
      .deleteFrom('resource_versions')
      .where('tenant_id', '=', of.tenantId)
      .where('resource_id', '=', of.id)
      .where('id', '=', id)
      .compile();
  },

  /** All resources. */
  async load(store: Store): Promise<Resource[]> {
    const rows = await store.query<{
      tenant_id: string;
      id: string;
      document: string;
      created: number;
      updated: number;
    }>(sqlBuilder.selectFrom('resources').selectAll().compile());
    return rows.map((row) => {
      const document = JSON.parse(row.document) as ResourceDocument;
      const { label, description } = document;
      const { tenant_id: tenantId, id, created: createdMs, updated: updatedMs } = row;
      return { ...document, label, description, tenantId, id, createdMs, updatedMs };
    });
  },

  /** All versions, each with whose it is. */
  async loadVersions(store: Store): Promise<{ tenantId: string; resourceId: string; version: Version }[]> {
    const rows = await store.query<{
      tenant_id: string;
      resource_id: string;
      id: string;
      document: string;
      content: string;
      created: number;
      updated: number;
    }>(sqlBuilder.selectFrom('resource_versions').selectAll().orderBy('created').orderBy('id').compile());
    return rows.map((row) => {
      const { description, compatibleVersions, size, md5 } = JSON.parse(row.document) as VersionDocument;
      const version: Version = {
        ...{ id: row.id, description, compatibleVersions, content: { file: row.content, size, md5 } },
        ...{ createdMs: row.created, updatedMs: row.updated },
      };
      return { tenantId: row.tenant_id, resourceId: row.resource_id, version };
    });
  },
};
