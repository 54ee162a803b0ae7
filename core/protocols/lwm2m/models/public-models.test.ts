import { describe, expect, it } from 'vitest';
import { camelCaseName } from './model-names.ts';
import type { ObjectModel } from './object-model.ts';
import { ObjectModels } from './object-models.ts';
import { objectUrn, parseObjectUrn } from './object-urn.ts';
import { publicModels } from './public-models.ts';

const models = await publicModels();
const operations = (objectId: number, version: string): Record<number, string> =>
  Object.fromEntries(
    (models.exact(objectId, version)?.resources ?? []).map((resource) => [
      resource.id,
      (resource.operations ?? []).map((operation) => operation[0]).join(''),
    ]),
  );

describe('public models', () => {
  it('are loaded once', async () => {
    expect(await publicModels()).toBe(models);
  });

  it('hold the objects of LwM2M and those of IPSO', () => {
    expect(models.ids.length).toBeGreaterThan(300);
    expect(models.ids).toEqual(
      expect.arrayContaining([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 3303, 3336, 3442, 10_241]),
    );
    expect(new Set(models.ids).size).toBe(models.ids.length);
  });

  it('say of every resource of objects 0 to 9 and of IPSO what can be done with it', () => {
    const silent = models
      .all()
      .filter(({ id }) => id <= 9 || (id >= 3200 && id <= 3350))
      .flatMap(({ id, resources }) =>
        resources.filter((resource) => !resource.operations).map((one) => [id, one.id]),
      );
    expect(silent).toEqual([]);
  });

  it('give types, multiplicity, units and ranges', () => {
    const device = models.find(3)!;
    expect(models.resource(device, 9)).toMatchObject({
      name: 'Battery Level',
      type: 'INTEGER',
      range: '0..100',
      units: '/100',
      operations: ['READ'],
      multiple: false,
    });
    expect(models.resource(device, 6)).toMatchObject({ multiple: true, type: 'INTEGER' });
    expect(models.resource(device, 13)).toMatchObject({ type: 'TIME', operations: ['READ', 'WRITE'] });
    expect(models.resource(device, 'Reboot')).toMatchObject({
      id: 4,
      type: 'NONE',
      operations: ['EXECUTE'],
      mandatory: true,
    });
    expect(models.resource(device, 'utcOffset')?.id).toBe(14);
    expect(models.resource(device, 22)?.type).toBe('OBJLNK');
    expect(models.resource(models.find(5)!, 0)).toMatchObject({
      type: 'OPAQUE',
      operations: ['WRITE'],
      mandatory: true,
    });
    expect(models.resource(models.find(1)!, 6)?.type).toBe('BOOLEAN');
    expect(models.resource(models.find(3303)!, 5700)).toMatchObject({
      type: 'FLOAT',
      operations: ['READ'],
      mandatory: true,
    });
    expect(models.resource(models.find(3303)!, 5605)).toMatchObject({
      type: 'NONE',
      operations: ['EXECUTE'],
    });
    expect(models.resource(models.find(3442)!, 125)?.type).toBe('UNSIGNED_INTEGER');
    expect(models.resource(models.find(3442)!, 180)?.type).toBe('CORELNK');
    expect(models.find(3303)).toMatchObject({ multiple: true, mandatory: false });
    expect(models.find(3)).toMatchObject({ multiple: false, mandatory: true });
  });

  it.each([
    [1, '1.0', { 0: 'R', 1: 'RW', 2: 'RW', 3: 'RW', 4: 'E', 5: 'RW', 6: 'RW', 7: 'RW', 8: 'E' }],
    [2, '1.0', { 0: 'R', 1: 'R', 2: 'RW', 3: 'RW' }],
    [5, '1.0', { 0: 'W', 1: 'RW', 2: 'E', 3: 'R', 5: 'R', 6: 'R', 7: 'R', 8: 'R', 9: 'R' }],
    [6, '1.0', { 0: 'R', 1: 'R', 2: 'R', 3: 'R', 4: 'R', 5: 'R', 6: 'R' }],
    [7, '1.0', { 0: 'R', 1: 'R', 2: 'R', 3: 'R', 4: 'R', 5: 'R', 6: 'E', 7: 'E', 8: 'RW' }],
    [8, '1.0', { 0: 'RW', 1: 'W', 2: 'R', 3: 'E', 4: 'W', 5: 'R' }],
  ])('of object %i, version %s, allow what LwM2M 1.0 says', (objectId, version, expected) => {
    expect(operations(objectId, version)).toEqual(expected);
  });

  it('are found by version, or by the nearest one', () => {
    expect(models.find(5, '1.1')?.resources.map(({ id }) => id)).toContain(10);
    expect(models.find(5, '1.0')?.resources.map(({ id }) => id)).not.toContain(10);
    expect(models.find(5, '1.7')?.version).toBe('1.2');
    expect(models.find(5, '3.0')?.version).toBe('1.2');
    expect(models.find(5)?.version).toBe('1.2');
    expect(models.exact(5, '1.7')).toBeUndefined();
    expect(models.find(32_000)).toBeUndefined();
  });
});

