import { expect, it } from 'vitest';
import fc from '../../../core/testing/properties.ts';
import { CayennePayload, type CayenneType, cayenneForms } from './cayenne-lpp.ts';

const hex = (payload: CayennePayload): string => Buffer.from(payload.build()).toString('hex').toUpperCase();

/** The first four are the examples of the Cayenne LPP reference; the others follow from its table of types. */
it.each<[string, CayennePayload]>([
  ['03670110056700FF', new CayennePayload().add(3, 'temperature', 27.2).add(5, 'temperature', 25.5)],
  ['0167FFD7', new CayennePayload().add(1, 'temperature', -4.1)],
  ['067104D2FB2E0000', new CayennePayload().add(6, 'accelerometer', 1.234, -1.234, 0)],
  ['018806765FF2960A0003E8', new CayennePayload().add(1, 'gps', 42.3519, -87.9094, 10)],
  ['000001', new CayennePayload().add(0, 'digitalInput', 1)],
  ['0802FFF6', new CayennePayload().add(8, 'analogInput', -0.1)],
  ['01650190', new CayennePayload().add(1, 'illuminance', 400)],
  ['026864', new CayennePayload().add(2, 'humidity', 50)],
  ['03732794', new CayennePayload().add(3, 'barometer', 1013.2)],
  ['FF8600640000FF9C', new CayennePayload().add(255, 'gyrometer', 1, 0, -1)],
])('writes %s', (wanted, payload) => {
  expect(hex(payload)).toBe(wanted);
});

it('writes the nearest value that there is for one out of range, and 0 for none', () => {
  expect(hex(new CayennePayload().add(1, 'humidity', 999).add(1, 'humidity', -5))).toBe('0168FF016800');
  expect(hex(new CayennePayload().add(1, 'temperature', 1e9).add(1, 'temperature', -1e9))).toBe(
    '01677FFF01678000',
  );
  expect(hex(new CayennePayload().add(1, 'temperature', Number.NaN).add(1, 'temperature'))).toBe(
    '0167000001670000',
  );
});

/** Reads what was written, by the table alone: the other way round. */
function read(bytes: Uint8Array): { type: number; values: number[] } {
  const form = Object.values(cayenneForms).find(({ type }) => type === bytes[1]);
  let at = 2;
  const values = (form?.numbers ?? []).map(({ bytes: count, unit, signed }) => {
    const raw = bytes.subarray(at, at + count).reduce((sum, byte) => sum * 256 + byte, 0);
    at += count;
    return (signed && raw >= 256 ** count / 2 ? raw - 256 ** count : raw) * unit;
  });
  expect(at).toBe(bytes.length);
  return { type: bytes[1] ?? -1, values };
}

it('writes values that read as they were, to half a unit', () => {
  const types = Object.keys(cayenneForms) as CayenneType[];
  fc.assert(
    fc.property(
      fc.constantFrom(...types),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 }),
      (type, parts) => {
        const { numbers, type: wireType } = cayenneForms[type];
        const values = numbers.map(({ bytes, unit, signed }, index) => {
          const size = 256 ** bytes * unit;
          return (parts[index] ?? 0) * (size - unit) - (signed ? size / 2 : 0);
        });
        const back = read(new CayennePayload().add(7, type, ...values).build());
        expect(back.type).toBe(wireType);
        for (const [index, { unit }] of numbers.entries())
          expect(Math.abs((back.values[index] ?? 0) - (values[index] ?? 0))).toBeLessThanOrEqual(
            unit * 0.5001,
          );
      },
    ),
  );
});
