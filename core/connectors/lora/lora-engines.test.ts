import { expect, it } from 'vitest';
import { loraBench } from '../../testing/lora-bench.ts';
import { heardAs, TestLoraDevice } from '../../testing/lora-device.ts';
import { until } from '../../testing/until.ts';

const bench = loraBench();
const keys = { appEUI: '9879876546543211', appKey: '11223344556677889988776655443322' };
const devEuis = ['0101010210101010', '0101010210101011'];
const idOf = (devEui: string): string => `urn:lo:nsid:lora:${devEui}`;
const campaigns = '/api/v0/deviceMgt/campaigns';

/** The file of a bulk provisioning: a device with a LoRa interface in each row. */
const file = (rows: readonly string[]): string =>
  [
    'id;tags;interfaces.0.connector;interfaces.0.definition.devEUI;interfaces.0.definition.appEUI;interfaces.0.definition.appKey;interfaces.0.definition.profile;interfaces.0.definition.connectivityPlan',
    ...rows,
    '',
  ].join('\r\n');
const row = (devEui: string, appKey = keys.appKey): string =>
  `${idOf(devEui)};meter;lora;${devEui};${keys.appEUI};${appKey};Generic_classA_RX2SF9;orange-cs/CP_Basic`;

async function upload(name: string, text: string) {
  const { http } = bench.platform.endpoints();
  const response = await fetch(`${http}/bench/v1/devices/imports/${name}`, {
    method: 'PUT',
    headers: { 'X-API-KEY': bench.masterKey },
    body: text,
  });
  return { status: response.status, body: (await response.json()) as any };
}

const interfaceOf = async (devEui: string) =>
  (await bench.call('GET', `/api/v1/deviceMgt/devices/${idOf(devEui)}/interfaces`)).body[0];

it('LoRa devices of an import join, and a campaign sends each a command after its next uplink', async () => {
  expect(await upload('meters', file(devEuis.map((devEui) => row(devEui))))).toMatchObject({ status: 200 });
  await until(async () => (await interfaceOf(devEuis[1] as string))?.status === 'REGISTERED');
  const devices = devEuis.map((devEui) => new TestLoraDevice(devEui, keys.appEUI, keys.appKey));
  for (const device of devices) {
    await bench.hear(device.joinRequest());
    device.join((await bench.gateway.sent()).data);
    await bench.hear(device.uplink({ port: 1, payload: '00' }));
    await until(async () => (await interfaceOf(device.devEui)).status === 'ACTIVATED');
    // Asked for its battery.
    bench.lapse();
    device.hear((await bench.gateway.sent()).data);
    await until(async () => (await interfaceOf(device.devEui)).activity.lastDlFcnt === 0);
  }
  const request = { connector: 'lora', value: { data: '0A30F5', port: 7 } };
  const { status, body: made } = await bench.call('POST', campaigns, {
    ...{ name: 'meters', targets: { filterQuery: 'tag==meter' } },
    operations: [{ action: 'command', version: 1, definition: { request } }],
  });
  expect([status, made.details]).toEqual([201, undefined]);
  bench.clock.advance(1000);
  const commandOf = async (devEui: string) =>
    (await bench.call('GET', `/api/v1/deviceMgt/devices/${idOf(devEui)}/commands`)).body[0];
  for (const device of devices) {
    await until(async () => (await commandOf(device.devEui))?.status === 'PENDING');
    await bench.gateway.push([heardAs(device.uplink({ port: 1, payload: '01' }))]);
    bench.wireClock.advance(200);
    expect(device.hear((await bench.gateway.sent()).data)).toMatchObject({ port: 7, payload: '0a30f5' });
    await until(async () => (await commandOf(device.devEui)).status === 'PROCESSED');
  }
  await until(
    async () => (await bench.call('GET', `${campaigns}/${made.id}`)).body.campaignStatus === 'COMPLETE',
  );
});

it('rows of an import that are no LoRa device are told, and the others are made', async () => {
  const { body } = await upload(
    'mixed',
    file([row(devEuis[0] as string), row(devEuis[1] as string, 'short')]),
  );
  expect(JSON.stringify(body)).not.toContain('11223344556677889988776655443322');
  await until(async () => (await interfaceOf(devEuis[0] as string)) !== undefined);
  const { body: errors } = await bench.call('GET', '/bench/v1/devices/imports/mixed/errors');
  expect(JSON.stringify(errors)).toContain('appKey');
});
