import type { FifoDeclaration } from '../contract/routing.ts';
import { sqlBuilder } from '../store/builder.ts';
import { rowsBySeq } from '../store/rows-by-seq.ts';
import type { Statement, Store } from '../store/types.ts';
import type { FifoEntry, FifoQueue } from './fifo-queue.ts';

export interface FifoRow {
  readonly id: number;
  readonly tenant_id: string;
  readonly name: string;
  readonly max_bytes: number;
  readonly ttl_s: number;
  readonly declared: number;
  readonly created: number;
}

interface FifoEntryRow {
  readonly seq: number;
  readonly fifo_id: number;
  readonly expires_at: number;
  readonly body: string;
}

// Entries come and go with every message, so their statements are built once.
const insertEntrySql = sqlBuilder
  .insertInto('fifo_entries')
  // The database then takes the text as bytes, which is much faster for a text that long.
  .values({ seq: 0, fifo_id: 0, expires_at: 0, body: '' })
  .compile().sql;
const deleteEntrySql = sqlBuilder.deleteFrom('fifo_entries').where('seq', '=', 0).compile().sql;

/** FIFOs and their entries in the store. */
export const fifoRepository = {
  insertEntry(fifoId: number, { seq, expiresAtMs, body }: FifoEntry): Statement {
    return { sql: insertEntrySql, parameters: [seq, fifoId, expiresAtMs, body] };
  },

  deleteEntry(seq: number): Statement {
    return { sql: deleteEntrySql, parameters: [seq] };
  },

  /** Deletes all that is in a FIFO. */
  deleteEntries(fifoId: number): Statement {
    return sqlBuilder.deleteFrom('fifo_entries').where('fifo_id', '=', fifoId).compile();
  },

  insertFifo(queue: FifoQueue, declaration: FifoDeclaration, declared: boolean): Statement {
    return sqlBuilder
      .insertInto('fifos')
      .values({
        id: queue.id,
        tenant_id: queue.tenantId,
        name: queue.name,
        max_bytes: declaration.maxLengthBytes,
        ttl_s: declaration.messageTtl,
        declared: declared ? 1 : 0,
        created: queue.createdMs,
      })
      .compile();
  },

  /** Deletes a FIFO with all that is in it. */
  deleteFifo(id: number): Statement[] {
    return [fifoRepository.deleteEntries(id), sqlBuilder.deleteFrom('fifos').where('id', '=', id).compile()];
  },

  loadFifos(store: Store): Promise<FifoRow[]> {
    return store.query<FifoRow>(sqlBuilder.selectFrom('fifos').selectAll().compile());
  },

  /** Every entry of every FIFO in order, read in pages. */
  async *loadEntries(store: Store): AsyncGenerator<{ fifoId: number; entry: FifoEntry }> {
    const all = sqlBuilder.selectFrom('fifo_entries').selectAll();
    const rows = rowsBySeq<FifoEntryRow>(store, (aboveSeq, limit) =>
      all.where('seq', '>', aboveSeq).orderBy('seq').limit(limit).compile(),
    );
    for await (const { seq, fifo_id: fifoId, expires_at: expiresAtMs, body } of rows) {
      const bytes = Buffer.byteLength(body);
      const from = { messageSeq: undefined, messageId: undefined };
      yield { fifoId, entry: { seq, body, bytes, expiresAtMs, retained: true, ...from } };
    }
  },
};
