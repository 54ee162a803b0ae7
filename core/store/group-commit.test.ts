import { describe, expect, it } from 'vitest';
import { PlatformError } from '../contract/errors.ts';
import { GroupCommit } from './group-commit.ts';
import type { EncodedGroup } from './group-encoder.ts';
import type { Statement } from './types.ts';

const one: Statement[] = [{ sql: 'S', parameters: [] }];
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A journal whose writes end when the test says so. */
class ManualJournal {
  readonly written: EncodedGroup[] = [];
  readonly thrown: unknown[] = [];
  private end: ((error?: Error) => void)[] = [];

  readonly commits = (largestGroupBytes: number): GroupCommit =>
    new GroupCommit(
      {
        write: (group) =>
          new Promise((resolve, reject) => {
            this.written.push(group);
            this.end.push((error) => (error ? reject(error) : resolve()));
          }),
        settled: () => {},
        callbackThrew: (error) => this.thrown.push(error),
      },
      largestGroupBytes,
    );

  /** Ends the write that is running. */
  async finish(error?: Error): Promise<void> {
    this.end.shift()?.(error);
    await turn();
  }

  get sizes(): number[] {
    return this.written.map(({ transactions }) => transactions);
  }
}

function setUp(largestGroupBytes = 1_000_000) {
  const journal = new ManualJournal();
  const commits = journal.commits(largestGroupBytes);
  const told: string[] = [];
  const add = (name: string, transaction = one): void =>
    commits.add(transaction, (error) => told.push(error ? `${name}: ${error.message}` : name));
  return { journal, commits, told, add };
}

describe('group commit', () => {
  it('writes what one turn adds as one group, and collects the next while it is written', async () => {
    const { journal, told, add } = setUp();
    add('a');
    add('b');
    await turn();
    add('c');
    add('d');
    add('e');
    await turn();
    expect(journal.sizes).toEqual([2]);
    expect(told).toEqual([]);
    await journal.finish();
    expect(told).toEqual(['a', 'b']);
    expect(journal.sizes).toEqual([2, 3]);
    await journal.finish();
    expect(told).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('tells all of a failed group, and writes the next one all the same', async () => {
    const { journal, told, add } = setUp();
    add('a');
    add('b');
    await turn();
    add('c');
    await journal.finish(new PlatformError('store.full', 'full'));
    expect(told).toEqual(['a: full', 'b: full']);
    await journal.finish();
    expect(told).toEqual(['a: full', 'b: full', 'c']);
  });

  it('closes a group that is large enough, and writes the groups in order', async () => {
    const { journal, told, add } = setUp(20);
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']) add(name);
    await turn();
    while (told.length < 9) await journal.finish();
    expect(journal.sizes.length).toBeGreaterThan(1);
    expect(told.join('')).toBe('abcdefghi');
  });

  it('keeps the order also for what is refused', async () => {
    const { journal, commits, told, add } = setUp();
    add('a');
    add('b', [{ sql: 'S', parameters: [undefined] }]);
    commits.refuse(new PlatformError('store.unavailable', 'no'), (error) =>
      told.push(`c: ${error?.message}`),
    );
    add('d');
    commits.afterPending(() => told.push('all'));
    await turn();
    await journal.finish();
    expect(told.map((text) => text.slice(0, 5))).toEqual(['a', 'b: Pa', 'c: no', 'd', 'all']);
    expect(journal.sizes).toEqual([2]);
  });

  it('counts what is not written yet', async () => {
    const { journal, commits, add } = setUp();
    expect(commits.pendingBytes).toBe(0);
    add('a');
    const bytes = commits.pendingBytes;
    expect(bytes).toBeGreaterThan(0);
    await turn();
    add('b');
    expect(commits.pendingBytes).toBe(bytes * 2);
    await journal.finish();
    expect(commits.pendingBytes).toBe(bytes);
    await journal.finish();
    expect(commits.pendingBytes).toBe(0);
  });

  it('calls the others when a callback throws', async () => {
    const { journal, commits, told, add } = setUp();
    commits.add(one, () => {
      throw new Error('from the callback');
    });
    add('b');
    await turn();
    await journal.finish();
    expect(told).toEqual(['b']);
    expect(journal.thrown).toHaveLength(1);
  });

  it('runs at once what waits for nothing', () => {
    const { commits } = setUp();
    let ran = false;
    commits.afterPending(() => {
      ran = true;
    });
    expect(ran).toBe(true);
  });
});
