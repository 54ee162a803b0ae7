import { type Selectable, sql } from 'kysely';
import type { MessageIds } from '../data/message-id.ts';
import { agedRows } from '../store/aged-rows.ts';
import { sqlBuilder } from '../store/builder.ts';
import { lastSeqOf, rowsBySeq } from '../store/rows-by-seq.ts';
import type { Schema } from '../store/schema.ts';
import type { Statement, Store } from '../store/types.ts';
import type { UpdateRecord, UpdateState } from './update-record.ts';
import { isFinal } from './update-state.ts';

export interface UpdateQuery {
  readonly resourceId?: string | undefined;
  /** Only the newest of each resource. */
  readonly latest: boolean;
  readonly limit: number;
  readonly offset: number;
}

type Row = Selectable<Schema['resource_updates']>;
type Request = Pick<UpdateRecord, 'connector' | 'requestedVersion' | 'metadata' | 'token'>;

/** Updates of resources on devices in the store. */
export const updateRepository = {
  /** Those that have ended. */
  aged: agedRows('resource_updates', ['request', 'state'], sql<boolean>`done = 1`),

  insert(record: UpdateRecord): Statement {
    const { seq, tenantId, deviceId, resourceId, createdMs, state } = record;
    const { connector, requestedVersion, metadata, token } = record;
    const request: Request = { connector, requestedVersion, metadata, token };
    return sqlBuilder
      .insertInto('resource_updates')
      .values({
        seq,
        tenant_id: tenantId,
        device_id: deviceId,
        resource_id: resourceId,
        created: createdMs,
        done: isFinal(state.status) ? 1 : 0,
        request: JSON.stringify(request),
        state: JSON.stringify(state),
      })
      .compile();
  },

  updateState({ seq, state }: UpdateRecord): Statement {
    return sqlBuilder
      .updateTable('resource_updates')
      .set({ done: isFinal(state.status) ? 1 : 0, state: JSON.stringify(state) })
      .where('seq', '=', seq)
      .compile();
  },

  /** Says anew whose it is. */
  move({ seq, deviceId }: UpdateRecord): Statement {
    return sqlBuilder
      .updateTable('resource_updates')
      .set({ device_id: deviceId })
      .where('seq', '=', seq)
      .compile();
  },

  /** Bytes that an update takes in the store, about. */
  bytesOf({ metadata, state }: UpdateRecord): number {
    return JSON.stringify(metadata).length + JSON.stringify(state).length + 200;
  },

  /** 0 when there is none. */
  lastSeq: (store: Store): Promise<number> => lastSeqOf(store, 'resource_updates'),

  /** Every update that has not ended, the oldest first. */
  async *loadOpen(store: Store, ids: MessageIds): AsyncGenerator<UpdateRecord> {
    const open = sqlBuilder.selectFrom('resource_updates').selectAll().where('done', '=', 0);
    const rows = rowsBySeq<Row>(store, (aboveSeq, limit) =>
      open.where('seq', '>', aboveSeq).orderBy('seq').limit(limit).compile(),
    );
    for await (const row of rows) yield toRecord(row, ids);
  },

  async find(store: Store, ids: MessageIds, seq: number): Promise<UpdateRecord | undefined> {
    const select = sqlBuilder.selectFrom('resource_updates').selectAll().where('seq', '=', seq);
    const [row] = await store.query<Row>(select.compile());
    return row && toRecord(row, ids);
  },

  /** Updates of a device, the newest first. */
  async list(
    store: Store,
    ids: MessageIds,
    of: { tenantId: string; deviceId: string },
    { resourceId, latest, limit, offset }: UpdateQuery,
    withTotal: boolean,
  ): Promise<{ records: UpdateRecord[]; total: number | undefined }> {
    let matching = sqlBuilder
      .selectFrom('resource_updates')
      .where('tenant_id', '=', of.tenantId)
      .where('device_id', '=', of.deviceId);
    if (resourceId !== undefined) matching = matching.where('resource_id', '=', resourceId);
    if (latest) {
      const newest = matching.groupBy('resource_id').select(({ fn }) => fn.max('seq').as('seq'));
      matching = matching.where('seq', 'in', newest);
    }
    const page = matching.selectAll().orderBy('seq', 'desc').limit(limit).offset(offset);
    const count = matching.select(({ fn }) => fn.countAll<number>().as('total'));
    const [rows, totals] = await Promise.all([
      store.query<Row>(page.compile()),
      withTotal ? store.query<{ total: number }>(count.compile()) : undefined,
    ]);
    return { records: rows.map((row) => toRecord(row, ids)), total: totals?.[0]?.total };
  },
};

function toRecord(row: Row, ids: MessageIds): UpdateRecord {
  const stored = JSON.parse(row.state) as UpdateState;
  return {
    ...(JSON.parse(row.request) as Request),
    seq: row.seq,
    id: ids.format(row.seq, row.created),
    tenantId: row.tenant_id,
    deviceId: row.device_id,
    resourceId: row.resource_id,
    createdMs: row.created,
    state: {
      ...stored,
      // JSON leaves out what is undefined.
      initialVersion: stored.initialVersion,
      error: stored.error,
      answered: stored.answered ?? false,
      via: stored.via,
      giveUpMs: stored.giveUpMs,
      linkUntilMs: stored.linkUntilMs,
      mark: stored.mark,
      // Rows of before there was one.
      history: stored.history ?? [],
    },
  };
}
