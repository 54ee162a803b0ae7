import { expect, test } from 'vitest';
import { readFilter } from './check-filter.ts';

test.each([
  ['name=pump', 'name'.length, 'expected an operator'],
  ['nosuch==1', 0, 'no field is called nosuch'],
  ['name==a;created=gt=soon', 8, 'is compared with a time'],
  ['(name==a', 8, 'expected ) for the parenthesis'],
  ['interfaces.status==ON', 0, 'is one of'],
])('%s is refused at %i', (text, from, message) => {
  const checked = readFilter(text);
  expect('fault' in checked && checked.fault).toMatchObject({
    from,
    message: expect.stringContaining(message),
  });
});

test('the place of a fault is the whole word that does not fit', () => {
  const checked = readFilter('name==a;nosuch==1,tags==b');
  expect('fault' in checked && checked.fault).toMatchObject({ from: 8, to: 17 });
});

test('what can be read is kept, also where a field is wrong', () => {
  expect(readFilter('nosuch==1').expression).toMatchObject({ selector: 'nosuch' });
  expect(readFilter('  ')).toEqual({ expression: undefined });
  expect(readFilter('property.site==north,groupPath==/france/*')).not.toHaveProperty('fault');
});
