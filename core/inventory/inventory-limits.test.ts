import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RawMqttClient } from '../testing/raw-mqtt-client.ts';
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts';

const devices = '/api/v1/deviceMgt/devices';
const groups = '/api/v1/deviceMgt/groups';
const search = '/api/v1/deviceMgt/explorer/search';

let bench: TestPlatform;
beforeAll(async () => {
  bench = await startTestPlatform({
    settings: {
      ...{ deviceMaxTags: 2, deviceMaxProperties: 2, deviceMaxInterfaces: 2 },
      ...{ deviceListMaxFilters: 2, explorerMaxWords: 2, groupMaxPathCharacters: 10 },
    },
  });
});
afterAll(() => bench.stop());

const sms = (n: number) => ({ connector: 'sms', definition: { msisdn: `3360000000${n}` } });
const refused = (details: string) => ({
  status: 400,
  body: expect.objectContaining({ code: 'GENERIC_INVALID_PARAMETER_ERROR', details }),
});

describe('the limits of a device', () => {
  const id = 'urn:lo:nsid:limits:full';
  const full = { tags: ['a', 'b'], properties: { a: '1', b: '2' } };
  const tooMany = [
    [{ tags: ['a', 'b', 'c'] }, 'body.tags: must hold at most 2 tags, got 3 (setting deviceMaxTags)'],
    [
      { properties: { a: '1', b: '2', c: '3' } },
      'body.properties: must hold at most 2 properties, got 3 (setting deviceMaxProperties)',
    ],
  ] as const;

  it('are reached, and not passed, by a new one', async () => {
    const interfaces = [sms(1), sms(2)];
    expect((await bench.call('POST', devices, { id, ...full, interfaces })).status).toBe(200);
    for (const [body, details] of tooMany) {
      expect(await bench.call('POST', devices, { id: `${id}2`, ...body })).toEqual(refused(details));
    }
    expect(await bench.call('POST', devices, { id: `${id}2`, interfaces: [sms(3), sms(4), sms(5)] })).toEqual(
      refused('body.interfaces: must hold at most 2 interfaces, got 3 (setting deviceMaxInterfaces)'),
    );
  });

  it('hold for a change', async () => {
    expect((await bench.call('PATCH', `${devices}/${id}`, full)).status).toBe(200);
    for (const [body, details] of tooMany) {
      expect(await bench.call('PATCH', `${devices}/${id}`, body)).toEqual(refused(details));
    }
  });

  it('hold for an interface that is added, moved, or comes by itself', async () => {
    const has = `${id} has 2 interfaces, and may have 2 (setting deviceMaxInterfaces)`;
    expect(await bench.call('POST', `${devices}/${id}/interfaces`, sms(3))).toEqual(refused(`body: ${has}`));
    await bench.call('POST', devices, { id: `${id}3`, interfaces: [sms(6)] });
    expect(
      await bench.call('PATCH', `${devices}/${id}3/interfaces/sms:33600000006`, { deviceId: id }),
    ).toEqual(refused(`body.deviceId: ${has}`));
    const key = await bench.key(['DEVICE_ACCESS']);
    const { client, code } = await RawMqttClient.connect(bench.mqttPort, {
      ...{ clientId: id, username: 'json+device', password: key },
    });
    expect(code).toBe(5);
    client.socket.destroy();
    const { body } = await bench.call('GET', '/api/v0/auditlog/messages');
    expect(JSON.stringify(body)).toContain(has);
  });

  it('hold for an import, line by line', async () => {
    const http = bench.platform.endpoints().http;
    const lines = [
      { id: `${id}4`, tags: ['a', 'b', 'c'] },
      { id: `${id}5`, tags: ['a', 'b'] },
    ];
    const response = await fetch(`${http}/bench/v1/devices/imports/limits`, {
      method: 'PUT',
      headers: { 'X-API-KEY': bench.masterKey },
      body: JSON.stringify(lines),
    });
    expect(await response.json()).toMatchObject({ created: 1, failed: 1 });
    const { body } = await bench.call('GET', '/bench/v1/devices/imports/limits/errors');
    expect(body).toEqual([expect.objectContaining({ details: expect.stringContaining('deviceMaxTags') })]);
  });
});

it('hold for what one list, or one search, may ask for', async () => {
  expect((await bench.call('GET', `${devices}?tags=a,b&property.a=1&property.b=2`)).status).toBe(200);
  expect(await bench.call('GET', `${devices}?tags=a,b,c`)).toEqual(
    refused('query.tags: must hold at most 2 tags, got 3 (setting deviceListMaxFilters)'),
  );
  expect(await bench.call('GET', `${devices}?property.a=1&property.b=2&property.c=3`)).toEqual(
    refused('query.property.*: must hold at most 2 properties, got 3 (setting deviceListMaxFilters)'),
  );
  expect((await bench.call('POST', search, { query: 'one two' })).status).toBe(200);
  for (const [path, more] of [
    [search, {}],
    [search.replace('search', 'stats'), { groupBy: { field: 'tags' } }],
  ] as const) {
    expect(await bench.call('POST', path, { query: 'one two three', ...more })).toEqual(
      refused('body.query: must hold at most 2 words, got 3 (setting explorerMaxWords)'),
    );
  }
});

it('hold for the path of a group, and of those below one that moves', async () => {
  const parent = await bench.call('POST', groups, { pathNode: 'four' });
  const ofParent = { parentId: parent.body.id };
  expect((await bench.call('POST', groups, { pathNode: '5char', ...ofParent })).status).toBe(400);
  expect((await bench.call('POST', groups, { pathNode: '4car', ...ofParent })).status).toBe(201);
  expect(await bench.call('PUT', `${groups}/${parent.body.id}`, { pathNode: 'fives' })).toEqual(
    refused(
      'body.pathNode: the path of the group, and those below it, must have at most 10 characters, got 11 (setting groupMaxPathCharacters)',
    ),
  );
});
