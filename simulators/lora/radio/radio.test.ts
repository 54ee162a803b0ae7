import { describe, expect, it } from 'vitest';
import { type LoraFleetInput, loraFleetTemplate } from '../../../core/contract/simulators.ts';
import { VirtualClock } from '../../../core/platform/virtual-clock.ts';
import { airtimeMs } from '../../../core/protocols/lorawan/airtime.ts';
import { regions } from '../../../core/protocols/lorawan/regions/index.ts';
import { Schedule } from '../../fleet/schedule.ts';
import { Sfc32 } from '../../generators/sfc32.ts';
import { wayOf } from '../payload/uplink-source.ts';
import { Air, received, type Signal } from './air.ts';
import { ChannelPlan } from './channel-plan.ts';
import { DeviceDutyCycle } from './device-duty-cycle.ts';
import { distanceBetweenM, gaussian, noiseFloorDbm, pathLossDb, shadowDb, sumDbm } from './link-loss.ts';

const template = (given: Partial<LoraFleetInput> = {}) =>
  loraFleetTemplate.parse({ name: 'r', connector: 'lora', payload: { kind: 'hex', text: '00' }, ...given });
const model = template().radio;
const sf7 = { spreadingFactor: 7, bandwidthKhz: 125 };
const mhz868 = 868_100_000;

describe('signals', () => {
  it('lose by distance as they were measured to do', () => {
    expect(pathLossDb(1000, model)).toBeCloseTo(128.95);
    expect(pathLossDb(10_000, model) - pathLossDb(1000, model)).toBeCloseTo(23.2);
    expect(pathLossDb(0, model)).toBe(pathLossDb(10, model));
  });

  it('are understood down to the floor of their spreading factor', () => {
    const noise = noiseFloorDbm(125, model);
    expect(noise).toBeCloseTo(-117.03, 1);
    const floors = [-7.5, -10, -12.5, -15, -17.5, -20];
    for (const [index, floor] of floors.entries()) {
      const rate = { spreadingFactor: 7 + index, bandwidthKhz: 125 };
      expect(received(noise + floor + 0.1, [], rate, model)?.snr).toBeCloseTo(floor + 0.1, 1);
      expect(received(noise + floor - 0.1, [], rate, model)).toBeUndefined();
    }
  });

  it('are told with the noise, as gateways do', () => {
    const noise = noiseFloorDbm(125, model);
    expect(received(noise, [], sf7, model)).toEqual({ rssi: Math.round(noise + 3.01), snr: 0 });
    expect(sumDbm([-100, -100])).toBeCloseTo(-96.99, 2);
  });

  it('are the same for the same seed, device and place, and others otherwise', () => {
    const place = { lat: 48.85, lon: 2.35 };
    const shadow = (seed: number, device: number, gateway: number, at = place) =>
      shadowDb({ seed, shadowingDb: 8 }, device, gateway, at);
    expect(shadow(1, 1, 0)).toBe(shadow(1, 1, 0));
    const others = [
      shadow(2, 1, 0),
      shadow(1, 2, 0),
      shadow(1, 1, 1),
      shadow(1, 1, 0, { lat: 48.86, lon: 2.35 }),
    ];
    expect(new Set([shadow(1, 1, 0), ...others]).size).toBe(5);
    const many = Array.from({ length: 4000 }, (_, device) => shadow(1, device, 0));
    const mean = many.reduce((sum, each) => sum + each, 0) / many.length;
    const deviation = Math.sqrt(many.reduce((sum, each) => sum + (each - mean) ** 2, 0) / many.length);
    expect(Math.abs(mean)).toBeLessThan(0.5);
    expect(deviation).toBeGreaterThan(7.5);
    expect(deviation).toBeLessThan(8.5);
  });

  it('fade by chance around nothing', () => {
    const random = new Sfc32(1, 1);
    const values = Array.from({ length: 4000 }, () => gaussian(random));
    expect(Math.abs(values.reduce((sum, each) => sum + each, 0) / values.length)).toBeLessThan(0.05);
  });
});

describe('places', () => {
  it('are all within the area, and the same in each run', () => {
    const { area, seed } = template();
    for (let number = 1; number <= 500; number++) {
      const place = wayOf({ area, seed }, number)(0);
      expect(distanceBetweenM(place, area)).toBeLessThan(area.radiusM * 1.01);
      expect(wayOf({ area, seed }, number)(99)).toEqual(place);
    }
  });

  it('move along a path at its speed', () => {
    const location = {
      points: [
        [48, 2],
        [48.5, 2],
      ] as [number, number][],
      speedMPerS: 20,
    };
    const way = wayOf({ ...template(), location }, 1);
    expect(distanceBetweenM(way(0), way(10))).toBeCloseTo(200, -1);
  });
});

