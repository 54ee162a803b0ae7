import { expect, test } from 'vitest';
import { loraPayload } from '../../../core/contract/simulated-lora.ts';
import { addReading, lppTypes } from './lpp-readings.ts';

test('puts every reading there is behind the others, as the platform takes them', () => {
  let text = 'no JSON at all';
  for (const [index, type] of lppTypes.entries()) text = addReading(text, type, index);
  const read = loraPayload.parse(JSON.parse(text));
  expect(read.kind === 'cayenne' && read.channels.map(({ type }) => type)).toEqual(lppTypes);
});

test('replaces what is no Cayenne payload', () => {
  const text = addReading('{"kind":"hex","text":"00"}', 'gps', 7);
  expect(JSON.parse(text)).toEqual({ kind: 'cayenne', channels: [{ type: 'gps', channel: 7 }] });
});
