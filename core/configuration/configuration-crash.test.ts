import { afterEach, describe, expect, it } from 'vitest';
import { AuditLog } from '../audit/audit-log.ts';
import { EventBus } from '../bus/event-bus.ts';
import { TraceStore } from '../bus/trace-store.ts';
import {
  type ConfigurationDelivery,
  type ConfigurationDownlink,
  Connectivities,
} from '../connectors/connector.ts';
import type { ConfigValue } from '../contract/configuration.ts';
import { PlatformError } from '../contract/errors.ts';
import type { PlatformEvents } from '../contract/events.ts';
import { InventoryService } from '../inventory/inventory-service.ts';
import type { DeviceInterface } from '../inventory/types.ts';
import { silentLogger } from '../platform/logger.ts';
import { MemoryFiles } from '../platform/memory-files.ts';
import { nodeRandom } from '../platform/node/node-random.ts';
import type { Processes } from '../platform/processes.ts';
import { VirtualClock } from '../platform/virtual-clock.ts';
import { FifoService } from '../routing/fifo-service.ts';
import { defaultSettings } from '../settings.ts';
import { createStore } from '../store/store.ts';
import type { Statement } from '../store/types.ts';
import { memoryStoreOptions } from '../testing/store-kit.ts';
import { ConfigurationService } from './configuration-service.ts';

const tenantId = 't';
const deviceId = 'urn:lo:nsid:test:one';
const int = (value: number): ConfigValue => ({ type: 'INT32', value });

/** A connectivity that sends to nowhere. */
class TestDownlink implements ConfigurationDownlink {
  readonly answerTimeoutMs = 60_000;
  online = true;
  readonly sent: ConfigurationDelivery[] = [];
  takes = (): boolean => this.online;
  send(_via: DeviceInterface, delivery: ConfigurationDelivery): void {
    this.sent.push(delivery);
  }
}

/** Each bench is a process of its own to the lock of its data. */
let nextPid = 500_000;
const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const bench of running.splice(0).reverse()) await bench.stop().catch(() => {});
});

async function start(files = new MemoryFiles(), clock = new VirtualClock(), online = true) {
  const pid = nextPid++;
  const processes: Processes = {
    current: { pid, startMark: 'test' },
    isRunning: async (other) => other.pid === pid,
  };
  const logger = silentLogger;
  const settings = defaultSettings;
  const bus = new EventBus<PlatformEvents>();
  const store = createStore({ ...memoryStoreOptions(files), processes, clock, migrations: undefined });
  const inventory = new InventoryService({ store, clock, random: nodeRandom, bus, logger });
  const audit = new AuditLog({ store, bus, clock, logger, settings });
  const traces = new TraceStore(clock, bus, settings);
  const fifos = new FifoService({ store, clock, logger, audit, traces, settings });
  const link = new TestDownlink();
  link.online = online;
  const connectivities = new Connectivities();
  connectivities.add({ connector: 'mqtt', configuration: link });
  const parts = { store, clock, bus, audit, fifos, connectivities, settings, registry: inventory };
  const service = new ConfigurationService(parts);
  await store.start();
  await inventory.start();
  await audit.start();
  await fifos.start();
  await service.start();
  if (!inventory.findDevice(tenantId, deviceId)) {
    const interfaces = [{ connector: 'mqtt', enabled: true, definition: { clientId: 'one' } }];
    await inventory.createDevice(tenantId, { id: deviceId, interfaces });
  }
  const bench = {
    ...{ files, clock, link, store, service, inventory },
    async stop(): Promise<void> {
      service.stop();
      fifos.stop();
      await inventory.stop();
      await audit.stop();
      await store.stop();
    },
    /** As the program would start after a loss of power. */
    afterCrash: (isOnline = true) => start(files.afterPowerLoss(), clock, isOnline),
    request: (parameters: Record<string, ConfigValue>) =>
      service.request(tenantId, deviceId, { parameters } as never),
    async statuses(): Promise<Record<string, string>> {
      const { parameters } = await service.get(tenantId, deviceId);
      return Object.fromEntries(Object.entries(parameters).map(([key, each]) => [key, each.syncStatus]));
    },
    via(): DeviceInterface {
      const [via] = inventory.findDevice(tenantId, deviceId)?.interfaces ?? [];
      if (!via) throw new Error('the device has no interface');
      return via;
    },
    answer(correlation: number | undefined, values: Record<string, ConfigValue>): Promise<void> {
      const report = { correlation, values: new Map(Object.entries(values)), problems: [] };
      return new Promise((resolve, reject) => {
        service.engine.reported(this.via(), report, (error) => (error ? reject(error) : resolve()));
      });
    },
    async settle(): Promise<void> {
      for (let turn = 0; turn < 3; turn++) await store.query({ sql: 'SELECT 1', parameters: [] });
    },
  };
  running.push(bench);
  return bench;
}

