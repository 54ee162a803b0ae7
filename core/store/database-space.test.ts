import { describe, expect, it } from 'vitest';
import { MemoryFiles } from '../platform/memory-files.ts';
import { InlineWorkers } from '../testing/inline-workers.ts';
import { insertNote, memoryStoreOptions, noteIds, startMemoryStore, upTo } from '../testing/store-kit.ts';
import { createStore, type JournaledStore } from './store.ts';

const text = 'x'.repeat(10_000);
const settings = { databaseLimitBytes: 200_000 };

/** Inserts until the store refuses, and returns how many it took. */
async function fill(store: JournaledStore): Promise<number> {
  for (let id = 1; id < 100; id++) {
    try {
      await store.commit([insertNote(id, text)]);
    } catch (error) {
      expect(error).toMatchObject({ code: 'store.full' });
      expect((error as Error).message).toContain('databaseLimitBytes');
      return id - 1;
    }
  }
  throw new Error('the store took everything');
}

describe('a database at its limit', () => {
  it('refuses what grows it, takes what frees space, and heals', async () => {
    const store = await startMemoryStore(new MemoryFiles(), { settings });
    const taken = await fill(store);
    expect(taken).toBeGreaterThan(10);
    expect(taken).toBeLessThan(20);
    expect(store.status()).toMatchObject({
      state: 'full',
      failure: expect.stringContaining('databaseLimitBytes'),
    });
    await store.commit([{ sql: 'UPDATE notes SET text = ? WHERE id = 1', parameters: ['short'] }]);
    const mixed = [{ sql: 'DELETE FROM notes WHERE id = 1', parameters: [] }, insertNote(1)];
    await expect(store.commit(mixed)).rejects.toMatchObject({ code: 'store.full' });
    await store.commit([{ sql: 'DELETE FROM notes WHERE id > 5', parameters: [] }]);
    expect(await noteIds(store)).toEqual(upTo(5));
    expect(store.status()).toMatchObject({ state: 'open', failure: undefined });
    await store.commit([insertNote(6, text)]);
    await store.stop();
  });

  it('counts what waits for it', async () => {
    const workers = new InlineWorkers();
    const store = createStore({ ...memoryStoreOptions(new MemoryFiles(), workers), settings });
    await store.start();
    workers.hold();
    expect(await fill(store)).toBeLessThan(20);
    workers.release();
    await store.stop();
  });

  it('opens and is still full', async () => {
    const files = new MemoryFiles();
    const first = await startMemoryStore(files, { settings });
    const taken = await fill(first);
    await first.stop();
    const second = await startMemoryStore(files, { settings });
    expect(second.status().state).toBe('full');
    await expect(second.commit([insertNote(taken + 1)])).rejects.toMatchObject({ code: 'store.full' });
    await second.stop();
    const raised = await startMemoryStore(files);
    await raised.commit([insertNote(taken + 1)]);
    expect(await noteIds(raised)).toEqual(upTo(taken + 1));
    await raised.stop();
  });
});
