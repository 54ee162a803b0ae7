import { beforeEach, expect, it } from 'vitest';
import { loraBench, loraDeviceId } from '../../testing/lora-bench.ts';
import type { TestUplink } from '../../testing/lora-device.ts';
import { until } from '../../testing/until.ts';

const bench = loraBench({ settings: { loraAdrUplinks: 3 } });
const agreed = [{ name: 'LinkADRAns', channelMaskAck: 1, dataRateAck: 1, powerAck: 1 }] as const;

/** What the network asks of the device after an uplink at this spreading factor, that came in so well. */
async function asked(spreadingFactor: number, snr: number, fields: TestUplink = {}) {
  const modulation = { kind: 'LORA', spreadingFactor, bandwidthKhz: 125, codingRate: '4/5' } as const;
  const uplink = { port: 1, payload: '2a', adr: true, confirmed: true, ...fields };
  await bench.hear(bench.device.uplink(uplink), { modulation, snr });
  await until(async () => (await bench.interface()).activity.lastUlFcnt === bench.device.fCntUp - 1);
  bench.lapse();
  const { commands } = bench.device.hear((await bench.gateway.sent()).data);
  return commands.filter(({ name }) => name === 'LinkADRReq');
}
const state = async () =>
  (await bench.call('GET', `/bench/v1/devices/${loraDeviceId}/lora`)).body.interfaces[0].adr;

beforeEach(async () => {
  await bench.register();
  await bench.join();
});

it('measures anew how a device comes in that has become softer, before it makes it softer still', async () => {
  for (let count = 0; count < 2; count++) expect(await asked(7, 10)).toEqual([]);
  // 10 dB are 17.5 above the floor of SF7; 10 are kept, which leaves 2 steps of power.
  expect(await asked(7, 10)).toMatchObject([{ dataRate: 5, txPower: 2 }]);
  expect(await asked(7, 4, { commands: agreed })).toEqual([]);
  expect(await state()).toMatchObject({ state: 'MEASURING', uplinks: 1, txPower: 2 });
  for (let count = 0; count < 4; count++) expect(await asked(7, 4)).toEqual([]);
  expect(await state()).toMatchObject({ state: 'STEADY', uplinks: 3, txPower: 2 });
});

it('knows that a device that has slowed down by itself sends with all its power', async () => {
  for (let count = 0; count < 2; count++) await asked(7, 10);
  expect(await asked(7, 10)).toMatchObject([{ dataRate: 5, txPower: 2 }]);
  expect(await asked(7, 4, { commands: agreed })).toEqual([]);
  // 6 dB more than are needed and kept at SF9: two steps, and none of them is left for the power.
  for (let count = 0; count < 2; count++) expect(await asked(9, 3.5)).toEqual([]);
  expect(await asked(9, 3.5)).toMatchObject([{ dataRate: 5, txPower: 0 }]);
});
