import type { ImportError, ImportReport } from '../../contract/imports.ts';
import { sqlBuilder } from '../../store/builder.ts';
import type { Statement, Store } from '../../store/types.ts';

/** SQL of the log of imports. */
export const importRepository = {
  /** The oldest first. */
  async load(
    store: Store,
  ): Promise<{ tenantId: string; report: ImportReport; errors: readonly ImportError[] }[]> {
    const rows = await store.query<{ tenant_id: string; report: string; errors: string }>(
      sqlBuilder.selectFrom('device_imports').selectAll().orderBy('started').orderBy('id').compile(),
    );
    return rows.map((row) => ({
      tenantId: row.tenant_id,
      report: JSON.parse(row.report) as ImportReport,
      errors: JSON.parse(row.errors) as ImportError[],
    }));
  },

  upsert(tenantId: string, report: ImportReport, errors: readonly ImportError[]): Statement {
    const texts = { report: JSON.stringify(report), errors: JSON.stringify(errors) };
    return sqlBuilder
      .insertInto('device_imports')
      .values({ tenant_id: tenantId, id: report.id, started: Date.parse(report.started), ...texts })
      .onConflict((conflict) => conflict.columns(['tenant_id', 'id']).doUpdateSet(texts))
      .compile();
  },

  delete(tenantId: string, id: string): Statement {
    return sqlBuilder
      .deleteFrom('device_imports')
      .where('tenant_id', '=', tenantId)
      .where('id', '=', id)
      .compile();
  },
};
