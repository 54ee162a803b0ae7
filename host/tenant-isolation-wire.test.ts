import mqtt, { type MqttClient } from 'mqtt';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { liveChannels } from '../core/contract/live.ts';
import { leaks } from '../core/testing/tenant-walk.ts';
import { until } from '../core/testing/until.ts';
import { device } from './testing/tenant-furniture.ts';
import { TwoTenants } from './testing/two-tenants.ts';

const tenants = new TwoTenants();
const clients: MqttClient[] = [];
beforeAll(() => tenants.start(), 120_000);
afterAll(async () => {
  for (const client of clients) await client.endAsync(true);
  await tenants.stop();
});

async function connect(username: string, password: string, clientId: string): Promise<MqttClient> {
  const { mqtt: address = '' } = tenants.platform.endpoints();
  const client = await mqtt.connectAsync(address, { username, password, clientId, reconnectPeriod: 0 });
  clients.push(client);
  client.on('error', () => {});
  return client;
}

it('gets no message and no event in any mode, and takes over no device', { timeout: 60_000 }, async () => {
  const { platform, ownersKey, strangersKey, secrets, make } = tenants;
  const topics = ['fifo/alphaFifo', '#', '+/#', 'fifo/#', 'dev/#', 'dev/cmd', 'dev/cfg/upd', 'dev/rsc/upd'];
  const requests = ['command', 'configuration', 'resource'].map((kind) => `connector/v1/requests/${kind}`);
  topics.push(...requests, 'connector/v1/#', 'router/~event/v1/data/new/#', '$share/a/fifo/alphaFifo');
  const own = await connect('json+device', ownersKey, device);
  const got: string[] = [];
  for (const username of platform.mqtt.modes.keys()) {
    const client = await connect(username, strangersKey, device);
    client.on('message', (topic, payload) => got.push(`${username} ${topic} ${payload}`));
    for (const topic of topics) await client.subscribeAsync(topic, { qos: 1 }).catch(() => {});
  }
  // A stranger who speaks for a node of this name speaks for one of his own.
  const speaker = await connect('connector', strangersKey, 'alpha-speaker');
  const status = JSON.stringify({ status: 'ONLINE', capabilities: { command: { available: true } } });
  await speaker.publishAsync('connector/v1/nodes/alpha-node/status', status, { qos: 1 });
  const live = new WebSocket(`${platform.endpoints().http?.replace('http', 'ws')}/live`);
  const events: string[] = [];
  live.on('message', (data) => events.push(String(data)));
  await new Promise((resolve) => live.once('open', resolve));
  live.send(JSON.stringify({ key: strangersKey, channels: liveChannels }));
  await until(() => events.some((text) => text.includes('welcome')));

  await own.publishAsync('dev/data', JSON.stringify({ value: { alphaField: 'over MQTT' } }), { qos: 1 });
  await make('/api/v0/topics/fifo/alphaFifo', { alpha: 'published' });
  await make('/api/v1/deviceMgt/devices', { id: 'urn:lo:nsid:alpha:second' });
  await own.publishAsync('dev/data', 'alpha refused', { qos: 1 });
  const ownConnector = await connect('connector', ownersKey, 'alpha-connector');
  const asked: string[] = [];
  ownConnector.on('message', (_topic, payload) => asked.push(String(payload)));
  await make(`/api/v1/deviceMgt/devices/${device}/commands`, {
    request: { connector: 'x-connector', value: { alpha: 'to a node' } },
  });
  await ownConnector.publishAsync('connector/v1/nodes/alpha-node/status', status, { qos: 1 });
  await ownConnector.subscribeAsync('connector/v1/requests/command', { qos: 1 });
  await until(() => asked.some((payload) => payload.includes('to a node')));
  // The device of the owner is asked for an update; one of the stranger with the same id answers in its place.
  const updates: { cid: number }[] = [];
  own.on('message', (topic, payload) => {
    if (topic === 'dev/rsc/upd') updates.push(JSON.parse(String(payload)));
  });
  await own.subscribeAsync('dev/rsc/upd', { qos: 1 });
  await until(() => updates.length > 0);
  // From here on the stranger says these names too, and hears of what became of it.
  const eventsBefore = events.length;
  const saidByBoth = ['alphaFirmware', 'alphaVersion'];
  const impostor = await connect('json+device', strangersKey, device);
  const answer = JSON.stringify({ res: 'INTERNAL_ERROR', cid: updates[0]?.cid });
  await impostor.publishAsync('dev/rsc/upd/res', answer, { qos: 1 });
  await impostor.publishAsync('dev/rsc/upd/err', '{"errorDetails":"not mine"}', { qos: 1 });
  await impostor.publishAsync('dev/rsc', '{"rsc":{"alphaFirmware":{"v":"alphaVersion"}}}', { qos: 1 });
  const path = `/api/v1/deviceMgt/devices/${device}/resources/updates`;
  expect(JSON.parse((await tenants.call('GET', path, ownersKey)).text)).toMatchObject([{ status: 'SENT' }]);
  // The owner's consumer gets them, so they went where they belong; what a stranger would get came before.
  const consumer = await connect('application', ownersKey, 'alpha-app');
  const bodies: string[] = [];
  consumer.on('message', (_topic, payload) => bodies.push(String(payload)));
  await consumer.subscribeAsync('fifo/alphaFifo', { qos: 1 });
  await until(() => bodies.some((body) => body.includes('published')));
  await until(() => events.some((text) => text.includes('metrics')));
  expect(got).toEqual([]);
  for (const [index, text] of events.entries()) {
    const kept = secrets.filter((secret) => index < eventsBefore || !saidByBoth.includes(secret));
    expect(leaks(text, device, kept), text).toEqual([]);
  }
  for (const text of events) expect(text).not.toMatch(/over MQTT|alpha refused|urn:lo:nsid:alpha:second/);
  expect(own.connected).toBe(true);
  live.close();
});
