import type { FifoDeclaration } from '../contract/routing.ts';
import { sqlBuilder } from '../store/builder.ts';
import { rowsBySeq } from '../store/rows-by-seq.ts';
import type { Statement, Store } from '../store/types.ts';
import { eventBytes, type FifoEntry, type FifoQueue } from './fifo-queue.ts';

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
  readonly message_seq: number | null;
  readonly body: string | null;
}

// Entries come and go with every message, so their statements are built once.
const insertEventSql = sqlBuilder
  .insertInto('fifo_entries')
  // The database then takes the text as bytes, which is much faster for a text that long.
  .values({ seq: 0, fifo_id: 0, expires_at: 0, body: '' })
  .compile().sql;
const insertPointerSql = sqlBuilder
  .insertInto('fifo_entries')
  .values({ seq: 0, fifo_id: 0, expires_at: 0, message_seq: 0 })
  .compile().sql;
const deleteEntrySql = sqlBuilder.deleteFrom('fifo_entries').where('seq', '=', 0).compile().sql;

/** FIFOs and their entries in the store. */
export const fifoRepository = {
  /** Of a data message only its number is stored: its text is in its own row already, in the same transaction. */
  insertEntry(fifoId: number, { seq, expiresAtMs, messageSeq, body }: FifoEntry): Statement {
    return messageSeq === undefined
      ? { sql: insertEventSql, parameters: [seq, fifoId, expiresAtMs, body] }
      : { sql: insertPointerSql, parameters: [seq, fifoId, expiresAtMs, messageSeq] };
  },

  /** Gives entries the texts of data messages that are about to be deleted: those up to this number. */
  keepBodiesUpTo(messageSeq: number): Statement {
    return sqlBuilder
      .updateTable('fifo_entries')
      .set(({ selectFrom }) => ({
        body: selectFrom('messages').select('messages.body').whereRef('messages.seq', '=', 'message_seq'),
      }))
      .where('body', 'is', null)
      .where('message_seq', '<=', messageSeq)
      .compile();
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

  /** Every entry of every FIFO in order, read in pages; without an entry where its data message is not there. */
  async *loadEntries(
    store: Store,
  ): AsyncGenerator<{ fifoId: number; seq: number; entry: FifoEntry | undefined }> {
    const all = sqlBuilder
      .selectFrom('fifo_entries')
      .leftJoin('messages', (join) =>
        join.onRef('messages.seq', '=', 'message_seq').on('fifo_entries.body', 'is', null),
      )
      .select(['fifo_entries.seq', 'fifo_id', 'expires_at', 'message_seq'])
      .select(({ fn }) => fn.coalesce('fifo_entries.body', 'messages.body').as('body'));
    const rows = rowsBySeq<FifoEntryRow>(store, (aboveSeq, limit) =>
      all.where('fifo_entries.seq', '>', aboveSeq).orderBy('fifo_entries.seq').limit(limit).compile(),
    );
    for await (const { seq, fifo_id: fifoId, expires_at: expiresAtMs, message_seq, body } of rows) {
      const event = body !== null && { body, messageSeq: message_seq ?? undefined };
      const entry = event && {
        seq,
        ...event,
        bytes: eventBytes(event),
        expiresAtMs,
        retained: true,
        messageId: undefined,
      };
      yield { fifoId, seq, entry: entry || undefined };
    }
  },
};
