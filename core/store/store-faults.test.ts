import { describe, expect, it } from 'vitest';
import { type FileOperation, MemoryFiles } from '../platform/memory-files.ts';
import { InlineWorkers } from '../testing/inline-workers.ts';
import { insertNote, memoryStoreOptions, noteIds, startMemoryStore, upTo } from '../testing/store-kit.ts';
import { createStore } from './store.ts';

/** Makes the n-th operation of a kind fail, counted from now on. */
function failNth(
  files: MemoryFiles,
  kind: FileOperation['kind'],
  nth: number,
  code: string,
  writtenBytes = 0,
): void {
  let count = 0;
  files.intercept = (operation) => {
    if (operation.kind !== kind) return undefined;
    count += 1;
    return count === nth ? { code, writtenBytes } : undefined;
  };
}

async function commitEach(
  store: Awaited<ReturnType<typeof startMemoryStore>>,
  ids: number[],
): Promise<string[]> {
  const outcomes: string[] = [];
  for (const id of ids) {
    outcomes.push(
      await store.commit([insertNote(id)]).then(
        () => 'stored',
        (error: { code: string }) => error.code,
      ),
    );
  }
  return outcomes;
}

describe('a write that fails', () => {
  const codes = [
    ['ENOSPC', 'store.full'],
    ['EDQUOT', 'store.full'],
    ['EIO', 'store.unavailable'],
    ['EROFS', 'store.unavailable'],
  ] as const;

  it.each(codes)('with %s gives %s, and the store goes on by itself', async (code, outcome) => {
    const count = 4;
    for (let nth = 1; nth <= count; nth++) {
      for (const writtenBytes of [0, 1, 30, 10_000]) {
        const files = new MemoryFiles();
        const store = await startMemoryStore(files);
        failNth(files, 'append', nth, code, writtenBytes);
        const outcomes = await commitEach(store, upTo(count));
        expect(outcomes).toEqual(upTo(count).map((id) => (id === nth ? outcome : 'stored')));
        const stored = upTo(count).filter((id) => id !== nth);
        expect(await noteIds(store)).toEqual(stored);
        expect(store.status()).toMatchObject(
          nth === count ? { state: 'full' } : { state: 'open', failure: undefined },
        );
        await store.stop();
        const again = await startMemoryStore(files.afterPowerLoss());
        expect(await noteIds(again)).toEqual(stored);
        expect(again.status().recovery.tornBytes).toBe(0);
        await again.stop();
      }
    }
  });

  it('tells each transaction of its group, and keeps what was acknowledged', async () => {
    const files = new MemoryFiles();
    const store = await startMemoryStore(files);
    await store.commit([insertNote(1)]);
    files.intercept = ({ kind }) => (kind === 'append' ? { code: 'ENOSPC', writtenBytes: 5 } : undefined);
    const outcomes = await Promise.allSettled([store.commit([insertNote(2)]), store.commit([insertNote(3)])]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(store.status()).toMatchObject({
      state: 'full',
      failure: expect.stringContaining('Free some space'),
    });
    expect(await noteIds(store)).toEqual([1]);
    files.intercept = undefined;
    await store.commit([insertNote(4)]);
    expect(store.status().state).toBe('open');
    expect(await noteIds(store)).toEqual([1, 4]);
    await store.stop();
  });

  it('fails the store when the unfinished part cannot be removed', async () => {
    const files = new MemoryFiles();
    const store = await startMemoryStore(files);
    await store.commit([insertNote(1)]);
    files.intercept = ({ kind }) =>
      kind === 'append' ? { code: 'ENOSPC', writtenBytes: 9 } : kind === 'cut' ? { code: 'EIO' } : undefined;
    expect(await commitEach(store, [2])).toEqual(['store.unavailable']);
    files.intercept = undefined;
    expect(await commitEach(store, [3])).toEqual(['store.unavailable']);
    expect(store.status()).toMatchObject({ state: 'failed', failure: expect.stringContaining('removing') });
    expect(await noteIds(store)).toEqual([1]);
    await store.stop();
    const again = await startMemoryStore(files);
    expect(await noteIds(again)).toEqual([1]);
    expect(again.status().recovery.tornBytes).toBe(9);
    await again.stop();
  });

  it('fails the store when a sync fails: what it has not written may be gone', async () => {
    const files = new MemoryFiles();
    const store = await startMemoryStore(files);
    await store.commit([insertNote(1)]);
    failNth(files, 'sync', 1, 'EIO');
    expect(await commitEach(store, [2, 3])).toEqual(['store.unavailable', 'store.unavailable']);
    expect(store.status()).toMatchObject({
      state: 'failed',
      failure: expect.stringContaining('failed sync'),
    });
    await store.stop();
    const again = await startMemoryStore(files.afterPowerLoss());
    expect(await noteIds(again)).toEqual([1]);
    await again.stop();
  });
});

describe('a folder that cannot be used', () => {
  it.each(['makeFolder', 'createExclusive', 'openAppend'] as const)(
    'is named when %s is refused',
    async (refused) => {
      const files = new MemoryFiles();
      files.intercept = ({ kind }) => (kind === refused ? { code: 'EROFS' } : undefined);
      await expect(startMemoryStore(files)).rejects.toThrow(
        'The data folder /data cannot be written (EROFS). Give this user the right to write there',
      );
      files.intercept = undefined;
      await (await startMemoryStore(files)).stop();
    },
  );

  it('is refused while another store has it, and free afterwards', async () => {
    const files = new MemoryFiles();
    const store = await startMemoryStore(files);
    await expect(startMemoryStore(files)).rejects.toMatchObject({ code: 'store.locked' });
    await store.stop();
    await (await startMemoryStore(files)).stop();
  });
});

describe('a database worker that fails', () => {
  it('by refusing a transaction: the store says which and takes no more, and the next start keeps it aside', async () => {
    const files = new MemoryFiles();
    const store = await startMemoryStore(files);
    await store.commit([insertNote(1)]);
    await store.commit([insertNote(1)]);
    expect(await noteIds(store)).toEqual([1]);
    expect(store.status()).toMatchObject({
      state: 'failed',
      failure: expect.stringMatching(/group 3 was acknowledged.*UNIQUE constraint failed.*INSERT INTO notes/),
    });
    await expect(store.commit([insertNote(2)])).rejects.toMatchObject({ code: 'store.unavailable' });
    await expect(store.snapshot()).rejects.toThrow('the database has failed');
    await store.stop();

    const again = await startMemoryStore(files);
    expect(await noteIds(again)).toEqual([1]);
    expect(again.status()).toMatchObject({ state: 'open', recovery: { refusedTransactions: 1 } });
    const kept = await files.read('/data/store/refused-3-0.json');
    expect(JSON.parse(Buffer.from(kept ?? []).toString())).toMatchObject({ statements: [insertNote(1)] });
    await again.stop();
  });

  it('by dying: queries and appends are refused with the reason, and nothing is lost', async () => {
    const files = new MemoryFiles();
    const workers = new InlineWorkers();
    const store = createStore(memoryStoreOptions(files, workers));
    await store.start();
    await store.commit([insertNote(1)]);
    workers.hold();
    await store.commit([insertNote(2)]);
    const query = noteIds(store);
    // The query is on its way once the turn is over.
    await new Promise((resolve) => setImmediate(resolve));
    workers.crash('out of luck');
    await expect(query).rejects.toThrow('The database worker ended: out of luck');
    await expect(store.commit([insertNote(3)])).rejects.toMatchObject({ code: 'store.unavailable' });
    expect(store.status()).toMatchObject({ state: 'failed', backlog: 0 });
    await store.stop();
    const again = await startMemoryStore(files);
    expect(await noteIds(again)).toEqual([1, 2]);
    await again.stop();
  });
});
