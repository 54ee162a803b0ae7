import { describe, expect, it } from 'vitest';
import fc from '../testing/properties.ts';
import { checkLimits, InvalidMessageError, readDataMessage } from './data-message.ts';

const refusal = (raw: unknown): string | undefined => {
  try {
    readDataMessage(raw);
  } catch (error) {
    return (error as InvalidMessageError).details;
  }
  return undefined;
};

describe('readDataMessage', () => {
  it.each([
    [
      'long names',
      { streamId: 's', timestamp: '2020-10-13T12:15:02Z', model: 'm', value: { a: 1 }, tags: ['t'] },
    ],
    ['short names', { s: 's', ts: '2020-10-13T12:15:02Z', m: 'm', v: { a: 1 }, t: ['t'] }],
  ])('reads %s', (_name, raw) => {
    expect(readDataMessage(raw)).toEqual({
      streamId: 's',
      timestampMs: Date.UTC(2020, 9, 13, 12, 15, 2),
      model: 'm',
      value: { a: 1 },
      location: undefined,
      tags: ['t'],
      encoding: undefined,
      ignored: [],
    });
  });

  it.each([
    ['2030-01-31T12:00:00.000Z', Date.UTC(2030, 0, 31, 12)],
    ['2030-01-31T12:00:00Z', Date.UTC(2030, 0, 31, 12)],
    ['2030-01-31T12:00Z', Date.UTC(2030, 0, 31, 12)],
    ['2030-01-31T12:00:00', Date.UTC(2030, 0, 31, 12)],
    ['2030-01-31T12:00:00+02:00', Date.UTC(2030, 0, 31, 10)],
    ['2030-01-31T12:00:00-0130', Date.UTC(2030, 0, 31, 13, 30)],
    ['2028-02-29T12:00:00Z', Date.UTC(2028, 1, 29, 12)],
    ['2000-02-29T12:00:00Z', Date.UTC(2000, 1, 29, 12)],
    ['2030-01-31T12:00:00.123456Z', Date.UTC(2030, 0, 31, 12, 0, 0, 123)],
  ])('reads the timestamp %s', (timestamp, epochMs) => {
    expect(readDataMessage({ timestamp }).timestampMs).toBe(epochMs);
  });

  it.each([
    ['an object', { lat: 48.1, lon: -1.6, alt: 40, accuracy: 10, provider: 'gps' }],
    ['its corners', { lat: -90, lon: 180 }],
  ])('reads a location as %s', (_name, location) => {
    expect(readDataMessage({ location }).location).toEqual(location);
  });

  it('reads a location as a list of latitude and longitude', () => {
    expect(readDataMessage({ loc: [48.1, -1.6] }).location).toEqual({ lat: 48.1, lon: -1.6 });
  });

  it('reads the encoding, takes null as absent, and names what it ignores', () => {
    const raw = { metadata: { encoding: 'e', other: 1 }, model: null, foo: 1, bar: 2 };
    expect(readDataMessage(raw)).toMatchObject({ encoding: 'e', model: undefined, ignored: ['foo', 'bar'] });
  });

  it.each([
    [null, 'a data message is a JSON object, got null'],
    ['text', 'a data message is a JSON object, got "text"'],
    [[{}], 'a data message is a JSON object, got [{}]'],
    [{ s: 'a', streamId: 'b' }, 'both streamId and s are given: send one of them'],
    [{ v: {}, value: {} }, 'both value and v are given: send one of them'],
    [{ streamId: '' }, 'streamId must be a text that is not empty, got ""'],
    [{ streamId: 7 }, 'streamId must be a text that is not empty, got 7'],
    [{ streamId: "it's" }, `streamId has "'" at position 2; not allowed: ' " \\ ; { } ( ) and space`],
    [{ streamId: 'a\\b' }, `streamId has "\\\\" at position 1; not allowed: ' " \\ ; { } ( ) and space`],
    [
      { timestamp: 1_600_000_000 },
      expect.stringMatching(/^timestamp must be an ISO 8601 .* got 1600000000$/),
    ],
    [{ timestamp: 'yesterday' }, expect.stringMatching(/got "yesterday"$/)],
    [{ timestamp: '2030-02-40T00:00:00Z' }, expect.stringMatching(/^timestamp must be/)],
    [{ timestamp: '2030-02-31T00:00:00Z' }, expect.stringMatching(/got "2030-02-31T00:00:00Z"$/)],
    [{ timestamp: '2030-02-29T00:00:00Z' }, expect.stringMatching(/^timestamp must be/)],
    [{ timestamp: '2100-02-29T00:00' }, expect.stringMatching(/^timestamp must be/)],
    [{ timestamp: '2030-04-31T00:00:00+02:00' }, expect.stringMatching(/^timestamp must be/)],
    [{ model: 'a b' }, 'model "a b" has a space or a dot; neither is allowed'],
    [{ model: 'a.b' }, 'model "a.b" has a space or a dot; neither is allowed'],
    [{ model: 1 }, 'model must be a text, got 1'],
    [{ value: 5 }, 'value must be a JSON object, got 5'],
    [{ value: [1] }, 'value must be a JSON object, got [1]'],
    [{ value: { 'a.b': 1 } }, 'value has the key "a.b": no dot in a key'],
    [{ value: { a: { $b: 1 } } }, 'value.a has the key "$b": a key must not start with $'],
    [{ value: { a: [{ 'x.y': 1 }] } }, 'value.a[0] has the key "x.y": no dot in a key'],
    [{ tags: 'x' }, 'tags must be a list of texts, got "x"'],
    [{ tags: ['x', 1] }, 'tags[1] must be a text, got 1'],
    [{ location: 'here' }, 'location must be an object with lat and lon, got "here"'],
    [{ loc: [1] }, 'a location list is [latitude, longitude], got [1]'],
    [{ location: { lat: 1 } }, 'location.lon must be a number, got nothing'],
    [{ location: { lat: 91, lon: 0 } }, 'location.lat must be between -90 and 90, got 91'],
    [{ location: { lat: 0, lon: -181 } }, 'location.lon must be between -180 and 180, got -181'],
    [{ location: { lat: 0, lon: 0, alt: 'high' } }, 'location.alt must be a number, got "high"'],
    [{ location: { lat: 0, lon: 0, provider: 1 } }, 'location.provider must be a text, got 1'],
    [{ metadata: { encoding: 1 } }, 'metadata.encoding must be a text, got 1'],
  ])('refuses %j', (raw, reason) => {
    expect(refusal(raw)).toEqual(reason);
  });

  it.each([
    ['streamId', { streamId: 's'.repeat(255) }, { streamId: 's'.repeat(256) }, 255],
    ['model', { model: 'm'.repeat(128) }, { model: 'm'.repeat(129) }, 128],
    ['tags[0]', { tags: ['t'.repeat(255)] }, { tags: ['t'.repeat(256)] }, 255],
    [
      'metadata.encoding',
      { metadata: { encoding: 'e'.repeat(255) } },
      { metadata: { encoding: 'e'.repeat(256) } },
      255,
    ],
    [
      'location.provider',
      { location: { lat: 0, lon: 0, provider: 'p'.repeat(255) } },
      { location: { lat: 0, lon: 0, provider: 'p'.repeat(256) } },
      255,
    ],
  ])('takes %s up to its limit and names the limit above it', (name, longest, longer, limit) => {
    expect(refusal(longest)).toBeUndefined();
    expect(refusal(longer)).toContain(`at most ${limit} are allowed`);
    expect(refusal(longer)).toContain(name);
  });

  it.each([
    ['{"v":{"a":[1,{"b":1e999}]}}', 'value.a[1].b is a number out of range'],
    ['{"v":{"a":-1e999}}', 'value.a is a number out of range'],
    ['{"loc":[1e999,0]}', 'location.lat must be a number, got Infinity'],
    ['{"loc":{"lat":0,"lon":0,"alt":1e999}}', 'location.alt must be a number, got Infinity'],
  ])('refuses %s, which no number can hold', (json, reason) => {
    expect(refusal(JSON.parse(json))).toBe(reason);
  });

  const deep = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));

  it.each([
    ['the message', deep(100_000)],
    ...['streamId', 'ts', 'model', 'value', 'tags', 'location', 'loc'].map((name) => [
      name,
      { [name]: deep(100_000) },
    ]),
    ['a value in its object', { value: { a: deep(100_000) } }],
    ['a tag', { tags: [deep(100_000)] }],
    ['a latitude', { loc: [deep(100_000), 0] }],
    ['a provider', { location: { lat: 0, lon: 0, provider: deep(100_000) } }],
    ['the encoding', { metadata: { encoding: deep(100_000) } }],
  ] as [string, unknown][])('refuses %s nested a hundred thousand levels deep', (_name, raw) => {
    const reason = refusal(raw);
    expect(reason).toBeTruthy();
    expect(reason?.length).toBeLessThan(200);
  });

  it('keeps short what it says about long names', () => {
    const long = 'x'.repeat(100_000);
    expect(refusal({ value: { [long]: { [`${long}.`]: 1 } } })?.length).toBeLessThan(200);
    const names = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`${index}${long}`, 1]));
    const { ignored } = readDataMessage(names);
    expect(ignored).toHaveLength(20);
    expect(ignored[0]).toHaveLength(64);
  });

  it('refuses a value that is nested too deep, and does not run out of stack', () => {
    let value: object = {};
    for (let depth = 0; depth < 5000; depth++) value = { a: value };
    expect(refusal({ value })).toBe('value is nested more than 100 levels deep');
  });

  it('reads any JSON or refuses it with a reason, and never fails otherwise', () => {
    const names = [
      's',
      'streamId',
      'ts',
      'timestamp',
      'm',
      'model',
      'v',
      'value',
      't',
      'tags',
      'loc',
      'location',
    ];
    const message = fc.dictionary(fc.constantFrom(...names, 'metadata', 'x'), fc.jsonValue());
    fc.assert(
      fc.property(fc.oneof(message, fc.jsonValue()), (raw) => {
        try {
          readDataMessage(raw);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidMessageError);
          expect((error as InvalidMessageError).details).toBeTruthy();
        }
      }),
    );
  });
});

describe('checkLimits', () => {
  const limits = { dataMaxValueBytes: 1000, dataMaxTags: 3 };

  it('measures the value itself, not the text around it', () => {
    const input = readDataMessage({ value: { x: 'é'.repeat(10) }, tags: ['y'.repeat(100)] });
    const valueBytes = '{"x":""}'.length + 20;
    checkLimits(input, 1000, { ...limits, dataMaxValueBytes: valueBytes });
    expect(() => checkLimits(input, 1000, { ...limits, dataMaxValueBytes: valueBytes - 1 })).toThrow(
      InvalidMessageError,
    );
  });

  it('counts the tags of the message', () => {
    checkLimits(readDataMessage({ tags: ['a', 'b', 'c'] }), 10, limits);
    const refused = (): void => checkLimits(readDataMessage({ tags: ['a', 'b', 'c', 'd'] }), 10, limits);
    expect(refused).toThrow(
      expect.objectContaining({ details: 'there are 4 tags; at most 3 are allowed (setting dataMaxTags)' }),
    );
  });
});
