import { describe, expect, it } from 'vitest';
import { MemoryFiles } from '../platform/memory-files.ts';
import { InlineWorkers } from '../testing/inline-workers.ts';
import { insertNote, memoryStoreOptions, noteIds } from '../testing/store-kit.ts';
import type { StoreSettings } from './settings.ts';
import { createStore } from './store.ts';

const text = 'x'.repeat(1000);

async function slowWorker(settings: Partial<StoreSettings>) {
  const workers = new InlineWorkers();
  const store = createStore({ ...memoryStoreOptions(new MemoryFiles(), workers), settings });
  await store.start();
  workers.hold();
  return { store, workers };
}

describe('back-pressure', () => {
  it('says so while the database is behind, and when it has caught up', async () => {
    const { store, workers } = await slowWorker({ backlogLimitStatements: 4 });
    const relieved: string[] = [];
    store.onRelief(() => relieved.push('at once'));
    await Promise.resolve();
    for (let id = 1; id <= 5; id++) {
      expect(store.congested, `before ${id}`).toBe(false);
      await store.commit([insertNote(id)]);
      store.append([], () => {});
    }
    await store.commit([]);
    expect(store.congested).toBe(true);
    expect(store.status().backlog).toBe(5);
    store.onRelief(() => relieved.push('relief'));
    expect(relieved).toEqual(['at once']);
    workers.release();
    expect(await noteIds(store)).toEqual([1, 2, 3, 4, 5]);
    expect(store.congested).toBe(false);
    expect(relieved).toEqual(['at once', 'relief']);
    expect(store.status().backlog).toBe(0);
    await store.stop();
  });

  it('counts bytes that are not in the database', async () => {
    const { store, workers } = await slowWorker({ backlogLimitBytes: 2500 });
    for (const id of [1, 2]) await store.commit([insertNote(id, text)]);
    expect(store.congested).toBe(false);
    await store.commit([insertNote(3, text)]);
    await store.commit([]);
    expect(store.congested).toBe(true);
    workers.release();
    await noteIds(store);
    expect(store.congested).toBe(false);
    await store.stop();
  });

  it('counts bytes that are not synced, at once', async () => {
    const { store, workers } = await slowWorker({ unsyncedLimitBytes: 2500 });
    workers.release();
    const commits = [1, 2].map((id) => store.commit([insertNote(id, text)]));
    expect(store.congested).toBe(false);
    commits.push(store.commit([insertNote(3, text)]));
    expect(store.congested).toBe(true);
    await new Promise<void>((resolve) => store.onRelief(resolve));
    expect(store.congested).toBe(false);
    await Promise.all(commits);
    await store.stop();
  });

  it('refuses what is far above the limits, in order, and takes more later', async () => {
    const { store, workers } = await slowWorker({ unsyncedLimitBytes: 2500, refusalFactor: 2 });
    workers.release();
    const outcomes: string[] = [];
    const appends = Array.from({ length: 12 }, (_, index) => {
      const id = index + 1;
      return new Promise<void>((resolve) => {
        store.append([insertNote(id, text)], (error) => {
          outcomes.push(`${id} ${(error as { code?: string } | undefined)?.code ?? 'stored'}`);
          resolve();
        });
      });
    });
    await Promise.all(appends);
    const kept = outcomes.filter((outcome) => outcome.endsWith('stored')).length;
    expect(outcomes).toEqual(
      Array.from(
        { length: 12 },
        (_, index) => `${index + 1} ${index < kept ? 'stored' : 'store.unavailable'}`,
      ),
    );
    expect(kept).toBe(5);
    await store.commit([insertNote(100)]);
    expect(await noteIds(store)).toEqual([1, 2, 3, 4, 5, 100]);
    await store.stop();
  });

  it('survives a relief callback that throws', async () => {
    const { store, workers } = await slowWorker({ unsyncedLimitBytes: 500 });
    workers.release();
    const commit = store.commit([insertNote(1, text)]);
    let told = false;
    store.onRelief(() => {
      throw new Error('from the callback');
    });
    store.onRelief(() => {
      told = true;
    });
    await commit;
    await store.commit([insertNote(2)]);
    expect(told).toBe(true);
    expect(await noteIds(store)).toEqual([1, 2]);
    await store.stop();
  });

  it('ends when the database fails, so that producers learn of it', async () => {
    const { store, workers } = await slowWorker({ backlogLimitStatements: 1 });
    for (const id of [1, 2, 3]) await store.commit([insertNote(id)]);
    expect(store.congested).toBe(true);
    const relief = new Promise<void>((resolve) => store.onRelief(resolve));
    workers.crash('gone');
    await relief;
    await expect(store.commit([insertNote(4)])).rejects.toMatchObject({ code: 'store.unavailable' });
    await store.stop();
  });
});
