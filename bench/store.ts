// Measures the store: appends a second with sync, time to apply a row, image and start with 100,000 messages.
// Run: npm run bench:store. Bare appends with a sync each are measured beside it.
import { mkdtemp, open, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from '../core/store/database.ts';
import { GroupEncoder } from '../core/store/group-encoder.ts';
import { migrations } from '../core/store/migrations.ts';
import { createStore, type JournaledStore } from '../core/store/store.ts';
import type { Statement } from '../core/store/types.ts';
import { nodeStoreOptions } from '../core/testing/test-store.ts';

const messages = 100_000;
const body = JSON.stringify({ value: { temp: 21.5, text: 'x'.repeat(264) } });
const insertMessage =
  'INSERT INTO messages (seq, series_id, timestamp, created, body) VALUES (?, ?, ?, ?, ?)';
const insertEntry = 'INSERT INTO fifo_entries (seq, fifo_id, expires_at, body) VALUES (?, ?, ?, ?)';

/** What one device message costs: a row with one index, and a FIFO entry. */
function transaction(id: number): Statement[] {
  const time = 1_900_000_000_000 + id;
  return [
    { sql: insertMessage, parameters: [id, id % 1000, time, time, body] },
    { sql: insertEntry, parameters: [id, 1, time, body] },
  ];
}

const report = (name: string, value: number, unit: string): void =>
  console.log(`${name.padEnd(62)} ${value.toFixed(value < 100 ? 2 : 0).padStart(9)} ${unit}`);

async function timedMs(run: () => unknown): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

/** Appends all messages with `window` of them on their way at any time. */
function appendAll(store: JournaledStore, count: number, window: number, first: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let next = 0;
    let done = 0;
    const one = (): void => {
      if (next === count) return;
      store.append(transaction(first + next++), (error) => {
        if (error) reject(error);
        else if (++done === count) resolve();
        else if (store.congested) store.onRelief(one);
        else one();
      });
    };
    for (let started = 0; started < window; started++) one();
  });
}

async function measureStore(dataDir: string): Promise<void> {
  const options = { ...nodeStoreOptions(), dataDir };
  const store = createStore(options);
  await store.start();
  let id = 1;
  for (const [count, window] of [
    [2_000, 1],
    [20_000, 50],
    [messages - 22_000, 500],
  ] as const) {
    const first = id;
    id += count;
    const groupsBefore = store.status().groups;
    const ms = await timedMs(() => appendAll(store, count, window, first));
    const groups = store.status().groups - groupsBefore;
    report(`store: durable transactions, ${window} on their way`, (count / ms) * 1000, '/s');
    report(`  in a group`, count / groups, '');
  }
  const count = { sql: 'SELECT count(*) AS n FROM messages', parameters: [] };
  report('store: a query behind all of them waits', await timedMs(() => store.query(count)), 'ms');
  let during = 0;
  const snapshot = timedMs(() => store.snapshot());
  let running = true;
  void snapshot.then(() => {
    running = false;
  });
  let longestMs = 0;
  while (running) {
    longestMs = Math.max(longestMs, await timedMs(() => store.commit(transaction(id++))));
    during += 1;
  }
  report('store: snapshot', await snapshot, 'ms');
  report('  durable transactions one by one meanwhile', during, '');
  report('  the longest of them', longestMs, 'ms');
  const { journalBytes } = store.status();
  await store.stop();
  report('store: journal after it', journalBytes, 'bytes');
  report('store: start from the snapshot', await startMs(options), 'ms');
}

async function startMs(options: Parameters<typeof createStore>[0]): Promise<number> {
  const store = createStore(options);
  const ms = await timedMs(() => store.start());
  await store.stop();
  return ms;
}

async function measureReplay(dataDir: string): Promise<void> {
  const options = { ...nodeStoreOptions(), dataDir, settings: { snapshotAfterBytes: 2 ** 40 } };
  const store = createStore(options);
  await store.start();
  await appendAll(store, messages, 500, 1);
  await store.stop();
  const ms = await startMs(options);
  report('store: start from the journal alone', ms, 'ms');
  report('  rows', ((messages * 2) / ms) * 1000, '/s');
}

async function measureApply(): Promise<void> {
  const encoder = new GroupEncoder(0);
  const groups: Buffer[] = [];
  const encodeMs = await timedMs(() => {
    for (let id = 1; id <= messages; id++) {
      encoder.add(transaction(id));
      if (id % 100 === 0) groups.push(encoder.take().bytes);
    }
  });
  report('main thread: encode a transaction of two statements', (encodeMs * 1000) / messages, 'us');
  const database = await Database.open();
  const schema = new GroupEncoder(0);
  for (const step of migrations) schema.add(step.map((sql) => ({ sql, parameters: [] })));
  database.apply([{ sequence: 1, payload: schema.take().bytes }]);
  const applyMs = await timedMs(() => {
    for (const [index, payload] of groups.entries()) database.apply([{ sequence: index + 2, payload }]);
  });
  report('worker: decode and apply a message and its FIFO entry', (applyMs * 1000) / messages, 'us');
  let image = new Uint8Array();
  const imageMs = await timedMs(() => {
    image = Uint8Array.from(database.image());
  });
  report('worker: image in one piece', imageMs, 'ms');
  report('  of', image.byteLength / 1e6, 'MB');
  database.close();
}

/** The peer of the journal: appends with a sync each. */
async function measureBareAppends(folder: string): Promise<void> {
  const file = await open(join(folder, 'bare'), 'a');
  const bytes = Buffer.alloc(700);
  const syncs = 2000;
  const syncMs = await timedMs(async () => {
    for (let count = 0; count < syncs; count++) {
      await file.write(bytes);
      await file.datasync();
    }
  });
  report('bare append and sync of 700 bytes, one by one', (syncs / syncMs) * 1000, '/s');
  await file.close();
}

const folder = await mkdtemp(join(tmpdir(), 'fleetbench-bench-'));
try {
  await measureApply();
  await measureStore(join(folder, 'a'));
  await measureReplay(join(folder, 'b'));
  await measureBareAppends(folder);
} finally {
  console.log(`files: ${(await readdir(join(folder, 'a/store'))).join(', ')}`);
  await rm(folder, { recursive: true, force: true });
}
