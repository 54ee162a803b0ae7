import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestStore } from '../testing/test-store.ts';
import { sqlBuilder } from './builder.ts';

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
});