describe('the air', () => {
  const begin = (startMs: number, signalDbm: number, rate = sf7, frequencyHz = mhz868) => ({
    ...{ frequencyHz, rate, startMs, endMs: startMs + 50, signalsDbm: [signalDbm] },
  });
  type Frame = ReturnType<typeof begin>;

  /** How each frame was heard, in their order. */
  function fly(frames: readonly Frame[], listens = (_from: number, _to: number) => true) {
    const clock = new VirtualClock();
    const schedule = new Schedule(clock, 'test');
    const air = new Air(schedule, model, [{ listens }]);
    const heard: (Signal | undefined | 'nothing')[] = frames.map(() => 'nothing');
    for (const [index, frame] of frames.entries()) {
      schedule.at(frame.startMs, () =>
        air.send(frame, ([signal]) => {
          heard[index] = signal;
        }),
      );
    }
    clock.advance(1000);
    return heard.map((each) => (each === undefined ? 'lost' : each === 'nothing' ? each : 'heard'));
  }

  it('lets frames collide that are as strong as each other', () => {
    expect(fly([begin(100, -100), begin(120, -100)])).toEqual(['lost', 'lost']);
    expect(fly([begin(100, -100), begin(151, -100)])).toEqual(['heard', 'heard']);
  });

  it('lets the much stronger one through', () => {
    expect(fly([begin(100, -90), begin(120, -97)])).toEqual(['heard', 'lost']);
    expect(fly([begin(100, -90), begin(120, -95)])).toEqual(['lost', 'lost']);
    // Two weak ones together disturb more than each of them.
    expect(fly([begin(100, -90), begin(110, -97), begin(120, -97)])).toEqual(['lost', 'lost', 'lost']);
  });

  it('keeps channels and spreading factors apart', () => {
    const sf8 = { ...sf7, spreadingFactor: 8 };
    expect(fly([begin(100, -100), begin(100, -100, sf8)])).toEqual(['heard', 'heard']);
    expect(fly([begin(100, -100), begin(100, -100, sf7, 868_300_000)])).toEqual(['heard', 'heard']);
  });

  it('is not heard by who does not listen', () => {
    const listens = (from: number) => from > 200;
    expect(fly([begin(100, -90), begin(300, -90)], listens)).toEqual(['lost', 'heard']);
  });
});

describe('the duty cycle of a device', () => {
  it('lets a band rest after a frame, and no other', () => {
    const duty = new DeviceDutyCycle(regions.EU868);
    const onAirMs = airtimeMs(sf7, 20, true);
    duty.sent(mhz868, 1000, 1000 + onAirMs);
    expect(duty.freeAt(868_500_000)).toBeCloseTo(1000 + onAirMs * 100);
    // It cannot send twice at the same time, in whatever band.
    expect(duty.freeAt(867_100_000)).toBe(1000 + onAirMs);
    duty.limit(1);
    duty.sent(867_100_000, 5000, 6000);
    expect(duty.freeAt(869_525_000)).toBe(7000);
    expect(duty.freeAt(862_000_000)).toBe(Number.POSITIVE_INFINITY);
  });

  it('is no limit in the US', () => {
    const duty = new DeviceDutyCycle(regions.US915);
    duty.sent(902_300_000, 0, 400);
    expect(duty.freeAt(902_300_000)).toBe(400);
  });
});

describe('channels', () => {
  it('of EU868 grow by the join-accept, and are chosen by masks', () => {
    const plan = new ChannelPlan(regions.EU868);
    expect(plan.usable(sf7)).toEqual([868_100_000, 868_300_000, 868_500_000]);
    // 867.1 to 867.9 MHz, as EU868 networks send them.
    plan.addList(new Uint8Array(Buffer.from('184F84E85684B85E84886684586E8400', 'hex')));
    expect(plan.usable(sf7).slice(3)).toEqual([
      867_100_000, 867_300_000, 867_500_000, 867_700_000, 867_900_000,
    ]);
    plan.masked([{ channelMask: 0b101, maskControl: 0 }], sf7)?.();
    expect(plan.usable(sf7)).toEqual([868_100_000, 868_500_000]);
    expect(plan.masked([{ channelMask: 0, maskControl: 0 }], sf7)).toBeUndefined();
    expect(plan.masked([{ channelMask: 1 << 12, maskControl: 0 }], sf7)).toBeUndefined();
    expect(plan.masked([{ channelMask: 0, maskControl: 3 }], sf7)).toBeUndefined();
    plan.masked([{ channelMask: 0, maskControl: 6 }], sf7)?.();
    expect(plan.count).toBe(8);
    expect(plan.set(0, 868_800_000)).toBe(false);
    expect(plan.set(8, 868_800_000)).toBe(true);
    expect(plan.usable(sf7)).toContain(868_800_000);
    expect(plan.set(8, 0)).toBe(true);
    expect(plan.has(8)).toBe(false);
  });

  it('of US915 are 64 narrow and 8 wide ones, by halves', () => {
    const plan = new ChannelPlan(regions.US915);
    const wide = { spreadingFactor: 8, bandwidthKhz: 500 };
    expect([plan.usable(sf7).length, plan.usable(wide).length]).toEqual([64, 8]);
    plan.masked([{ channelMask: 0b10, maskControl: 7 }], wide)?.();
    expect([plan.usable(sf7).length, plan.usable(wide)]).toEqual([0, [904_600_000]]);
    expect(plan.masked([{ channelMask: 0b10, maskControl: 7 }], sf7)).toBeUndefined();
    plan.masked([{ channelMask: 0xff, maskControl: 0 }], sf7)?.();
    expect(plan.usable(sf7)).toHaveLength(8);
    plan.masked([{ channelMask: 0xff, maskControl: 6 }], sf7)?.();
    expect(plan.usable(sf7)).toHaveLength(64);
    expect(plan.set(3, 903_000_000)).toBe(false);
    // Of sub-band 2: the second half of the first 16, and one wide one. In one block, for between the two there is none.
    plan.masked(regions.US915.channelMasks(2), sf7)?.();
    expect(plan.usable(sf7)).toEqual(Array.from({ length: 8 }, (_, index) => 903_900_000 + index * 200_000));
    expect(plan.usable(wide)).toEqual([904_600_000]);
    expect(plan.masked(regions.US915.channelMasks(2).slice(0, 1), sf7)).toBeUndefined();
  });
});
