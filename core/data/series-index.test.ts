import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sqlBuilder } from '../store/builder.ts';
import type { JournaledStore } from '../store/store.ts';
import type { Statement } from '../store/types.ts';
import { InlineWorkers } from '../testing/inline-workers.ts';
import { startTestStore } from '../testing/test-store.ts';
import { SeriesIndex } from './series-index.ts';

describe('SeriesIndex', () => {
  let store: JournaledStore;
  let index: SeriesIndex;
  let workers: InlineWorkers;
  let nextSeq = 1;

  beforeEach(async () => {
    workers = new InlineWorkers();
    store = await startTestStore({ workers });
    index = new SeriesIndex(store);
    await index.start();
  });
  afterEach(() => store.stop());

  /** As a message does: the pair with it where that is not durable yet. */
  async function storeMessage(streamId: string): Promise<number> {
    const { id, insert } = index.get('t', streamId, 'd');
    const message = { seq: nextSeq++, series_id: id, timestamp: 0, created: 0, body: '{}' };
    const statements: Statement[] = insert ? [insert] : [];
    statements.push(sqlBuilder.insertInto('messages').values(message).compile());
    await store.commit(statements);
    if (insert) index.confirm('t', streamId, 'd');
    return id;
  }

  const forgetMessages = () => store.commit([sqlBuilder.deleteFrom('messages').compile()]);
  const storedPairs = async () =>
    (await store.query<{ id: number }>(sqlBuilder.selectFrom('series').select('id').compile())).map(
      ({ id }) => id,
    );
  const orphans = () =>
    store.query({
      sql: 'SELECT seq FROM messages WHERE series_id NOT IN (SELECT id FROM series)',
      parameters: [],
    });

  it('drops pairs without messages and keeps those that have some', async () => {
    const dropped = await storeMessage('a');
    await forgetMessages();
    const kept = await storeMessage('b');
    await index.dropEmpty([dropped, kept]);
    expect(await storedPairs()).toEqual([kept]);
    const again = await storeMessage('a');
    expect(again).not.toBe(dropped);
    expect(await storedPairs()).toEqual([kept, again]);
  });

  it('keeps a pair whose message comes while it is looked at', async () => {
    const id = await storeMessage('a');
    await forgetMessages();
    workers.hold();
    const dropping = index.dropEmpty([id]);
    const storing = storeMessage('a');
    workers.release();
    await Promise.all([dropping, storing]);
    expect(await storedPairs()).toEqual([id]);
    expect(await orphans()).toEqual([]);
  });

  it('stores a pair again whose message comes while it is deleted', async () => {
    const id = await storeMessage('a');
    await forgetMessages();
    const commit = store.commit.bind(store);
    let storing: Promise<number> | undefined;
    store.commit = (transaction) => {
      store.commit = commit;
      const result = commit(transaction);
      storing = storeMessage('a');
      return result;
    };
    await index.dropEmpty([id]);
    await storing;
    expect(await storedPairs()).toEqual([id]);
    expect(await orphans()).toEqual([]);
    expect(index.get('t', 'a', 'd')).toMatchObject({ id, insert: undefined });
  });

  it('keeps all of it when the deletion fails', async () => {
    const id = await storeMessage('a');
    await forgetMessages();
    const commit = store.commit.bind(store);
    store.commit = () => Promise.reject(new Error('no'));
    await expect(index.dropEmpty([id])).rejects.toThrow('no');
    store.commit = commit;
    expect(await storeMessage('a')).toBe(id);
    expect(await storedPairs()).toEqual([id]);
    expect(await orphans()).toEqual([]);
  });
});
