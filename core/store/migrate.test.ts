import { describe, expect, it } from 'vitest';
import { MemoryFiles } from '../platform/memory-files.ts';
import { insertNotes, memoryStoreOptions, noteMigrations, startMemoryStore } from '../testing/store-kit.ts';
import { createStore } from './store.ts';

const journal = '/data/store/journal-0000000000000001.fbj';

async function folderWithNotes(...ids: number[]): Promise<MemoryFiles> {
  const files = new MemoryFiles();
  const store = await startMemoryStore(files);
  await store.commit(insertNotes(...ids));
  await store.stop();
  return files;
}

describe('the schema at the start', () => {
  const steps = [
    ...noteMigrations,
    ['ALTER TABLE notes ADD COLUMN extra TEXT', `UPDATE notes SET extra = 'old'`],
  ];

  it('gets the steps it has not had, once', async () => {
    const files = await folderWithNotes(1, 2);
    const select = { sql: 'SELECT id, extra FROM notes', parameters: [] };
    const rows = [1, 2].map((id) => ({ id, extra: 'old' }));
    for (const transactions of [1, 0]) {
      const store = await startMemoryStore(files, { migrations: steps });
      expect(await store.query(select)).toEqual(rows);
      expect(store.status().transactions).toBe(transactions);
      await store.stop();
    }
  });

  it('is refused when a newer program has written it, and nothing is changed', async () => {
    const files = await folderWithNotes(1);
    await (await startMemoryStore(files, { migrations: steps })).stop();
    const before = await files.read(journal);
    await expect(startMemoryStore(files)).rejects.toThrow(/newer Fleetbench \(schema 2; this one knows 1\)/);
    expect(await files.read(journal)).toEqual(before);
    // The lock is given back, so the right program can start.
    await (await startMemoryStore(files, { migrations: steps })).stop();
  });

  it('fails the start when a step is refused', async () => {
    const store = createStore({
      ...memoryStoreOptions(new MemoryFiles()),
      migrations: [['CREATE NONSENSE']],
    });
    await expect(store.start()).rejects.toMatchObject({ code: 'store.unavailable' });
  });
});
