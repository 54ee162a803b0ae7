import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely';
import { sqlBuilder } from '../store/builder.ts';
import type { Schema } from '../store/schema.ts';
import type { Store } from '../store/types.ts';
import type { MessageSize } from './message-repository.ts';

/** Which messages of a tenant are asked for. Texts are patterns of LIKE over lower case, so they say what a message may be and not what it is. */
export interface MessageConditions {
  readonly tenantId: string;
  readonly deviceId: string | undefined;
  readonly device: string | undefined;
  readonly stream: string | undefined;
  /** Of the message as JSON text. */
  readonly body: readonly string[];
}

/** Sequence numbers from `low` on and below `high`. */
export interface SequenceRange {
  readonly low: number;
  readonly high: number;
}

type Numbers = RawBuilder<number>;
const seriesId: Numbers = sql`messages.series_id`;
/** The same to the eye, and to the database no reason to take the index by sender. */
const seriesIdUnindexed: Numbers = sql`+messages.series_id`;

/** Numbers of the pairs of stream and sender that fit. */
function fittingSeries({ tenantId, deviceId, device, stream }: MessageConditions) {
  let select = sqlBuilder.selectFrom('series').select('id').where('tenant_id', '=', tenantId);
  if (deviceId !== undefined) select = select.where('source', '=', deviceId);
  if (device !== undefined) select = select.where(sql<boolean>`lower(source) like ${device}`);
  if (stream !== undefined) select = select.where(sql<boolean>`lower(stream_id) like ${stream}`);
  return select;
}

const ofTenant = (tenantId: string, id: Numbers) =>
  sql<boolean>`${id} in (${sqlBuilder.selectFrom('series').select('id').where('tenant_id', '=', tenantId)})`;

type Found = SelectQueryBuilder<Schema, 'messages', { seq: number; body: string }>;
const seqAndBody = (): Found => sqlBuilder.selectFrom('messages').select(['seq', 'body']).limit(1);

/** SQL of the search for messages across streams. */
export const messageSearchRepository = {
  /** How many messages are of fitting streams and senders, counted up to `most`. */
  async countOfSeries(store: Store, conditions: MessageConditions, most: number): Promise<number> {
    const some = sqlBuilder
      .selectFrom('messages')
      .select('seq')
      .where(sql<boolean>`${seriesId} in (${fittingSeries(conditions)})`)
      .limit(most);
    const [row] = await store.query<{ total: number }>(
      sqlBuilder
        .selectFrom(some.as('some'))
        .select(({ fn }) => fn.countAll<number>().as('total'))
        .compile(),
    );
    return row?.total ?? 0;
  },

  /**
   * Messages that may fit, newest first.
   * @param few true: there are few of these streams and senders, and they are found by their index; else all of the
   * range is looked at
   */
  find(
    store: Store,
    conditions: MessageConditions,
    query: SequenceRange & { readonly few: boolean; readonly limit: number },
  ): Promise<MessageSize[]> {
    const id = query.few ? seriesId : seriesIdUnindexed;
    let select = sqlBuilder
      .selectFrom('messages')
      .select(['seq', sql<number>`octet_length(body)`.as('bytes')])
      .where(sql<boolean>`${id} in (${fittingSeries(conditions)})`)
      .where('seq', '>=', query.low)
      .where('seq', '<', query.high)
      .orderBy('seq', 'desc')
      .limit(query.limit);
    for (const pattern of conditions.body) select = select.where(sql<boolean>`lower(body) like ${pattern}`);
    return store.query<MessageSize>(select.compile());
  },

  /** The newest message of a tenant below a sequence number. */
  async newestBelow(
    store: Store,
    tenantId: string,
    seq: number,
  ): Promise<{ seq: number; body: string } | undefined> {
    const newest = seqAndBody()
      .where(ofTenant(tenantId, seriesIdUnindexed))
      .where('seq', '<', seq)
      .orderBy('seq', 'desc');
    return (await store.query<{ seq: number; body: string }>(newest.compile()))[0];
  },

  /** The oldest message of a tenant from a sequence number on. */
  async oldestFrom(
    store: Store,
    tenantId: string,
    seq: number,
  ): Promise<{ seq: number; body: string } | undefined> {
    const oldest = seqAndBody()
      .where(ofTenant(tenantId, seriesIdUnindexed))
      .where('seq', '>=', seq)
      .orderBy('seq');
    return (await store.query<{ seq: number; body: string }>(oldest.compile()))[0];
  },

  /** A message of a tenant as JSON text. */
  async one(store: Store, tenantId: string, seq: number): Promise<string | undefined> {
    const one = seqAndBody().where(ofTenant(tenantId, seriesIdUnindexed)).where('seq', '=', seq);
    return (await store.query<{ body: string }>(one.compile()))[0]?.body;
  },
};
