import { sqlBuilder } from '../store/builder.ts';
import type { Statement, Store } from '../store/types.ts';

export interface CaCertificateRow {
  readonly id: string;
  readonly tenant_id: string;
  readonly fingerprint: string;
  /** PEM. */
  readonly certificate: string;
  readonly comment: string | null;
  readonly created: number;
}

/** SQL of the CA certificates of tenants. */
export const caRepository = {
  /** Those of all tenants, oldest first. */
  load(store: Store): Promise<CaCertificateRow[]> {
    return store.query<CaCertificateRow>(
      sqlBuilder.selectFrom('ca_certificates').selectAll().orderBy('created').orderBy('id').compile(),
    );
  },

  insert(row: CaCertificateRow): Statement {
    return sqlBuilder.insertInto('ca_certificates').values(row).compile();
  },

  delete(id: string): Statement {
    return sqlBuilder.deleteFrom('ca_certificates').where('id', '=', id).compile();
  },
};
