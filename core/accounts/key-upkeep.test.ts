import { afterEach, beforeEach, expect, it } from 'vitest';
import { silentLogger } from '../platform/logger.ts';
import { Serial } from '../platform/serial.ts';
import { VirtualClock } from '../platform/virtual-clock.ts';
import type { Statement, Store } from '../store/types.ts';
import { startTestStore } from '../testing/test-store.ts';
import { until } from '../testing/until.ts';
import { accountsRepository } from './accounts-repository.ts';
import { type KeyDocument, type KeyRecord, recordOf } from './key-record.ts';
import { KeyRegistry } from './key-registry.ts';
import { KeyUpkeep } from './key-upkeep.ts';

const periodMs = 1000;
let clock: VirtualClock;
let store: Store & { stop(): Promise<void> };
let keys: KeyRegistry;
let upkeep: KeyUpkeep;
let ended: string[];
/** How many of the next transactions fail. */
let failures: number;
let transactions: number;

beforeEach(async () => {
  clock = new VirtualClock();
  store = await startTestStore();
  keys = new KeyRegistry();
  [ended, failures, transactions] = [[], 0, 0];
  const failing: Store = Object.assign(Object.create(store) as Store, {
    commit: async (statements: readonly Statement[]) => {
      if (failures-- > 0) throw new Error('the disk is full');
      transactions++;
      return store.commit(statements);
    },
  });
  const parts = { store: failing, clock, logger: silentLogger, keys, changes: new Serial() };
  upkeep = new KeyUpkeep(parts, periodMs, (over) => ended.push(...over.map(({ id }) => id)));
  upkeep.start();
});
afterEach(async () => {
  await upkeep.stop();
  await store.stop();
});

async function keep(id: string, document: Partial<KeyDocument>): Promise<KeyRecord> {
  const key = recordOf({
    ...{ id, tenantId: 't', createdMs: clock.now(), hash: id },
    document: { label: id, roles: [], active: true, fifos: [], ...document },
  });
  await store.commit([accountsRepository.insertKey(key)]);
  keys.add(key);
  return key;
}
const stored = async (): Promise<Record<string, KeyDocument>> => {
  const rows = await store.query<{ id: string; document: string }>({
    ...{ sql: 'select id, document from api_keys', parameters: [] },
  });
  return Object.fromEntries(rows.map(({ id, document }) => [id, JSON.parse(document)]));
};

it('a key that runs out is told once, at the next turn', async () => {
  await keep('later', { toMs: clock.now() + 10_000 });
  await keep('soon', { toMs: clock.now() + 500 });
  clock.advance(periodMs);
  expect(ended).toEqual(['soon']);
  clock.advance(5 * periodMs);
  expect(ended).toEqual(['soon']);
  clock.advance(5 * periodMs);
  expect(ended).toEqual(['soon', 'later']);
});

it('uses of a period are written together, the last of each key', async () => {
  const [one, two] = [await keep('one', {}), await keep('two', {})];
  for (const key of [one, two, one]) upkeep.noteUse(key, clock.now());
  clock.advance(300);
  upkeep.noteUse(one, clock.now());
  const usedMs = clock.now();
  clock.advance(periodMs);
  await until(async () => (await stored()).one?.lastActivityMs === usedMs);
  expect((await stored()).two?.lastActivityMs).toBe(usedMs - 300);
  expect(transactions).toBe(1);
});

it('a session that was not used for too long is deleted, and its use does not bring it back', async () => {
  const session = await keep('session', { userId: 'u', sessionTtlMs: 700 });
  const plain = await keep('plain', { sessionTtlMs: 700 });
  clock.advance(499);
  upkeep.noteUse(session, clock.now());
  clock.advance(501);
  expect(ended, 'used in time').toEqual(['plain']);
  clock.advance(periodMs);
  await until(async () => (await stored()).session === undefined);
  expect(ended).toEqual(['plain', 'session']);
  expect(keys.has(session)).toBe(false);
  upkeep.noteUse(session, clock.now());
  expect(session.lastActivityMs).toBeLessThan(clock.now() - 700);
  // Only sessions of users are gone for good; another key may be given more time.
  expect([(await stored()).plain !== undefined, keys.has(plain)]).toEqual([true, true]);
});

it('what could not be written is written at the next turn', async () => {
  const key = await keep('one', {});
  failures = 1;
  upkeep.noteUse(key, clock.now());
  const usedMs = clock.now();
  clock.advance(periodMs);
  await until(() => failures <= 0);
  clock.advance(periodMs);
  await until(async () => (await stored()).one?.lastActivityMs === usedMs);
});

it('the last uses are written when the program ends', async () => {
  const key = await keep('one', {});
  upkeep.noteUse(key, clock.now());
  await upkeep.stop();
  expect((await stored()).one?.lastActivityMs).toBe(clock.now());
});
