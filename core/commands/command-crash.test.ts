import { describe, expect, it } from 'vitest';
import { PlatformError } from '../contract/errors.ts';
import { VirtualClock } from '../platform/virtual-clock.ts';
import type { Statement } from '../store/types.ts';
import { CommandBench } from '../testing/test-commands.ts';

describe('commands after a crash', () => {
  it('that waited wait on, and go out when the device comes, in their order', async () => {
    const before = await CommandBench.start({ online: false });
    const made = [];
    for (const req of ['a', 'b', 'c']) made.push(await before.create({}, { value: { req } }));
    const after = await before.afterCrash();
    await after.settle();
    for (const req of ['a', 'b', 'c']) {
      expect(after.link.last.value).toEqual({ req });
      await after.answer({ req });
      await after.settle();
    }
    for (const { id } of made) expect((await after.get(id)).status).toBe('PROCESSED');
    await after.stop();
    await before.stop();
  });

  it('expire by the time that went on meanwhile', async () => {
    const before = await CommandBench.start({ online: false });
    const { id } = await before.create({ expirationInSeconds: 60 });
    await before.stop();
    before.clock.advance(59_000);
    const after = await before.afterCrash({ online: false });
    expect((await after.get(id)).status).toBe('PENDING');
    await after.pass(1);
    expect((await after.get(id)).status).toBe('EXPIRED');
    await after.stop();
  });

  it('that was being processed is answered over the next connection, and not sent again', async () => {
    const before = await CommandBench.start();
    const { id } = await before.create();
    await before.settle();
    const { correlation } = before.link.last;
    const after = await before.afterCrash();
    await after.settle();
    expect(after.link.sent).toEqual([]);
    await after.answer({ done: true }, { correlation });
    expect(await after.get(id)).toMatchObject({ status: 'PROCESSED', response: { value: { done: true } } });
    await after.stop();
    await before.stop();
  });

  it('that was being processed is tried again when its acknowledgement time is over, counted', async () => {
    const before = await CommandBench.start();
    const { id } = await before.create({ ackTimeoutInSeconds: 10, attempts: 2 });
    await before.settle();
    await before.stop();
    before.clock.advance(4000);
    const after = await before.afterCrash();
    await after.pass(5.999);
    expect(after.link.sent).toEqual([]);
    await after.pass(0.001);
    expect(after.link.last).toMatchObject({ attempt: 2, correlation: before.link.last.correlation });
    await after.pass(10);
    expect(await after.get(id)).toMatchObject({ status: 'ERROR', errorCode: 'ACK_TIMEOUT' });
    expect(after.link.sent).toHaveLength(1);
    await after.stop();
  });

  it('hold up their device no longer than they may, when time is earlier than it was said to be', async () => {
    const before = await CommandBench.start();
    const first = await before.create({ ackTimeoutInSeconds: 10 }, { value: { req: 'a' } });
    const second = await before.create({ expirationInSeconds: 3600 }, { value: { req: 'b' } });
    await before.settle();
    const clock = new VirtualClock(Date.UTC(2026, 10, 23));
    const after = await before.afterCrash({ clock });
    await after.pass(9.999);
    expect(after.link.sent).toEqual([]);
    await after.pass(0.001);
    expect(await after.get(first.id)).toMatchObject({ status: 'ERROR', errorCode: 'ACK_TIMEOUT' });
    expect(after.link.last.value).toEqual({ req: 'b' });
    await after.answer({});
    // When it was made stays as it was told.
    expect(await after.get(second.id)).toMatchObject({ status: 'PROCESSED', created: second.created });
    await after.stop();
    await before.stop();
  });

  it('that waited at a time to come expire counted from now', async () => {
    const before = await CommandBench.start({ online: false });
    const { id } = await before.create({ expirationInSeconds: 60 });
    const clock = new VirtualClock(Date.UTC(2026, 10, 23));
    const after = await before.afterCrash({ online: false, clock });
    await after.pass(59.999);
    expect((await after.get(id)).status).toBe('PENDING');
    await after.pass(0.001);
    expect((await after.get(id)).status).toBe('EXPIRED');
    await after.stop();
    await before.stop();
  });

  it('without acknowledgement that was being sent ends as interrupted', async () => {
    const before = await CommandBench.start();
    const { id } = await before.create({ ackMode: 'NONE' });
    await before.settle();
    const after = await before.afterCrash();
    expect(await after.get(id)).toMatchObject({ status: 'ERROR', errorCode: 'SENDING_INTERRUPTED' });
    await after.stop();
    await before.stop();
  });

  it('are never sent before their attempt is durable, and none is forgotten, wherever the kill comes', async () => {
    // Each round kills one write later than the round before, until a round gets through whole.
    let killed = true;
    for (let writes = 1; killed; writes++) {
      expect(writes).toBeLessThan(200);
      const before = await CommandBench.start();
      const acknowledged: string[] = [];
      let left = writes;
      before.files.intercept = ({ kind }) => (kind === 'append' && left-- <= 0 ? { code: 'EIO' } : undefined);
      before.link.onSend = (delivery) => {
        before.commands.engine.sent(delivery);
        void before.answer({}, delivery).catch(() => {});
      };
      for (let number = 0; number < 4; number++) {
        await before.create({ attempts: 5, ackTimeoutInSeconds: 10 }).then(
          ({ id }) => acknowledged.push(id),
          () => {},
        );
      }
      await before.settle().catch(() => {});
      killed = acknowledged.length < 4 || left <= 0;
      const after = await before.afterCrash({ online: false });
      for (const id of acknowledged) {
        const { history, status } = await after.get(id);
        const sent = before.link.sent.filter(({ commandId }) => commandId === id).length;
        const counted = history.filter(({ deliveryStatus }) => deliveryStatus === 'SENDING').length;
        expect(counted, `${id} after ${writes} writes`).toBeGreaterThanOrEqual(sent);
        expect(['PENDING', 'PROCESSING', 'PROCESSED']).toContain(status);
      }
      await after.stop();
      await before.stop().catch(() => {});
    }
  });

  it('get numbers that no command had before, also when the newest was deleted', async () => {
    const before = await CommandBench.start();
    const { id } = await before.create();
    await before.settle();
    await before.commands.delete(before.tenantId, id);
    before.clock.advance(5000);
    const after = await before.afterCrash();
    await after.create();
    await after.settle();
    expect(after.link.last.correlation).toBeGreaterThan(before.link.last.correlation);
    await after.stop();
    await before.stop();
  });
});

