import { type Selectable, sql } from 'kysely';
import type {
  CommandConnector,
  CommandPolicy,
  CommandSortField,
  CommandStatus,
} from '../contract/commands.ts';
import type { MessageIds } from '../data/message-id.ts';
import { agedRows } from '../store/aged-rows.ts';
import { sqlBuilder } from '../store/builder.ts';
import { lastSeqOf, rowsBySeq } from '../store/rows-by-seq.ts';
import type { Schema } from '../store/schema.ts';
import type { Statement, Store } from '../store/types.ts';
import type { CommandRecord, CommandState } from './command-record.ts';
import { isFinal } from './command-state.ts';

export interface CommandQuery {
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  readonly limit: number;
  readonly offset: number;
  readonly sort: readonly { readonly field: CommandSortField; readonly descending: boolean }[];
}

type Row = Selectable<Schema['commands']>;
type Request = { connector: CommandConnector; value: Record<string, unknown>; policy: CommandPolicy };

/** Ids sort by their time, and in one second by `seq`; so `seq` alone gives the same order. */
const columns = { id: 'seq', status: 'status', created: 'created' } as const;

// A command is written several times on its way, so these statements are built once.
const insertSql = sqlBuilder
  .insertInto('commands')
  .values({
    seq: 0,
    tenant_id: '',
    device_id: '',
    created: 0,
    status: '',
    done: 0,
    request: '',
    state: '',
  })
  .compile().sql;
const updateSql = sqlBuilder
  .updateTable('commands')
  .set({ status: '', done: 0, state: '' })
  .where('seq', '=', 0)
  .compile().sql;

/** Commands in the store. */
export const commandRepository = {
  /** Those that have ended. */
  aged: agedRows('commands', ['request', 'state'], sql<boolean>`done = 1`),

  insert({ seq, tenantId, deviceId, createdMs, connector, value, policy, state }: CommandRecord): Statement {
    const request: Request = { connector, value, policy };
    const texts = [JSON.stringify(request), JSON.stringify(state)];
    const done = isFinal(state.status) ? 1 : 0;
    return { sql: insertSql, parameters: [seq, tenantId, deviceId, createdMs, state.status, done, ...texts] };
  },

  updateState({ seq, state }: CommandRecord): Statement {
    const done = isFinal(state.status) ? 1 : 0;
    return { sql: updateSql, parameters: [state.status, done, JSON.stringify(state), seq] };
  },

  /** Bytes that a command takes in the store, about. */
  bytesOf({ value, state }: CommandRecord): number {
    return JSON.stringify(value).length + JSON.stringify(state).length;
  },

  delete(seq: number): Statement {
    return sqlBuilder.deleteFrom('commands').where('seq', '=', seq).compile();
  },

  /** 0 when there is none. */
  lastSeq: (store: Store): Promise<number> => lastSeqOf(store, 'commands'),

  /** Every command that is not final, the oldest first. */
  async *loadOpen(store: Store, ids: MessageIds): AsyncGenerator<CommandRecord> {
    const open = sqlBuilder.selectFrom('commands').selectAll().where('done', '=', 0);
    const rows = rowsBySeq<Row>(store, (aboveSeq, limit) =>
      open.where('seq', '>', aboveSeq).orderBy('seq').limit(limit).compile(),
    );
    for await (const row of rows) yield toRecord(row, ids);
  },

  async find(store: Store, ids: MessageIds, seq: number): Promise<CommandRecord | undefined> {
    const select = sqlBuilder.selectFrom('commands').selectAll().where('seq', '=', seq);
    const [row] = await store.query<Row>(select.compile());
    return row && toRecord(row, ids);
  },

  /** Commands of a device. Those that sort the same are ordered by age, in the direction of the first field. */
  async list(
    store: Store,
    ids: MessageIds,
    of: { tenantId: string; deviceId: string },
    query: CommandQuery,
    withTotal: boolean,
  ): Promise<{ records: CommandRecord[]; total: number | undefined }> {
    let matching = sqlBuilder
      .selectFrom('commands')
      .where('tenant_id', '=', of.tenantId)
      .where('device_id', '=', of.deviceId);
    if (query.fromMs !== undefined) matching = matching.where('created', '>=', query.fromMs);
    if (query.toMs !== undefined) matching = matching.where('created', '<', query.toMs);
    let page = matching.selectAll().limit(query.limit).offset(query.offset);
    for (const { field, descending } of query.sort)
      page = page.orderBy(columns[field], descending ? 'desc' : 'asc');
    page = page.orderBy('seq', query.sort[0]?.descending ? 'desc' : 'asc');
    const count = matching.select(({ fn }) => fn.countAll<number>().as('total'));
    const [rows, totals] = await Promise.all([
      store.query<Row>(page.compile()),
      withTotal ? store.query<{ total: number }>(count.compile()) : undefined,
    ]);
    return { records: rows.map((row) => toRecord(row, ids)), total: totals?.[0]?.total };
  },
};

function toRecord(row: Row, ids: MessageIds): CommandRecord {
  const { connector, value, policy } = JSON.parse(row.request) as Request;
  const stored = JSON.parse(row.state) as Partial<CommandState>;
  return {
    seq: row.seq,
    id: ids.format(row.seq, row.created),
    tenantId: row.tenant_id,
    deviceId: row.device_id,
    connector,
    value,
    policy,
    createdMs: row.created,
    state: {
      // JSON leaves out what is undefined.
      deliveryStatus: stored.deliveryStatus,
      errorCode: stored.errorCode,
      response: stored.response,
      nodeId: stored.nodeId,
      giveUpMs: stored.giveUpMs,
      attempt: stored.attempt ?? 0,
      history: stored.history ?? [],
      updatedMs: stored.updatedMs ?? row.created,
      status: row.status as CommandStatus,
    },
  };
}
