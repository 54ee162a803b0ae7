import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CreateTwinOperationRequest } from '../contract/twin.ts';
import type { ObjectModel, ResourceModel } from '../protocols/lwm2m/models/object-model.ts';
import { modelSource, ObjectModels } from '../protocols/lwm2m/models/object-models.ts';
import { TestTwin } from '../testing/test-twin.ts';
import { planRequest } from './plan-request.ts';

const write = (writeMode: string, path: string, values: object[]) => ({
  ...{ type: 'WRITE', writeMode, paths: [path], values },
});
const value = (path: string, text: string) => ({ path, value: text });
const several = [value('/1/0/7', 'sampleD'), value('/1/0/11/2', 'sampleE'), value('/1/0/11/0', 'sampleF')];
const pair = [value('/1/0/11/0', 'sampleA'), value('/1/0/11/2', 'sampleB')];
const metadata = [{ name: 'pmin', value: '20' }, { name: 'gt', value: '50' }, { name: 'lt' }];

/** Every example of manual 7.8.6.3, and in short what is asked of the device. */
const examples: readonly (readonly [string, object, object])[] = [
  ['READ all objects', { type: 'READ', paths: ['/'] }, { kind: 'read', paths: ['/'] }],
  ['READ one object', { type: 'READ', paths: ['/5'] }, { kind: 'read', paths: ['/5'] }],
  ['READ one object instance', { type: 'READ', paths: ['/5/0'] }, { kind: 'read', paths: ['/5/0'] }],
  ['READ one attribute', { type: 'READ', paths: ['/5/0/3'] }, { kind: 'read', paths: ['/5/0/3'] }],
  ['READ one attribute instance', { type: 'READ', paths: ['/1/4/11/4'] }, { paths: ['/1/4/11/4'] }],
  [
    'READ composite',
    { type: 'READ', paths: ['/3', '/5', '/1/4/11/4'] },
    { paths: ['/3', '/5', '/1/4/11/4'] },
  ],
  [
    'WRITE one attribute in update mode',
    write('UPDATE', '/1/0', [value('/1/0/7', 'sample1')]),
    { kind: 'write', path: '/1/0', mode: 'UPDATE', values: [['/1/0/7', 'sample1']] },
  ],
  [
    'WRITE one attribute instance in update mode',
    write('UPDATE', '/1/4', [value('/1/4/11/4', 'sample2')]),
    { path: '/1/4', mode: 'UPDATE', values: [['/1/4/11/4', 'sample2']] },
  ],
  ['WRITE two attribute instances in update mode', write('UPDATE', '/1/0/11', pair), { mode: 'UPDATE' }],
  [
    'WRITE two attribute instances in replace mode',
    write('REPLACE', '/1/0/11', pair),
    { path: '/1/0/11', mode: 'REPLACE', values: pair.map((each) => [each.path, each.value]) },
  ],
  ['WRITE multiple attributes in update mode', write('UPDATE', '/1/0', several), { mode: 'UPDATE' }],
  ['WRITE multiple attributes in replace mode', write('REPLACE', '/1/0', several), { mode: 'REPLACE' }],
  [
    'WRITE composite on different objects',
    write('UPDATE', '/', [
      value('/2/1/6', 'sampleX'),
      value('/1/0/7', 'sampleY'),
      value('/1/0/4/1', 'sampleZ'),
    ]),
    { path: '/', mode: 'UPDATE' },
  ],
  [
    'WRITE composite on different instances',
    write('UPDATE', '/', [value('/1/0/7', 'sampleV'), value('/1/1/7', 'sampleW')]),
    {
      path: '/',
      values: [
        ['/1/0/7', 'sampleV'],
        ['/1/1/7', 'sampleW'],
      ],
    },
  ],
  ['EXECUTE', { type: 'EXECUTE', paths: ['/1/0/8'] }, { kind: 'execute', path: '/1/0/8' }],
  [
    'WRITE-METADATA',
    { type: 'WRITE-METADATA', values: [{ path: '/1/0/7', metadata }] },
    { kind: 'write-attributes', path: '/1/0/7', change: { set: { pmin: 20, gt: 50 }, unset: ['lt'] } },
  ],
];

const resource = (id: number, more: Partial<ResourceModel> = {}): ResourceModel => ({
  ...{ id, name: `Resource ${id}`, type: 'STRING', multiple: false, mandatory: false, description: '' },
  ...{ operations: ['READ', 'WRITE'], ...more },
});
const object = (id: number, ...resources: ResourceModel[]): ObjectModel => ({
  ...{ id, version: '1.0', lwm2mVersion: '1.1', name: `Object ${id}`, multiple: true, mandatory: false },
  ...{ description: '', resources },
});
/** The examples do not fit the objects of OMA, but for these they do. */
const models = new ObjectModels(
  modelSource([
    object(
      1,
      ...[resource(4, { multiple: true }), resource(7), resource(11, { multiple: true })],
      resource(8, { type: 'NONE', operations: ['EXECUTE'] }),
    ),
    object(2, resource(6)),
    object(3, resource(9, { type: 'INTEGER', operations: ['READ'] }), resource(12, { type: 'FLOAT' })),
    object(5, resource(3, { operations: ['READ'] })),
  ]),
);
const plan = (request: object) =>
  planRequest(request as CreateTwinOperationRequest, (objectId) => models.find(objectId));

let twin: TestTwin;
beforeAll(async () => {
  twin = await TestTwin.start();
});
afterAll(() => twin[Symbol.asyncDispose]());

