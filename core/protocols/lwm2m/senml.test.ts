import { describe, expect, it } from 'vitest';
import { resolveSenml } from './senml.ts';
import { readSenmlCbor, writeSenmlCbor } from './senml-cbor.ts';
import { readSenmlJson, writeSenmlJson } from './senml-json.ts';

const json = (text: string) => readSenmlJson(new TextEncoder().encode(text));
const resolved = (text: string, nowMs = 0) => resolveSenml(json(text), nowMs, 'SenML JSON');
const number = (value: number) => ({
  form: 'number',
  value: Number.isInteger(value) ? { whole: value } : value,
});

const device = 'urn:dev:ow:10e2073a01080063';

/** RFC 8428, 5.1.2, second example. */
const currents = `[{"bn":"urn:dev:ow:10e2073a0108006:","bt":1.276020076001e+09,"bu":"A","bver":5,"n":"voltage","u":"V","v":120.1},
  {"n":"current","t":-5,"v":1.2},{"n":"current","t":-4,"v":1.3},{"n":"current","t":-3,"v":1.4},
  {"n":"current","t":-2,"v":1.5},{"n":"current","t":-1,"v":1.6},{"n":"current","v":1.7}]`;

/** RFC 8428, 6: the same in CBOR. */
const currentsCbor =
  '87a721781b75726e3a6465763a6f773a3130653230373361303130383030363a22fb41d303a15b00106223614120050067766f6c74616765' +
  '01615602fb405e066666666666a3006763757272656e74062402fb3ff3333333333333a3006763757272656e74062302fb3ff4cccccccccccd' +
  'a3006763757272656e74062202fb3ff6666666666666a3006763757272656e74062102f93e00a3006763757272656e74062002fb3ff999999999' +
  '999aa3006763757272656e74060002fb3ffb333333333333';

