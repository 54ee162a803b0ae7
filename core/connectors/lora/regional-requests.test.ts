import { expect, it } from 'vitest';
import { loraBench, loraDeviceId, loraDeviceUrl } from '../../testing/lora-bench.ts';
import type { TestUplink } from '../../testing/lora-device.ts';
import { until } from '../../testing/until.ts';

const bench = loraBench({ settings: { loraUs915SubBand: '2', loraAs923DwellTime: false } });
const as = (frequencyHz: number, spreadingFactor: number) => ({
  frequencyHz,
  modulation: { kind: 'LORA', spreadingFactor, bandwidthKhz: 125, codingRate: '4/5' } as const,
});

/** The device sends, and is answered when its window comes. */
async function answered(radio: ReturnType<typeof as>, fields: TestUplink = {}) {
  await bench.hear(bench.device.uplink({ port: 1, payload: '2a', confirmed: true, ...fields }), radio);
  await until(async () => (await bench.interface()).activity.lastUlFcnt === bench.device.fCntUp - 1);
  bench.lapse();
  const sent = await bench.gateway.sent();
  return { ...bench.device.hear(sent.data), sent };
}

async function join(profile: string, radio: ReturnType<typeof as>) {
  await bench.register({ profile });
  await bench.hear(bench.device.joinRequest(), radio);
  bench.device.join((await bench.gateway.sent()).data);
}

const adrOk = { name: 'LinkADRAns', channelMaskAck: 1, dataRateAck: 1, powerAck: 1 } as const;

it('leaves devices in the US with the channels of the sub-band in which gateways listen, whether they have ADR or not', async () => {
  // Channel 9 at DR2.
  const radio = as(904_100_000, 8);
  await join('DP_Generic_US915_ClassA', radio);
  const radioOfDevice = { dataRate: 2, txPower: 0, nbTrans: 1 };
  const block = [
    { name: 'LinkADRReq', ...radioOfDevice, channelMask: 0b10, maskControl: 7 },
    { name: 'LinkADRReq', ...radioOfDevice, channelMask: 0xff00, maskControl: 0 },
  ];
  expect((await answered(radio)).commands).toEqual([...block, { name: 'DevStatusReq' }]);
  // It asks until it is answered.
  expect((await answered(radio)).commands).toEqual(block);
  expect((await answered(radio, { commands: [adrOk, adrOk] })).commands).toEqual([]);
  // Also after a restart of the network.
  bench.platform.lora.stop();
  await bench.platform.lora.start();
  await bench.gateway.pull();
  expect((await answered(radio)).commands).toEqual([]);
});

it('does not ask again for channels that a device refuses', async () => {
  const radio = as(904_100_000, 8);
  await join('DP_Generic_US915_ClassA', radio);
  expect((await answered(radio)).commands).toHaveLength(3);
  const refusal = { ...adrOk, channelMaskAck: 0 };
  expect((await answered(radio, { commands: [refusal, refusal] })).commands).toEqual([]);
});

it('lets devices in AS923 be on the air for longer than 400 ms where the country does', async () => {
  // DR0, whose frames are longer; the answers keep to DR2 until the device has agreed.
  const radio = as(923_400_000, 12);
  await join('DP_Generic_AS923_ClassA', radio);
  const first = await answered(radio);
  expect(first.sent.modulation).toMatchObject({ spreadingFactor: 10 });
  expect(first.commands[0]).toEqual({
    ...{ name: 'TxParamSetupReq', maxEirp: 5, uplinkDwellTime: 0, downlinkDwellTime: 0 },
  });
  const second = await answered(radio, { commands: [{ name: 'TxParamSetupAns' }] });
  expect(second.sent).toMatchObject({ frequencyHz: 923_400_000, modulation: { spreadingFactor: 12 } });
  expect(second.commands).toEqual([]);
  // At DR2 there is room for 51 bytes now, where there were 11.
  const value = { data: '00'.repeat(51), port: 4 };
  await bench.call('POST', `${loraDeviceUrl}/commands`, { request: { connector: 'lora', value } });
  await bench.hear(bench.device.uplink({ port: 1, payload: '2a' }), as(923_400_000, 10));
  expect(bench.device.hear((await bench.gateway.sent()).data).payload).toHaveLength(102);
  const { body } = await bench.call('GET', `/bench/v1/devices/${loraDeviceId}/lora`);
  expect(body.interfaces[0].session.fCntDown).toBe(3);
});
