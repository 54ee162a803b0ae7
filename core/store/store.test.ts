import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryFiles } from '../platform/memory-files.ts';
import { nodeWorkers } from '../platform/node/node-workers.ts';
import type { Workers, WorkerThread } from '../platform/workers.ts';
import { nodeStoreOptions, startTestStore } from '../testing/test-store.ts';
import { sqlBuilder } from './builder.ts';
import { createStore } from './store.ts';

let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'fleetbench-store-'));
});

afterEach(async () => {
  await rm(dataDir, { recursive: true, force: true });
});

const insertTenant = (id: string) =>
  sqlBuilder
    .insertInto('tenants')
    .values({ id, name: `name of ${id}`, created: 1_900_000_000_000 })
    .compile();
const allTenants = sqlBuilder.selectFrom('tenants').selectAll().orderBy('id').compile();

describe('the store with a real worker', () => {
  it.each(['ephemeral', 'on disk'])('reads its own writes (%s)', async (kind) => {
    const store = await startTestStore(kind === 'ephemeral' ? {} : { dataDir });
    try {
      store.append([insertTenant('a')], () => {});
      const row = { id: 'a', name: 'name of a', created: 1_900_000_000_000 };
      expect(await store.query(allTenants)).toEqual([row]);
    } finally {
      await store.stop();
    }
  });

  it('has after a restart what was acknowledged before, from journal and from snapshot', async () => {
    const first = await startTestStore({ dataDir });
    await first.commit([insertTenant('a'), insertTenant('b')]);
    await first.snapshot();
    await first.commit([insertTenant('c')]);
    await first.stop();

    const second = await startTestStore({ dataDir });
    try {
      const rows = await second.query<{ id: string }>(allTenants);
      expect(rows.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
      expect(second.status().recovery).toMatchObject({
        replayedGroups: 1,
        replayedStatements: 1,
        tornBytes: 0,
      });
    } finally {
      await second.stop();
    }
  });

  it('acknowledges appends while a slow query runs', async () => {
    const store = await startTestStore({ dataDir });
    try {
      const fill = `INSERT INTO messages (seq, series_id, timestamp, created, body)
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
        SELECT i, 1, i, i, json_object('value', json_object('temp', i % 40)) FROM n`;
      await store.commit([{ sql: fill, parameters: [] }]);
      // A filter in JSON over all messages ten times, which takes many times as long as the appends.
      const select = `SELECT count(*) AS n FROM messages, json_each('[0,1,2,3,4,5,6,7,8,9]') AS repeat
        WHERE json_extract(body, '$.value.temp') > ?`;
      const order: string[] = [];
      const slow = store.query<{ n: number }>({ sql: select, parameters: [20] }).then(([row]) => {
        order.push('query');
        return row?.n;
      });
      const appends = Array.from({ length: 10 }, (_, index) => `append ${index + 1}`);
      // Each waits for the one before, so each has a sync of its own.
      for (const name of appends) {
        await store.commit([insertTenant(name)]);
        order.push(name);
      }
      expect(await slow).toBe(475_000);
      expect(order).toEqual([...appends, 'query']);
      expect(await store.query(allTenants)).toHaveLength(10);
    } finally {
      await store.stop();
    }
  });

  it('refuses what the database cannot keep, and stays open', async () => {
    const store = await startTestStore();
    try {
      const wrong = { sql: 'INSERT INTO tenants VALUES (?, ?, ?)', parameters: ['a', undefined, true] };
      await expect(store.commit([wrong])).rejects.toThrow('Parameter 2 is undefined');
      await expect(store.query(wrong)).rejects.toThrow('Parameter 2 is undefined');
      await store.commit([insertTenant('a')]);
      expect(await store.query(allTenants)).toHaveLength(1);
    } finally {
      await store.stop();
    }
  });

  it('refuses queries and appends before the start and after the stop', async () => {
    const store = createStore(nodeStoreOptions());
    const closed = { code: 'store.unavailable', message: 'The store is closed.' };
    await expect(store.commit([insertTenant('a')])).rejects.toMatchObject(closed);
    await store.start();
    const last = store.commit([insertTenant('b')]);
    await store.stop();
    await expect(last).resolves.toBeUndefined();
    await expect(store.commit([insertTenant('c')])).rejects.toMatchObject(closed);
    await expect(store.query(allTenants)).rejects.toMatchObject(closed);
    expect(store.status().state).toBe('closed');
  });
});

describe('a worker that does not start', () => {
  it('stops the start with its reason and gives the folder back', async () => {
    const workers: Workers = {
      start: (name) => nodeWorkers.start(name, new URL('./no-such-worker.js', import.meta.url)),
    };
    await expect(startTestStore({ dataDir, workers })).rejects.toMatchObject({
      code: 'store.unavailable',
      message: expect.stringMatching(/The database worker ended: .*no-such-worker/),
    });
    await (await startTestStore({ dataDir })).stop();
  });
});

describe('a worker that ends by itself', () => {
  it('fails the store with a reason, and the next start has everything', async () => {
    const threads: WorkerThread[] = [];
    const workers: Workers = {
      start: (name, entry) => {
        const thread = nodeWorkers.start(name, entry);
        threads.push(thread);
        return thread;
      },
    };
    const store = await startTestStore({ dataDir, workers });
    await store.commit([insertTenant('a')]);
    await Promise.all(threads.map((thread) => thread.terminate()));
    await expect(store.query(allTenants)).rejects.toMatchObject({ code: 'store.unavailable' });
    await expect(store.commit([insertTenant('b')])).rejects.toMatchObject({ code: 'store.unavailable' });
    expect(store.status()).toMatchObject({
      state: 'failed',
      failure: expect.stringContaining('worker ended'),
    });
    await store.stop();
    const again = await startTestStore({ dataDir });
    expect(await again.query(allTenants)).toHaveLength(1);
    await again.stop();
  });
});

describe('an ephemeral store', () => {
  it('tells in order, later than the append, and touches no file', async () => {
    const files = new MemoryFiles();
    files.intercept = ({ kind }) => {
      throw new Error(`${kind} in an ephemeral store`);
    };
    const store = createStore({ ...nodeStoreOptions(), files });
    await store.start();
    const told: number[] = [];
    for (const id of [1, 2, 3]) store.append([insertTenant(`t${id}`)], () => told.push(id));
    expect(told).toEqual([]);
    await store.commit([]);
    expect(told).toEqual([1, 2, 3]);
    await store.snapshot();
    expect(await store.query(allTenants)).toHaveLength(3);
    await store.stop();
  });
});
