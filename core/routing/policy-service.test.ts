import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AuditLog } from '../audit/audit-log.ts';
import { EventBus } from '../bus/event-bus.ts';
import { TraceStore } from '../bus/trace-store.ts';
import { PlatformError } from '../contract/errors.ts';
import type { PlatformEvents } from '../contract/events.ts';
import { type ActionPolicyInput, actionPolicyInput } from '../contract/routing.ts';
import { silentLogger } from '../platform/logger.ts';
import { nodeRandom } from '../platform/node/node-random.ts';
import { VirtualClock } from '../platform/virtual-clock.ts';
import { defaultSettings } from '../settings.ts';
import type { JournaledStore } from '../store/store.ts';
import type { Statement, Store } from '../store/types.ts';
import { InlineWorkers } from '../testing/inline-workers.ts';
import { startTestStore } from '../testing/test-store.ts';
import type { FifoConsumer, FifoEntry } from './fifo-queue.ts';
import { FifoService } from './fifo-service.ts';
import { PolicyService } from './policy-service.ts';

const tenant = 't';
const anyMessage = { connector: 'http', deviceId: undefined, groupPath: undefined, tags: [] } as const;
const rounds = 60;

const toFifo = (...names: string[]): ActionPolicyInput =>
  actionPolicyInput.parse({
    name: names.join(),
    triggers: { dataMessage: {} },
    actions: { fifoPublish: names.map((fifoName) => ({ fifoName })) },
  });

