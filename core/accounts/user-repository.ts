import { sqlBuilder } from '../store/builder.ts';
import type { Statement, Store } from '../store/types.ts';
import type { UserDocument, UserRecord } from './user-record.ts';

/** SQL of users. */
export const userRepository = {
  async load(store: Store): Promise<UserRecord[]> {
    const rows = await store.query<{
      id: string;
      tenant_id: string;
      login: string;
      password: string;
      document: string;
      created: number;
    }>(sqlBuilder.selectFrom('users').selectAll().orderBy('created').orderBy('id').compile());
    return rows.map(({ id, tenant_id: tenantId, created: createdMs, login, password, document }) => ({
      ...{ id, tenantId, createdMs, login, password },
      document: JSON.parse(document) as UserDocument,
    }));
  },

  insert({ id, tenantId, createdMs, login, password, document }: UserRecord): Statement {
    return sqlBuilder
      .insertInto('users')
      .values({
        ...{ id, tenant_id: tenantId, login, password },
        document: JSON.stringify(document),
        created: createdMs,
      })
      .compile();
  },

  update({ id, login, password, document }: UserRecord): Statement {
    return sqlBuilder
      .updateTable('users')
      .set({ login, password, document: JSON.stringify(document) })
      .where('id', '=', id)
      .compile();
  },

  delete(id: string): Statement {
    return sqlBuilder.deleteFrom('users').where('id', '=', id).compile();
  },
};
