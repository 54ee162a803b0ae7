import { sql } from 'kysely';
import type { AuditMessage } from '../contract/audit.ts';
import { invalidParameter } from '../contract/invalid-parameter.ts';
import { agedRows } from '../store/aged-rows.ts';
import { sqlBuilder } from '../store/builder.ts';
import { lastSeqOf } from '../store/rows-by-seq.ts';
import type { Statement, Store } from '../store/types.ts';
import { type AuditQuery, auditFields } from './audit-query.ts';

/** SQL of audit messages. */
export const auditRepository = {
  aged: agedRows('audit_messages', ['document']),

  insert(row: { seq: number; tenantId: string; timestampMs: number; document: string }): Statement {
    const { seq, tenantId: tenant_id, timestampMs: timestamp, document } = row;
    return sqlBuilder.insertInto('audit_messages').values({ seq, tenant_id, timestamp, document }).compile();
  },

  /** Sequence number of the newest message of all, 0 without any. */
  lastSeq: (store: Store): Promise<number> => lastSeqOf(store, 'audit_messages'),

  /**
   * A page of a tenant's messages, and how many fit the query in all.
   * @throws PlatformError `api.invalidParameter` for a field that is none
   */
  async list(
    store: Store,
    tenantId: string,
    query: AuditQuery,
  ): Promise<{ messages: AuditMessage[]; total: number }> {
    let matching = sqlBuilder.selectFrom('audit_messages').where('tenant_id', '=', tenantId);
    if (query.fromMs !== undefined) matching = matching.where('timestamp', '>=', query.fromMs);
    if (query.toMs !== undefined) matching = matching.where('timestamp', '<', query.toMs);
    for (const [field, text] of Object.entries(query.equals)) {
      matching = matching.where(fieldExpression(field), '=', text);
    }
    if (query.any !== undefined) {
      const pattern = `%${query.any.replace(/[\\%_]/g, '\\$&')}%`;
      matching = matching.where(sql<boolean>`document LIKE ${pattern} ESCAPE '\\'`);
    }
    const order = query.oldestFirst ? 'asc' : 'desc';
    const page = matching
      .select('document')
      .orderBy('timestamp', order)
      .orderBy('seq', order)
      .limit(query.limit)
      .offset(query.offset);
    const count = matching.select(({ fn }) => fn.countAll<number>().as('total'));
    const [rows, totals] = await Promise.all([
      store.query<{ document: string }>(page.compile()),
      store.query<{ total: number }>(count.compile()),
    ]);
    const messages = rows.map((row) => JSON.parse(row.document) as AuditMessage);
    return { messages, total: totals[0]?.total ?? 0 };
  },
};

function fieldExpression(field: string) {
  if (!auditFields.has(field)) {
    throw invalidParameter(`${field} is not a field to filter by; use one of ${[...auditFields].join(', ')}`);
  }
  const [outer, inner] = field.split('.') as [string, string?];
  return inner === undefined
    ? sql<string>`document ->> ${sql.lit(outer)}`
    : sql<string>`document -> ${sql.lit(outer)} ->> ${sql.lit(inner)}`;
}