describe('policies and their FIFOs', () => {
  let real: JournaledStore;
  let store: Store;
  let full: boolean;
  let commits: (readonly Statement[])[];
  let logged: string[];
  let clock: VirtualClock;
  let fifos: FifoService;
  let policies: PolicyService;

  beforeEach(async () => {
    real = await startTestStore({ workers: new InlineWorkers() });
    full = false;
    commits = [];
    logged = [];
    clock = new VirtualClock();
    store = {
      append: (transaction, done) => real.append(transaction, done),
      commit: async (transaction) => {
        if (full) throw new PlatformError('store.full', 'full');
        commits.push(transaction);
        await real.commit(transaction);
      },
      query: (statement) => real.query(statement),
      congested: false,
      onRelief: () => {},
      status: () => real.status(),
    };
    await start();
  });
  afterEach(async () => {
    fifos.stop();
    await real.stop();
  });

  /** New services over the same store, as after a start of the program. */
  async function start(settings = defaultSettings): Promise<void> {
    const bus = new EventBus<PlatformEvents>();
    const log = (_fields: object, message: string): void => void logged.push(message);
    const logger = { ...silentLogger, warn: log, error: log };
    const audit = new AuditLog({ store, bus, clock, logger, settings });
    const traces = new TraceStore(clock, bus, settings);
    fifos = new FifoService({ store, clock, logger, audit, traces, settings });
    policies = new PolicyService({ store, clock, random: nodeRandom, logger, fifos, settings });
    await fifos.start();
    await policies.start();
  }

  const restart = async (settings = defaultSettings): Promise<void> => {
    fifos.stop();
    await start(settings);
  };
  const fifoNames = () => fifos.list(tenant).map(({ name }) => name);
  const state = () => ({
    policies: policies.list(tenant).sort((a, b) => (a.id < b.id ? -1 : 1)),
    fifos: fifoNames(),
  });
  const entryRows = () => real.query({ sql: 'SELECT seq FROM fifo_entries', parameters: [] });

  it('switches what a change before it has made', async () => {
    for (let round = 0; round < rounds; round++) {
      await policies.put(tenant, 'p', toFifo('before'));
      await Promise.all([
        policies.put(tenant, 'p', toFifo('after')),
        policies.setEnabled(tenant, 'p', false),
      ]);
      expect(policies.get(tenant, 'p')).toMatchObject({ name: 'after', enabled: false });
      expect(fifoNames()).toEqual(['after']);
    }
  });

  it('does not revive a deleted policy by switching it', async () => {
    for (let round = 0; round < rounds; round++) {
      await policies.put(tenant, 'p', toFifo('one'));
      const [deleted, switched] = await Promise.allSettled([
        policies.delete(tenant, 'p'),
        policies.setEnabled(tenant, 'p', true),
      ]);
      expect(deleted.status).toBe('fulfilled');
      expect(switched).toMatchObject({ reason: { code: 'routing.policyNotFound' } });
      expect(state()).toEqual({ policies: [], fifos: [] });
    }
  });

  it('has a FIFO for every name and a reason for every FIFO, whatever runs at the same time', async () => {
    const names = ['a', 'b', 'c'];
    const nameOf = (n: number) => names[n % names.length] as string;
    const declaration = (name: string) => ({ name, maxLengthBytes: -1, messageTtl: -1 });
    for (let round = 0; round < rounds; round++) {
      const [one, two, three] = [nameOf(round), nameOf(round + 1), nameOf(round * 2)];
      const work = [
        () => policies.put(tenant, 'p', toFifo(one, two)),
        () => policies.deleteFifo(tenant, one, { force: true }),
        () => fifos.declare(tenant, declaration(two)),
        () => policies.put(tenant, 'q', toFifo(three)),
        () => policies.deleteFifo(tenant, two, { force: false }),
        () => policies.delete(tenant, round % 2 ? 'p' : 'q'),
        () => fifos.declare(tenant, declaration(one)),
        () => policies.setEnabled(tenant, 'p', round % 3 === 0),
        () => policies.deleteFifo(tenant, three, { force: true }),
      ];
      const from = round % work.length;
      const turned = [...work.slice(from), ...work.slice(0, from)];
      await Promise.allSettled(turned.map((run) => run()));
      const named = policies.list(tenant).flatMap(({ actions }) => actions.fifoPublish);
      for (const { fifoName } of named) expect(fifoNames()).toContain(fifoName);
      for (const queue of fifos.list(tenant)) {
        expect(fifos.declarationOf(queue) ?? policies.linkedTo(tenant, queue.name)).not.toEqual([]);
      }
    }
    const before = state();
    await restart();
    expect(state()).toEqual(before);
    expect(logged).toEqual([]);
  });

  it('changes a policy and its FIFOs in one transaction', async () => {
    await policies.put(tenant, 'p', toFifo('one', 'two'));
    await policies.put(tenant, 'p', toFifo('two', 'three'));
    await policies.delete(tenant, 'p');
    expect(commits).toHaveLength(3);
    expect(fifoNames()).toEqual([]);
  });

  it('changes nothing when it cannot be stored', async () => {
    await policies.put(tenant, 'p', toFifo('one'));
    await fifos.declare(tenant, { name: 'mine', maxLengthBytes: -1, messageTtl: -1 });
    await fifos.publish(fifos.get(tenant, 'mine'), '1');
    const before = state();
    full = true;
    for (const change of [
      policies.put(tenant, 'p', toFifo('two')),
      policies.put(tenant, 'q', toFifo('three')),
      policies.setEnabled(tenant, 'p', false),
      policies.delete(tenant, 'p'),
      policies.deleteFifo(tenant, 'mine', { force: true }),
      fifos.declare(tenant, { name: 'other', maxLengthBytes: -1, messageTtl: -1 }),
    ]) {
      await expect(change).rejects.toMatchObject({ code: 'store.full' });
    }
    expect(state()).toEqual(before);
    expect(fifos.get(tenant, 'mine').counts().messages).toBe(1);
    full = false;
    await restart();
    expect(state()).toEqual(before);
  });

  it('leaves nothing of messages that come while their FIFO goes', async () => {
    for (let round = 0; round < rounds; round++) {
      await policies.put(tenant, 'p', toFifo('one'));
      const queue = fifos.get(tenant, 'one');
      const publish = () => fifos.publish(queue, '1');
      await Promise.all([publish(), policies.delete(tenant, 'p'), publish(), publish()]);
      expect(await entryRows()).toEqual([]);
    }
  });

  it('mends at the start what does not belong together', async () => {
    await policies.put(tenant, 'p', toFifo('lost'));
    await real.commit([
      { sql: "UPDATE fifos SET name = 'unnamed' WHERE name = 'lost'", parameters: [] },
      { sql: "INSERT INTO fifo_entries VALUES (7, 99, 9e15, NULL, 'of no FIFO')", parameters: [] },
    ]);
    full = true;
    await restart();
    expect(fifoNames()).toEqual(['unnamed']);
    const { targets, description } = policies.plan(tenant, 'dataMessage', anyMessage);
    expect([targets, description]).toEqual([[], 'matched lost → fifo/lost, which is missing']);
    expect(logged).toEqual([
      'FIFOs do not match the action policies',
      'a policy names a FIFO that is missing',
    ]);
    full = false;
    await restart();
    expect(fifoNames()).toEqual(['lost']);
    expect(policies.plan(tenant, 'dataMessage', anyMessage).targets).toHaveLength(1);
    expect(await entryRows()).toEqual([]);
    logged = [];
    await restart();
    expect(logged).toEqual([]);
  });

  it('delivers after a restart what is not due, behind whatever is', async () => {
    for (const [name, messageTtl] of [
      ['short', 10],
      ['long', 100],
    ] as const) {
      await fifos.declare(tenant, { name, maxLengthBytes: -1, messageTtl });
      await fifos.publish(fifos.get(tenant, name), name);
    }
    fifos.stop();
    clock.advance(10_000);
    await start();
    const taken: string[] = [];
    const consumer: FifoConsumer = {
      name: 'c',
      canTake: () => true,
      take: (_queue, entry: FifoEntry) => void taken.push(entry.body),
      fifoRemoved: () => {},
    };
    for (const queue of fifos.list(tenant)) queue.attach(consumer);
    expect(taken).toEqual(['long']);
    expect(await entryRows()).toHaveLength(1);
  });

  it('makes no more FIFOs than a tenant may have, and tells the setting', async () => {
    await restart({ ...defaultSettings, fifoMaxPerTenant: 2 });
    await policies.put(tenant, 'p', toFifo('one', 'two'));
    const details = expect.stringMatching(/more than 2 FIFOs.*fifoMaxPerTenant/);
    const refused = { code: 'api.invalidParameter', details };
    await expect(policies.put(tenant, 'q', toFifo('three'))).rejects.toMatchObject(refused);
    const declaration = { name: 'three', maxLengthBytes: -1, messageTtl: -1 };
    await expect(fifos.declare(tenant, declaration)).rejects.toMatchObject(refused);
    await policies.put(tenant, 'p', toFifo('two', 'three'));
    await fifos.declare('other', declaration);
    expect(fifoNames()).toEqual(['three', 'two']);
  });
});
