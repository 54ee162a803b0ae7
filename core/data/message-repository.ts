import { sql } from 'kysely';
import { sqlBuilder } from '../store/builder.ts';
import { lastSeqOf } from '../store/rows-by-seq.ts';
import type { Statement, Store } from '../store/types.ts';

/** Where a message stands in its stream: newest first by time, then by sequence number. */
export interface StreamPosition {
  readonly timestamp: number;
  readonly seq: number;
}

export interface DeviceStream {
  readonly streamId: string;
  readonly count: number;
  readonly lastUpdateMs: number;
}

/** A message as retention sees it. */
export interface AgedMessage {
  readonly seq: number;
  readonly seriesId: number;
  readonly createdMs: number;
  readonly bytes: number;
}

/** A message that was found, and how much it is. */
export interface MessageSize {
  readonly seq: number;
  readonly bytes: number;
}

// Messages come all the time, so their statement is built once.
const insertSql = sqlBuilder
  .insertInto('messages')
  // The database then takes the text as bytes, which is much faster for a text that long.
  .values({ seq: 0, series_id: 0, timestamp: 0, created: 0, body: '' })
  .compile().sql;

const octets = sql<number>`octet_length(body)`;

/** SQL of data messages. */
export const messageRepository = {
  insert(seq: number, seriesId: number, timestampMs: number, createdMs: number, body: string): Statement {
    return { sql: insertSql, parameters: [seq, seriesId, timestampMs, createdMs, body] };
  },

  /** Sequence number of the newest message of all, 0 without any. */
  lastSeq: (store: Store): Promise<number> => lastSeqOf(store, 'messages'),

  /** Messages of a stream, newest first: from `fromMs`, before `toMs`, behind `after`. */
  findInStream(
    store: Store,
    tenantId: string,
    streamId: string,
    query: {
      readonly limit: number;
      readonly fromMs?: number | undefined;
      readonly toMs?: number | undefined;
      readonly after?: StreamPosition | undefined;
    },
  ): Promise<MessageSize[]> {
    let select = sqlBuilder
      .selectFrom('messages')
      .select(['seq', octets.as('bytes')])
      .where('series_id', 'in', (eb) =>
        eb
          .selectFrom('series')
          .select('id')
          .where('tenant_id', '=', tenantId)
          .where('stream_id', '=', streamId),
      )
      .orderBy('timestamp', 'desc')
      .orderBy('seq', 'desc')
      .limit(query.limit);
    if (query.fromMs !== undefined) select = select.where('timestamp', '>=', query.fromMs);
    if (query.toMs !== undefined) select = select.where('timestamp', '<', query.toMs);
    if (query.after !== undefined) {
      const { timestamp, seq } = query.after;
      select = select.where(sql<boolean>`(timestamp, seq) < (${timestamp}, ${seq})`);
    }
    return store.query<MessageSize>(select.compile());
  },

  /** Messages as JSON texts, in the order of the numbers; one that is gone is left out. */
  async read(store: Store, seqs: readonly number[]): Promise<string[]> {
    if (seqs.length === 0) return [];
    const rows = await store.query<{ seq: number; body: string }>(
      sqlBuilder.selectFrom('messages').select(['seq', 'body']).where('seq', 'in', seqs).compile(),
    );
    const bodies = new Map(rows.map(({ seq, body }) => [seq, body]));
    return seqs.flatMap((seq) => bodies.get(seq) ?? []);
  },

  /** The place of a message in a stream; undefined when it is not there. */
  async positionIn(
    store: Store,
    tenantId: string,
    streamId: string,
    seq: number,
  ): Promise<(StreamPosition & { readonly created: number }) | undefined> {
    const [row] = await store.query<StreamPosition & { created: number }>(
      sqlBuilder
        .selectFrom('messages')
        .innerJoin('series', 'series.id', 'messages.series_id')
        .select(['messages.timestamp', 'messages.seq', 'messages.created'])
        .where('messages.seq', '=', seq)
        .where('series.tenant_id', '=', tenantId)
        .where('series.stream_id', '=', streamId)
        .compile(),
    );
    return row;
  },

  /** The streams that a device feeds, the one with the latest message first. @param limit -1: all */
  async deviceStreams(
    store: Store,
    tenantId: string,
    deviceId: string,
    limit: number,
  ): Promise<DeviceStream[]> {
    const rows = await store.query<{ stream_id: string; count: number; last: number }>(
      sqlBuilder
        .selectFrom('messages')
        .innerJoin('series', 'series.id', 'messages.series_id')
        .where('series.tenant_id', '=', tenantId)
        .where('series.source', '=', deviceId)
        .groupBy('series.stream_id')
        .select(({ fn }) => ['stream_id', fn.countAll<number>().as('count'), fn.max('timestamp').as('last')])
        .orderBy('last', 'desc')
        .limit(limit)
        .compile(),
    );
    return rows.map((row) => ({ streamId: row.stream_id, count: row.count, lastUpdateMs: row.last }));
  },

  /** The newest message of each of these devices, as JSON texts; a device without any is left out. */
  async latestOf(store: Store, tenantId: string, deviceIds: readonly string[]): Promise<Map<string, string>> {
    if (deviceIds.length === 0) return new Map();
    // One step in the index for each stream of a device, however many messages it has.
    const newest = sql<number>`(select seq from messages where series_id = series.id
      order by timestamp desc, seq desc limit 1)`;
    const rows = await store.query<{ source: string; timestamp: number; body: string }>(
      sqlBuilder
        .selectFrom('series')
        .innerJoin('messages', (join) => join.on('messages.seq', '=', newest))
        .where('series.tenant_id', '=', tenantId)
        .where('series.source', 'in', deviceIds)
        .select(['series.source', 'messages.timestamp', 'messages.body'])
        .orderBy('messages.timestamp')
        .orderBy('messages.seq')
        .compile(),
    );
    return new Map(rows.map(({ source, body }) => [source, body]));
  },

  /** The first message by sequence number from `seq` on, of all tenants. */
  async firstFrom(store: Store, seq: number): Promise<{ seq: number; createdMs: number } | undefined> {
    const [row] = await store.query<{ seq: number; created: number }>(
      sqlBuilder
        .selectFrom('messages')
        .select(['seq', 'created'])
        .where('seq', '>=', seq)
        .orderBy('seq')
        .limit(1)
        .compile(),
    );
    return row && { seq: row.seq, createdMs: row.created };
  },

  /** How many messages there are of all tenants, and their bytes together. */
  async size(store: Store): Promise<{ messages: number; bytes: number }> {
    const [kept] = await store.query<{ messages: number; bytes: number | null }>(
      sqlBuilder
        .selectFrom('messages')
        .select(({ fn }) => [fn.countAll<number>().as('messages'), fn.sum<number>(octets).as('bytes')])
        .compile(),
    );
    return { messages: kept?.messages ?? 0, bytes: kept?.bytes ?? 0 };
  },

  /** The oldest messages, oldest first. */
  async oldest(store: Store, limit: number): Promise<AgedMessage[]> {
    const rows = await store.query<{ seq: number; series_id: number; created: number; bytes: number }>(
      sqlBuilder
        .selectFrom('messages')
        .select(['seq', 'series_id', 'created', octets.as('bytes')])
        .orderBy('seq')
        .limit(limit)
        .compile(),
    );
    return rows.map(({ seq, series_id: seriesId, created: createdMs, bytes }) => ({
      seq,
      seriesId,
      createdMs,
      bytes,
    }));
  },

  deleteUpTo(seq: number): Statement {
    return sqlBuilder.deleteFrom('messages').where('seq', '<=', seq).compile();
  },
};
