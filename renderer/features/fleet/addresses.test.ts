import { expect, test } from 'vitest';
import { parseRsql } from '../../../core/contract/rsql/parse.ts';
import { printBounds, printView, readBounds, readView } from './map-address.ts';
import { narrower } from './narrower.ts';

test('a view and bounds come back from an address', () => {
  expect(readView(printView({ lat: 48.1173, lon: -1.6778, zoom: 7.25 }))).toEqual({
    lat: 48.1173,
    lon: -1.6778,
    zoom: 7.25,
  });
  const bounds = { topLeft: { lat: 1 / 3, lon: -2 / 3 }, bottomRight: { lat: -0.1, lon: 179.9 } };
  expect(readBounds(printBounds(bounds))).toEqual(bounds);
});

test.each([undefined, '', '1,2', '1,2,3,4', '91,0,3', '0,181,3', '0,0,-1', ',,', 'a,b,c', '0,0,Infinity'])(
  'an address that says %s is no view',
  (text) => {
    expect(readView(text)).toBeUndefined();
  },
);

test.each([undefined, '1,2,3', '1,2,3,4', '0,0,-91,0', '1,2,0,4,5'])('and %s are no bounds', (text) => {
  expect(readBounds(text)).toBeUndefined();
});

test.each([
  ['', 'tags', 'pump', 'tags==pump'],
  ['', 'property.site', "l'Isle, (a*b)", "property.site=='l\\'Isle, (a\\*b)'"],
  ['', 'name', '', "name==''"],
  ['tags==pump', 'groupPath', '/a b', "tags==pump;groupPath=='/a b'"],
  ['tags==a,tags==b', 'connector', 'mqtt', '(tags==a,tags==b);connector==mqtt'],
])('%s narrowed to %s %s is %s', (rsql, selector, value, expected) => {
  expect(narrower(rsql, selector, value)).toBe(expected);
  expect(() => parseRsql(expected)).not.toThrow();
});
