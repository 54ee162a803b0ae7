import { expect, test } from 'vitest';
import { checkFleet, freeName, toFleetForm } from './fleet-form.ts';

test('a template goes through the form unchanged', () => {
  const form = toFleetForm();
  const checked = checkFleet(form);
  expect('template' in checked && toFleetForm(checked.template)).toEqual(form);
});

test('says what does not fit, in the fields and in the payload', () => {
  const form = toFleetForm();
  expect(checkFleet({ ...form, fields: { ...form.fields, idPattern: 'same' } })).toMatchObject({
    problem: expect.stringContaining('idPattern'),
  });
  expect(checkFleet({ ...form, payload: '{' })).toMatchObject({
    problem: expect.stringContaining('payload'),
  });
  expect(checkFleet({ ...form, payload: '{}' })).toHaveProperty('problem');
});

test('an empty group is none', () => {
  const form = toFleetForm();
  const checked = checkFleet({ ...form, fields: { ...form.fields, groupPath: '' } });
  expect('template' in checked && checked.template).not.toHaveProperty('groupPath');
});

test('finds a free name', () => {
  expect(freeName('A', [])).toBe('A');
  expect(freeName('A', ['A', 'A 2'])).toBe('A 3');
});
