import { describe, expect, it } from 'vitest';
import { loraBench, loraDeviceId, loraDeviceUrl } from '../../testing/lora-bench.ts';
import { until } from '../../testing/until.ts';

const bench = loraBench();
const as = (frequencyHz: number, spreadingFactor: number, bandwidthKhz = 125) => ({
  frequencyHz,
  modulation: { kind: 'LORA', spreadingFactor, bandwidthKhz, codingRate: '4/5' } as const,
});
const state = async () =>
  (await bench.call('GET', `/bench/v1/devices/${loraDeviceId}/lora`)).body.interfaces[0];

/** The newest uplink that was taken: from then on the device is waited for in its windows. */
const newestFrame = async () =>
  (await bench.call('GET', `/bench/v1/devices/${loraDeviceId}/lora/frames?limit=5`)).body.frames.find(
    ({ direction }: { direction: string }) => direction === 'up',
  );

async function activate(profile: string, radio: ReturnType<typeof as>) {
  await bench.register({ profile });
  await bench.hear(bench.device.joinRequest(), radio);
  const answer = await bench.gateway.sent();
  const accept = bench.device.join(answer.data);
  await bench.hear(bench.device.uplink({ port: 1, payload: '2a' }), radio);
  await until(async () => (await bench.messages()).length === 1);
  bench.lapse();
  return { answer, accept, downlink: await bench.gateway.sent() };
}

describe('US915', () => {
  it('answers on the 500 kHz channel that belongs to the channel of the uplink, without a list of channels', async () => {
    // Channel 9 at DR2: RX1 is channel 1 at DR12 (Regional Parameters, 2.3.6 and 2.3.7).
    const { answer, accept, downlink } = await activate('DP_Generic_US915_ClassA', as(904_100_000, 8));
    const rx1 = {
      frequencyHz: 923_900_000,
      powerDbm: 26,
      modulation: { spreadingFactor: 8, bandwidthKhz: 500 },
    };
    expect(answer).toMatchObject({ ...rx1, counterUs: 6_000_000 });
    expect(accept.cfList).toHaveLength(0);
    expect(accept.rx2DataRate).toBe(8);
    expect(downlink).toMatchObject({ ...rx1, counterUs: 2_000_000 });
    const { body } = await bench.call('GET', '/bench/v1/lora/gateways');
    expect(body[0]).toMatchObject({ region: 'US915', dutyCycle: [{ from: 902, to: 928, share: 1 }] });
  });

  it('goes to RX2 at 923.3 MHz when RX1 is refused, and takes uplinks of the wide channels', async () => {
    await activate('DP_Generic_US915_ClassA', as(904_100_000, 8));
    bench.gateway.txAck = 'TOO_LATE';
    await bench.hear(
      bench.device.uplink({ port: 1, payload: '2b', confirmed: true }),
      as(903_000_000, 8, 500),
    );
    await until(async () => (await bench.messages()).length === 2);
    bench.lapse();
    expect(await bench.gateway.sent()).toMatchObject({ frequencyHz: 923_300_000, counterUs: 2_000_000 });
    expect(await bench.gateway.sent()).toMatchObject({
      ...{ frequencyHz: 923_300_000, counterUs: 3_000_000 },
      modulation: { spreadingFactor: 12, bandwidthKhz: 500 },
    });
  });

  it('drops what comes on channels of elsewhere', async () => {
    await activate('DP_Generic_US915_ClassA', as(904_100_000, 8));
    await bench.hear(bench.device.uplink({ port: 1, payload: '2b' }), as(868_100_000, 8));
    await until(async () => (await bench.drops()).length === 1);
    expect(await bench.drops()).toEqual(['otherRegion']);
  });
});

describe('AS923', () => {
  it('answers on the channel of the uplink, not below DR2, and gives five further channels', async () => {
    const { answer, accept, downlink } = await activate('DP_Generic_AS923_ClassA', as(923_400_000, 10));
    const rx1 = { frequencyHz: 923_400_000, powerDbm: 16, modulation: { spreadingFactor: 10 } };
    expect(answer).toMatchObject({ ...rx1, counterUs: 6_000_000 });
    expect(Buffer.from(accept.cfList).toString('hex')).toBe('20ee8cf0f58cc0fd8c90058d600d8d00');
    expect(downlink).toMatchObject({ ...rx1, counterUs: 2_000_000 });
  });

  it('tells that the duty cycle of the gateway is used up: both windows are in one band of 1 %', async () => {
    const radio = as(923_400_000, 10);
    await activate('DP_Generic_AS923_ClassA', radio);
    // 0.3 s on the air each, of 36 s an hour.
    for (let count = 0; (await state()).lastFailure === undefined; count++) {
      expect(count).toBeLessThan(200);
      const { fCntUp } = bench.device;
      await bench.hear(bench.device.uplink({ port: 1, payload: '00', confirmed: true }), radio);
      await until(async () => (await newestFrame())?.data?.fCntFull === fCntUp);
      bench.lapse();
      await until(
        async () => bench.gateway.toSend.splice(0).length > 0 || (await state()).lastFailure !== undefined,
      );
    }
    const [gateway] = (await bench.call('GET', '/bench/v1/lora/gateways')).body;
    expect(gateway.dutyCycle[0]).toMatchObject({ from: 915, to: 928, share: 0.01, allowedMs: 36_000 });
    expect(gateway.dutyCycle[0].usedMs).toBeGreaterThan(35_000);
    const request = { connector: 'lora', value: { data: 'ff', port: 4 } };
    await bench.call('POST', `${loraDeviceUrl}/commands`, { request });
    expect((await state()).queue).toMatchObject([{ waitsFor: 'DUTY_CYCLE' }]);
    // An hour later it may send again.
    bench.wireClock.advance(3_600_000);
    await bench.gateway.pull();
    await bench.hear(bench.device.uplink({ port: 1, payload: '00' }), radio);
    expect((await bench.gateway.sent()).frequencyHz).toBe(923_400_000);
    await until(async () => (await state()).queue.length === 0);
  }, 20_000);
});
