// A process that writes to a store until it is killed. Usage: store-child.ts DATA_DIR
// It says what it does on stdout: `starting`, `started MAX_ID`, `locked`, then the number of each acknowledged
// transaction. Each transaction writes its number into two tables.
import { writeSync } from 'node:fs';
import { createStore } from '../store/store.ts';
import type { Statement } from '../store/types.ts';
import { pairMigrations } from './store-kit.ts';
import { nodeStoreOptions } from './test-store.ts';

/** Transactions on their way at any time. */
const window = 50;
const padding = 'x'.repeat(200);

/** Written at once, so that a kill cannot swallow what was said. */
function say(line: string): void {
  const bytes = Buffer.from(`${line}\n`);
  for (let offset = 0; offset < bytes.length; ) {
    try {
      offset += writeSync(1, bytes, offset);
    } catch (error) {
      // The pipe is full for now. Any other error means that the process that started this one has ended.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') process.exit(1);
    }
  }
}

function pair(id: number): Statement[] {
  const text = `${id} ${padding}`;
  return [
    { sql: 'INSERT INTO left_rows (id, text) VALUES (?, ?)', parameters: [id, text] },
    { sql: 'INSERT INTO right_rows (id, text) VALUES (?, ?)', parameters: [id, text] },
  ];
}

async function run(dataDir: string): Promise<void> {
  const store = createStore({
    ...nodeStoreOptions(),
    dataDir,
    migrations: pairMigrations,
    // Small, so that kills meet snapshots too.
    settings: { snapshotAfterBytes: 300_000 },
  });
  say('starting');
  await store.start();
  const [row] = await store.query<{ id: number }>({
    sql: 'SELECT coalesce(max(id), 0) AS id FROM left_rows',
    parameters: [],
  });
  let next = (row?.id ?? 0) + 1;
  say(`started ${next - 1}`);
  const append = (): void => {
    const id = next++;
    store.append(pair(id), (error) => {
      if (error) throw error;
      say(String(id));
      append();
    });
  };
  for (let count = 0; count < window; count++) append();
}

run(process.argv[2] ?? '').catch((error: { code?: string; message: string }) => {
  say(error.code === 'store.locked' ? 'locked' : `error ${error.message}`);
  process.exit(1);
});
