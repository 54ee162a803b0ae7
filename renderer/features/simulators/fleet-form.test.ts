import { expect, test } from 'vitest';
import { checkFleet, connectedBy, freeName, toFleetForm } from './fleet-form.ts';

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
  expect(checkFleet({ ...form, responders: '[' })).toMatchObject({
    problem: expect.stringContaining('responders'),
  });
  expect(checkFleet({ ...form, responders: '[{"kind":"pigeon"}]' })).toHaveProperty('problem');
});

test('shows responders without what goes without saying', () => {
  const form = toFleetForm();
  expect(JSON.parse(form.responders)).toEqual([
    { kind: 'command' },
    { kind: 'configuration' },
    { kind: 'resource' },
  ]);
  const responders = '[{"kind":"command","outcome":"error","delayMs":5}]';
  const checked = checkFleet({ ...form, responders });
  expect('template' in checked && JSON.parse(toFleetForm(checked.template).responders)).toEqual(
    JSON.parse(responders),
  );
});

test('nodes have ids of their own, and neither a topic nor TLS to choose', () => {
  const { fields, ...rest } = toFleetForm();
  const nodes = connectedBy({ ...fields, topic: 'dev/other', tls: true }, 'x-connector');
  expect(nodes).toMatchObject({
    ...{ connector: 'x-connector', idPattern: 'node-{n}', topic: 'dev/data', tls: false },
  });
  expect(checkFleet({ ...rest, fields: nodes })).toHaveProperty('template');
  expect(connectedBy({ ...fields, idPattern: 'pump-{n}' }, 'x-connector').idPattern).toBe('pump-{n}');
  expect(connectedBy(fields, 'mqtt')).toEqual(fields);
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
