import { describe, expect, it } from 'vitest';
import { MemoryFiles } from '../platform/memory-files.ts';
import { insertNote, noteIds, startMemoryStore, upTo } from '../testing/store-kit.ts';
import { readRecord } from './record.ts';
import { repairFolder } from './repair.ts';

const first = '/data/store/journal-0000000000000001.fbj';

/** A folder whose journal holds the migration (group 1) and then one note a group. */
async function folderWithNotes(count: number): Promise<MemoryFiles> {
  const files = new MemoryFiles();
  const store = await startMemoryStore(files);
  for (const id of upTo(count)) await store.commit([insertNote(id)]);
  await store.stop();
  return files;
}

async function contentOf(files: MemoryFiles, path = first): Promise<Buffer> {
  const content = await files.read(path);
  if (!content) throw new Error(`no file ${path}`);
  return Buffer.from(content);
}

/** Where each record starts, and where the last one ends. */
function boundaries(journal: Buffer): number[] {
  const starts = [0];
  for (let offset = 0; ; ) {
    const record = readRecord(journal, offset);
    if (!record) return starts;
    offset = record.end;
    starts.push(offset);
  }
}

async function withJournal(files: MemoryFiles, journal: Uint8Array): Promise<MemoryFiles> {
  const changed = files.afterKill();
  await changed.writeWhole(first, [journal]);
  return changed;
}

/** Starts, reads, writes one more note, stops, and reads again after another start. */
async function reopen(files: MemoryFiles): Promise<{ ids: number[]; tornBytes: number }> {
  const store = await startMemoryStore(files);
  const ids = await noteIds(store);
  const { tornBytes } = store.status().recovery;
  await store.commit([insertNote(1000)]);
  await store.stop();
  const again = await startMemoryStore(files);
  expect(await noteIds(again)).toEqual([...ids, 1000]);
  await again.stop();
  return { ids, tornBytes };
}

