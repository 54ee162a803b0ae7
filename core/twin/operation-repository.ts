import { type Selectable, sql } from 'kysely';
import type { TwinOperationStatus } from '../contract/twin.ts';
import type { BenchOperationRequest, BenchOperationType } from '../contract/twin-bench.ts';
import { sqlBuilder } from '../store/builder.ts';
import { lastSeqOf, rowsBySeq } from '../store/rows-by-seq.ts';
import type { Schema } from '../store/schema.ts';
import type { Statement, Store } from '../store/types.ts';
import type { OperationRecord, OperationState } from './operation-record.ts';
import { isFinal } from './operation-state.ts';

type Row = Selectable<Schema['twin_operations']>;
type Of = { readonly tenantId: string; readonly deviceId: string };

/** Empty lists mean: any. */
export interface OperationQuery {
  /** No operation here is ever UNKNOWN, but the manual has that state (7.8.6.6). */
  readonly statuses: readonly (TwinOperationStatus | 'UNKNOWN')[];
  readonly types: readonly BenchOperationType[];
  readonly contextToken?: string | undefined;
  readonly path?: string | undefined;
}

const updateSql = sqlBuilder
  .updateTable('twin_operations')
  .set({ status: '', done: 0, state: '' })
  .where('seq', '=', 0)
  .compile().sql;

/** Operations of twins in the store. */
export const operationRepository = {
  insert({ seq, id, request, createdMs, state }: OperationRecord, { tenantId, deviceId }: Of): Statement {
    return sqlBuilder
      .insertInto('twin_operations')
      .values({
        ...{ seq, id, created: createdMs, status: state.status, done: isFinal(state.status) ? 1 : 0 },
        ...{ tenant_id: tenantId, device_id: deviceId },
        ...{ request: JSON.stringify(request), state: JSON.stringify(state) },
      })
      .compile();
  },

  updateState({ seq, state }: OperationRecord): Statement {
    const done = isFinal(state.status) ? 1 : 0;
    return { sql: updateSql, parameters: [state.status, done, JSON.stringify(state), seq] };
  },

  delete: (seq: number): Statement =>
    sqlBuilder.deleteFrom('twin_operations').where('seq', '=', seq).compile(),

  /** Deletes the oldest of a device that have ended, down to so many. */
  deleteOldest({ tenantId, deviceId }: Of, kept: number): Statement {
    const ended = sql`tenant_id = ${tenantId} AND device_id = ${deviceId} AND done = 1`;
    return sql`DELETE FROM twin_operations WHERE ${ended} AND seq <= (
      SELECT seq FROM twin_operations WHERE ${ended} ORDER BY seq DESC LIMIT 1 OFFSET ${kept})`.compile(
      sqlBuilder,
    );
  },

  /** 0 when there is none. */
  lastSeq: (store: Store): Promise<number> => lastSeqOf(store, 'twin_operations'),

  /** Every operation that is not final, the oldest first. */
  async *loadOpen(store: Store): AsyncGenerator<{ of: Of; record: OperationRecord }> {
    const open = sqlBuilder.selectFrom('twin_operations').selectAll().where('done', '=', 0);
    const rows = rowsBySeq<Row>(store, (aboveSeq, limit) =>
      open.where('seq', '>', aboveSeq).orderBy('seq').limit(limit).compile(),
    );
    for await (const row of rows)
      yield { of: { tenantId: row.tenant_id, deviceId: row.device_id }, record: toRecord(row) };
  },

  async find(store: Store, { tenantId, deviceId }: Of, id: string): Promise<OperationRecord | undefined> {
    const select = sqlBuilder
      .selectFrom('twin_operations')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .where('device_id', '=', deviceId)
      .where('id', '=', id);
    const [row] = await store.query<Row>(select.compile());
    return row && toRecord(row);
  },

  /** Operations of a device, the oldest first. */
  async list(store: Store, { tenantId, deviceId }: Of, query: OperationQuery): Promise<OperationRecord[]> {
    let matching = sqlBuilder
      .selectFrom('twin_operations')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .where('device_id', '=', deviceId);
    if (query.statuses.length > 0) matching = matching.where('status', 'in', query.statuses);
    const rows = await store.query<Row>(matching.orderBy('seq').compile());
    return rows.map(toRecord).filter(({ request }) => fits(request, query));
  },
};

function fits({ type, paths, values, contextToken }: BenchOperationRequest, query: OperationQuery): boolean {
  if (query.types.length > 0 && !query.types.includes(type)) return false;
  if (query.contextToken !== undefined && contextToken !== query.contextToken) return false;
  const { path } = query;
  if (path === undefined) return true;
  return paths?.includes(path) === true || values?.some((each) => each.path === path) === true;
}

function toRecord({ seq, id, created, request, state, status }: Row): OperationRecord {
  const stored = JSON.parse(state) as Partial<OperationState>;
  return {
    seq,
    id,
    request: JSON.parse(request) as BenchOperationRequest,
    createdMs: created,
    state: {
      status: status as TwinOperationStatus,
      // JSON leaves out what is undefined.
      error: stored.error,
      updatedMs: stored.updatedMs ?? created,
      attempt: stored.attempt ?? 0,
      steps: stored.steps ?? [],
      links: stored.links,
    },
  };
}
