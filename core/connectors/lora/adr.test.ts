import { expect, it } from 'vitest';
import { regions } from '../../protocols/lorawan/regions/index.ts';
import { chooseRadio } from './adr.ts';
import type { UplinkQuality } from './lora-node.ts';

const settings = { loraAdrUplinks: 4, loraAdrMarginDb: 10 };
const bounds = { sfMin: 7, sfMax: 12, nbTransMin: 1, nbTransMax: 3 };
const current = { txPower: 0, nbTrans: 1 };
const { EU868, US915 } = regions;

/** Uplinks at DR0 with these counters, the best of them this loud. */
const heard = (snr: number, counters = [0, 1, 2, 3], dataRate = 0): UplinkQuality[] =>
  counters.map((fCnt, index) => ({ fCnt, dataRate, snr: index === 1 ? snr : snr - 5, level: 3 }));

it.each([
  ['as it is where there is no margin', -9, undefined],
  ['one step faster for 3 dB more', -7, { dataRate: 1, txPower: 0, nbTrans: 1 }],
  ['at the fastest rate, and softer with what is left', 14, { dataRate: 5, txPower: 3, nbTrans: 1 }],
  ['as softly as it can', 60, { dataRate: 5, txPower: 7, nbTrans: 1 }],
])('sends %s', (_how, snr, expected) => {
  expect(chooseRadio(heard(snr), current, EU868, bounds, settings)).toEqual(expected);
});

it('gets louder again when the margin is gone, and never slower', () => {
  const soft = { txPower: 2, nbTrans: 1 };
  expect(chooseRadio(heard(-25), soft, EU868, bounds, settings)).toEqual({
    dataRate: 0,
    txPower: 0,
    nbTrans: 1,
  });
  expect(chooseRadio(heard(-25), current, EU868, bounds, settings)).toBeUndefined();
});

it('repeats each frame where many are lost, as far as the plan goes', () => {
  const lossy = heard(-9, [0, 2, 4, 6]);
  expect(chooseRadio(lossy, current, EU868, bounds, settings)).toEqual({
    dataRate: 0,
    txPower: 0,
    nbTrans: 3,
  });
  const one = { ...bounds, nbTransMax: 1 };
  expect(chooseRadio(lossy, current, EU868, one, settings)).toBeUndefined();
  expect(chooseRadio(heard(-9), { txPower: 0, nbTrans: 3 }, EU868, bounds, settings)).toMatchObject({
    nbTrans: 2,
  });
});

it('keeps to the spreading factors of the plan, and to channels of 125 kHz', () => {
  expect(chooseRadio(heard(14), current, EU868, { ...bounds, sfMin: 10 }, settings)).toMatchObject({
    dataRate: 2,
  });
  expect(chooseRadio(heard(60), current, US915, bounds, settings)).toMatchObject({
    dataRate: 3,
    txPower: 10,
  });
});

it('says nothing before enough was heard at one data rate', () => {
  expect(chooseRadio(heard(14, [0, 1, 2]), current, EU868, bounds, settings)).toBeUndefined();
  const changed = [...heard(14, [0, 1]), ...heard(14, [2, 3], 1)];
  expect(chooseRadio(changed, current, EU868, bounds, settings)).toBeUndefined();
});