describe('the examples of manual 7.8.6.3', () => {
  it.each(examples)('%s: is taken as it is written', async (_name, request) => {
    const { status, body } = await twin.call('POST /operations', request);
    expect(status).toBe(201);
    const { id, status: state, created, updated, ...echo } = body;
    expect(echo).toEqual(request);
    expect([id.length, state, created]).toEqual([32, 'PENDING', updated]);
  });

  it.each(examples)('%s: becomes what it says', (name, request, expected) => {
    // A threshold on a text is what the standard does not allow, so the example's attribute is a number here.
    const asked =
      name === 'WRITE-METADATA' ? JSON.parse(JSON.stringify(request).replace('/1/0/7', '/3/0/12')) : request;
    const planned = plan(asked);
    expect(planned).not.toBeTypeOf('string');
    const { values, ...rest } = planned as { values?: { path: object; value: { value: string } }[] };
    const short = JSON.parse(JSON.stringify(rest));
    const shown = values?.map(({ path, value: { value: text } }) => [String(path), text]);
    const wanted = JSON.parse(JSON.stringify(expected).replace('"/1/0/7","change"', '"/3/0/12","change"'));
    expect({ ...short, ...(shown && { values: shown }) }).toMatchObject(wanted);
  });
});

describe('what does not fit', () => {
  it.each([
    ['READ', { type: 'READ' }, 'body.paths'],
    ['READ of nothing', { type: 'READ', paths: [] }, 'body.paths'],
    ['READ twice', { type: 'READ', paths: ['/3', '/3'] }, 'twice'],
    ['READ with values', { type: 'READ', paths: ['/3'], values: [value('/3/0/1', 'x')] }, 'body.values'],
    ['EXECUTE of an instance', { type: 'EXECUTE', paths: ['/1/0'] }, 'body.paths[0]'],
    ['EXECUTE of two', { type: 'EXECUTE', paths: ['/1/0/8', '/1/1/8'] }, 'body.paths'],
    ['WRITE without mode', { type: 'WRITE', paths: ['/1/0'], values: several }, 'body.writeMode'],
    ['WRITE without values', write('UPDATE', '/1/0', []), 'body.values'],
    ['WRITE of an object', write('UPDATE', '/1', several), 'body.paths[0]'],
    ['WRITE of all in replace mode', write('REPLACE', '/', several), 'body.writeMode'],
    ['WRITE beside its path', write('UPDATE', '/1/1', several), 'body.values[0].path'],
    ['WRITE of an instance as a value', write('UPDATE', '/1/0', [value('/1/0', 'x')]), 'body.values[0].path'],
    ['WRITE twice', write('UPDATE', '/1/0', [...several, ...several]), 'twice'],
    ['WRITE-METADATA of nothing', { type: 'WRITE-METADATA', values: [] }, 'body.values'],
    [
      'WRITE-METADATA of two',
      {
        type: 'WRITE-METADATA',
        values: [
          { path: '/1', metadata },
          { path: '/2', metadata },
        ],
      },
      'body.values',
    ],
    [
      'WRITE-METADATA of everything',
      { type: 'WRITE-METADATA', values: [{ path: '/', metadata }] },
      'body.values[0].path',
    ],
    [
      'WRITE-METADATA with a word',
      { type: 'WRITE-METADATA', values: [{ path: '/1', metadata: [{ name: 'pmin', value: 'x' }] }] },
      'metadata[0].value',
    ],
    [
      'an unknown metadata',
      { type: 'WRITE-METADATA', values: [{ path: '/1', metadata: [{ name: 'dim' }] }] },
      'pmin, pmax',
    ],
    [
      'too many attempts',
      { type: 'READ', paths: ['/3'], policy: { attempts: 11 } },
      'twinOperationMaxAttempts',
    ],
    [
      'an unknown format',
      { type: 'READ', paths: ['/3'], options: { lwm2m: { contentFormat: { response: 'XML' } } } },
      'TLV, JSON',
    ],
    [
      'a request that is too long',
      write('UPDATE', '/1/0', [value('/1/0/7', 'x'.repeat(70_000))]),
      'twinOperationMaxBytes',
    ],
  ])('whatever the device is refused: %s', async (_name, request, details) => {
    const { status, body } = await twin.call('POST /operations', request);
    expect(status).toBe(400);
    expect(`${body.details}`).toContain(details);
  });

  it.each([
    ['no model', { type: 'READ', paths: ['/9999'] }, 'object-definitions'],
    ['no such attribute', { type: 'READ', paths: ['/3/0/200'] }, '/3/0/200'],
    ['one value alone', { type: 'READ', paths: ['/3/0/9/0'] }, 'no instances'],
    ['read of what is executed', { type: 'READ', paths: ['/1/0/8'] }, 'EXECUTE'],
    ['write of what is read', write('UPDATE', '/3/0', [value('/3/0/9', '1')]), 'no WRITE'],
    ['execute of what is read', { type: 'EXECUTE', paths: ['/3/0/9'] }, 'no EXECUTE'],
    ['another type', write('UPDATE', '/3/0', [value('/3/0/12', 'warm')]), 'FLOAT'],
    ['several without an instance', write('UPDATE', '/1/0', [value('/1/0/11', 'x')]), '/1/0/11/0'],
    ['thresholds on a text', { type: 'WRITE-METADATA', values: [{ path: '/1/0/7', metadata }] }, 'numbers'],
  ])('the models is a text that says it: %s', (_name, request, text) => {
    const planned = plan(request);
    expect(planned).toBeTypeOf('string');
    expect(planned).toContain(text);
  });
});
