import { expect, test } from 'vitest';
import type { ObjectModelJson } from '../../../core/contract/twin-models.ts';
import { objectMatches, type ResourceModel, resourcesOf, type TwinObject, withValues } from './twin-model.ts';

const resource = (id: number, name: string, more: Partial<ResourceModel> = {}): ResourceModel => ({
  ...{ id, name, description: '', type: 'INTEGER', multiple: false, mandatory: false, operations: ['READ'] },
  ...more,
});
const model = {
  ...{ objectDefinitionId: 'urn:oma:lwm2m:oma:3', objectId: 3, version: '1.0', lwm2mVersion: '1.0' },
  ...{ name: 'Device', description: '', multiple: false, mandatory: true },
  resources: [
    resource(0, 'Manufacturer', { type: 'STRING' }),
    resource(6, 'Power Sources', { multiple: true }),
  ],
} satisfies ObjectModelJson;
const at = (timestamp: string, reportedValue: string) => ({ reportedValue, timestamp });

test('resources of an instance are those of the model, and those that the device reported beyond it', () => {
  const attributes = [
    {
      pathSegment: '6',
      path: '/3/0/6',
      contents: [{ ...at('2030-01-01T00:00:00Z', '1'), path: '/3/0/6/0' }],
    },
    { pathSegment: '99', path: '/3/0/99', content: at('2030-01-01T00:00:00Z', 'x') },
  ];
  const brief = resourcesOf('/3/0', model, attributes).map(({ path, model: known, values, multiple }) => [
    path,
    known?.name,
    values.map(({ path: of }) => of),
    multiple,
  ]);
  expect(brief).toEqual([
    ['/3/0/0', 'Manufacturer', [], false],
    ['/3/0/6', 'Power Sources', ['/3/0/6/0'], true],
    ['/3/0/99', undefined, ['/3/0/99'], false],
  ]);
});

test('an object is found by its name, its number, and those of its resources', () => {
  const object: TwinObject = { objectId: 3, registered: true, instanceIds: [0], model };
  for (const find of ['', 'dev', '/3', 'power sour', '/6']) expect(objectMatches(find, object)).toBe(true);
  for (const find of ['/4', 'temperature']) expect(objectMatches(find, object)).toBe(false);
});

test('values that come change those that are known, and an older one changes nothing', () => {
  const before = {
    ...{ objectDefinitionId: 'urn:oma:lwm2m:oma:3', path: '/3' },
    instances: [
      {
        ...{ objectDefinitionId: 'urn:oma:lwm2m:oma:3', path: '/3/0' },
        attributes: [{ pathSegment: '9', path: '/3/0/9', content: at('2030-01-01T00:00:05Z', '5') }],
      },
    ],
  };
  const after = withValues(before, [
    { path: '/3/0/9', ...at('2030-01-01T00:00:04Z', '4') },
    { path: '/3/0/6/1', ...at('2030-01-01T00:00:06Z', '6') },
    { path: '/3/0/6/0', ...at('2030-01-01T00:00:06Z', '7') },
    { path: '/3/1/9', ...at('2030-01-01T00:00:06Z', '8') },
  ]);
  expect(after.instances?.[0]?.attributes).toEqual([
    {
      ...{ pathSegment: '6', path: '/3/0/6' },
      contents: [
        { path: '/3/0/6/0', ...at('2030-01-01T00:00:06Z', '7') },
        { path: '/3/0/6/1', ...at('2030-01-01T00:00:06Z', '6') },
      ],
    },
    { pathSegment: '9', path: '/3/0/9', content: at('2030-01-01T00:00:05Z', '5') },
  ]);
});
