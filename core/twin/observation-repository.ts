import type { Selectable } from 'kysely';
import type { TwinObservationStatus } from '../contract/twin.ts';
import { sqlBuilder } from '../store/builder.ts';
import { lastSeqOf, rowsBySeq } from '../store/rows-by-seq.ts';
import type { Schema } from '../store/schema.ts';
import type { Statement, Store } from '../store/types.ts';
import type { Observation } from './lanes.ts';

type Row = Selectable<Schema['twin_observations']>;

interface Document {
  readonly id: string;
  readonly paths: readonly string[];
  readonly name?: string | undefined;
  readonly createdMs: number;
  readonly status: TwinObservationStatus;
}

const documentOf = ({ id, paths, name, createdMs, status }: Observation): string =>
  JSON.stringify({ id, paths: paths.map(String), name, createdMs, status } satisfies Document);

/** Observations in the store. */
export const observationRepository = {
  insert(observation: Observation): Statement {
    const { tenantId, id } = observation.lane.device;
    return sqlBuilder
      .insertInto('twin_observations')
      .values({
        ...{ seq: observation.seq, tenant_id: tenantId, device_id: id },
        document: documentOf(observation),
      })
      .compile();
  },

  update: (observation: Observation): Statement =>
    sqlBuilder
      .updateTable('twin_observations')
      .set({ document: documentOf(observation) })
      .where('seq', '=', observation.seq)
      .compile(),

  delete: (seq: number): Statement =>
    sqlBuilder.deleteFrom('twin_observations').where('seq', '=', seq).compile(),

  /** 0 when there is none. */
  lastSeq: (store: Store): Promise<number> => lastSeqOf(store, 'twin_observations'),

  /** All of them, the oldest first. */
  async *loadAll(store: Store) {
    const all = sqlBuilder.selectFrom('twin_observations').selectAll();
    const rows = rowsBySeq<Row>(store, (aboveSeq, limit) =>
      all.where('seq', '>', aboveSeq).orderBy('seq').limit(limit).compile(),
    );
    for await (const { seq, tenant_id: tenantId, device_id: deviceId, document } of rows) {
      const { id, paths, name, createdMs, status } = JSON.parse(document) as Document;
      yield { of: { tenantId, deviceId }, facts: { seq, id, paths, name, createdMs, status } };
    }
  },
};
