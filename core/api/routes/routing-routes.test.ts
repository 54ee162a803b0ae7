import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startTestPlatform, type TestPlatform } from '../../testing/test-platform.ts';

const policies = '/api/v1/event2action/actionPolicies';
const fifos = '/api/v1/event2action/fifos';
const declared = '/api/v0/topics/fifo';

describe('action policies and FIFOs over HTTP (facts 10, 11)', () => {
  let bench: TestPlatform;

  beforeAll(async () => {
    bench = await startTestPlatform();
  });
  afterAll(() => bench.stop());
  beforeEach(() => bench.platform.reset());
  afterEach(() => vi.restoreAllMocks());

  const toFifo = (...names: string[]) => ({
    name: 'p',
    triggers: { dataMessage: { version: 1, filter: { connectors: ['http'] } } },
    actions: { fifoPublish: names.map((fifoName) => ({ fifoName })) },
  });
  const namesOf = async () => (await bench.call('GET', fifos)).body.map(({ name }: any) => name);

  it('creates, reads, lists, replaces, switches and deletes a policy', async () => {
    const { status, body: made } = await bench.call('POST', policies, toFifo('one'));
    expect(status).toBe(200);
    const expected = {
      id: expect.stringMatching(/^[0-9a-f]{24}$/),
      name: 'p',
      enabled: true,
      triggers: { dataMessage: { version: 1, filter: { connectors: ['http'] } } },
      actions: { fifoPublish: [{ fifoName: 'one', noRetention: false }] },
    };
    expect(made).toEqual(expected);
    expect((await bench.call('GET', `${policies}/${made.id}`)).body).toEqual(made);
    expect((await bench.call('GET', policies)).body).toEqual([made]);
    expect((await bench.call('GET', `${policies}?triggerType=dataMessage`)).body).toEqual([made]);
    expect((await bench.call('GET', `${policies}?triggerType=deviceCreated`)).body).toEqual([]);
    expect((await bench.call('PUT', `${policies}/${made.id}`, toFifo('two'))).status).toBe(200);
    expect(await namesOf()).toEqual(['two']);
    expect((await bench.call('PUT', `${policies}/${made.id}/enabled`, false)).status).toBe(204);
    expect((await bench.call('GET', `${policies}/${made.id}`)).body.enabled).toBe(false);
    expect((await bench.call('DELETE', `${policies}/${made.id}`)).status).toBe(204);
    expect((await bench.call('GET', `${policies}/${made.id}`)).status).toBe(404);
    expect(await namesOf()).toEqual([]);
  });

  it('takes every status of the compatible API as a filter of command states', async () => {
    const status = [
      'PENDING',
      'PROCESSING',
      'RETRYING',
      'EXPIRED',
      'PROCESSED',
      'CANCELED',
      'ERROR',
      'UNKNOWN',
    ];
    const policy = { ...toFifo('one'), triggers: { commandStatus: { version: 1, filter: { status } } } };
    const made = await bench.call('PUT', `${policies}/states`, policy);
    expect([made.status, made.body.triggers]).toEqual([200, policy.triggers]);
  });

  it('routes to every FIFO of every matching policy once, and not while it is switched off', async () => {
    await bench.call('PUT', `${policies}/a`, toFifo('one', 'two'));
    await bench.call('PUT', `${policies}/b`, toFifo('two'));
    await bench.call('PUT', `${policies}/c`, { ...toFifo('off'), enabled: false });
    await bench.call('POST', '/api/v0/data/streams/s', { value: {} });
    const { body } = await bench.call('GET', `${fifos}?withStatus=true`);
    expect(body).toEqual([
      { name: 'off', status: { messages: 0, consumers: 0 }, linkedActions: [{ actionPolicyId: 'c' }] },
      { name: 'one', status: { messages: 1, consumers: 0 }, linkedActions: [{ actionPolicyId: 'a' }] },
      {
        name: 'two',
        status: { messages: 1, consumers: 0 },
        linkedActions: [{ actionPolicyId: 'a' }, { actionPolicyId: 'b' }],
      },
    ]);
  });

  it('filters by tags', async () => {
    const filter = { tags: [['a', 'b'], ['c']] };
    const policy = { ...toFifo('tagged'), triggers: { dataMessage: { filter } } };
    await bench.call('PUT', `${policies}/p`, policy);
    for (const tags of [['a'], ['a', 'b'], ['c', 'x'], []]) {
      await bench.call('POST', '/api/v0/data/streams/s', { value: {}, tags });
    }
    const { body } = await bench.call('GET', `${fifos}/tagged?withStatus=true`);
    expect(body.status.messages).toBe(2);
  });

  it.each([
    ['no trigger', { ...toFifo('x'), triggers: {} }, /triggers/],
    ['no action', { ...toFifo('x'), actions: { fifoPublish: [] } }, /fifoPublish/],
    ['21 actions', toFifo(...Array.from({ length: 21 }, (_, n) => `f${n}`)), /fifoPublish.*20/],
    ['a bad FIFO name', toFifo('a b'), /fifoName.*only letters/],
    ['an id where the platform gives it', { ...toFifo('x'), id: 'mine' }, /^id: not allowed here/],
    [
      '21 connectors',
      { ...toFifo('x'), triggers: { dataMessage: { filter: { deviceIds: Array(21).fill('d') } } } },
      /20/,
    ],
    [
      'an unknown connector',
      { ...toFifo('x'), triggers: { dataMessage: { filter: { connectors: ['usb'] } } } },
      /connectors/,
    ],
    ['an unknown field', { ...toFifo('x'), color: 'red' }, /color/],
  ])('refuses %s', async (_name, body, details) => {
    const answer = await bench.call('POST', policies, body);
    expect([answer.status, answer.body.code]).toEqual([400, 'GENERIC_INVALID_PARAMETER_ERROR']);
    expect(answer.body.details).toMatch(details);
  });

  it.each([
    [{ ...toFifo('x'), triggers: { deviceCreated: { version: 1, filter: {} } } }, 'trigger deviceCreated'],
    [{ ...toFifo('x'), actions: { httpPush: [{ webhookUrl: 'http://localhost:8080' }] } }, 'action httpPush'],
  ])('answers 501 for what it knows and does not offer', async (body, named) => {
    const answer = await bench.call('POST', policies, body);
    expect(answer.status).toBe(501);
    expect(answer.body.details).toContain(named);
  });

  it('wants the id of the path and of the body to be the same', async () => {
    const { status, body } = await bench.call('PUT', `${policies}/a`, { ...toFifo('x'), id: 'b' });
    expect([status, body.details]).toEqual([400, expect.stringContaining('the path says a')]);
  });

  it('makes, shows, fills and deletes a FIFO by name (v0)', async () => {
    const { status } = await bench.call('POST', declared, {
      name: 'mine',
      maxLengthBytes: 524_288,
      messageTtl: 60,
    });
    expect(status).toBe(200);
    expect((await bench.call('POST', declared, { name: 'mine' })).status).toBe(409);
    expect((await bench.call('POST', `${declared}/mine`, { hello: 'world' })).status).toBe(200);
    const expected = {
      name: 'mine',
      maxLengthBytes: 524_288,
      messageTtl: 60,
      messages: 1,
      messageBytes: 17,
      messageUnacknowledged: 0,
      messageUnacknowledgedBytes: 0,
      consumers: 0,
    };
    expect((await bench.call('GET', `${declared}/mine`)).body).toEqual(expected);
    expect((await bench.call('GET', declared)).body).toEqual({
      page: 0,
      size: 20,
      totalCount: 1,
      data: [expected],
    });
    bench.clock.advance(60_000);
    expect((await bench.call('GET', `${declared}/mine`)).body.messages).toBe(0);
    expect((await bench.call('DELETE', `${declared}/mine`)).status).toBe(204);
    expect((await bench.call('DELETE', `${declared}/mine`)).status).toBe(404);
  });

  it.each([
    [{ name: 'x', maxLengthBytes: 100 }, /maxLengthBytes.*524288/],
    [{ name: 'x/y' }, /name/],
    [{}, /name/],
  ])('refuses the declaration %j', async (body, details) => {
    const answer = await bench.call('POST', declared, body);
    expect(answer.status).toBe(400);
    expect(answer.body.details).toMatch(details);
  });

  it('keeps a declared FIFO when its last policy goes, and refuses to delete one that a policy names', async () => {
    await bench.call('POST', declared, { name: 'mine' });
    await bench.call('PUT', `${policies}/a`, toFifo('mine'));
    const refused = await bench.call('DELETE', `${declared}/mine?force=true`);
    expect([refused.status, refused.body.code]).toEqual([409, 'FIFO_IN_USE']);
    await bench.call('DELETE', `${policies}/a`);
    expect(await namesOf()).toEqual(['mine']);
  });

  it('keeps tenants apart', async () => {
    await bench.call('PUT', `${policies}/a`, toFifo('one'));
    const { masterKey } = await bench.platform.accounts.createTenant(`other ${bench.clock.now()}`);
    const other = (method: string, path: string, body?: unknown) => bench.call(method, path, body, masterKey);
    expect((await other('GET', policies)).body).toEqual([]);
    expect((await other('GET', fifos)).body).toEqual([]);
    expect((await other('GET', `${policies}/a`)).status).toBe(404);
    expect((await other('DELETE', `${policies}/a`)).status).toBe(404);
    expect((await other('GET', `${fifos}/one`)).status).toBe(404);
    await other('PUT', `${policies}/a`, toFifo('one'));
    await bench.call('POST', '/api/v0/data/streams/s', { value: {} });
    expect((await other('GET', `${fifos}/one?withStatus=true`)).body.status.messages).toBe(0);
  });

  it('shows what waits in a FIFO and takes nothing out', async () => {
    await bench.call('POST', declared, { name: 'one' });
    for (const n of [1, 2, 3]) await bench.call('POST', `${declared}/one`, { n });
    const look = () => bench.call('GET', '/bench/v1/fifos/one/messages?limit=2');
    const { body } = await look();
    expect(body.map((message: any) => message.body)).toEqual(['{"n":1}', '{"n":2}']);
    expect((await look()).body).toEqual(body);
    const limited = await bench.key(['BUS_R'], ['other']);
    expect((await bench.call('GET', '/bench/v1/fifos/one/messages', undefined, limited)).status).toBe(403);
  });

  it('refuses a message that is larger than the FIFO, and drops nothing for it', async () => {
    await bench.call('POST', declared, { name: 'one', maxLengthBytes: 524_288 });
    await bench.call('POST', `${declared}/one`, 'waits');
    const { status, body } = await bench.call('POST', `${declared}/one`, 'x'.repeat(524_288));
    expect([status, body.code]).toEqual([413, 'GENERIC_PAYLOAD_TOO_LARGE_ERROR']);
    expect(body.details).toBe('It has 524290 bytes; maxLengthBytes of FIFO one is 524288.');
    expect((await bench.call('GET', `${declared}/one`)).body.messages).toBe(1);
  });

  it('stores a data message that is larger than a FIFO it is routed to, and says that this one missed it', async () => {
    await bench.call('POST', declared, { name: 'small', maxLengthBytes: 524_288 });
    await bench.call('PUT', `${policies}/p`, toFifo('small', 'wide'));
    await bench.call('POST', '/api/v0/data/streams/s', { value: { n: 1 } });
    await bench.call('POST', '/api/v0/data/streams/s', { value: { text: 'x'.repeat(600_000) } });
    expect((await bench.call('GET', `${declared}/small`)).body.messages).toBe(1);
    expect((await bench.call('GET', `${declared}/wide`)).body.messages).toBe(2);
    const [{ id }] = (await bench.call('GET', '/api/v0/data/streams/s?limit=1')).body;
    const { body: trace } = await bench.call('GET', `/bench/v1/traces/${id}`);
    expect(trace.outcome).toBe('ok');
    expect(trace.steps).toContainEqual(
      expect.objectContaining({
        stage: 'fifo',
        outcome: 'dropped',
        reason: 'dropped, because it alone is larger than maxLengthBytes of the FIFO (fifo/small)',
      }),
    );
    bench.clock.advance(1000);
    const { body: audit } = await bench.call('GET', '/api/v0/auditlog/messages?subcategory=fifo');
    expect(audit).toHaveLength(1);
    expect(audit[0]).toMatchObject({
      description: 'FIFO small dropped 1 messages',
      content: { fifoName: 'small', expired: 0, overflow: 0, tooLarge: 1 },
    });
  });

  it.each([{ messageTtl: 0 }, { maxLengthBytes: 0 }])('keeps nothing with %j', async (limits) => {
    await bench.call('POST', declared, { name: 'one', ...limits });
    await bench.call('PUT', `${policies}/p`, toFifo('one'));
    await bench.call('POST', `${declared}/one`, {});
    await bench.call('POST', '/api/v0/data/streams/s', { value: {} });
    expect((await bench.call('GET', `${declared}/one`)).body.messages).toBe(0);
    const [{ id }] = (await bench.call('GET', '/api/v0/data/streams/s')).body;
    const { body: trace } = await bench.call('GET', `/bench/v1/traces/${id}`);
    expect(trace.outcome).toBe('ok');
    expect(trace.steps.at(-1).reason).toMatch(/no consumer was there and the FIFO keeps nothing/);
  });

  it('says that a FIFO is gone when it goes while a message for it is being stored', async () => {
    await bench.call('POST', declared, { name: 'one' });
    const { store } = bench.platform;
    const { commit } = store;
    let gone = 0;
    vi.spyOn(store, 'commit').mockImplementationOnce(async (transaction) => {
      await commit.call(store, transaction);
      gone = (await bench.call('DELETE', `${declared}/one`)).status;
    });
    const answer = await bench.call('POST', `${declared}/one`, { too: 'late' });
    expect([gone, answer.status]).toEqual([204, 404]);
    expect(answer.body).toMatchObject({
      code: 'FIFO_NOT_FOUND',
      details: expect.stringMatching(/one was deleted/),
    });
    // A new one of that name has nothing of the old one's.
    await bench.call('POST', declared, { name: 'one' });
    expect((await bench.call('GET', `${declared}/one`)).body.messages).toBe(0);
  });

  it('stores a data message whose FIFO goes meanwhile, and its trace says what it missed', async () => {
    await bench.call('PUT', `${policies}/p`, toFifo('one'));
    const { store } = bench.platform;
    const { append } = store;
    let gone = 0;
    vi.spyOn(store, 'append').mockImplementationOnce((transaction, done) => {
      append.call(store, transaction, (error) => {
        void bench.call('DELETE', `${policies}/p`).then(({ status }) => {
          gone = status;
          done(error);
        });
      });
    });
    const answer = await bench.call('POST', '/api/v0/data/streams/s', { value: {} });
    expect([gone, answer.status]).toEqual([204, 202]);
    const [{ id }] = (await bench.call('GET', '/api/v0/data/streams/s')).body;
    const { body: trace } = await bench.call('GET', `/bench/v1/traces/${id}`);
    const reason = 'the FIFO was deleted while the message was being stored (fifo/one)';
    expect(trace.steps.at(-1)).toMatchObject({ stage: 'fifo', outcome: 'dropped', reason });
  });

  it('limits publishing to the FIFOs of the key', async () => {
    await bench.call('POST', declared, { name: 'one' });
    await bench.call('POST', declared, { name: 'two' });
    const key = await bench.key(['BUS_W'], ['one']);
    expect((await bench.call('POST', `${declared}/one`, {}, key)).status).toBe(200);
    expect((await bench.call('POST', `${declared}/two`, {}, key)).status).toBe(403);
  });
});