describe('commands that cannot be stored', () => {
  /** A store that is full for as long as it is told. */
  async function start() {
    const bench = await CommandBench.start();
    const refusing = { full: false };
    const append = bench.store.append.bind(bench.store);
    bench.store.append = (transaction: readonly Statement[], done) => {
      if (refusing.full) queueMicrotask(() => done(new PlatformError('store.full', 'full')));
      else append(transaction, done);
    };
    return { bench, refusing };
  }

  it('are not registered, and leave room for others', async () => {
    const { bench, refusing } = await start();
    bench.link.online = false;
    refusing.full = true;
    for (let number = 0; number < 12; number++) {
      await expect(bench.create()).rejects.toMatchObject({ code: 'store.full' });
    }
    refusing.full = false;
    for (let number = 0; number < 10; number++) await bench.create();
    await bench.stop();
  });

  it('are not sent, and go out when they can be stored again', async () => {
    const { bench, refusing } = await start();
    bench.link.online = false;
    const { id } = await bench.create();
    refusing.full = true;
    bench.link.online = true;
    bench.commands.engine.ready(bench.via());
    await bench.pass(3, 3);
    expect(bench.link.sent).toEqual([]);
    expect(await bench.way(id)).toBe('PENDING');
    refusing.full = false;
    await bench.pass(1);
    expect(bench.link.sent).toMatchObject([{ attempt: 1 }]);
    await bench.stop();
  });

  it('take an answer again that could not be stored', async () => {
    const { bench, refusing } = await start();
    const { id } = await bench.create();
    await bench.settle();
    refusing.full = true;
    await expect(bench.answer({ done: 1 })).rejects.toMatchObject({ code: 'store.full' });
    refusing.full = false;
    expect((await bench.get(id)).status).toBe('PROCESSING');
    await bench.answer({ done: 2 });
    expect(await bench.get(id)).toMatchObject({ status: 'PROCESSED', response: { value: { done: 2 } } });
    await bench.stop();
  });

  it('do not spin when their time is over and the store is full', async () => {
    const { bench, refusing } = await start();
    bench.link.online = false;
    const { id } = await bench.create({ expirationInSeconds: 5 });
    refusing.full = true;
    await bench.pass(10, 10);
    expect((await bench.get(id)).status).toBe('PENDING');
    refusing.full = false;
    await bench.pass(1);
    expect(await bench.way(id)).toBe('PENDING, EXPIRED');
    await bench.stop();
  });
});

describe('commands that have ended', () => {
  it('are kept up to the limit, the newest; open ones always', async () => {
    const bench = await CommandBench.start({ settings: { commandMaxKept: 10, commandMaxQueued: 50 } });
    bench.link.online = false;
    const open = await bench.create({}, { value: { req: 'open' } });
    bench.link.takes = (via?: unknown) => via !== undefined && ended.length > 0;
    const ended: string[] = [];
    for (let number = 0; number < 30; number++) {
      const { id } = await bench.create();
      await bench.commands.cancel(bench.tenantId, id, { force: false });
      ended.push(id);
    }
    const left = async () => {
      const rows = await bench.store.query<{ done: number }>({
        sql: 'SELECT done FROM commands',
        parameters: [],
      });
      return rows.filter(({ done }) => done === 1).length;
    };
    while ((await left()) > 11) await bench.settle();
    expect((await bench.get(open.id)).status).not.toBe('CANCELED');
    await expect(bench.get(ended[0] ?? '')).rejects.toMatchObject({ code: 'commands.notFound' });
    expect((await bench.get(ended.at(-1) ?? '')).status).toBe('CANCELED');
    await bench.stop();
  });
});
