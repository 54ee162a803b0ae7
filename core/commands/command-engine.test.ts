import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { actionPolicyInput } from '../contract/routing.ts';
import { CommandBench, testDevice } from '../testing/test-commands.ts';

const daysS = 24 * 60 * 60;

describe('the commands engine (manual 8.3)', () => {
  let bench: CommandBench;

  beforeEach(async () => {
    bench = await CommandBench.start();
  });
  afterEach(() => bench.stop());

  const sentReqs = () => bench.link.sent.map(({ value }) => (value as { req: string }).req);
  const status = async (id: string) => (await bench.get(id)).status;
  const ready = () => bench.commands.engine.ready(bench.via());

  it('takes a command to PROCESSED by sending, delivery and answer', async () => {
    const { id } = await bench.create();
    await bench.settle();
    expect(bench.link.sent).toMatchObject([
      { commandId: id, attempt: 1, ackMode: 'APPLICATIVE', value: { req: 'go' } },
    ]);
    bench.commands.engine.sent(bench.link.last);
    bench.commands.engine.delivered(bench.link.last);
    await bench.answer({ done: true });
    expect(await bench.way(id)).toBe(
      'PENDING, PROCESSING/SENDING, PROCESSING/SENT, PROCESSING/DELIVERED, PROCESSED/REPLIED',
    );
    expect(await bench.get(id)).toMatchObject({
      status: 'PROCESSED',
      deliveryStatus: 'REPLIED',
      response: { value: { done: true } },
      history: [{ status: 'PENDING' }, { nodeId: 'one' }, {}, {}, { nodeId: 'one' }],
    });
    expect(bench.told.map((command) => command.status)).toEqual([
      ...['PENDING', 'PROCESSING', 'PROCESSING', 'PROCESSING', 'PROCESSED'],
    ]);
    expect(bench.clock.pendingTimers()).not.toContain('command deadlines');
  });

  it.each([
    ['NONE', 'PENDING, PROCESSING/SENDING, PROCESSED/SENT'],
    ['NETWORK', 'PENDING, PROCESSING/SENDING, PROCESSING/SENT, PROCESSED/DELIVERED'],
  ] as const)('with ackMode %s waits for no more than that', async (ackMode, way) => {
    const { id } = await bench.create({ ackMode });
    await bench.settle();
    bench.commands.engine.sent(bench.link.last);
    bench.commands.engine.delivered(bench.link.last);
    expect(await bench.way(id)).toBe(way);
  });

  it('takes an answer that overtakes the delivery report', async () => {
    const { id } = await bench.create({ ackMode: 'NETWORK' });
    await bench.settle();
    bench.commands.engine.sent(bench.link.last);
    await bench.answer();
    bench.commands.engine.delivered(bench.link.last);
    expect(await bench.way(id)).toBe('PENDING, PROCESSING/SENDING, PROCESSING/SENT, PROCESSED/REPLIED');
  });

  it('sends one at a time, in the order of registration, and the next when one has ended', async () => {
    const made = [];
    for (const req of ['a', 'b', 'c']) made.push(await bench.create({}, { value: { req } }));
    await bench.settle();
    expect(sentReqs()).toEqual(['a']);
    await bench.answer();
    await bench.settle();
    expect(sentReqs()).toEqual(['a', 'b']);
    await bench.commands.cancel(bench.tenantId, made[1]?.id ?? '', { force: true });
    await bench.settle();
    expect(sentReqs()).toEqual(['a', 'b', 'c']);
  });

  it('does not let a command that cannot go out hold up one over another connector', async () => {
    bench.link.takes = (via?: { connector: string }) => via?.connector === 'x-connector';
    await bench.create({}, { value: { req: 'mqtt' } });
    const request = { connector: 'x-connector' as const, value: { req: 'external' } };
    await bench.commands.create(bench.tenantId, testDevice, { request }, { validate: true });
    await bench.settle();
    expect(sentReqs()).toEqual(['external']);
  });

  it('keeps commands until the device comes, up to ten', async () => {
    bench.link.online = false;
    for (let number = 0; number < 10; number++) await bench.create({}, { value: { req: `${number}` } });
    await expect(bench.create()).rejects.toMatchObject({
      code: 'commands.queueFull',
      details: expect.stringContaining('commandMaxQueued'),
    });
    expect(bench.link.sent).toEqual([]);
    bench.link.online = true;
    ready();
    await bench.settle();
    expect(sentReqs()).toEqual(['0']);
    // The one being processed waits no longer, so there is room for one more.
    await bench.create();
    await expect(bench.create()).rejects.toMatchObject({ code: 'commands.queueFull' });
  });

  it('holds the limit for those that come at the same time', async () => {
    bench.link.online = false;
    const results = await Promise.allSettled(Array.from({ length: 25 }, () => bench.create()));
    expect(results.filter((each) => each.status === 'fulfilled')).toHaveLength(10);
  });

  describe('time', () => {
    it('lets a command expire after 7 days, and not a moment earlier', async () => {
      bench.link.online = false;
      const { id, policy } = await bench.create();
      expect(policy.expirationInSeconds).toBe(7 * daysS);
      await bench.pass(7 * daysS - 0.001);
      expect(await status(id)).toBe('PENDING');
      await bench.pass(0.001);
      expect(await bench.way(id)).toBe('PENDING, EXPIRED');
      bench.link.online = true;
      ready();
      await bench.settle();
      expect(bench.link.sent).toEqual([]);
    });

    it('gives up an attempt when its acknowledgement does not come', async () => {
      const { id } = await bench.create({ ackTimeoutInSeconds: 10 });
      await bench.settle();
      bench.commands.engine.sent(bench.link.last);
      await bench.pass(9.999);
      expect(await status(id)).toBe('PROCESSING');
      await bench.pass(0.001);
      expect(await bench.get(id)).toMatchObject({ status: 'ERROR', errorCode: 'ACK_TIMEOUT' });
      expect(bench.link.withdrawn).toMatchObject([{ attempt: 1 }]);
    });

    it('tries as often as the policy says', async () => {
      const { id } = await bench.create({ ackTimeoutInSeconds: 10, attempts: 3 });
      await bench.settle();
      await bench.pass(30, 3);
      expect(bench.link.sent.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
      expect(new Set(bench.link.sent.map(({ correlation }) => correlation)).size).toBe(1);
      const attempt = 'PROCESSING/SENDING, RETRYING/ACK_TIMEOUT';
      expect(await bench.way(id)).toBe(
        `PENDING, ${attempt}, ${attempt}, PROCESSING/SENDING, ERROR/SENDING/ACK_TIMEOUT`,
      );
    });

    it('makes no attempt after the expiration, although some are left', async () => {
      const { id } = await bench.create({ ackTimeoutInSeconds: 10, attempts: 5, expirationInSeconds: 15 });
      await bench.settle();
      await bench.pass(20, 20);
      expect(bench.link.sent).toHaveLength(2);
      expect(await status(id)).toBe('EXPIRED');
    });

    it('waits with an attempt until the device is there, whatever the attempt before has become', async () => {
      const { id } = await bench.create({ ackTimeoutInSeconds: 10, attempts: 2 });
      await bench.settle();
      bench.link.online = false;
      await bench.pass(10);
      expect(await status(id)).toBe('RETRYING');
      await bench.pass(1000);
      bench.link.online = true;
      ready();
      await bench.settle();
      expect(bench.link.sent.map(({ attempt }) => attempt)).toEqual([1, 2]);
    });

    it('ends a command without acknowledgement that a network holds back past its expiration', async () => {
      const { id } = await bench.create({ ackMode: 'NONE', expirationInSeconds: 60 });
      await bench.settle();
      await bench.pass(60);
      expect(await bench.get(id)).toMatchObject({ status: 'ERROR', errorCode: 'SENDING_TIMEOUT' });
      expect(bench.link.withdrawn).toHaveLength(1);
    });
  });

  describe('what a connectivity reports', () => {
    it('gives back an attempt of which nothing left, and tries again later', async () => {
      bench.link.onSend = (delivery) => bench.commands.engine.unsent(delivery, 'gone');
      const { id } = await bench.create();
      await bench.settle();
      expect(await bench.way(id)).toBe('PENDING, PROCESSING/SENDING, PENDING');
      expect(bench.link.sent).toHaveLength(1);
      bench.link.onSend = undefined;
      await bench.pass(1);
      expect(bench.link.sent.map(({ attempt }) => attempt)).toEqual([1, 1]);
      await bench.answer();
      expect(await status(id)).toBe('PROCESSED');
    });

    it('sends nothing to a device that goes while its command is being stored', async () => {
      let asked = 0;
      bench.link.takes = () => asked++ === 0;
      const { id } = await bench.create();
      await bench.settle();
      expect(bench.link.sent).toEqual([]);
      expect(await bench.way(id)).toBe('PENDING, PROCESSING/SENDING, PENDING');
    });

    it('ends a command that failed for good, and retries one that did not', async () => {
      const failed = { errorCode: 'REFUSED', reason: 'the centre refused it' };
      const first = await bench.create({ attempts: 2 });
      await bench.settle();
      bench.commands.engine.failed(bench.link.last, { ...failed, permanent: false });
      await bench.settle();
      expect(bench.link.last.attempt).toBe(2);
      const second = await bench.create({ attempts: 2 });
      bench.commands.engine.failed(bench.link.last, { ...failed, permanent: true });
      expect(await bench.get(first.id)).toMatchObject({ status: 'ERROR', errorCode: 'REFUSED' });
      await bench.settle();
      bench.commands.engine.failed(bench.link.last, { ...failed, permanent: true });
      expect(await bench.way(second.id)).toBe('PENDING, PROCESSING/SENDING, ERROR/SENDING/REFUSED');
      expect(await bench.audited()).toContain(`Command ${second.id} was not delivered`);
    });

    it('takes no report of an attempt that is over', async () => {
      const { id } = await bench.create({ ackMode: 'NETWORK', ackTimeoutInSeconds: 10, attempts: 2 });
      await bench.settle();
      const first = bench.link.last;
      await bench.pass(10);
      bench.commands.engine.delivered(first);
      bench.commands.engine.failed(first, { errorCode: 'X', reason: '', permanent: true });
      bench.commands.engine.unsent(first, '');
      expect(await bench.get(id)).toMatchObject({ status: 'PROCESSING', deliveryStatus: 'SENDING' });
    });

    it('ends an unchecked command that its connector cannot carry', async () => {
      bench.link.problem = 'req: is missing';
      await expect(bench.create()).rejects.toMatchObject({ details: 'body.request.value: req: is missing' });
      const { id } = await bench.create({ attempts: 3 }, { validate: false });
      await bench.settle();
      expect(await bench.get(id)).toMatchObject({ status: 'ERROR', errorCode: 'INVALID_COMMAND_REQUEST' });
      expect(bench.link.sent).toEqual([]);
    });

    it('wakes all devices of a connectivity at once', async () => {
      bench.link.online = false;
      await bench.addDevice('urn:lo:nsid:test:two');
      await bench.create();
      await bench.create({}, { deviceId: 'urn:lo:nsid:test:two' });
      bench.link.online = true;
      bench.commands.engine.allReady('x-connector');
      bench.commands.engine.allReady('mqtt', 'another tenant');
      await bench.settle();
      expect(bench.link.sent).toEqual([]);
      bench.commands.engine.allReady('mqtt', bench.tenantId);
      await bench.settle();
      expect(bench.link.sent).toHaveLength(2);
    });
  });

  describe('answers that complete nothing are told in the audit log', () => {
    it('repeated', async () => {
      const { id } = await bench.create();
      await bench.settle();
      await bench.answer({ first: true });
      await bench.answer({ second: true });
      expect(await bench.audited()).toEqual(['Repeated answer to a command']);
      expect((await bench.get(id)).response).toEqual({ value: { first: true } });
    });

    it('late', async () => {
      const { id } = await bench.create({ ackTimeoutInSeconds: 10 });
      await bench.settle();
      await bench.pass(10);
      await bench.answer();
      expect(await bench.audited()).toEqual(['Late answer to a command']);
      expect(await status(id)).toBe('ERROR');
    });

    it('unknown, and of a command of another device', async () => {
      await bench.addDevice('urn:lo:nsid:test:two');
      await bench.create({}, { deviceId: 'urn:lo:nsid:test:two' });
      await bench.settle();
      await bench.answer();
      for (const correlation of [7, -1, 0.5, Number.NaN, 2 ** 60]) await bench.answer({}, { correlation });
      expect(await bench.audited()).toEqual(new Array(6).fill('Answer to an unknown command'));
    });

    it('not asked for, and too early', async () => {
      await bench.create({ ackMode: 'NONE' });
      await bench.settle();
      bench.commands.engine.sent(bench.link.last);
      await bench.answer();
      bench.link.online = false;
      await bench.create();
      await bench.answer({}, { correlation: bench.link.last.correlation + 1 });
      expect(await bench.audited()).toEqual([
        'Answer to a command that was not sent yet',
        'Answer that no command waited for',
      ]);
    });

    it('between two attempts: it is taken, and no other attempt is made', async () => {
      const { id } = await bench.create({ ackTimeoutInSeconds: 10, attempts: 2 });
      await bench.settle();
      bench.link.online = false;
      await bench.pass(10);
      await bench.answer();
      expect(await bench.way(id)).toBe(
        'PENDING, PROCESSING/SENDING, RETRYING/ACK_TIMEOUT, PROCESSED/REPLIED',
      );
      expect(await bench.audited()).toEqual(['Late answer to a command']);
      bench.link.online = true;
      ready();
      await bench.settle();
      expect(bench.link.sent).toHaveLength(1);
    });

    it('too long to keep: the command is processed, without the response', async () => {
      const { id } = await bench.create();
      await bench.settle();
      await bench.answer({ text: 'x'.repeat(70_000) });
      const command = await bench.get(id);
      expect([command.status, command.response]).toEqual(['PROCESSED', undefined]);
      expect(await bench.audited()).toEqual(['Response to a command was not kept']);
    });
  });

  describe('cancelling and deleting', () => {
    const cancel = (id: string, force = false) => bench.commands.cancel(bench.tenantId, id, { force });

    it('cancels what waits', async () => {
      bench.link.online = false;
      const { id } = await bench.create();
      await cancel(id);
      expect(await bench.way(id)).toBe('PENDING, CANCELED');
      await expect(cancel(id, true)).rejects.toMatchObject({ code: 'commands.wrongState' });
    });

    it('cancels what is processed with force only', async () => {
      const { id } = await bench.create();
      await bench.settle();
      await expect(cancel(id)).rejects.toMatchObject({
        code: 'commands.wrongState',
        details: expect.stringContaining('force=true'),
      });
      await cancel(id, true);
      expect(await status(id)).toBe('CANCELED');
      expect(bench.link.withdrawn).toHaveLength(1);
      await bench.answer();
      expect(await bench.audited()).toEqual(['Late answer to a command']);
    });

    it('deletes a command under way, and goes on with the next', async () => {
      const { id } = await bench.create({}, { value: { req: 'a' } });
      await bench.create({}, { value: { req: 'b' } });
      await bench.settle();
      const first = bench.link.last;
      await bench.commands.delete(bench.tenantId, id);
      await bench.settle();
      expect(sentReqs()).toEqual(['a', 'b']);
      await expect(bench.get(id)).rejects.toMatchObject({ code: 'commands.notFound' });
      await bench.answer({}, first);
      expect(await bench.audited()).toEqual(['Answer to an unknown command']);
    });

    it('cancels what a deleted device had to do', async () => {
      const first = await bench.create();
      const second = await bench.create();
      await bench.settle();
      await bench.inventory.deleteDevice(bench.tenantId, testDevice);
      await bench.settle();
      expect([await status(first.id), await status(second.id)]).toEqual(['CANCELED', 'CANCELED']);
    });

    it('shows and cancels nothing of another tenant', async () => {
      const { id } = await bench.create();
      for (const call of [
        () => bench.commands.get('other', id),
        () => bench.commands.delete('other', id),
        () => bench.commands.cancel('other', id, { force: true }),
      ]) {
        await expect(call()).rejects.toMatchObject({ code: 'commands.notFound' });
      }
    });
  });

  it('routes each change of status to the FIFOs of the policies that ask for it (facts 2.6)', async () => {
    const policy = (status: string[], fifoName: string) =>
      actionPolicyInput.parse({
        triggers: { commandStatus: { version: 1, filter: { status } } },
        actions: { fifoPublish: [{ fifoName }] },
      });
    await bench.policies.put(bench.tenantId, 'all', policy([], 'all'));
    await bench.policies.put(bench.tenantId, 'ends', policy(['PROCESSED', 'ERROR'], 'ends'));
    const { id } = await bench.create();
    await bench.settle();
    bench.commands.engine.sent(bench.link.last);
    await bench.answer({ ok: 1 });
    await bench.settle();
    const rows = await bench.store.query<{ body: string; name: string }>({
      sql: 'SELECT name, body FROM fifo_entries JOIN fifos ON fifos.id = fifo_id ORDER BY seq',
      parameters: [],
    });
    const events = rows.map(({ name, body }) => [name, JSON.parse(body)] as const);
    expect(events.map(([name, event]) => [name, event.status])).toEqual([
      ['all', 'PENDING'],
      ['all', 'PROCESSING'],
      ['all', 'PROCESSED'],
      ['ends', 'PROCESSED'],
    ]);
    expect(events.at(-1)?.[1]).toMatchObject({
      type: 'commandStatus',
      id,
      targetDeviceId: testDevice,
      response: { value: { ok: 1 } },
    });
  });
});
