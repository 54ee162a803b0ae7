import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { itemXml, objectXml } from '../../core/testing/object-xml.ts';
import { until } from '../../core/testing/until.ts';
import { base, TestBench } from './test-bench.ts';

const quietly = { periodMs: 3_600_000, jitter: 0 };

describe('LwM2M fleets over the API', () => {
  const test = new TestBench({
    ports: { http: 0, https: undefined, mqtt: undefined, mqtts: undefined, coaps: 0, bs: 0 },
  });
  beforeAll(() => test.bench.start());
  afterAll(() => test.bench.stop());

  const pump = 'urn:lo:nsid:lwm2m:pump-1';
  const fleetOf = (given: object) => ({
    ...{ name: 'Pumps', connector: 'lwm2m' as const, count: 2, idPattern: 'pump-{n}', ...quietly },
    ...given,
  });

  it('register, show what goes over the wire, change a value and send it', async () => {
    const id = await test.createAndStart(fleetOf({ objects: [{ id: 3303 }] }));
    const url = `${base}/${id}/devices/1`;
    const act = (body: object) => test.call('POST', `${url}/actions`, body);
    await until(async () => (await test.call('GET', url)).body.frames.length >= 2);
    const { body: device } = await test.call('GET', url);
    expect(device).toMatchObject({ clientId: 'pump-1', state: 'connected', lwm2m: { connectionId: true } });
    expect(device.lwm2m.registration).toMatch(/^\/rd\//);
    const register = device.frames.at(-1);
    expect(register.topic).toMatch(/^CON POST \/rd\?ep=pump-1&lt=300&lwm2m=1\.1&b=U /);
    expect(register).toMatchObject({ direction: 'sent', state: 'acknowledged' });
    expect(register.payload).toContain('</3303/0>');
    const { body: made } = await test.call('POST', `/api/v1/deviceMgt/devices/${pump}/twin/observations`, {
      ...{ paths: ['/3303/0/5700'], name: 'temperature' },
    });
    const observation = `/api/v1/deviceMgt/devices/${pump}/twin/observations/${made.id}`;
    await until(async () => (await test.call('GET', observation)).body.status === 'OBSERVING');
    expect((await act({ action: 'set', path: '/3303/0/5700', value: 55.5 })).status).toBe(204);
    const twin = `/api/v1/deviceMgt/devices/${pump}/twin/objects/3303/0`;
    await until(async () => JSON.stringify((await test.call('GET', twin)).body).includes('"55.5"'));
    const sent = await test.call('POST', `${url}/send`, { paths: ['/3/0/2'] });
    expect(sent).toMatchObject({ status: 200, body: { topic: expect.stringContaining('CON POST /dp') } });
    expect(sent.body.payload).toBe('SENML_CBOR\n/3/0/2 = "SIM-000001"');
    expect((await act({ action: 'set', path: '/3303/0/5700', value: 'warm' })).body.details).toContain(
      'FLOAT',
    );
    expect((await act({ action: 'bootstrap' })).status).toBe(409);
    expect((await test.call('POST', `${url}/send`, { topic: 'a', payload: 'b' })).status).toBe(409);
    // A start again gives the devices that are there the keys of the new run.
    await test.call('POST', `${base}/${id}/stop`);
    expect((await act({ action: 'update' })).status).toBe(409);
    await test.start(id);
    await test.connected(id);
    expect((await test.call('DELETE', `${base}/${id}?devices=true`)).status).toBe(204);
    expect((await test.call('GET', `/api/v1/deviceMgt/devices/${pump}`)).status).toBe(404);
  });

  it.each([
    [{ objects: [{ id: 3 }] }, 'body.objects.0.id: each device has object 3 anyway'],
    [{ objects: [{ id: 60_000 }] }, 'body.objects.0.id: no model describes object 60000'],
    [{ values: { '/3303/0/5700': { kind: 'counter' } } }, 'body.values./3303/0/5700'],
    [{ values: { '/3/0/4': { kind: 'counter' } } }, 'body.values./3/0/4: object 3 has no value 4'],
    [{ payload: { kind: 'template', text: '' }, queueMode: 'no' }, 'queueMode'],
  ])('refuse what makes no sense: %j', async (given, said) => {
    const { status, body } = await test.call('POST', base, fleetOf(given));
    expect(status).toBe(400);
    expect(JSON.stringify(body)).toContain(said);
  });

  it('have objects that the tenant has imported, with values by their definition', async () => {
    const form = new FormData();
    const items = itemXml(1, 'Speed', 'R', 'Float') + itemXml(2, 'Label', 'RW', 'String');
    form.set('file', new Blob([objectXml({ name: 'Pump', items })]));
    const url = `${test.bench.platform.endpoints().http}/api/v1/deviceMgt/twin/model/object-definitions`;
    const headers = { 'X-API-Key': '0123456789abcdef0123456789abcdef' };
    const imported = await fetch(`${url}?inputFormat=lwm2m`, { method: 'POST', headers, body: form });
    expect(imported.status).toBe(201);
    const { pathSegment } = (await imported.json()) as { pathSegment: string };
    const speed = `/${pathSegment}/0/1`;
    const values = { [speed]: { kind: 'constant', value: 5.5 } };
    const id = await test.createAndStart(
      fleetOf({ count: 1, objects: [{ id: Number(pathSegment) }], values }),
    );
    const asked = `/api/v1/deviceMgt/devices/${pump}/twin`;
    const read = { type: 'READ', paths: [`/${pathSegment}/0`] };
    await test.call('POST', `${asked}/operations`, read);
    const shown = async () => (await test.call('GET', `${asked}/objects/${pathSegment}/0`)).body;
    await until(async () => (await shown()).attributes?.length === 2);
    expect((await shown()).attributes[0]).toMatchObject({ path: speed, content: { reportedValue: '5.5' } });
    expect((await test.call('DELETE', `${base}/${id}?devices=true`)).status).toBe(204);
  });

  it('bootstrap before they register, and leave nothing behind', async () => {
    const id = await test.createAndStart(
      fleetOf({ name: 'Unknown', bootstrap: true, idPattern: 'valve-{n}' }),
    );
    const entries = '/api/v1/bootstrap/lwm2m/entries';
    expect((await test.call('GET', `${entries}/valve-2`)).body).toMatchObject({
      activity: { status: 'FINISHED' },
    });
    const before = (await test.call('GET', `${base}/${id}/devices/1`)).body.lwm2m.registration;
    await test.call('POST', `${base}/${id}/devices/1/actions`, { action: 'bootstrap' });
    await until(async () => {
      const { state, lwm2m } = (await test.call('GET', `${base}/${id}/devices/1`)).body;
      return state === 'connected' && lwm2m.registration !== before;
    });
    await test.call('DELETE', `${base}/${id}?devices=true`);
    expect((await test.call('GET', entries)).body).toEqual([]);
    expect((await test.call('GET', '/api/v1/bootstrap/lwm2m/configs')).body).toEqual([]);
  });
});

it('say which port is missing', async () => {
  const test = new TestBench();
  await test.bench.start();
  const id = await test.create({ name: 'Pumps', connector: 'lwm2m', idPattern: 'pump-1' });
  await test.start(id);
  await until(async () => (await test.viewOf(id)).state === 'failed');
  expect((await test.viewOf(id)).problem).toContain('--coaps-port');
  await test.bench.stop();
});
