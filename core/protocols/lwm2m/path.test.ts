import { describe, expect, it } from 'vitest';
import fc from '../../testing/properties.ts';
import { Lwm2mCodecError } from './codec-error.ts';
import { comparePaths, Lwm2mPath } from './path.ts';

describe('paths', () => {
  it.each([
    ['/', 'root', []],
    ['/0', 'object', [0]],
    ['/65535', 'object', [65_535]],
    ['/3/0', 'instance', [3, 0]],
    ['/3/65534', 'instance', [3, 65_534]],
    ['/3/0/65535', 'resource', [3, 0, 65_535]],
    ['/1/4/11/65535', 'resource-instance', [1, 4, 11, 65_535]],
  ])('reads %s', (text, kind, ids) => {
    const path = Lwm2mPath.parse(text);
    expect([path.kind, path.ids, `${path}`, JSON.stringify({ path })]).toEqual([
      kind,
      ids,
      text,
      `{"path":"${text}"}`,
    ]);
  });

  it.each([
    ['', 'a path begins with /'],
    ['3/0', 'a path begins with /'],
    ['//', 'the object id has to be a decimal number without leading zeros'],
    ['/3/', 'the object instance id has to be a decimal number without leading zeros'],
    ['/03', 'the object id has to be a decimal number without leading zeros'],
    ['/3/-1', 'the object instance id has to be a decimal number without leading zeros'],
    ['/3/0/1e2', 'the resource id has to be a decimal number without leading zeros'],
    ['/٣', 'the object id has to be a decimal number without leading zeros'],
    ['/65536', 'the object id has to be a whole number from 0 to 65535, not 65536'],
    ['/3/65535', 'the object instance id has to be a whole number from 0 to 65534, not 65535'],
    ['/3/0/0/65536', 'the resource instance id has to be a whole number from 0 to 65535, not 65536'],
    ['/1/2/3/4/5', 'a path has at most four segments'],
    ['/3/0\n', 'the object instance id has to be a decimal number without leading zeros'],
  ])('refuses %j', (text, reason) => {
    expect(Lwm2mPath.tryParse(text)).toBeUndefined();
    expect(() => Lwm2mPath.parse(text)).toThrow(expect.objectContaining({ fault: 'path', reason }));
  });

  it('refuses ids that are none', () => {
    for (const ids of [[-1], [1.5], [Number.NaN], [3, 65_535], [1, 2, 3, 4, 5]])
      expect(() => Lwm2mPath.of(...ids)).toThrow(Lwm2mCodecError);
  });

  it('tells what lies below what', () => {
    const instance = Lwm2mPath.of(3, 0);
    expect(instance.child(9).startsWith(instance)).toBe(true);
    expect(Lwm2mPath.of(3, 1).startsWith(instance)).toBe(false);
    expect(Lwm2mPath.of(3).startsWith(instance)).toBe(false);
    expect(instance.startsWith(Lwm2mPath.root)).toBe(true);
    expect(instance.child(9).parent?.equals(instance)).toBe(true);
    expect(Lwm2mPath.root.parent).toBeUndefined();
    expect(() => Lwm2mPath.of(1, 2, 3, 4).child(5)).toThrow('at most four segments');
  });

  it('orders by ids, what holds before what it holds', () => {
    const texts = ['/10', '/3/0/10', '/3/0/9', '/3', '/3/0', '/'];
    const sorted = texts.map((text) => Lwm2mPath.parse(text)).sort(comparePaths);
    expect(sorted.map(String)).toEqual(['/', '/3', '/3/0', '/3/0/9', '/3/0/10', '/10']);
  });

  it('throws nothing but its own error, and writes what it read', () => {
    const anything = fc.oneof(fc.string(), fc.stringMatching(/^[/0-9]{0,14}$/));
    fc.assert(
      fc.property(anything, (text) => {
        const path = Lwm2mPath.tryParse(text);
        return path === undefined || `${path}` === text;
      }),
      { numRuns: 2000 },
    );
  });
});
