import { expect, test } from 'vitest';
import { newDraft } from './answer-draft.ts';
import {
  checkFleet,
  connectedBy,
  type FleetForm,
  freeName,
  isSilent,
  jsonProblems,
  toFleetForm,
} from './fleet-form.ts';

const check = (form: FleetForm) => checkFleet(form, 'is needed');

test('a template goes through the form unchanged', () => {
  const form = toFleetForm();
  const { template } = check(form);
  expect(template && toFleetForm(template)).toEqual(form);
});

test('says of each field what does not fit, in plain words, also when there is much', () => {
  const form = toFleetForm();
  const fields = {
    ...form.fields,
    name: '',
    count: 0,
    periodMs: 1.5,
    jitter: 2,
    tags: ['ok', 'x'.repeat(33)],
  };
  const { template, problems } = check({ ...form, fields, payload: '{', responders: '[{"kind":"pigeon"}]' });
  expect(template).toBeUndefined();
  expect(Object.fromEntries(problems)).toMatchObject({
    name: 'must not be empty',
    count: 'must be at least 1',
    periodMs: 'must be a whole number',
    jitter: 'must be at most 1',
    'tags.1': 'must have at most 32 characters',
    payload: expect.stringContaining('JSON'),
    'responders.0.kind': expect.stringContaining('must be one of command'),
  });
  const same = check({ ...form, fields: { ...form.fields, idPattern: 'same' } });
  expect(same.problems.get('idPattern')).toBe('must hold {n} when there is more than one device');
});

test('of what is edited as JSON, says where in it each fault is', () => {
  const form = toFleetForm();
  const payload = JSON.stringify({
    kind: 'fields',
    fields: { 'a.b': { kind: 'counter' }, c: { kind: 'sine' } },
  });
  const { problems } = check({ ...form, payload });
  expect(jsonProblems(problems, 'payload')?.split('; ')).toEqual([
    'fields.a.b: must not begin with $ or hold a dot',
    ...['mean', 'amplitude', 'periodS'].map((name) => `fields.c.${name}: is needed`),
  ]);
  expect(jsonProblems(problems, 'responders')).toBeUndefined();
});

test('shows responders without what goes without saying', () => {
  const form = toFleetForm();
  expect(JSON.parse(form.responders)).toEqual([
    { kind: 'command' },
    { kind: 'configuration' },
    { kind: 'resource' },
  ]);
  const responders = '[{"kind":"command","outcome":"error","delayMs":5}]';
  const { template } = check({ ...form, responders });
  expect(template && JSON.parse(toFleetForm(template).responders)).toEqual(JSON.parse(responders));
});

test('nodes have ids of their own, and neither a topic nor TLS to choose', () => {
  const { fields, ...rest } = toFleetForm();
  const nodes = connectedBy(fields, 'x-connector');
  expect(nodes).toMatchObject({ connector: 'x-connector', idPattern: 'node-{n}' });
  const { template } = check({ ...rest, fields: nodes, mqtt: { topic: 'dev/other', tls: true } });
  expect(template).toMatchObject({ topic: 'dev/data', tls: false });
  expect(connectedBy({ ...fields, idPattern: 'pump-{n}' }, 'x-connector').idPattern).toBe('pump-{n}');
  expect(connectedBy(fields, 'mqtt')).toEqual(fields);
});

test('an LwM2M fleet has its own fields, and goes through the form unchanged', () => {
  const { fields, ...rest } = toFleetForm();
  const form = { ...rest, fields: connectedBy(fields, 'lwm2m') };
  expect(form.fields.idPattern).toBe('endpoint-{n}');
  const { template } = check({ ...form, lwm2m: { ...form.lwm2m, version: '1.0', queueMode: true } });
  expect(template).toMatchObject({ version: '1.0', queueMode: true, objects: [{ id: 3303 }] });
  expect(template).not.toHaveProperty('payload');
  expect(check(toFleetForm(template)).template).toEqual(template);
  const { problems } = check({ ...form, device: '{"objects":[{"id":-1}]}' });
  expect(jsonProblems(problems, 'device')).toBe('objects.0.id: must be at least 0');
  expect(jsonProblems(check({ ...form, device: '{' }).problems, 'device')).toContain('JSON');
});

test('a LoRa fleet has its own fields, and goes through the form unchanged', () => {
  const { fields, ...rest } = toFleetForm();
  const form = { ...rest, fields: connectedBy(fields, 'lora') };
  expect(form.fields.idPattern).toBe('02F1EE7B{n}');
  const { template } = check({ ...form, lora: { ...form.lora, deviceClass: 'C', confirmed: true } });
  expect(template).toMatchObject({ deviceClass: 'C', confirmed: true, payload: { kind: 'cayenne' } });
  expect(check(toFleetForm(template)).template).toEqual(template);
  const { problems } = check({
    ...form,
    lora: { ...form.lora, port: 0 },
    loraPayload: '{"kind":"cayenne","channels":[]}',
    network: '{"area":{"lat":91},"gateways":[]}',
  });
  expect(problems.get('port')).toBe('must be at least 1');
  expect(jsonProblems(problems, 'loraPayload')).toMatch(/^channels: /);
  expect(jsonProblems(problems, 'network')).toMatch(/^area.lat: must be at most 90; gateways: /);
});

test('a fleet of handsets has answers, each with a fault at its own field', () => {
  const { fields, ...rest } = toFleetForm();
  const form = { ...rest, fields: connectedBy(fields, 'sms') };
  const [keyword, echo] = [newDraft([]), { ...newDraft([newDraft([])]), kind: 'echo' as const, share: 0.07 }];
  const wrong = [keyword, { ...echo, delayMs: '' }, { ...echo, key: 2, share: 2 }];
  const { problems } = check({ ...form, answers: wrong });
  expect(Object.fromEntries(problems)).toEqual({
    'answers.0.keyword': 'must not be empty',
    'answers.0.text': 'must not be empty',
    'answers.1.delayMs': 'must be a number',
    'answers.2.share': 'must be at most 1',
  });
  const answers = [{ ...keyword, keyword: 'TEMP', text: '20', prefix: 'not of its kind' }, echo];
  const { template } = check({ ...form, answers });
  expect(template).toMatchObject({
    answers: [
      { kind: 'keyword', keyword: 'TEMP', text: '20', delayMs: 0, share: 1 },
      { kind: 'echo', prefix: '', share: 0.07 },
    ],
  });
  expect(check(toFleetForm(template)).template).toEqual(template);
});

test('a fleet of handsets without a payload is silent, whatever its period', () => {
  const { fields, ...rest } = toFleetForm();
  const form = { ...rest, fields: connectedBy(fields, 'sms') };
  const silent = check(form).template;
  const writing = check({ ...form, handset: '{"payload":{"kind":"template","text":"{{n}}"}}' }).template;
  expect([silent, writing, check(toFleetForm()).template].map((each) => each && isSilent(each))).toEqual([
    true,
    false,
    false,
  ]);
});

test('an empty group is none', () => {
  const form = toFleetForm();
  const { template } = check({ ...form, fields: { ...form.fields, groupPath: '' } });
  expect(template).toBeDefined();
  expect(template).not.toHaveProperty('groupPath');
});

test('finds a free name', () => {
  expect(freeName('A', [])).toBe('A');
  expect(freeName('A', ['A', 'A 2'])).toBe('A 3');
});