describe('configuration after a crash', () => {
  it('that waited is sent, and what was under way is sent again under a new number', async () => {
    const before = await start();
    await before.request({ a: int(1) });
    await before.settle();
    before.link.online = false;
    await before.request({ b: int(2) });
    expect(await before.statuses()).toEqual({ a: 'SENT', b: 'PENDING' });
    const after = await before.afterCrash();
    await after.settle();
    expect(after.link.sent.map(({ parameters }) => [...parameters.keys()])).toEqual([['a', 'b']]);
    const [first] = before.link.sent;
    const [second] = after.link.sent;
    expect(second?.correlation).toBeGreaterThan(first?.correlation ?? 0);
    await after.answer(second?.correlation, { a: int(1), b: int(3) });
    expect(await after.statuses()).toEqual({ a: 'OK', b: 'FAILED' });
  });

  it('takes the answer to what was sent before it', async () => {
    const before = await start();
    await before.request({ a: int(1) });
    await before.settle();
    const after = await before.afterCrash(false);
    await after.answer(before.link.sent[0]?.correlation, { a: int(1) });
    expect(await after.statuses()).toEqual({ a: 'OK' });
  });

  it('has every request that was answered, and nothing was sent that is not noted, wherever the kill comes', async () => {
    // Each round kills one write later than the round before, until a round gets through whole.
    let killed = true;
    for (let writes = 1; killed; writes++) {
      expect(writes).toBeLessThan(200);
      const before = await start();
      const acknowledged: string[] = [];
      let left = writes;
      before.files.intercept = ({ kind }) => (kind === 'append' && left-- <= 0 ? { code: 'EIO' } : undefined);
      for (const key of ['a', 'b', 'c', 'd']) {
        await before.request({ [key]: int(1) }).then(
          () => acknowledged.push(key),
          () => {},
        );
      }
      await before.settle().catch(() => {});
      killed = acknowledged.length < 4 || left <= 0;
      const after = await before.afterCrash(false);
      const { parameters } = await after.service.get(tenantId, deviceId).catch(() => ({ parameters: {} }));
      for (const key of acknowledged) {
        expect(Object.keys(parameters), `after ${writes} writes`).toContain(key);
      }
      const known = await after.store.query<{ correlation: number }>({
        sql: 'SELECT correlation FROM configurations',
        parameters: [],
      });
      for (const { correlation } of before.link.sent) {
        expect(known[0]?.correlation, `after ${writes} writes`).toBeGreaterThanOrEqual(correlation);
      }
    }
  });
});

describe('configuration that cannot be stored', () => {
  async function startFull() {
    const bench = await start();
    const refusing = { full: false };
    const append = bench.store.append.bind(bench.store);
    bench.store.append = (transaction: readonly Statement[], done) => {
      if (refusing.full) queueMicrotask(() => done(new PlatformError('store.full', 'full')));
      else append(transaction, done);
    };
    return { bench, refusing };
  }

  it('is refused, and nothing of it is left', async () => {
    const { bench, refusing } = await startFull();
    refusing.full = true;
    await expect(bench.request({ a: int(1) })).rejects.toMatchObject({ code: 'store.full' });
    refusing.full = false;
    expect(await bench.statuses()).toEqual({});
    await bench.request({ b: int(1) });
    await bench.settle();
    expect([...(bench.link.sent[0]?.parameters.keys() ?? [])]).toEqual(['b']);
    expect(bench.link.sent).toHaveLength(1);
  });

  it('is not sent, does not spin, and goes out when it can be stored again', async () => {
    const { bench, refusing } = await startFull();
    bench.link.online = false;
    await bench.request({ a: int(1) });
    refusing.full = true;
    bench.link.online = true;
    bench.service.engine.ready(bench.via());
    for (let second = 0; second < 3; second++) {
      bench.clock.advance(1000);
      await bench.settle();
    }
    expect(bench.link.sent).toEqual([]);
    refusing.full = false;
    bench.clock.advance(1000);
    await bench.settle();
    expect(bench.link.sent).toHaveLength(1);
    expect(await bench.statuses()).toEqual({ a: 'SENT' });
  });

  it('takes an answer again that could not be stored', async () => {
    const { bench, refusing } = await startFull();
    await bench.request({ a: int(1) });
    await bench.settle();
    const correlation = bench.link.sent[0]?.correlation;
    refusing.full = true;
    await expect(bench.answer(correlation, { a: int(2) })).rejects.toMatchObject({ code: 'store.full' });
    refusing.full = false;
    expect(await bench.statuses()).toEqual({ a: 'SENT' });
    await bench.answer(correlation, { a: int(1) });
    expect(await bench.statuses()).toEqual({ a: 'OK' });
  });

  it('waits a moment when a connectivity did not get it out, and does not count that', async () => {
    const { bench } = await startFull();
    await bench.request({ a: int(1) });
    for (let attempt = 1; attempt <= 5; attempt++) {
      await bench.settle();
      expect(bench.link.sent).toHaveLength(attempt);
      const [last] = bench.link.sent.slice(-1);
      if (last) bench.service.engine.unsent(last, 'no room');
      bench.clock.advance(1000);
    }
    await bench.settle();
    expect(await bench.statuses()).toEqual({ a: 'SENT' });
  });
});
