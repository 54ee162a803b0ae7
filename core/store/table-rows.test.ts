import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestStore } from '../testing/test-store.ts';
import { agedRows } from './aged-rows.ts';
import { sqlBuilder } from './builder.ts';
import { rowsBySeq } from './rows-by-seq.ts';
import type { Store } from './types.ts';

let store: Store & { stop(): Promise<void> };

beforeEach(async () => {
  store = await startTestStore({});
});

afterEach(() => store.stop());

async function insertAudit(numbers: readonly number[]): Promise<void> {
  const row = (seq: number) => ({ seq, tenant_id: 't', timestamp: seq, document: `{"n":"é${seq}"}` });
  await store.commit(
    numbers.map((seq) => sqlBuilder.insertInto('audit_messages').values(row(seq)).compile()),
  );
}

const readAll = async (): Promise<number[]> => {
  const found: number[] = [];
  const rows = rowsBySeq<{ seq: number }>(store, (aboveSeq, limit) =>
    sqlBuilder
      .selectFrom('audit_messages')
      .select('seq')
      .where('seq', '>', aboveSeq)
      .orderBy('seq')
      .limit(limit)
      .compile(),
  );
  for await (const { seq } of rows) found.push(seq);
  return found;
};

describe('rows in parts', () => {
  it.each([0, 1, 999, 1000, 1001, 2000, 2500])('reads %i rows, each once, in order', async (count) => {
    const numbers = Array.from({ length: count }, (_, index) => 3 * index + 1);
    await insertAudit(numbers.toReversed());
    expect(await readAll()).toEqual(numbers);
  });
});

describe('aged rows', () => {
  it('counts, lists and deletes those that may go', async () => {
    await insertAudit([1, 2, 3, 4]);
    const odd = agedRows('audit_messages', ['document', 'tenant_id'], sql<boolean>`seq % 2 = 1`);
    const bytes = Buffer.byteLength('{"n":"é1"}t');
    expect(await odd.size(store)).toEqual({ rows: 2, bytes: 2 * bytes });
    expect(await odd.oldest(store, 1)).toEqual([{ seq: 1, bytes }]);
    await store.commit([odd.deleteUpTo(1)]);
    await store.commit([odd.deleteUpTo(2)]);
    expect(await readAll()).toEqual([2, 3, 4]);
  });

  it('has no bytes without rows', async () => {
    expect(await agedRows('commands', ['request', 'state']).size(store)).toEqual({ rows: 0, bytes: 0 });
  });
});
