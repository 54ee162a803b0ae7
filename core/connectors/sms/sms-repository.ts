import { sqlBuilder } from '../../store/builder.ts';
import type { Statement, Store } from '../../store/types.ts';

/** A part of a long message that came, and waits for the others. */
export interface StoredPart {
  readonly sender: string;
  readonly receiver: string;
  readonly reference: number;
  readonly total: number;
  readonly number: number;
  readonly dataCoding: number;
  /** Of the user data header that was before it. */
  readonly headerBytes: number;
  readonly content: Uint8Array;
  /** Of the wire clock. */
  readonly receivedMs: number;
}

/** A message that the centre has taken, and whose delivery receipt is waited for. */
export interface AwaitedReceipt {
  /** As the centre named it. */
  readonly messageId: string;
  readonly correlation: number;
  readonly attempt: number;
  /** Parts of the message that this is one of. */
  readonly total: number;
  readonly delivered: boolean;
}

/** Parts of messages, and messages whose receipts are waited for, in the store. */
export const smsRepository = {
  putPart({ sender, receiver, reference, total, number, content, ...rest }: StoredPart): Statement {
    const row = {
      data_coding: rest.dataCoding,
      header_bytes: rest.headerBytes,
      content: Buffer.from(content).toString('hex'),
      received: rest.receivedMs,
    };
    return sqlBuilder
      .insertInto('sms_parts')
      .values({ sender, receiver, reference, total, number, ...row })
      .onConflict((conflict) =>
        conflict.columns(['sender', 'receiver', 'reference', 'total', 'number']).doUpdateSet(row),
      )
      .compile();
  },

  deleteParts({ sender, receiver, reference, total }: StoredPart): Statement {
    return sqlBuilder
      .deleteFrom('sms_parts')
      .where('sender', '=', sender)
      .where('receiver', '=', receiver)
      .where('reference', '=', reference)
      .where('total', '=', total)
      .compile();
  },

  async loadParts(store: Store): Promise<StoredPart[]> {
    const rows = await store.query<{
      sender: string;
      receiver: string;
      reference: number;
      total: number;
      number: number;
      data_coding: number;
      header_bytes: number;
      content: string;
      received: number;
    }>(sqlBuilder.selectFrom('sms_parts').selectAll().orderBy('received').compile());
    return rows.map(({ data_coding, header_bytes, content, received, ...row }) => ({
      ...row,
      dataCoding: data_coding,
      headerBytes: header_bytes,
      content: new Uint8Array(Buffer.from(content, 'hex')),
      receivedMs: received,
    }));
  },

  putReceipt({ messageId, correlation, attempt, total, delivered }: AwaitedReceipt): Statement {
    const row = { correlation, attempt, total, delivered: delivered ? 1 : 0 };
    return sqlBuilder
      .insertInto('sms_receipts')
      .values({ message_id: messageId, ...row })
      .onConflict((conflict) => conflict.column('message_id').doUpdateSet(row))
      .compile();
  },

  deleteReceipt(messageId: string): Statement {
    return sqlBuilder.deleteFrom('sms_receipts').where('message_id', '=', messageId).compile();
  },

  async loadReceipts(store: Store): Promise<AwaitedReceipt[]> {
    const rows = await store.query<{
      message_id: string;
      correlation: number;
      attempt: number;
      total: number;
      delivered: number;
    }>(sqlBuilder.selectFrom('sms_receipts').selectAll().orderBy('correlation').compile());
    return rows.map(({ message_id, delivered, ...row }) => ({
      ...row,
      messageId: message_id,
      delivered: delivered === 1,
    }));
  },
};