describe('start after a kill', () => {
  it('cuts a last record torn at any byte and keeps all others', async () => {
    const files = await folderWithNotes(3);
    const journal = await contentOf(files);
    const [lastStart, end] = boundaries(journal).slice(-2) as [number, number];
    expect(end).toBe(journal.length);
    for (let length = lastStart; length < end; length++) {
      const torn = await withJournal(files, journal.subarray(0, length));
      const { ids, tornBytes } = await reopen(torn);
      expect({ length, ids, tornBytes }).toEqual({ length, ids: [1, 2], tornBytes: length - lastStart });
    }
  });

  it('cuts a last record with any byte changed, and says so', async () => {
    const files = await folderWithNotes(3);
    const journal = await contentOf(files);
    const [lastStart, end] = boundaries(journal).slice(-2) as [number, number];
    for (let at = lastStart; at < end; at++) {
      const changed = Buffer.from(journal);
      changed[at] = (changed[at] ?? 0) ^ 0x10;
      const { ids, tornBytes } = await reopen(await withJournal(files, changed));
      expect({ at, ids, tornBytes }).toEqual({ at, ids: [1, 2], tornBytes: end - lastStart });
    }
  });

  it('cuts zeros that a file system has left behind the last record', async () => {
    const files = await folderWithNotes(2);
    const zeros = await withJournal(files, Buffer.concat([await contentOf(files), Buffer.alloc(4096)]));
    expect(await reopen(zeros)).toEqual({ ids: [1, 2], tornBytes: 4096 });
  });

  it('removes the temporary file of an unfinished snapshot', async () => {
    const files = await folderWithNotes(1);
    await files.writeWhole('/data/store/snapshot-0000000000000002.fbs.tmp', [Buffer.from('part')]);
    await reopen(files);
    expect((await files.list('/data/store')).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});

describe('a damaged middle', () => {
  it('stops the start whichever byte is changed, and a repair keeps what comes before', async () => {
    const files = await folderWithNotes(5);
    const journal = await contentOf(files);
    // Groups 1 to 6: the migration and five notes. The record of note 2 is group 3.
    const starts = boundaries(journal);
    const [from, to] = [starts[2] ?? 0, starts[3] ?? 0];
    for (let at = from; at < to; at++) {
      const changed = Buffer.from(journal);
      changed[at] = (changed[at] ?? 0) ^ 0x01;
      const damaged = await withJournal(files, changed);
      await expect(startMemoryStore(damaged), `byte ${at}`).rejects.toMatchObject({ code: 'store.damaged' });
      expect(await contentOf(damaged)).toEqual(changed);

      const report = await repairFolder(damaged, '/data');
      const wholeBytesAfter = journal.length - to;
      expect(report).toMatchObject({
        keptUpToGroup: 2,
        damage: { offset: from, wholeGroupsAfter: 3, wholeBytesAfter },
      });
      expect(report.setAside).toEqual([`/data/store/damaged-journal-0000000000000001.fbj-from-${from}`]);
      expect(await contentOf(damaged, report.setAside[0])).toEqual(changed.subarray(from));
      expect(await reopen(damaged)).toEqual({ ids: [1], tornBytes: 0 });
    }
  });

  it('is told with file, place, what is whole behind it, and the command', async () => {
    const files = await folderWithNotes(4);
    const journal = await contentOf(files);
    const starts = boundaries(journal);
    journal.fill(0, starts[1], starts[2]);
    const damaged = await withJournal(files, journal);
    const whole = journal.length - (starts[2] ?? 0);
    await expect(startMemoryStore(damaged)).rejects.toThrow(
      `The journal is damaged in ${first} at byte ${starts[1]}: the record of group 2 is damaged. ` +
        `Behind it 3 groups (${whole} bytes) are whole. To open what comes before the damage and set the rest ` +
        'aside, run: fleetbench data repair --data-dir /data',
    );
  });

  it('is found when a record is missing', async () => {
    const files = await folderWithNotes(4);
    const journal = await contentOf(files);
    const starts = boundaries(journal);
    const without = Buffer.concat([journal.subarray(0, starts[2]), journal.subarray(starts[3])]);
    await expect(startMemoryStore(await withJournal(files, without))).rejects.toThrow(
      'group 3 is missing, group 4 follows',
    );
  });
});

/** Segments 1 (groups 1 to 3) and 4 (groups 4 and 5); the snapshot that made the second one was lost. */
async function folderWithTwoSegments(): Promise<MemoryFiles> {
  const files = new MemoryFiles();
  const store = await startMemoryStore(files);
  for (const id of [1, 2]) await store.commit([insertNote(id)]);
  files.intercept = ({ kind }) => (kind === 'writeWhole' ? { code: 'ENOSPC' } : undefined);
  await expect(store.snapshot()).rejects.toMatchObject({ code: 'ENOSPC' });
  files.intercept = undefined;
  for (const id of [3, 4]) await store.commit([insertNote(id)]);
  await store.stop();
  expect(await files.list('/data/store')).toEqual([
    'journal-0000000000000001.fbj',
    'journal-0000000000000004.fbj',
  ]);
  return files;
}

describe('several segments', () => {
  const second = '/data/store/journal-0000000000000004.fbj';

  it('are read one after the other', async () => {
    expect(await reopen(await folderWithTwoSegments())).toEqual({ ids: [1, 2, 3, 4], tornBytes: 0 });
  });

  it('are damaged when one that is not the last has a torn end', async () => {
    const files = await folderWithTwoSegments();
    await files.truncate(first, (await contentOf(files)).length - 1);
    await expect(startMemoryStore(files)).rejects.toThrow(
      'the record of group 3 is damaged. Behind it 2 groups',
    );
    const report = await repairFolder(files, '/data');
    expect(report).toMatchObject({ keptUpToGroup: 2, damage: { wholeGroupsAfter: 2 } });
    expect(report.setAside).toContain('/data/store/damaged-journal-0000000000000004.fbj');
    expect(await reopen(files)).toEqual({ ids: [1], tornBytes: 0 });
  });

  it('are damaged when one is missing', async () => {
    const files = await folderWithTwoSegments();
    await files.remove(first);
    await expect(startMemoryStore(files)).rejects.toThrow('group 1 is missing, group 4 follows');
    await repairFolder(files, '/data');
    expect(await files.list('/data/store')).toEqual(['damaged-journal-0000000000000004.fbj']);
    expect(await reopen(files)).toEqual({ ids: [], tornBytes: 0 });
  });

  it('may end with an empty one', async () => {
    const files = await folderWithTwoSegments();
    await files.truncate(second, 0);
    expect(await reopen(files)).toEqual({ ids: [1, 2], tornBytes: 0 });
  });

  it('are repaired to the end when a repair is killed after any step', async () => {
    const files = await folderWithTwoSegments();
    await files.truncate(first, (await contentOf(files)).length - 1);
    const all = (await contentOf(files)).length + (await contentOf(files, second)).length;
    for (let steps = 0; ; steps++) {
      const copy = files.afterKill();
      let count = 0;
      copy.intercept = ({ kind }) => {
        if (kind === 'list' || kind === 'read') return undefined;
        count += 1;
        return count > steps ? { code: 'EIO' } : undefined;
      };
      const outcome = await repairFolder(copy, '/data').then(
        () => 'done',
        () => 'killed',
      );
      const after = copy.afterPowerLoss();
      if (outcome === 'killed') await repairFolder(after, '/data');
      expect(await reopen(after)).toMatchObject({ ids: [1] });
      let kept = 0;
      for (const name of await after.list('/data/store'))
        kept += (await contentOf(after, `/data/store/${name}`)).length;
      expect(kept, `after ${steps} steps`).toBeGreaterThanOrEqual(all);
      if (outcome === 'done') break;
    }
  });
});

describe('snapshots at the start', () => {
  it('are used with the journal behind them', async () => {
    const files = new MemoryFiles();
    const store = await startMemoryStore(files);
    await store.commit([insertNote(1), insertNote(2)]);
    await store.snapshot();
    await store.commit([insertNote(3)]);
    await store.stop();
    const again = await startMemoryStore(files);
    expect(await noteIds(again)).toEqual([1, 2, 3]);
    expect(again.status().recovery).toMatchObject({ replayedGroups: 1, replayedStatements: 1 });
    await again.stop();
  });

  it('fall back to an older one, or to the journal alone, when the newest is not valid', async () => {
    const files = await folderWithNotes(3);
    await files.writeWhole('/data/store/snapshot-0000000000000004.fbs', [Buffer.from('rubbish')]);
    expect(await reopen(files)).toEqual({ ids: [1, 2, 3], tornBytes: 0 });
  });

  it('stop the start when the journal does not reach back, and a repair sets all aside', async () => {
    const files = new MemoryFiles();
    const store = await startMemoryStore(files);
    await store.commit([insertNote(1)]);
    await store.snapshot();
    await store.commit([insertNote(2)]);
    await store.stop();
    const path = '/data/store/snapshot-0000000000000002.fbs';
    const content = await contentOf(files, path);
    content[1000] = (content[1000] ?? 0) ^ 1;
    await files.writeWhole(path, [content]);
    await expect(startMemoryStore(files)).rejects.toThrow(
      `A snapshot cannot be read (${path}: wrong checksum), and the journal goes on behind it: ` +
        'group 1 is missing, group 3 follows. 1 groups (78 bytes) of it are whole.',
    );
    // Its header is needed to know what it holds.
    content[1000] = (content[1000] ?? 0) ^ 1;
    content[10] = (content[10] ?? 0) ^ 1;
    await files.writeWhole(path, [content]);
    expect((await repairFolder(files, '/data')).setAside).toHaveLength(2);
    expect(await reopen(files)).toEqual({ ids: [], tornBytes: 0 });
  });

  it('are used by a repair in spite of a damage that touches no row', async () => {
    const files = new MemoryFiles();
    const store = await startMemoryStore(files);
    for (let id = 1; id <= 3; id++) await store.commit([insertNote(id)]);
    await store.snapshot();
    await store.commit([insertNote(4)]);
    await store.stop();
    const path = '/data/store/snapshot-0000000000000004.fbs';
    const content = await contentOf(files, path);
    // Free space of the first page.
    content[28 + 2000] = (content[28 + 2000] ?? 0) ^ 1;
    await files.writeWhole(path, [content]);
    await expect(startMemoryStore(files)).rejects.toThrow('wrong checksum');
    const report = await repairFolder(files, '/data');
    expect(report).toMatchObject({
      damage: undefined,
      keptUpToGroup: 5,
      salvaged: { path, torn: [] },
      setAside: ['/data/store/damaged-snapshot-0000000000000004.fbs'],
    });
    expect(await contentOf(files, report.setAside[0])).toEqual(content);
    expect(await reopen(files)).toEqual({ ids: [1, 2, 3, 4], tornBytes: 0 });
  });

  it('give up the rows of a page that is gone, and no others', async () => {
    const files = new MemoryFiles();
    const store = await startMemoryStore(files);
    const ids = Array.from({ length: 3000 }, (_, index) => index + 1);
    await store.commit(ids.map((id) => insertNote(id)));
    await store.snapshot();
    await store.stop();
    const [name = ''] = (await files.list('/data/store')).filter((each) => each.endsWith('.fbs'));
    const path = `/data/store/${name}`;
    const content = await contentOf(files, path);
    const pages = Math.floor((content.length - 32) / 4096);
    content.fill(0xff, 28 + (pages - 3) * 4096, 28 + (pages - 2) * 4096);
    await files.writeWhole(path, [content]);
    for (const each of await files.list('/data/store')) {
      if (each.endsWith('.fbj')) await files.remove(`/data/store/${each}`);
    }
    const { salvaged } = await repairFolder(files, '/data');
    expect(salvaged?.torn).toEqual(['notes']);
    const again = await startMemoryStore(files);
    const kept = await noteIds(again);
    await again.stop();
    expect(kept.length).toBeGreaterThan(2000);
    expect(kept.length).toBeLessThan(3000);
    expect(kept.at(-1)).toBe(3000);
  });

  it('of another version stop the start and a repair, and nothing is set aside', async () => {
    const files = await folderWithNotes(2);
    const path = '/data/store/snapshot-0000000000000002.fbs';
    const before = await files.list('/data/store');
    for (const start of ['FBs1', 'FBs3']) {
      await files.writeWhole(path, [Buffer.from(start.padEnd(100, '.'))]);
      const refusal = `${path} was made by another version of Fleetbench (${start}), and this version cannot read it`;
      await expect(startMemoryStore(files)).rejects.toThrow(refusal);
      await expect(repairFolder(files, '/data')).rejects.toThrow(refusal);
    }
    expect(await files.list('/data/store')).toEqual([...before, 'snapshot-0000000000000002.fbs'].sort());
  });

  it('stop the start when nothing but a damaged one is left', async () => {
    const files = new MemoryFiles();
    await files.makeFolder('/data/store');
    await files.writeWhole('/data/store/snapshot-0000000000000002.fbs', [Buffer.from('rubbish')]);
    await expect(startMemoryStore(files)).rejects.toThrow('No valid snapshot is left');
    await repairFolder(files, '/data');
    expect(await reopen(files)).toEqual({ ids: [], tornBytes: 0 });
  });
});
