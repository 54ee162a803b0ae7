import { expect, it } from 'vitest';
import { loraBench } from '../../testing/lora-bench.ts';
import { heardAs } from '../../testing/lora-device.ts';
import { until } from '../../testing/until.ts';

const bench = loraBench();
const url = '/api/v1/deviceMgt/connectors/lora/gateways';
const own = '/bench/v1/lora/gateways';

it('lists plans and profiles (manual 5.5.1.4.3 to 5.5.1.4.8)', async () => {
  const plans = await bench.call('GET', '/api/v1/deviceMgt/connectors/lora/connectivities');
  const parameters = { nbTransMax: 3, location: false, ackUl: false, sfMax: 12, sfMin: 7, nbTransMin: 1 };
  expect(plans.body.slice(0, 2)).toEqual([
    { id: 'orange-cs/CP_Basic', name: 'CP_Basic', parameters },
    { id: 'orange-cs/CP_ACK', name: 'CP_ACK', parameters: { ...parameters, ackUl: true } },
  ]);
  const profiles = await bench.call('GET', '/api/v1/deviceMgt/connectors/lora/profiles');
  expect(profiles.body).toEqual(
    expect.arrayContaining([
      'JRI',
      'Generic_classA_RX2SF9',
      'LoRaWAN/DemonstratorClasseC',
      'DIGITAL_MATTER_EU868',
    ]),
  );
  const base = '/api/v1/deviceMgt/connectors/lora/profiles';
  const manufacturers = await bench.call('GET', `${base}/manufacturers`);
  expect(manufacturers.body).toEqual(expect.arrayContaining(['Adeunis RF', 'Generic', 'JRI']));
  const details = await bench.call('GET', `${base}/details`);
  // The same ones, in the same order.
  expect(details.body.map(({ name }: { name: string }) => name)).toEqual(profiles.body);
  const generic = await bench.call('GET', `${base}/details?manufacturer=Generic`);
  expect(generic.body[0]).toEqual({
    ...{ name: 'Generic_classA_RX2SF9', manufacturer: 'Generic', deviceClass: 'A', region: 'EU868' },
    ...{ activationType: 'OTAA', macVersion: '1.0.3' },
    rx2: { frequency: 869.525, dataRate: 3, sf: 9, bandwidth: 125 },
  });
  expect(generic.body.length).toBeLessThan(details.body.length);
  expect((await bench.call('GET', `${base}/details?manufacturer=nobody`)).body).toEqual([]);
});

it('lists gateways that were heard, with what they say of themselves', async () => {
  await bench.gateway.push([heardAs(Uint8Array.of(0xe0))], {
    ...{ latitude: 46.24, longitude: 3.2523, altitude: 145, received: 2, acknowledgedPercent: 100 },
  });
  const { body } = await bench.call('GET', url);
  expect(body).toEqual({
    ...{ page: 0, size: 20, totalCount: 1 },
    data: [
      {
        ...{ id: 'AA555A0000000101', registered: false, status: 'ONLINE', uplinks: 1, downlinks: 0 },
        location: { lat: 46.24, lon: 3.2523, alt: 145, source: 'GPS' },
        statistics: { received: 2, acknowledgedPercent: 100 },
        ...{ lastContact: expect.any(String), created: expect.any(String), updated: expect.any(String) },
      },
    ],
  });
  bench.wireClock.advance(91_000);
  const later = await bench.call('GET', `${url}/aa555a0000000101`);
  expect(later.body.status).toBe('OFFLINE');
  const audit = await bench.call('GET', '/api/v0/auditlog/messages?type=lora_gateway');
  expect(audit.body.map(({ description }: { description: string }) => description)).toEqual([
    'Gateway AA555A0000000101 is OFFLINE',
    'Gateway AA555A0000000101 is ONLINE',
  ]);
});

it('keeps the region of a gateway over a restart, what it heard or what was chosen, and keeps to the chosen one', async () => {
  const state = async () => (await bench.call('GET', own)).body[0];
  await bench.activate();
  expect(await state()).toMatchObject({ region: 'EU868', regionSource: 'HEARD' });
  const restart = async () => {
    bench.platform.lora.stop();
    await bench.platform.lora.start();
  };
  await restart();
  expect(await state()).toMatchObject({ region: 'EU868', regionSource: 'HEARD' });
  const gateway = `${url}/AA555A0000000101`;
  const wrong = await bench.call('PATCH', gateway, { region: 'EU433' });
  expect(wrong).toMatchObject({ status: 400 });
  expect(JSON.stringify(wrong.body)).toContain('must be EU868, US915 or AS923');
  expect((await bench.call('PATCH', gateway, { region: 'US915' })).status).toBe(200);
  await restart();
  expect(await state()).toMatchObject({ region: 'US915', regionSource: 'GIVEN' });
  expect((await state()).dutyCycle).toMatchObject([{ from: 902, share: 1 }]);
  await bench.hear(bench.device.uplink({ port: 1, payload: '01' }));
  await until(async () => (await bench.drops()).length === 1);
  expect(await bench.drops()).toEqual(['otherRegion']);
  await bench.call('PATCH', gateway, { name: 'Roof' });
  expect((await state()).regionSource).toBe('GIVEN');
  await bench.call('PATCH', gateway, { region: null });
  expect(await state()).toMatchObject({ region: 'EU868', regionSource: 'HEARD' });
  await bench.hear(bench.device.uplink({ port: 1, payload: '02' }));
  await until(async () => (await bench.messages()).length === 2);
});

