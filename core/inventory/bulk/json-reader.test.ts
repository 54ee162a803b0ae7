import { describe, expect, it } from 'vitest';
import fc from '../../testing/properties.ts';
import { JsonReader } from './json-reader.ts';

function records(text: string, lengths: readonly number[] = [], limit = 1000) {
  const reader = new JsonReader(limit);
  const found = [];
  let at = 0;
  for (const length of lengths) {
    found.push(...reader.read(text.slice(at, at + length)));
    at += length;
  }
  found.push(...reader.read(text.slice(at)), ...reader.end());
  return found;
}
const values = (text: string) => records(text).map((record) => record.parse());

describe('a file of JSON', () => {
  it.each<[string, unknown[]]>([
    ['[]', []],
    [' [ {"a":1} , {"b":[{"c":"}]"}]} ] \n', [{ a: 1 }, { b: [{ c: '}]' }] }]],
    ['{"a":1}\n{"b":"\\"}{"}\r\n', [{ a: 1 }, { b: '"}{' }]],
    ['{"a":"\\\\"}', [{ a: '\\' }]],
  ])('%s', (text, expected) => {
    expect(values(text)).toEqual(expected);
  });

  it('tells the line on which each object begins', () => {
    expect(records('[\n{"a":\n1},\n\n{"b":2}]').map(({ line }) => line)).toEqual([2, 5]);
  });

  it('refuses an object that is damaged or hostile, and reads the others', () => {
    const [first, second, third] = records('[{"a":}, {"__proto__":{}}, {"b":1}]');
    expect(() => first?.parse()).toThrow(expect.objectContaining({ code: 'api.invalidParameter' }));
    expect(() => second?.parse()).toThrow(expect.objectContaining({ code: 'api.invalidParameter' }));
    expect(third?.parse()).toEqual({ b: 1 });
  });

  it.each(['garbage', ']', '{"a":1', '{"a":"x', '{"a":1}}', '{"a":1}{"b":1}', '{"a":1},', '"', '[{'])(
    'goes on behind the line %s of JSON Lines',
    (bad) => {
      const [first, second, third, ...others] = records(`{"x":1}\n${bad}\n{"x":3}\n`);
      expect([first?.parse(), third?.parse(), others]).toEqual([{ x: 1 }, { x: 3 }, []]);
      expect(second?.line).toBe(2);
      expect(() => second?.parse()).toThrow(expect.objectContaining({ code: 'api.invalidParameter' }));
      expect(third?.line).toBe(3);
    },
  );

  it('takes an object of several lines', () => {
    expect(values('{\n "a": {\n  "b": 1\n }\n}\n{"c":2}')).toEqual([{ a: { b: 1 } }, { c: 2 }]);
  });

  it.each([
    ['[{"a":1}', 'line 1: the file ends before the ]'],
    ['[\n{"a":1', 'line 2: the file ends within'],
    ['[1]', 'line 1: expected a device as a JSON object, or ], got "1"'],
    ['[{"a":1}{"b":1}]', 'line 1: expected a comma or ], got "{"'],
    ['[\n,{"a":1}]', 'line 2: expected a device'],
    ['[{"a":1},\n]', 'line 2: expected a device'],
    ['[{"a":1},,]', 'line 1: expected a device'],
    ['\n x', 'line 2: expected a device'],
    ['[{"a":1}] {', 'line 1: expected'],
    ['[[]]', 'line 1: expected'],
    [`[{"a":"${'x'.repeat(1000)}"}]`, 'setting importMaxRecordChars'],
  ])('refuses %s', (text, message) => {
    expect(() => records(text)).toThrow(message);
  });

  it('reads what was written, whatever the pieces in which it comes', () => {
    const object = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(fc.array(object), fc.boolean(), fc.array(fc.nat(9)), (objects, asLines, lengths) => {
        const clean = objects.filter((each) => !JSON.stringify(each).includes('__proto__'));
        const list = JSON.stringify(clean, undefined, 1);
        const text = asLines ? clean.map((each) => JSON.stringify(each)).join('\n') : list;
        const found = records(text, lengths, 1_000_000).map((record) => record.parse());
        expect(found).toEqual(JSON.parse(JSON.stringify(clean)));
      }),
    );
  });
});
