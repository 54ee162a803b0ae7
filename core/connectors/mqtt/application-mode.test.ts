import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RawMqttClient } from '../../testing/raw-mqtt-client.ts';
import { startTestPlatform, type TestPlatform } from '../../testing/test-platform.ts';
import { until } from '../../testing/until.ts';

describe('application mode (manual 3.6.2, facts 11)', () => {
  let bench: TestPlatform;
  let deviceKey: string;
  let busKey: string;
  let device: RawMqttClient;

  beforeAll(async () => {
    bench = await startTestPlatform({ settings: { mqttSendWindow: 5, fifoMaxBytes: 5000 } });
    deviceKey = await bench.key(['DEVICE_ACCESS']);
    busKey = await bench.key(['BUS_R']);
  });
  afterAll(() => bench.stop());
  beforeEach(async () => {
    await bench.platform.reset();
    await route('p1', 'one');
    ({ client: device } = await RawMqttClient.connect(bench.mqttPort, {
      clientId: 'dev',
      username: 'json+device',
      password: deviceKey,
    }));
  });

  const route = (id: string, fifoName: string, noRetention = false) =>
    bench.call('PUT', `/api/v1/event2action/actionPolicies/${id}`, {
      triggers: { dataMessage: {} },
      actions: { fifoPublish: [{ fifoName, noRetention }] },
    });
  const application = async (key = busKey) => {
    const options = { clientId: 'app', username: 'application', password: key };
    return (await RawMqttClient.connect(bench.mqttPort, options)).client;
  };
  const publish = async (...numbers: number[]) => {
    for (const n of numbers) await device.publishAndWait('dev/data', JSON.stringify({ v: { n } }), n + 1);
  };
  const status = async (name = 'one') =>
    (await bench.call('GET', `/api/v1/event2action/fifos/${name}?withStatus=true`)).body.status;
  const details = async (name = 'one') => (await bench.call('GET', `/api/v0/topics/fifo/${name}`)).body;

  interface Taken {
    readonly n: number;
    readonly messageId: number;
    readonly event: any;
  }
  const take = async (client: RawMqttClient): Promise<Taken> => {
    const packet = await client.next('publish');
    const event = JSON.parse(packet.payload.toString());
    return { n: event.value.n, messageId: packet.messageId ?? 0, event };
  };
  const acknowledge = (client: RawMqttClient, { messageId }: Taken) =>
    client.send({ cmd: 'puback', messageId });

  it('delivers the event of a message that waited, byte for byte a data message with its type', async () => {
    await publish(1);
    const app = await application();
    expect(await app.subscribe('fifo/one')).toBe(1);
    const { event } = await take(app);
    const [stored] = (await bench.call('GET', '/api/v0/data/streams/urn:lo:nsid:mqtt:dev')).body;
    expect(event).toEqual({ type: 'dataMessage', ...stored });
  });

  it('removes a message when it is acknowledged, and only then', async () => {
    const app = await application();
    await app.subscribe('fifo/one');
    await publish(1, 2);
    const first = await take(app);
    await take(app);
    expect(await details()).toMatchObject({ messages: 0, messageUnacknowledged: 2, consumers: 1 });
    acknowledge(app, first);
    await app.roundTrip();
    expect(await details()).toMatchObject({ messages: 0, messageUnacknowledged: 1 });
  });

  it('delivers again, in order and before newer ones, what a lost consumer had not acknowledged', async () => {
    const first = await application();
    await first.subscribe('fifo/one');
    await publish(1, 2, 3);
    acknowledge(first, await take(first));
    await first.roundTrip();
    await first.drop();
    await until(async () => (await status()).consumers === 0);
    await publish(4);
    const second = await application();
    await second.subscribe('fifo/one');
    const numbers = [];
    for (let i = 0; i < 3; i++) numbers.push((await take(second)).n);
    expect(numbers).toEqual([2, 3, 4]);
  });

  it('shares messages out over its consumers, each message to one', async () => {
    const apps = [await application(), await application()];
    for (const app of apps) await app.subscribe('fifo/one');
    await publish(1, 2, 3, 4);
    const numbers = await Promise.all(apps.map(async (app) => [(await take(app)).n, (await take(app)).n]));
    expect(numbers).toEqual([
      [1, 3],
      [2, 4],
    ]);
  });

  it('sends no more than the window until something is acknowledged', async () => {
    const app = await application();
    await app.subscribe('fifo/one');
    await publish(1, 2, 3, 4, 5, 6, 7);
    const taken = [];
    for (let i = 0; i < 5; i++) taken.push(await take(app));
    await app.roundTrip();
    expect(app.received.filter(({ cmd }) => cmd === 'publish')).toEqual([]);
    acknowledge(app, taken[0] as Taken);
    expect((await take(app)).n).toBe(6);
  });

  it('serves several FIFOs on one connection', async () => {
    await route('p2', 'two');
    const app = await application();
    await app.subscribe('fifo/one');
    await app.subscribe('fifo/two');
    await publish(1);
    const topics = [(await app.next('publish')).topic, (await app.next('publish')).topic];
    expect(topics.sort()).toEqual(['fifo/one', 'fifo/two']);
  });

  it('stops with UNSUBSCRIBE, and gives back what was not acknowledged', async () => {
    const app = await application();
    await app.subscribe('fifo/one');
    await publish(1);
    await take(app);
    app.send({ cmd: 'unsubscribe', messageId: 3, unsubscriptions: ['fifo/one'] });
    await app.next('unsuback');
    await publish(2);
    // What was sent stays with the client (MQTT 3.1.1, 3.10.4), and nothing more comes.
    expect(await details()).toMatchObject({ messages: 1, messageUnacknowledged: 1 });
    await app.drop();
    await until(async () => (await status()).consumers === 0);
    expect(await details()).toMatchObject({ messages: 2, messageUnacknowledged: 0 });
  });

  it('serves a client that subscribes again and again and never acknowledges', async () => {
    await publish(1, 2, 3);
    const app = await application();
    await app.subscribe('fifo/one');
    const held = [await take(app), await take(app), await take(app)];
    for (let round = 0; round < 30; round++) {
      app.send({ cmd: 'unsubscribe', messageId: 8, unsubscriptions: ['fifo/one'] });
      await app.next('unsuback');
      await app.subscribe('fifo/one');
    }
    await app.roundTrip();
    // Sent once each, under packet ids that stay theirs: so ids cannot run out.
    expect(app.received.filter(({ cmd }) => cmd === 'publish')).toEqual([]);
    expect(await details()).toMatchObject({ messages: 0, messageUnacknowledged: 3, consumers: 1 });
    acknowledge(app, held[1] as Taken);
    await app.roundTrip();
    expect((await details()).messageUnacknowledged).toBe(2);
  });

  it('removes at once what goes to a subscription with QoS 0', async () => {
    const app = await application();
    expect(await app.subscribe('fifo/one', 0)).toBe(0);
    await publish(1, 2);
    expect([(await take(app)).n, (await take(app)).n]).toEqual([1, 2]);
    expect(await details()).toMatchObject({ messages: 0, messageUnacknowledged: 0 });
  });

  it.each(['fifo/none', 'router/~event/v1/data/new/#', 'fifo/#', 'dev/data'])(
    'refuses %s with a reason',
    async (topic) => {
      const app = await application();
      expect(await app.subscribe(topic)).toBe(0x80);
      const { body } = await bench.call('GET', '/api/v0/auditlog/messages?subcategory=mqtt');
      expect(body[0].description).toBe(`Subscription to ${topic} refused`);
    },
  );

  it('keeps a key to the FIFOs of its scope', async () => {
    await route('p2', 'two');
    const app = await application(await bench.key(['BUS_R'], ['two']));
    expect(await app.subscribe('fifo/one')).toBe(0x80);
    expect(await app.subscribe('fifo/two')).toBe(1);
  });

  it('acknowledges and audits a publication, which an application may not make', async () => {
    const app = await application();
    await app.publishAndWait('fifo/one', '{}');
    const { body } = await bench.call('GET', '/api/v0/auditlog/messages');
    expect(body[0].description).toBe('Publication to fifo/one refused');
  });

  it('disconnects its consumers when the FIFO goes with its last policy', async () => {
    const app = await application();
    await app.subscribe('fifo/one');
    await bench.call('DELETE', '/api/v1/event2action/actionPolicies/p1');
    await app.closed();
    expect((await bench.call('GET', '/api/v1/event2action/fifos/one')).status).toBe(404);
  });

  it('delivers a message that must not be kept only to who is there', async () => {
    await route('p1', 'one', true);
    await publish(1);
    expect((await status()).messages).toBe(0);
    const app = await application();
    await app.subscribe('fifo/one');
    await app.roundTrip();
    await publish(2);
    expect((await take(app)).n).toBe(2);
    await app.drop();
    await until(async () => (await status()).consumers === 0);
    expect((await status()).messages).toBe(0);
  });

  it('drops messages that waited too long, and says how many', async () => {
    await publish(1, 2);
    bench.clock.advance(7 * 24 * 60 * 60 * 1000);
    expect((await status()).messages).toBe(0);
    const { body } = await bench.call('GET', '/api/v0/auditlog/messages?subcategory=fifo');
    expect(body).toHaveLength(1);
    expect(body[0]).toMatchObject({
      description: 'FIFO one dropped 2 messages',
      content: { expired: 2, overflow: 0 },
    });
  });

  it('drops the oldest when it is full, and says how many', async () => {
    const numbers = Array.from({ length: 40 }, (_, index) => index + 1);
    await publish(...numbers);
    const { messages } = await status();
    expect(messages).toBeLessThan(40);
    bench.clock.advance(1000);
    const { body } = await bench.call('GET', '/api/v0/auditlog/messages?subcategory=fifo');
    expect(body[0].content).toEqual({ fifoName: 'one', expired: 0, overflow: 40 - messages });
    const app = await application();
    await app.subscribe('fifo/one');
    expect((await take(app)).n).toBe(40 - messages + 1);
  });

  it('notes delivery and acknowledgement in the trace of the message', async () => {
    const app = await application();
    await app.subscribe('fifo/one');
    await publish(1);
    const taken = await take(app);
    acknowledge(app, taken);
    await app.roundTrip();
    const { body: trace } = await bench.call('GET', `/bench/v1/traces/${taken.event.id}`);
    const reasons = trace.steps.map((step: any) => `${step.stage}: ${step.reason}`);
    expect(reasons).toContainEqual(
      expect.stringMatching(/^deliver: sent from fifo\/one to app \(127\.0\.0\.1\/\d+\)$/),
    );
    expect(reasons).toContain('fifo: acknowledged, so removed from fifo/one');
    expect(trace.outcome).toBe('ok');
  });
});
