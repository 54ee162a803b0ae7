import { expect, test } from 'vitest';
import { interfaceStatuses } from '../../../../core/contract/connectors.ts';
import fc from '../../../../core/testing/properties.ts';
import { type DeviceFilters, splitFilter, wholeFilter } from './whole-filter.ts';

test.each<[DeviceFilters, string]>([
  [{}, ''],
  [{ filter: 'tags==a,tags==b' }, 'tags==a,tags==b'],
  [{ text: 'pump' }, 'name==*pump*'],
  [{ text: 'pump*' }, 'name==pump*'],
  [{ text: 'nsid:p*' }, 'id==nsid:p*'],
  [{ text: 'nsid:p' }, 'id==*nsid:p*'],
  [
    { group: '/site/*', status: 'ONLINE', connector: 'mqtt' },
    'groupPath==/site/*;interfaces.status==ONLINE;connector==mqtt',
  ],
  [{ tags: 'a,b c', filter: 'name==x;id==y' }, "tags==a;tags=='b c';name==x;id==y"],
  [{ tags: 'a', filter: 'name==x,name==y' }, 'tags==a;(name==x,name==y)'],
])('the filters %o are %s, and the other way round', (filters, whole) => {
  expect(wholeFilter(filters)).toBe(whole);
  expect(splitFilter(whole)).toEqual(filters);
});

test.each<[string, DeviceFilters]>([
  // Other names of the same fields.
  ['group.path==/a;interfaces.connector==lora;tag==x', { group: '/a', connector: 'lora', tags: 'x' }],
  // What a field of its own cannot say.
  ['name==pump', { filter: 'name==pump' }],
  ['tags==a*', { filter: 'tags==a*' }],
  ["tags=='a,b'", { filter: "tags=='a,b'" }],
  ["name=='*a\\*b*'", { filter: "name=='*a\\*b*'" }],
  ['name==*a:b*', { filter: 'name==*a:b*' }],
  ['id==*a*', { filter: 'id==*a*' }],
  ['status==ONLINE', { filter: 'status==ONLINE' }],
  ['interfaces.status==AWAY', { filter: 'interfaces.status==AWAY' }],
  ['interfaces.status!=ONLINE', { filter: 'interfaces.status!=ONLINE' }],
  // Twice: only one has room.
  ['name==*a*;name==*b*', { text: 'a', filter: 'name==*b*' }],
  ['name==(a', { filter: 'name==(a' }],
])('of %s the fields show %o', (rsql, expected) => {
  expect(splitFilter(rsql)).toEqual(expected);
});

test('a filter that cannot be read stays alone', () => {
  expect(wholeFilter({ text: 'pump', filter: 'name==' })).toBe('name==');
});

const typed = fc.string({
  unit: fc.constantFrom('a', 'Z', '1', ' ', '*', ':', '/', "'", '\\', '(', ';'),
  maxLength: 8,
});
const filters = fc.record(
  {
    text: typed,
    group: typed,
    tags: fc.array(typed, { maxLength: 3 }).map((tags) => tags.join(',')),
    status: fc.constantFrom(...interfaceStatuses),
    connector: fc.constantFrom('mqtt', 'lora'),
    filter: fc.constantFrom('name==x', 'property.site==a,tags==b', 'groupPath==/q;name==*r*'),
  },
  { requiredKeys: [] },
);

test('splitting and writing again changes nothing, whatever was typed', () => {
  fc.assert(
    fc.property(filters, (given) => {
      const whole = wholeFilter(given);
      const split = splitFilter(whole);
      const again = wholeFilter(split);
      expect(new Set(again.split(';'))).toEqual(new Set(whole.split(';')));
      expect(splitFilter(again)).toEqual(split);
      expect(wholeFilter(splitFilter(again))).toBe(again);
    }),
  );
});
