import { describe, expect, it } from 'vitest';
import fc from '../testing/properties.ts';
import type { PlatformError } from './errors.ts';
import { parseJsonBody } from './json-body.ts';
import { jsonErrorOffset } from './json-error-offset.ts';

describe('where a text stops being JSON', () => {
  it.each([
    ['', 0],
    ['{', 1],
    ['{"a"', 4],
    ['{"a":', 5],
    ['{"a":1', 6],
    ['{"a":1,}', 7],
    ['{"a":1 "b":2}', 7],
    ['{a:1}', 1],
    ['{"a":01}', 5],
    ['{"a":1.}', 5],
    ['[1,2,]', 5],
    ['[1 2]', 3],
    ['[1,2', 4],
    ['"abc', 0],
    ['"a\nb"', 0],
    ['"\\x"', 0],
    ['nul', 0],
    ['nullx', 0],
    ['{} x', 3],
    ['{"a":{"b":[1,{"c":tru}]}}', 18],
    ['{"ключ":é}', 8],
    ["{'a':1}", 1],
  ])('%s', (source, offset) => {
    expect(() => JSON.parse(source)).toThrow(SyntaxError);
    expect(jsonErrorOffset(source)).toBe(offset);
  });

  it('is its end when it is JSON', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(undefined, 1), (json, indent) => {
        const source = JSON.stringify(JSON.parse(json), undefined, indent);
        expect(jsonErrorOffset(source)).toBe(source.length);
      }),
    );
  });

  it('is within the text that was broken, and never before what JSON.parse names', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.constantFrom('', '}', '"', ',', 'x', '\u0000'), (json, at, put) => {
        const place = at % (json.length + 1);
        const source = json.slice(0, place) + put + json.slice(place + 1);
        let isJson = true;
        try {
          JSON.parse(source);
        } catch {
          isJson = false;
        }
        const offset = jsonErrorOffset(source);
        if (isJson) expect(offset).toBe(source.length);
        else expect(offset).toBeLessThanOrEqual(source.length);
      }),
    );
  });

  it('minds no depth', () => {
    const depth = 200_000;
    expect(jsonErrorOffset(`${'['.repeat(depth)}x`)).toBe(depth);
  });
});

describe('a JSON body', () => {
  it('is nothing when it is empty', () => {
    expect(parseJsonBody('')).toBeUndefined();
    expect(parseJsonBody(' \n')).toBeUndefined();
  });

  it('is refused with line and column', () => {
    expect(refusal('{\n  "a": 1,\n  b: 2\n}')).toBe('body: not JSON from line 3, column 3 on');
  });

  it.each(['{"__proto__":{}}', '[{"a":{"\\u005f_proto__" : 1}}]', '{"__pr\\u006Fto__":1}'])(
    'must not change prototypes: %s',
    (text) => {
      expect(refusal(text)).toBe('body: the key __proto__ is not allowed');
    },
  );

  it('may speak of prototypes', () => {
    expect(parseJsonBody('{"a":"__proto__"}')).toEqual({ a: '__proto__' });
  });
});

function refusal(text: string): string | undefined {
  try {
    parseJsonBody(text);
  } catch (error) {
    return (error as PlatformError).details;
  }
  return undefined;
}

describe('a body that is nested deep', () => {
  const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

  it('is read as far as anything real goes', () => {
    expect(JSON.stringify(parseJsonBody(nested(200)))).toBe(nested(200));
  });

  it.each([202, 100_000])('is refused at %d levels', (depth) => {
    expect(() => parseJsonBody(nested(depth))).toThrow('nested too deep');
  });
});
