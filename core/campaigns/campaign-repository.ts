import type { Selectable } from 'kysely';
import type { CampaignStatus, TargetCounts, TargetStatus } from '../contract/campaigns.ts';
import { sqlBuilder } from '../store/builder.ts';
import { rowsBySeq } from '../store/rows-by-seq.ts';
import type { Schema } from '../store/schema.ts';
import type { Statement, Store } from '../store/types.ts';
import type { CampaignRecord, TargetRow } from './campaign-record.ts';
import { noTargets, type TargetState } from './target-state.ts';

type Row = Selectable<Schema['campaigns']>;
type Document = Omit<CampaignRecord, 'seq' | 'tenantId' | 'status'>;
type TargetColumns = Pick<
  Selectable<Schema['campaign_targets']>,
  'number' | 'device_id' | 'status' | 'state'
>;
type Rest = Omit<TargetState, 'status'>;

const targetColumns = ['number', 'device_id', 'status', 'state'] as const;

const putSql = sqlBuilder
  .insertInto('campaigns')
  .values({ seq: 0, tenant_id: '', status: '', document: '' })
  .onConflict((conflict) =>
    conflict.column('seq').doUpdateSet(({ ref }) => ({
      status: ref('excluded.status'),
      document: ref('excluded.document'),
    })),
  )
  .compile().sql;
// Every device writes its row several times, so these statements are built once.
const insertTargetSql = sqlBuilder
  .insertInto('campaign_targets')
  .values({ tenant_id: '', campaign: 0, number: 0, device_id: '', status: '', state: '' })
  .compile().sql;
const updateTargetSql = sqlBuilder
  .updateTable('campaign_targets')
  // The id of the device changes with the device's own.
  .set({ status: '', state: '' })
  .where('campaign', '=', 0)
  .where('number', '=', 0)
  .compile().sql;

/** Campaigns and their devices in the store. */
export const campaignRepository = {
  put({ seq, tenantId, status, ...document }: CampaignRecord): Statement {
    return { sql: putSql, parameters: [seq, tenantId, status, JSON.stringify(document)] };
  },

  delete(seq: number): Statement[] {
    return [this.deleteTargets(seq), sqlBuilder.deleteFrom('campaigns').where('seq', '=', seq).compile()];
  },

  deleteTargets(seq: number): Statement {
    return sqlBuilder.deleteFrom('campaign_targets').where('campaign', '=', seq).compile();
  },

  insertTarget({ tenantId, seq }: CampaignRecord, { number, deviceId, state }: TargetRow): Statement {
    const { status, ...rest } = state;
    const values = [tenantId, seq, number, deviceId, status, JSON.stringify(rest)];
    return { sql: insertTargetSql, parameters: values };
  },

  updateTarget(campaign: number, { number, state }: Pick<TargetRow, 'number' | 'state'>): Statement {
    const { status, ...rest } = state;
    return { sql: updateTargetSql, parameters: [status, JSON.stringify(rest), campaign, number] };
  },

  async *load(store: Store): AsyncGenerator<CampaignRecord> {
    const all = sqlBuilder.selectFrom('campaigns').selectAll();
    const rows = rowsBySeq<Row>(store, (aboveSeq, limit) =>
      all.where('seq', '>', aboveSeq).orderBy('seq').limit(limit).compile(),
    );
    for await (const { seq, tenant_id: tenantId, status, document } of rows) {
      const { description, endMs, error, ...rest } = JSON.parse(document) as Document;
      // JSON leaves out what is undefined.
      yield { ...rest, description, endMs, error, seq, tenantId, status: status as CampaignStatus };
    }
  },

  /** All devices of a campaign, in their order. */
  async *loadTargets(store: Store, campaign: number): AsyncGenerator<TargetRow> {
    const all = sqlBuilder
      .selectFrom('campaign_targets')
      .select([...targetColumns, 'number as seq'])
      .where('campaign', '=', campaign);
    const rows = rowsBySeq<TargetColumns & { seq: number }>(store, (aboveSeq, limit) =>
      all.where('number', '>', aboveSeq).orderBy('number').limit(limit).compile(),
    );
    for await (const row of rows) yield toTarget(row);
  },

  async countTargets(store: Store, campaign: number): Promise<TargetCounts> {
    const counts = noTargets();
    const rows = await store.query<{ status: TargetStatus; total: number }>(
      sqlBuilder
        .selectFrom('campaign_targets')
        .select(({ fn }) => ['status', fn.countAll<number>().as('total')])
        .where('campaign', '=', campaign)
        .groupBy('status')
        .compile(),
    );
    for (const { status, total } of rows) counts[status] = total;
    return counts;
  },

  /** How many devices each campaign has in each status, by its number. */
  async countAllTargets(store: Store): Promise<Map<number, TargetCounts>> {
    const all = new Map<number, TargetCounts>();
    const rows = await store.query<{ campaign: number; status: TargetStatus; total: number }>(
      sqlBuilder
        .selectFrom('campaign_targets')
        .select(({ fn }) => ['campaign', 'status', fn.countAll<number>().as('total')])
        .groupBy(['campaign', 'status'])
        .compile(),
    );
    for (const { campaign, status, total } of rows) {
      const counts = all.get(campaign) ?? noTargets();
      counts[status] = total;
      all.set(campaign, counts);
    }
    return all;
  },

  async listTargets(
    store: Store,
    campaign: number,
    { status, limit, offset }: { status: TargetStatus | undefined; limit: number; offset: number },
  ): Promise<TargetRow[]> {
    let rows = sqlBuilder
      .selectFrom('campaign_targets')
      .select(targetColumns)
      .where('campaign', '=', campaign);
    if (status !== undefined) rows = rows.where('status', '=', status);
    const page = rows.orderBy('number').limit(limit).offset(offset);
    return (await store.query<TargetColumns>(page.compile())).map(toTarget);
  },
};

function toTarget({ number, device_id: deviceId, status, state }: TargetColumns): TargetRow {
  const rest = JSON.parse(state) as Rest;
  return { number, deviceId, state: { ...rest, status: status as TargetStatus } };
}
