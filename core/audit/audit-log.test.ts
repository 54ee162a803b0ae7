import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EventBus } from '../bus/event-bus.ts';
import type { PlatformEvents } from '../contract/events.ts';
import { silentLogger } from '../platform/logger.ts';
import { VirtualClock } from '../platform/virtual-clock.ts';
import type { JournaledStore } from '../store/store.ts';
import { InlineWorkers } from '../testing/inline-workers.ts';
import { startTestStore } from '../testing/test-store.ts';
import { type AuditEntry, AuditLog } from './audit-log.ts';

const entry = (description: string): AuditEntry => ({
  level: 'error',
  category: 'data',
  subcategory: 'mqtt',
  type: 'logs_info',
  description,
  source: {},
});

describe('AuditLog', () => {
  let store: JournaledStore;

  beforeEach(async () => {
    store = await startTestStore({ workers: new InlineWorkers() });
  });
  afterEach(() => store.stop());

  async function startLog(settings: { auditMaxMessages: number; auditMaxBytes: number }): Promise<AuditLog> {
    const bus = new EventBus<PlatformEvents>();
    const log = new AuditLog({ store, bus, clock: new VirtualClock(), logger: silentLogger, settings });
    await log.start();
    return log;
  }

  /** Records one more and waits until it is durable and a trim that it begins has ended. */
  async function record(log: AuditLog, description: string): Promise<void> {
    log.record('t', entry(description));
    await store.commit([]);
    await log.stop();
  }

  async function kept(log: AuditLog): Promise<string[]> {
    const query = { offset: 0, limit: 1000, oldestFirst: true, equals: {} };
    return (await log.list('t', query)).messages.map(({ description }) => description);
  }

  it('cuts every text of a message, since a client may send as much as it likes', async () => {
    const log = await startLog({ auditMaxMessages: 10, auditMaxBytes: 1e6 });
    const long = 'x'.repeat(1001);
    const cut = `${'x'.repeat(999)}…`;
    log.record('t', {
      ...entry(long),
      detailedDescription: long,
      source: { nodeId: long, connector: 'mqtt' },
      content: { topic: long, code: 5 },
    });
    const { messages } = await log.list('t', { offset: 0, limit: 1, oldestFirst: true, equals: {} });
    expect(messages).toMatchObject([
      {
        description: cut,
        detailedDescription: cut,
        source: { nodeId: cut, connector: 'mqtt' },
        content: { topic: cut, code: 5 },
      },
    ]);
  });

  it('keeps the newest messages up to their number', async () => {
    const log = await startLog({ auditMaxMessages: 3, auditMaxBytes: 1e6 });
    for (const name of ['a', 'b', 'c', 'd', 'e']) await record(log, name);
    expect(await kept(log)).toEqual(['c', 'd', 'e']);
  });

  it('keeps the newest messages up to their size, also those of an earlier run', async () => {
    const settings = { auditMaxMessages: 1000, auditMaxBytes: 3500 };
    const first = await startLog(settings);
    for (const name of ['a', 'b', 'c', 'd', 'e']) await record(first, name.repeat(900));
    expect((await kept(first)).map((text) => text[0])).toEqual(['c', 'd', 'e']);
    const second = await startLog(settings);
    await record(second, 'f'.repeat(900));
    expect((await kept(second)).map((text) => text[0])).toEqual(['d', 'e', 'f']);
  });
});
