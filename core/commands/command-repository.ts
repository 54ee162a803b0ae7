import { type Selectable, sql } from 'kysely';
import type {
  CommandConnector,
  CommandPolicy,
  CommandSortField,
  CommandStatus,
} from '../contract/commands.ts';
import type { MessageIds } from '../data/message-id.ts';
import { sqlBuilder } from '../store/builder.ts';
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
const loadPageRows = 1000;
const octets = sql<number>`octet_length(request) + octet_length(state)`;

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

  /** How many commands have ended, and their bytes together. */
  async size(store: Store): Promise<{ rows: number; bytes: number }> {
    const [kept] = await store.query<{ rows: number; bytes: number | null }>(
      sqlBuilder
        .selectFrom('commands')
        .where('done', '=', 1)
        .select(({ fn }) => [fn.countAll<number>().as('rows'), fn.sum<number>(octets).as('bytes')])
        .compile(),
    );
    return { rows: kept?.rows ?? 0, bytes: kept?.bytes ?? 0 };
  },

  /** The oldest of those that have ended, with their bytes. */
  oldest(store: Store, limit: number): Promise<{ seq: number; bytes: number }[]> {
    return store.query(
      sqlBuilder
        .selectFrom('commands')
        .where('done', '=', 1)
        .select(['seq', octets.as('bytes')])
        .orderBy('seq')
        .limit(limit)
        .compile(),
    );
  },

  /** Deletes those up to this one that have ended. */
  deleteUpTo(seq: number): Statement {
    return sqlBuilder.deleteFrom('commands').where('done', '=', 1).where('seq', '<=', seq).compile();
  },

  delete(seq: number): Statement {
    return sqlBuilder.deleteFrom('commands').where('seq', '=', seq).compile();
  },

  /** 0 when there is none. */
  async lastSeq(store: Store): Promise<number> {
    const [row] = await store.query<{ last: number | null }>(
      sqlBuilder
        .selectFrom('commands')
        .select(({ fn }) => fn.max('seq').as('last'))
        .compile(),
    );
    return row?.last ?? 0;
  },

  /** Every command that is not final, the oldest first. */
  async *loadOpen(store: Store, ids: MessageIds): AsyncGenerator<CommandRecord> {
    for (let afterSeq = 0, more = true; more; ) {
      const page = sqlBuilder
        .selectFrom('commands')
        .selectAll()
        .where('done', '=', 0)
        .where('seq', '>', afterSeq)
        .orderBy('seq')
        .limit(loadPageRows);
      const rows = await store.query<Row>(page.compile());
      for (const row of rows) {
        afterSeq = row.seq;
        yield toRecord(row, ids);
      }
      more = rows.length === loadPageRows;
    }
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