describe('SenML', () => {
  it.each([
    ['5.1.1', `[{"n":"${device}","u":"Cel","v":23.1}]`, [{ name: device, unit: 'Cel', value: number(23.1) }]],
    [
      '5.1.2',
      `[{"bn":"${device}:","n":"voltage","u":"V","v":120.1},{"n":"current","u":"A","v":1.2}]`,
      [
        { name: `${device}:voltage`, unit: 'V', value: number(120.1) },
        { name: `${device}:current`, unit: 'A', value: number(1.2) },
      ],
    ],
    [
      '5.1.3',
      `[{"bn":"${device}","bt":1.320067464e+09,"bu":"%RH","v":20},{"u":"lon","v":24.30621},{"u":"lat","v":60.07965},
        {"t":60,"v":20.3},{"u":"lon","t":60,"v":24.30622}]`,
      [
        { name: device, unit: '%RH', value: number(20), timestampMs: 1_320_067_464_000 },
        { name: device, unit: 'lon', value: number(24.306_21), timestampMs: 1_320_067_464_000 },
        { name: device, unit: 'lat', value: number(60.079_65), timestampMs: 1_320_067_464_000 },
        { name: device, unit: '%RH', value: number(20.3), timestampMs: 1_320_067_524_000 },
        { name: device, unit: 'lon', value: number(24.306_22), timestampMs: 1_320_067_524_000 },
      ],
    ],
    [
      '5.1.5',
      `[{"bn":"${device}:","n":"temp","u":"Cel","v":23.1},{"n":"label","vs":"Machine Room"},{"n":"open","vb":false},
        {"n":"nfc-reader","vd":"aGkgCg"}]`,
      [
        { name: `${device}:temp`, unit: 'Cel', value: number(23.1) },
        { name: `${device}:label`, value: { form: 'text', value: 'Machine Room' } },
        { name: `${device}:open`, value: { form: 'boolean', value: false } },
        { name: `${device}:nfc-reader`, value: { form: 'bytes', value: new TextEncoder().encode('hi \n') } },
      ],
    ],
  ])('resolves the example of RFC 8428, %s', (_, text, expected) => {
    expect(resolved(text)).toEqual(expected);
  });

  it('resolves base times, and reads CBOR as JSON (RFC 8428, 5.1.2 and 6)', () => {
    const fromJson = resolved(currents);
    expect(fromJson.map(({ timestampMs }) => timestampMs)).toEqual(
      [0, -5, -4, -3, -2, -1, 0].map((seconds) => 1_276_020_076_001 + seconds * 1000),
    );
    expect(fromJson.map(({ unit }) => unit)).toEqual(['V', 'A', 'A', 'A', 'A', 'A', 'A']);
    const cbor = readSenmlCbor(Uint8Array.from(Buffer.from(currentsCbor, 'hex')));
    expect(resolveSenml(cbor, 0, 'SenML CBOR')).toEqual(fromJson);
    expect(Buffer.from(writeSenmlCbor(cbor)).toString('hex')).toBe(currentsCbor);
  });

  it('adds base values and sums, whole numbers exactly', () => {
    const [one, two] = resolved('[{"bn":"a","bv":9223372036854775800,"bs":1,"v":7,"s":2.5},{"v":-0.5}]');
    expect(one).toMatchObject({ value: { value: { whole: 9_223_372_036_854_775_807n } }, sum: 3.5 });
    expect(two).toMatchObject({ value: { value: 9_223_372_036_854_775_800 }, sum: 1 });
  });

  it('counts times below 2^28 from now (RFC 8428, 4.5.3)', () => {
    const times = resolved(
      '[{"n":"a","t":-10,"v":1},{"n":"a","t":0,"v":1},{"n":"a","t":268435456,"v":1},{"n":"a","v":1}]',
      5000,
    );
    expect(times.map(({ timestampMs }) => timestampMs)).toEqual([-5000, 5000, 268_435_456_000, undefined]);
  });

  it('takes decimal fractions of CBOR (RFC 8428, 6)', () => {
    expect(readSenmlCbor(Uint8Array.from(Buffer.from('81a2006161' + '02c48221196ab3', 'hex')))).toEqual([
      { n: 'a', v: 273.15 },
    ]);
  });

  it.each([
    ['{}', 'a pack is an array of records'],
    ['[1]', 'a record is an object'],
    ['[{"n":1,"v":1}]', 'n has to be a text'],
    ['[{"n":"a","v":"1"}]', 'v has to be a number'],
    ['[{"n":"a","vb":1}]', 'vb has to be true or false'],
    ['[{"n":"a","vd":"+/=="}]', 'vd has to be base64 in the alphabet for URLs'],
    ['[{"n":"a","x_":1}]', 'x_ has to be understood, and is not'],
    ['[{"n":"a","v":1,"v":2}]', '"v" is in the object twice'],
  ])('refuses %s', (text, reason) => {
    expect(() => json(text)).toThrow(expect.objectContaining({ name: 'Lwm2mCodecError', reason }));
  });

  it.each([
    ['[{"n":"a","v":1,"vs":"x"}]', 'it has more than one value'],
    ['[{"bver":11,"n":"a","v":1}]', 'SenML version 11 is newer than 10'],
    ['[{"n":"a","v":1,"t":1e300}]', 'the time 1e+300 s lies outside of all calendars'],
  ])('refuses %s as a whole', (text, reason) => {
    expect(() => resolved(text)).toThrow(expect.objectContaining({ where: 'record 1', reason }));
  });

  it('leaves out labels that it need not understand', () => {
    expect(json('[{"n":"a","v":1,"x":{"deep":[1]}}]')).toEqual([{ n: 'a', v: { whole: 1 } }]);
  });

  it('writes all digits of whole numbers', () => {
    const text = '[{"n":"a","v":18446744073709551615}]';
    expect(new TextDecoder().decode(writeSenmlJson(json(text)))).toBe(text);
  });
});
