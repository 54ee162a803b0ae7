import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ConnectorBench, nodeDevice, online } from '../../../testing/connector-bench.ts';
import type { RawMqttClient } from '../../../testing/raw-mqtt-client.ts';
import { until } from '../../../testing/until.ts';

const topic = 'connector/v1/requests/resource';
const resource = 'my_resource';
const content = Buffer.from('the new firmware, in bytes');
const md5 = createHash('md5').update(content).digest('hex');
const path = `/api/v1/deviceMgt/devices/${nodeDevice('CfnpFC6r')}/resources`;

describe('resources of nodes behind external connectors (manual 6.6.7)', () => {
  let connectors: ConnectorBench;
  let ok: ConnectorBench['ok'];
  let say: ConnectorBench['say'];

  beforeAll(async () => {
    connectors = await ConnectorBench.start();
    ({ ok, say } = connectors);
  });
  afterAll(() => connectors.stop());
  beforeEach(async () => {
    await connectors.reset();
    await ok('POST', '/api/v0/rm', { resourceId: resource });
    await ok('POST', `/api/v0/rm/${resource}/version`, {
      ...{ resourceVersionId: '2.0', file: content.toString('base64') },
    });
  });

  const nodeId = 'CfnpFC6r';
  const has = (client: RawMqttClient, version: unknown) =>
    say(client, 'current/resource', { nodeId, resources: { [resource]: { version } } });
  const latest = () => ok('GET', `${path}/${resource}/updates/latest`);
  /** A node with version 1.0 that is asked for 2.0. */
  const asked = async (qos: 0 | 1 = 1) => {
    const client = await connectors.connect();
    await connectors.status(client, nodeId, online('resource'));
    await has(client, '1.0');
    await client.subscribe(topic, qos);
    const update = await ok('POST', `${path}/${resource}/updates`, { requestedVersion: '2.0' });
    return { client, update, request: await connectors.next(client, topic) };
  };

  it('keeps the versions that a node has: the example of the manual', async () => {
    const client = await connectors.connect();
    await connectors.status(client, 'CLcl0F4b', { status: 'ONLINE' });
    await say(client, 'current/resource', {
      nodeId: 'CLcl0F4b',
      resources: { my_specific_resource: { version: '1.0' }, my_firmware: { version: '3.2' } },
    });
    expect(await ok('GET', `/api/v1/deviceMgt/devices/${nodeDevice('CLcl0F4b')}/resources`)).toMatchObject({
      my_specific_resource: { reported: { version: '1.0' } },
      my_firmware: { reported: { version: '3.2' } },
    });
  });

  it.each([0, 1] as const)(
    'brings an update to its end, with QoS %i: the example of the manual',
    async (qos) => {
      const { client, update, request } = await asked(qos);
      expect(request).toEqual({
        nodeId,
        resourceId: resource,
        updateCorrelationId: update.id,
        sourceVersion: '1.0',
        targetVersion: '2.0',
        delivery: {
          type: 'HTTP_DELIVERY',
          uri: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/dl\/[0-9a-f]{32}$/),
          md5,
          size: content.length,
        },
      });
      await until(async () => (await latest()).status === 'IN_PROGRESS');
      const fetched = Buffer.from(await (await fetch(request.delivery.uri)).arrayBuffer());
      expect(fetched.equals(content)).toBe(true);
      await has(client, '2.0');
      expect(await latest()).toMatchObject({ id: update.id, status: 'DONE' });
    },
  );

  it('tells of a failure: the example of the manual', async () => {
    const { client, request } = await asked();
    await until(async () => (await latest()).status === 'IN_PROGRESS');
    await say(client, 'responses/resource', {
      nodeId,
      updateCorrelationId: request.updateCorrelationId,
      status: 'FAILED',
      error: { code: 'myErrorCode', details: 'myErrorDetails' },
    });
    expect(await latest()).toMatchObject({
      errorOrigin: 'DEVICE',
      deviceErrorCode: 'myErrorCode',
      errorDetails: 'myErrorDetails',
    });
  });

  it('asks again over another connection when the one it went over ends without an acknowledgement', async () => {
    const one = await connectors.connect('one');
    await connectors.status(one, nodeId, online('resource'));
    await one.subscribe(topic);
    await ok('POST', `${path}/${resource}/updates`, { requestedVersion: '2.0' });
    await one.next('publish');
    await one.drop();
    const two = await connectors.connect('two');
    await connectors.status(two, nodeId, online('resource'));
    await two.subscribe(topic);
    expect(await connectors.next(two, topic)).toMatchObject({ targetVersion: '2.0' });
  });

  it('acknowledges what is malformed, and tells of it in the audit log', async () => {
    const { client } = await asked();
    const malformed: [string, unknown, string][] = [
      ['responses/resource', { nodeId }, 'updateCorrelationId must be'],
      ['responses/resource', { nodeId, updateCorrelationId: 'x', status: 'OK' }, 'status must be "FAILED"'],
      [
        'responses/resource',
        { nodeId, updateCorrelationId: 'x', status: 'FAILED', error: 1 },
        'error must be an object',
      ],
      [
        'responses/resource',
        { nodeId, updateCorrelationId: 'x', status: 'FAILED', error: { code: 5 } },
        'error.code must be a text',
      ],
      ['current/resource', { nodeId }, 'resources must be an object'],
      ['current/resource', { nodeId, resources: { a: '1.0' } }, 'a: its name and its version must be'],
      ['current/resource', { nodeId: 'nobody', resources: {} }, 'no interface x-connector:nobody'],
    ];
    for (const [of, body] of malformed) await say(client, of, body);
    const told = JSON.stringify(await connectors.audit());
    for (const [of, body, says] of malformed) {
      expect(told, `${of} ${JSON.stringify(body)}`).toContain(JSON.stringify(says).slice(1, -1));
    }
  });
});
