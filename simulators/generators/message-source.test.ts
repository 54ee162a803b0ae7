import { describe, expect, it } from 'vitest';
import { type MqttFleetInput, mqttFleetTemplate } from '../../core/contract/simulators.ts';
import { MessageSource } from './message-source.ts';
import { payloadMaker } from './payload-maker.ts';

const timeMs = Date.UTC(2030, 0, 1);

function sourceOf(payload: MqttFleetInput['payload'], options: { seed?: number; number?: number } = {}) {
  const template = mqttFleetTemplate.parse({ name: 'f', seed: options.seed, payload });
  return new MessageSource(template, payloadMaker(template.payload), options.number ?? 1);
}

const climate = {
  kind: 'fields',
  model: 'climate_v1',
  fields: {
    temperature: { kind: 'randomWalk', start: 21, step: 0.5, min: 15, max: 30 },
    humidity: { kind: 'randomWalk', start: 40, step: 2, min: 20, max: 80, decimals: 0 },
    state: { kind: 'enum', values: ['ok', 'low'] },
  },
} satisfies MqttFleetInput['payload'];

const take = (source: MessageSource, count: number) =>
  Array.from({ length: count }, () => source.next(timeMs));

describe('MessageSource', () => {
  it('makes a data message of fields, with the place at the simulated time', () => {
    const source = sourceOf({
      ...climate,
      fields: { n: { kind: 'counter', start: 1 } },
      location: {
        points: [
          [0, 0],
          [0, 1],
        ],
        speedMPerS: 10,
      },
    });
    expect(take(source, 2).map((text) => JSON.parse(text))).toEqual([
      { model: 'climate_v1', value: { n: 1 }, location: { lat: 0, lon: 0 } },
      // 5 s at 10 m/s.
      { model: 'climate_v1', value: { n: 2 }, location: { lat: 0, lon: 0.00045 } },
    ]);
  });

  it('replays CSV rows and fills templates', () => {
    expect(take(sourceOf({ kind: 'csv', text: 'a\n1\n2' }), 2)).toEqual([
      '{"value":{"a":1}}',
      '{"value":{"a":2}}',
    ]);
    expect(take(sourceOf({ kind: 'template', text: '{{n}} {{device}}' }, { number: 3 }), 2)).toEqual([
      '1 urn:lo:nsid:sim:device-3',
      '2 urn:lo:nsid:sim:device-3',
    ]);
  });

  it('says the same for the same seed and device, and only then', () => {
    const first = take(sourceOf(climate, { seed: 5, number: 2 }), 30);
    expect(take(sourceOf(climate, { seed: 5, number: 2 }), 30)).toEqual(first);
    expect(take(sourceOf(climate, { seed: 6, number: 2 }), 30)).not.toEqual(first);
    expect(take(sourceOf(climate, { seed: 5, number: 3 }), 30)).not.toEqual(first);
  });

  it('says what comes next without going on', () => {
    const source = sourceOf(climate);
    take(source, 3);
    const coming = source.peek(timeMs);
    expect(source.peek(timeMs)).toBe(coming);
    expect(source.next(timeMs)).toBe(coming);
    expect(source.next(timeMs)).not.toBe(coming);
  });
});
