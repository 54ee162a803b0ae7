import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { actionPolicyInput } from './contract/routing.ts';
import { startTestPlatform, type TestPlatform } from './testing/test-platform.ts';

const policies = '/api/v1/event2action/actionPolicies';
const toFifo = (fifoName: string) =>
  actionPolicyInput.parse({
    name: fifoName,
    triggers: { dataMessage: {} },
    actions: { fifoPublish: [{ fifoName }] },
  });

interface Held {
  readonly policies: readonly string[];
  readonly fifos: readonly string[];
}

describe('a reset and changes of policies and FIFOs at the same time', () => {
  let bench: TestPlatform;

  beforeEach(async () => {
    bench = await startTestPlatform();
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await bench.stop();
  });

  const held = (): Held => ({
    policies: bench.platform.policies.list(bench.tenantId).map(({ id }) => id),
    fifos: bench.platform.fifos.list(bench.tenantId).map(({ name }) => name),
  });

  /** What the next start would find. */
  async function stored(): Promise<Held> {
    const read = (sql: string) => bench.platform.store.query<{ value: string }>({ sql, parameters: [] });
    const [ids, names] = await Promise.all([
      read('SELECT id AS value FROM action_policies ORDER BY created'),
      read('SELECT name AS value FROM fifos ORDER BY name'),
    ]);
    return { policies: ids.map(({ value }) => value), fifos: names.map(({ value }) => value) };
  }

  /** Calls `run` when the platform uses its store for the nth time from now on, counted from 0. */
  function atStoreUse(nth: number, run: () => void): void {
    const { store } = bench.platform;
    let uses = 0;
    const count = (): void => {
      if (uses++ === nth) run();
    };
    const { commit, query } = store;
    vi.spyOn(store, 'commit').mockImplementation((transaction) => {
      count();
      return commit.call(store, transaction);
    });
    vi.spyOn(store, 'query').mockImplementation(((statement) => {
      count();
      return query.call(store, statement);
    }) as typeof query);
  }

  it('keeps what was acknowledged after the reset, whole, and nothing from before it', async () => {
    let met = 0;
    for (let moment = 0; ; moment++) {
      await bench.call('PUT', `${policies}/old`, toFifo('old'));
      const settled: string[] = [];
      let changes: Promise<unknown> | undefined;
      atStoreUse(moment, () => {
        const replaced = bench.platform.policies.put(bench.tenantId, 'old', toFifo('new'));
        const declaration = { name: 'made', maxLengthBytes: -1, messageTtl: -1 };
        const made = bench.platform.fifos.declare(bench.tenantId, declaration);
        changes = Promise.all([
          replaced.then(() => settled.push('policy')),
          made.then(() => settled.push('FIFO')),
        ]);
      });
      await bench.platform.reset().then(() => settled.push('reset'));
      if (!changes) break;
      met++;
      await changes;
      const [policyStays, fifoStays] = ['policy', 'FIFO'].map(
        (change) => settled.indexOf(change) > settled.indexOf('reset'),
      );
      const expected = {
        policies: policyStays ? ['old'] : [],
        fifos: [...(fifoStays ? ['made'] : []), ...(policyStays ? ['new'] : [])],
      };
      expect([moment, held()]).toEqual([moment, expected]);
      expect([moment, await stored()]).toEqual([moment, expected]);
      vi.restoreAllMocks();
      await bench.call('POST', '/bench/v1/reset');
    }
    // The deletion of everything, and what each part of the platform reads when it starts anew.
    expect(met).toBeGreaterThan(5);
  });

  it('takes two resets one after the other', async () => {
    await bench.call('PUT', `${policies}/old`, toFifo('old'));
    const resets = await Promise.all([1, 2].map(() => bench.call('POST', '/bench/v1/reset')));
    expect(resets.map(({ status }) => status)).toEqual([204, 204]);
    expect([held(), await stored()]).toEqual(Array(2).fill({ policies: [], fifos: [] }));
    expect((await bench.call('PUT', `${policies}/new`, toFifo('new'))).status).toBe(200);
    expect(held()).toEqual({ policies: ['new'], fifos: ['new'] });
  });
});
