import { describe, expect, it } from 'vitest';
import { mqttBench } from '../../testing/mqtt-bench.ts';
import type { RawMqttClient } from '../../testing/raw-mqtt-client.ts';
import { until } from '../../testing/until.ts';

const deviceId = 'urn:lo:nsid:sensor:commanded';

describe('commands to MQTT devices (manual 6.5.7)', () => {
  const bench = mqttBench({ settings: { mqttSendWindow: 3 } });
  const connect = (clientId = deviceId) => bench.connect(clientId);
  const create = async (value: object, policy: object = {}, query = '') => {
    const body = { request: { connector: 'mqtt', value }, policy };
    return bench.call('POST', `/api/v1/deviceMgt/devices/${deviceId}/commands${query}`, body);
  };
  const get = async (id: string) => (await bench.call('GET', `/api/v1/deviceMgt/commands/${id}`)).body;
  const { audit } = bench;
  const becomes = (id: string, status: string) => until(async () => (await get(id)).status === status);
  const nextCommand = async (client: RawMqttClient, acknowledge = true) => {
    const packet = await client.next('publish');
    expect(packet.topic).toBe('dev/cmd');
    if (acknowledge && packet.qos > 0) client.send({ cmd: 'puback', messageId: packet.messageId ?? 0 });
    return { ...JSON.parse(String(packet.payload)), qos: packet.qos };
  };
  const answer = (client: RawMqttClient, body: object) =>
    client.publishAndWait('dev/cmd/res', JSON.stringify(body));

  it('exchanges the examples of the manual', async () => {
    const client = await connect();
    await client.subscribe('dev/cmd');
    const value = { req: 'buzz', arg: { durationSec: 100, freqHz: 800.0 } };
    const { status, body } = await create(value);
    expect(status).toBe(201);
    const { cid, qos, ...request } = await nextCommand(client);
    expect([request, qos]).toEqual([value, 1]);
    expect(Number.isInteger(cid) && cid > 0 && cid < 2 ** 31).toBe(true);
    await answer(client, { res: { done: true }, cid });
    // The answer was acknowledged, so it is stored.
    const done = await get(body.id);
    expect(done).toMatchObject({
      status: 'PROCESSED',
      deliveryStatus: 'REPLIED',
      response: { value: { done: true } },
      policy: { ackMode: 'APPLICATIVE', ackTimeoutInSeconds: 60, attempts: 1 },
    });
    expect(done.history.map((entry: { deliveryStatus?: string }) => entry.deliveryStatus)).toEqual([
      ...[undefined, 'SENDING', 'SENT', 'DELIVERED', 'REPLIED'],
    ]);
  });

  it('counts any answer as processed, also one that tells of an error or of nothing', async () => {
    const client = await connect();
    await client.subscribe('dev/cmd');
    const { body: failing } = await create({ req: 'buzz' });
    const { cid, arg } = await nextCommand(client);
    expect(arg).toEqual({});
    await answer(client, { res: { error: "unknown method 'buzz'" }, cid });
    expect(await get(failing.id)).toMatchObject({
      status: 'PROCESSED',
      response: { value: { error: "unknown method 'buzz'" } },
    });
    const { body: silent } = await create({ req: 'buzz' });
    await answer(client, { cid: String((await nextCommand(client)).cid) });
    expect((await get(silent.id)).status).toBe('PROCESSED');
    expect((await get(silent.id)).response).toBeUndefined();
  });

  it('queues until the device has subscribed, and again when it has unsubscribed', async () => {
    const client = await connect();
    const { body } = await create({ req: 'a' });
    await client.roundTrip();
    expect((await get(body.id)).status).toBe('PENDING');
    await client.subscribe('dev/cmd');
    const first = await nextCommand(client);
    client.send({ cmd: 'unsubscribe', messageId: 9, unsubscriptions: ['dev/cmd'] });
    await client.next('unsuback');
    const { body: second } = await create({ req: 'b' });
    await answer(client, { res: {}, cid: first.cid });
    expect((await get(second.id)).status).toBe('PENDING');
    await client.subscribe('dev/cmd');
    expect((await nextCommand(client)).req).toBe('b');
  });

  it('sends queued commands one by one as the answers come, over two connections', async () => {
    const before = await connect();
    await before.drop();
    const made = [];
    for (const req of ['a', 'b', 'c']) made.push((await create({ req })).body);
    const client = await connect();
    await client.subscribe('dev/cmd');
    for (const req of ['a', 'b', 'c']) {
      const command = await nextCommand(client);
      expect(command.req).toBe(req);
      await answer(client, { res: { req }, cid: command.cid });
    }
    for (const { id } of made) expect((await get(id)).status).toBe('PROCESSED');
  });

  it('takes the answer that a device gives over its next connection', async () => {
    const first = await connect();
    await first.subscribe('dev/cmd');
    const { body } = await create({ req: 'a' });
    const { cid } = await nextCommand(first, false);
    await first.drop();
    const second = await connect();
    await answer(second, { res: { late: false }, cid });
    expect((await get(body.id)).status).toBe('PROCESSED');
  });

  it('follows a device that gets another id, with what is under way and what waits', async () => {
    const client = await connect();
    await client.subscribe('dev/cmd');
    const { body: first } = await create({ req: 'a' });
    const { body: second } = await create({ req: 'b' });
    const { cid } = await nextCommand(client);
    const renamed = 'urn:lo:nsid:sensor:renamed';
    const { status } = await bench.call('PATCH', `/api/v1/deviceMgt/devices/${deviceId}`, { id: renamed });
    expect(status).toBe(200);
    await answer(client, { res: {}, cid });
    await answer(client, { res: {}, cid: (await nextCommand(client)).cid });
    const list = await bench.call('GET', `/api/v1/deviceMgt/devices/${renamed}/commands?sort=created`);
    expect(list.body).toMatchObject([
      { id: first.id, targetDeviceId: renamed, status: 'PROCESSED' },
      { id: second.id, targetDeviceId: renamed, status: 'PROCESSED' },
    ]);
  });

  it('with ackMode NETWORK ends at the PUBACK, with NONE when it is written', async () => {
    const client = await connect();
    await client.subscribe('dev/cmd');
    const { body: network } = await create({ req: 'a' }, { ackMode: 'NETWORK' });
    const packet = await client.next('publish');
    expect((await get(network.id)).status).toBe('PROCESSING');
    client.send({ cmd: 'puback', messageId: packet.messageId ?? 0 });
    await becomes(network.id, 'PROCESSED');
    expect((await get(network.id)).deliveryStatus).toBe('DELIVERED');
    const { body: none } = await create({ req: 'b' }, { ackMode: 'NONE' });
    await becomes(none.id, 'PROCESSED');
    expect((await get(none.id)).deliveryStatus).toBe('SENT');
  });

  it('gets no network acknowledgement of a device that subscribed with QoS 0', async () => {
    const client = await connect();
    expect(await client.subscribe('dev/cmd', 0)).toBe(0);
    const { body } = await create({ req: 'a' }, { ackMode: 'NETWORK', ackTimeoutInSeconds: 10 });
    expect((await nextCommand(client)).qos).toBe(0);
    expect(await audit()).toContainEqual(
      expect.objectContaining({
        description: `Command ${body.id} waits for an acknowledgement that does not come`,
        source: { deviceId, nodeId: deviceId, connector: 'mqtt' },
      }),
    );
    bench.clock.advance(10_000);
    await becomes(body.id, 'ERROR');
    expect((await get(body.id)).errorCode).toBe('ACK_TIMEOUT');
    // Other commands have nothing to be warned of.
    await create({ req: 'b' });
    await nextCommand(client);
    const warned = (await audit()).filter((entry: any) => entry.description.includes('does not come'));
    expect(warned).toHaveLength(1);
  });

  it('sends no more to a device that acknowledges nothing than its window holds', async () => {
    const client = await connect();
    await client.subscribe('dev/cmd');
    for (let number = 0; number < 5; number++) await create({ req: `${number}` }, { ackMode: 'NONE' });
    const held = [];
    for (let number = 0; number < 3; number++) held.push(await client.next('publish'));
    await client.roundTrip();
    const list = await bench.call('GET', `/api/v1/deviceMgt/devices/${deviceId}/commands?sort=created`);
    expect(list.body.map(({ status }: { status: string }) => status)).toEqual([
      ...['PROCESSED', 'PROCESSED', 'PROCESSED', 'PENDING', 'PENDING'],
    ]);
    for (const { messageId } of held) client.send({ cmd: 'puback', messageId: messageId ?? 0 });
    expect((await nextCommand(client)).req).toBe('3');
    expect((await nextCommand(client)).req).toBe('4');
  });

  it('sends again, with the same cid, when the answer does not come in time', async () => {
    const client = await connect();
    await client.subscribe('dev/cmd');
    const { body } = await create({ req: 'a' }, { ackTimeoutInSeconds: 10, attempts: 2 });
    const first = await nextCommand(client);
    bench.clock.advance(10_000);
    const second = await nextCommand(client);
    expect(second.cid).toBe(first.cid);
    await answer(client, { res: {}, cid: second.cid });
    expect((await get(body.id)).status).toBe('PROCESSED');
    await answer(client, { res: {}, cid: second.cid });
    expect((await audit())[0]).toMatchObject({
      category: 'device_management',
      subcategory: 'commands',
      description: 'Repeated answer to a command',
      source: { deviceId, connector: 'mqtt' },
      content: { commandId: body.id },
    });
  });

  it.each([
    ['no JSON', 'hello', /not JSON/],
    ['a list', '[]', /must be an object/],
    ['no cid', '{"res":{}}', /cid is missing/],
    ['a cid that is none', '{"cid":{}}', /must be the number/],
    ['no UTF-8', Buffer.from([0x22, 0xff, 0x22]), /not UTF-8/],
  ])('refuses an answer with %s', async (_what, payload, reason) => {
    const client = await connect();
    await client.publishAndWait('dev/cmd/res', payload);
    const [message] = await audit();
    expect(message).toMatchObject({ level: 'error', description: 'Answer to a command refused' });
    expect(message.detailedDescription).toMatch(reason);
  });

  it('tells of an answer to no command, and acknowledges it', async () => {
    const client = await connect();
    await answer(client, { res: { x: 1 }, cid: 12238987 });
    expect((await audit())[0]).toMatchObject({
      description: 'Answer to an unknown command',
      content: { correlation: 12238987, response: '{"x":1}' },
    });
  });

  it.each([
    [{ arg: {} }, 'body.request.value: req: must be a text that names what the device shall do'],
    [{ req: 'a', arg: [] }, 'body.request.value: arg: must be an object: {"name": value, …}'],
    [{ req: 'a', args: {} }, 'body.request.value: args: not known; a command over MQTT has req and arg'],
  ])('refuses the request %j, or ends it when it is to be sent', async (value, details) => {
    const client = await connect();
    await client.subscribe('dev/cmd');
    expect(await create(value)).toMatchObject({ status: 400, body: { details } });
    const { body } = await create(value, {}, '?validate=false');
    await becomes(body.id, 'ERROR');
    expect((await get(body.id)).errorCode).toBe('INVALID_COMMAND_REQUEST');
  });
});
