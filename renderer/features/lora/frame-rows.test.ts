import { expect, test } from 'vitest';
import type { LoraFrame } from '../../../core/contract/lora/frames.ts';
import { fits, frameLine, joinFrames, kindOf } from './frame-rows.ts';

const frame = (id: number, more: Partial<LoraFrame> = {}): LoraFrame => ({
  ...{ id: String(id), time: '2026-01-01T00:00:00.000Z', direction: 'up', bytes: 1, raw: 'e0', radio: {} },
  micCheck: 'notChecked',
  ...more,
});
const data = (more: Partial<NonNullable<LoraFrame['data']>> = {}): LoraFrame['data'] => ({
  devAddr: '02000001',
  fCtrl: { raw: '00', adr: false, ack: false, fOptsLen: 0 },
  ...{ fCnt: 1, fOpts: '', frmPayload: 'aabb', commands: [], ...more },
});
const joinRequest = { appEui: '9879876546543211', devEui: '0101010210101010', devNonce: 7 };

test('joins what was read with what came, each once, in the order of ids as numbers', () => {
  expect(joinFrames([frame(9), frame(8)], [frame(10), frame(9)]).map(({ id }) => id)).toEqual([
    '10',
    '9',
    '8',
  ]);
});

test('filters by direction, kind, drop and any text', () => {
  const all = [
    frame(4, { type: 'JOIN_REQUEST', joinRequest }),
    frame(3, { type: 'UNCONFIRMED_DATA_UP', data: data({ fPort: 5, payload: 'c0ffee' }) }),
    frame(2, { direction: 'down', type: 'UNCONFIRMED_DATA_DOWN', data: data() }),
    frame(1, { dropped: { reason: 'malformedFrame', text: 'no frame' } }),
  ];
  const ids = (filter: Parameters<typeof fits>[1]) =>
    all.filter((each) => fits(each, filter)).map(({ id }) => id);
  expect(all.map(kindOf)).toEqual(['join', 'data', 'mac', 'other']);
  expect(ids({})).toEqual(['4', '3', '2', '1']);
  expect(ids({ direction: 'down' })).toEqual(['2']);
  expect(ids({ kind: 'join' })).toEqual(['4']);
  expect(ids({ dropped: true })).toEqual(['1']);
  expect(ids({ text: 'C0FFEE' })).toEqual(['3']);
});

test('tells a frame in a line: its payload decrypted where that is known, its commands, why it is none', () => {
  const fCtrl = { raw: '20', adr: false, ack: true, fOptsLen: 1 };
  const commands = [{ name: 'LinkCheckReq', cid: '02', fields: [] }];
  expect(frameLine(frame(1, { joinRequest }))).toBe('DevEUI 0101010210101010, DevNonce 7');
  expect(frameLine(frame(1, { data: data({ fPort: 5, payload: 'c0', fCtrl, commands }) }))).toBe(
    'FPort 5: c0, ACK, LinkCheckReq',
  );
  expect(frameLine(frame(1, { data: data({ fPort: 5 }) }))).toBe('FPort 5: aabb');
  expect(frameLine(frame(1, { problem: 'a frame of no bytes' }))).toBe('a frame of no bytes');
});
