import { describe, expect, it } from 'vitest';
import { MemoryFiles } from '../platform/memory-files.ts';
import type { Processes } from '../platform/processes.ts';
import { InlineWorkers } from '../testing/inline-workers.ts';
import { insertNote, memoryStoreOptions, noteIds, startMemoryStore, upTo } from '../testing/store-kit.ts';
import { createStore } from './store.ts';

const storeFolder = '/data/store';
/** The process that had the folder before has ended. */
const nextProcess: Processes = {
  current: { pid: 2, startMark: 'test' },
  isRunning: async ({ pid }) => pid === 2,
};

async function idsIn(files: MemoryFiles): Promise<number[]> {
  const store = await startMemoryStore(files, { processes: nextProcess });
  const ids = await noteIds(store);
  await store.stop();
  return ids;
}

const reading = new Set(['list', 'read', 'close']);

describe('snapshot', () => {
  it('replaces the journal and the older snapshot', async () => {
    const files = new MemoryFiles();
    const store = await startMemoryStore(files);
    for (const id of upTo(4)) {
      await store.commit([insertNote(id)]);
      if (id % 2 === 0) await store.snapshot();
    }
    expect(await files.list(storeFolder)).toEqual([
      'journal-0000000000000006.fbj',
      'snapshot-0000000000000005.fbs',
    ]);
    expect(store.status()).toMatchObject({ snapshots: 2, journalBytes: 0 });
    await store.stop();
  });

  it('is made by itself when the journal has grown enough', async () => {
    const files = new MemoryFiles();
    const store = await startMemoryStore(files, { settings: { snapshotAfterBytes: 2000 } });
    for (const id of upTo(30)) await store.commit([insertNote(id, 'x'.repeat(200))]);
    await store.stop();
    expect(store.status().snapshots).toBeGreaterThanOrEqual(2);
    const again = await startMemoryStore(files);
    expect(await noteIds(again)).toEqual(upTo(30));
    expect(again.status().recovery.snapshotBytes).toBeGreaterThan(0);
    await again.stop();
  });

  it('does not hold acknowledgements while the image is made', async () => {
    const files = new MemoryFiles();
    const workers = new InlineWorkers();
    const store = createStore(memoryStoreOptions(files, workers));
    await store.start();
    await store.commit([insertNote(1)]);
    workers.hold();
    let made = false;
    const snapshot = store.snapshot().then(() => {
      made = true;
    });
    for (const id of [2, 3, 4]) await store.commit([insertNote(id)]);
    expect(made).toBe(false);
    workers.release();
    await snapshot;
    expect(await files.list(storeFolder)).toContain('snapshot-0000000000000002.fbs');
    expect(await noteIds(store)).toEqual([1, 2, 3, 4]);
    await store.stop();
    const again = await startMemoryStore(files);
    expect(await noteIds(again)).toEqual([1, 2, 3, 4]);
    await again.stop();
  });

  it('loses nothing when the machine stops after any file operation', async () => {
    for (let steps = 0; ; steps++) {
      const files = new MemoryFiles();
      const store = await startMemoryStore(files);
      await store.commit([insertNote(1)]);
      await store.snapshot();
      await store.commit([insertNote(2)]);
      let count = 0;
      let left: { powerLoss: MemoryFiles; kill: MemoryFiles } | undefined;
      files.intercept = ({ kind }) => {
        if (reading.has(kind)) return undefined;
        count += 1;
        if (count <= steps) return undefined;
        left ??= { powerLoss: files.afterPowerLoss(), kill: files.afterKill() };
        return { code: 'EIO', writtenBytes: 100 };
      };
      const acknowledged = [1, 2];
      const commit = (id: number): Promise<void> =>
        store.commit([insertNote(id)]).then(
          () => void acknowledged.push(id),
          () => {},
        );
      const appends = [3, 4, 5].map(commit);
      await store.snapshot().catch(() => {});
      await Promise.all(appends);
      await commit(6);
      const finished = left === undefined;
      const { powerLoss, kill } = left ?? { powerLoss: files.afterPowerLoss(), kill: files.afterKill() };
      expect(await idsIn(powerLoss), `after ${steps} operations`).toEqual(acknowledged);
      // A group that was written and not yet synced outlives a kill; it is there as a whole or not at all.
      const unanswered = [3, 4, 5, 6].filter((id) => !acknowledged.includes(id));
      const whole = [acknowledged, [...acknowledged, ...unanswered], [...acknowledged, 3, 4, 5]];
      expect(whole, `after ${steps} operations`).toContainEqual(await idsIn(kill));
      files.intercept = undefined;
      await store.stop();
      if (finished) break;
    }
  });

  it('that fails leaves the journal and is tried again later', async () => {
    const files = new MemoryFiles();
    const store = await startMemoryStore(files);
    await store.commit([insertNote(1)]);
    files.intercept = ({ kind }) => (kind === 'writeWhole' ? { code: 'ENOSPC' } : undefined);
    await expect(store.snapshot()).rejects.toMatchObject({ code: 'ENOSPC' });
    files.intercept = undefined;
    expect(store.status()).toMatchObject({ state: 'open', snapshots: 0 });
    await store.commit([insertNote(2)]);
    await store.snapshot();
    expect(await files.list(storeFolder)).toEqual([
      'journal-0000000000000004.fbj',
      'snapshot-0000000000000003.fbs',
    ]);
    await store.stop();
  });

  it('may fail for long: the journal goes on in segments that a start can read', async () => {
    const files = new MemoryFiles();
    files.intercept = ({ kind }) => (kind === 'writeWhole' ? { code: 'ENOSPC' } : undefined);
    const settings = { snapshotAfterBytes: 1000, segmentLimitBytes: 2000 };
    const store = await startMemoryStore(files, { settings });
    for (const id of upTo(30)) await store.commit([insertNote(id, 'x'.repeat(200))]);
    await store.stop();
    expect(store.status().snapshots).toBe(0);
    for (const name of await files.list(storeFolder)) {
      expect((await files.read(`${storeFolder}/${name}`))?.length).toBeLessThan(2500);
    }
    expect(await idsIn(files)).toEqual(upTo(30));
  });

  it('that no start could read is not kept, and the older one stays', async () => {
    const files = new MemoryFiles();
    const store = await startMemoryStore(files);
    await store.commit([insertNote(1)]);
    await store.snapshot();
    await store.commit([insertNote(2, 'x'.repeat(50_000))]);
    files.readLimitBytes = 40_000;
    await expect(store.snapshot()).rejects.toMatchObject({ code: 'store.full' });
    expect(await files.list(storeFolder)).toContain('snapshot-0000000000000002.fbs');
    await store.commit([insertNote(3)]);
    await store.stop();
    expect(await idsIn(files)).toEqual([1, 2, 3]);
  });

  it('that could make a new segment and not use it loses nothing, and the empty file goes at the next start', async () => {
    const files = new MemoryFiles();
    const store = await startMemoryStore(files);
    const fault = { code: 'EMFILE', writtenBytes: 0 };
    await store.commit([insertNote(1)]);
    files.intercept = ({ kind }) => (kind === 'openAppend' ? fault : undefined);
    await expect(store.snapshot()).rejects.toMatchObject({ code: 'EMFILE' });
    for (const id of [2, 3]) await store.commit([insertNote(id)]);
    await expect(store.snapshot()).rejects.toMatchObject({ code: 'EMFILE' });
    await store.commit([insertNote(4)]);
    files.intercept = undefined;
    const left = files.afterKill();
    expect(await left.list(storeFolder)).toHaveLength(3);
    expect(await idsIn(left)).toEqual([1, 2, 3, 4]);
    expect(await left.list(storeFolder)).toHaveLength(1);

    const torn = files.afterKill();
    const [oldest] = await torn.list(storeFolder);
    const path = `${storeFolder}/${oldest}`;
    await torn.writeWhole(path, [(await torn.read(path)) ?? new Uint8Array(), Uint8Array.of(1, 2, 3)]);
    expect(await idsIn(torn)).toEqual([1, 2, 3, 4]);

    await store.snapshot();
    await store.commit([insertNote(5)]);
    await store.stop();
    expect(await idsIn(files)).toEqual([1, 2, 3, 4, 5]);
  });

  it('that cannot begin a new segment leaves the old one in use', async () => {
    const files = new MemoryFiles();
    const store = await startMemoryStore(files);
    files.intercept = ({ kind }) => (kind === 'openAppend' ? { code: 'ENOSPC' } : undefined);
    await expect(store.snapshot()).rejects.toMatchObject({ code: 'ENOSPC' });
    await store.commit([insertNote(1)]);
    files.intercept = undefined;
    await store.snapshot();
    expect(await noteIds(store)).toEqual([1]);
    await store.stop();
  });
});