it('registers, changes and deletes gateways', async () => {
  const id = 'AA555A0000000303';
  const made = await bench.call('POST', own, {
    id: id.toLowerCase(),
    name: 'Roof',
    location: { lat: 1, lon: 2 },
  });
  expect(made).toMatchObject({
    status: 201,
    body: {
      id,
      name: 'Roof',
      registered: true,
      status: 'NEVER_SEEN',
      location: { lat: 1, lon: 2, source: 'MANUAL' },
    },
  });
  expect((await bench.call('POST', own, { id })).status).toBe(409);
  const moved = await bench.call('PATCH', `${url}/${id}`, { location: { lat: 3, lon: 4, alt: 5 } });
  expect(moved.body.location).toEqual({ lat: 3, lon: 4, alt: 5, source: 'MANUAL' });
  expect((await bench.call('PATCH', `${url}/${id}`, { name: 'Cellar' })).body).toMatchObject({
    ...{ name: 'Cellar', location: { lat: 3 } },
  });
  // An empty location takes away the one there is.
  expect((await bench.call('PATCH', `${url}/${id}`, { location: {} })).body).not.toHaveProperty('location');
  bench.platform.lora.stop();
  await bench.platform.lora.start();
  expect((await bench.call('GET', `${url}/${id}`)).body.name).toBe('Cellar');
  expect((await bench.call('DELETE', `${own}/${id}`)).status).toBe(204);
  for (const method of ['GET', 'PATCH']) {
    const { status, body } = await bench.call(method, `${url}/${id}`, method === 'PATCH' ? {} : undefined);
    expect([status, body.code]).toEqual([404, 'LORA_GATEWAY_NOT_FOUND']);
  }
});

it.each([
  [{ id: 'AA' }, 'id'],
  [{ id: 'AA555A0000000303', location: { lat: 91, lon: 0 } }, 'location'],
  [{ id: 'AA555A0000000303', location: { lon: 0 } }, 'location'],
])('refuses %o', async (body, place) => {
  const answer = await bench.call('POST', own, body);
  expect(answer.status).toBe(400);
  expect(answer.body.details).toContain(place);
});

it('makes a gateway that was heard one of the tenant that registers it', async () => {
  const { body: tenant } = await bench.call('POST', '/bench/v1/tenants', { name: 'other' });
  const other = tenant.masterKey;
  expect((await bench.call('GET', url, undefined, other)).body.totalCount).toBe(0);
  await bench.call('POST', own, { id: bench.gateway.id }, other);
  expect((await bench.call('GET', url, undefined, other)).body.data).toMatchObject([
    { registered: true, status: 'ONLINE' },
  ]);
  expect((await bench.call('GET', `${url}/${bench.gateway.id}`)).status).toBe(404);
  // What it hears is of devices of any tenant.
  await bench.register();
  await bench.join();
});

it('counts frames of which a gateway says that they are broken, and tells of them', async () => {
  const drops = async () => (await bench.call('GET', '/bench/v1/lora/drops')).body.brokenFrame ?? 0;
  const before = await drops();
  const body = JSON.stringify({ rxpk: [{ stat: -1 }, { stat: 0, data: '####' }] });
  bench.gateway.send(Buffer.concat([Buffer.from('02000100aa555a0000000101', 'hex'), Buffer.from(body)]));
  await until(async () => (await drops()) === before + 2);
  expect(await bench.drops()).toEqual(['brokenFrame']);
});

it('sends nothing by a gateway that is there, and has fetched nothing for long', async () => {
  const state = async () => (await bench.call('GET', own)).body[0];
  expect(await state()).toMatchObject({ status: 'ONLINE', fetchesDownlinks: true });
  for (let elapsedMs = 0; elapsedMs < 90_000; elapsedMs += 30_000) {
    bench.wireClock.advance(30_000);
    await bench.gateway.push([heardAs(Uint8Array.of(0xe0, elapsedMs / 30_000))]);
  }
  expect(await state()).toMatchObject({ status: 'ONLINE', fetchesDownlinks: false });
  await bench.gateway.pull();
  expect(await state()).toMatchObject({ status: 'ONLINE', fetchesDownlinks: true });
});

it('answers at once, whatever is in a datagram', async () => {
  await bench.gateway.push([]);
  await bench.gateway.push([heardAs(new Uint8Array(0))]);
  bench.wireClock.advance(1000);
  await until(async () => (await bench.drops()).length === 2);
  expect(await bench.drops()).toEqual(['malformedFrame', 'malformedDatagram']);
});

it('tells FIFOs of gateways that come and go, as a policy asks for', async () => {
  const watch = (fifoName: string, filter: object) =>
    bench.call('POST', '/api/v1/event2action/actionPolicies', {
      name: fifoName,
      triggers: { loraGatewayStatus: { filter } },
      actions: { fifoPublish: [{ fifoName }] },
    });
  expect((await watch('all', {})).status).toBe(200);
  expect((await watch('one', { gatewayIds: ['aa555a0000000909'] })).status).toBe(200);
  expect((await watch('none', { gatewayIds: ['x'] })).body.details).toContain('gatewayIds');
  const queued = async (fifoName: string) =>
    (await bench.call('GET', `/api/v1/event2action/fifos/${fifoName}?withStatus=true`)).body.status.messages;
  await bench.openGateway('AA555A0000000909');
  await until(async () => (await queued('all')) === 1 && (await queued('one')) === 1);
  bench.wireClock.advance(91_000);
  // It went, and so did the gateway that was there before.
  await until(async () => (await queued('all')) === 3 && (await queued('one')) === 2);
});