describe('custom models', () => {
  const custom: ObjectModel = {
    id: 3303,
    version: '1.0',
    lwm2mVersion: '1.0',
    name: 'Ours',
    multiple: true,
    mandatory: false,
    description: '',
    resources: [
      {
        id: 1,
        name: 'Heat',
        type: 'STRING',
        multiple: false,
        mandatory: false,
        operations: ['READ'],
        description: '',
      },
    ],
  };

  it('stand before public ones of the same object, and leave the rest', () => {
    const both = models.behind([custom]);
    expect(both.find(3303, '1.1')?.name).toBe('Ours');
    expect(both.exact(3303, '1.1')?.name).toBe('Temperature');
    expect(both.find(3)?.name).toBe('Device');
    expect(both.ids).toEqual(models.ids);
    expect(
      both
        .all()
        .filter(({ id }) => id === 3303)
        .map(({ version }) => version),
    ).toEqual(['1.0', '1.1']);
    const find = both.finder((objectId) => (objectId === 3 ? '1.0' : undefined));
    expect([find(3303, 1)?.type, find(3303, 5700), find(3, 9)?.type, find(9999, 1)]).toEqual([
      'STRING',
      undefined,
      'INTEGER',
      undefined,
    ]);
    expect(models.behind([])).toBe(models);
    expect(new ObjectModels().find(3)).toBeUndefined();
  });
});

describe('URNs of objects', () => {
  it.each([
    [1, '1.0', 'urn:oma:lwm2m:oma:1'],
    [5, '1.1', 'urn:oma:lwm2m:oma:5:1.1'],
    [3303, '1.1', 'urn:oma:lwm2m:ext:3303:1.1'],
    [10_241, '1.0', 'urn:oma:lwm2m:x:10241'],
  ])('of %i, %s', (objectId, version, urn) => {
    expect(objectUrn(objectId, version)).toBe(urn);
    expect(parseObjectUrn(urn)).toEqual(version === '1.0' ? { objectId } : { objectId, version });
  });

  it.each([
    ['urn:oma:lwm2m:5:1.1', { objectId: 5, version: '1.1' }],
    ['urn:oma:lwm2m:ext:33442', { objectId: 33_442 }],
    ['urn:oma:lwm2m:oma:33442:1.0', { objectId: 33_442, version: '1.0' }],
    ['urn:oma:lwm2m', undefined],
    ['urn:oma:lwm2m:oma', undefined],
    ['urn:oma:lwm2m:oma:5:1', undefined],
    ['urn:oma:lwm2m:oma:05', undefined],
    ['urn:oma:lwm2m:oma:65536', undefined],
    ['urn:oma:lwm2m:oma:5:1.1 ', undefined],
    ['urn:oma:other:5', undefined],
  ])('as %s', (text, reference) => {
    expect(parseObjectUrn(text)).toEqual(reference);
  });
});

// The keys of the example in manual 7.8.11.1.
it.each([
  ['Device', 'device'],
  ['Device Type', 'deviceType'],
  ['UTC Offset', 'utcOffset'],
  ['Memory Free', 'memoryFree'],
  ['Error Code', 'errorCode'],
  ['Supported Binding and Modes', 'supportedBindingAndModes'],
  ['Battery Level', 'batteryLevel'],
  ['PkgName', 'pkgName'],
  ['On/Off', 'onOff'],
  ['LwM2M Server', 'lwM2MServer'],
  ['APN', 'apn'],
])('the name %s is %s in messages', (name, camelCase) => {
  expect(camelCaseName(name)).toBe(camelCase);
});
