import type { Content, FindResource } from '../protocols/lwm2m/content.ts';
import { comparePaths, Lwm2mPath } from '../protocols/lwm2m/path.ts';
import { type DataType, type Lwm2mValue, toInteger } from '../protocols/lwm2m/value.ts';
import fc from './properties.ts';

const id = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 65_534 }));
const text = fc.string({ unit: 'grapheme' });
/** Formats in decimal have no -0. */
const float = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const signed = fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(toInteger), fc.integer());
const unsigned = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(toInteger);

const values: Readonly<Record<Exclude<DataType, 'NONE'>, fc.Arbitrary<Lwm2mValue>>> = {
  STRING: text.map((value) => ({ type: 'STRING', value })),
  CORELNK: text.map((value) => ({ type: 'CORELNK', value })),
  INTEGER: signed.map((value) => ({ type: 'INTEGER', value })),
  TIME: signed.map((value) => ({ type: 'TIME', value })),
  UNSIGNED_INTEGER: unsigned.map((value) => ({ type: 'UNSIGNED_INTEGER', value })),
  FLOAT: float.map((value) => ({ type: 'FLOAT', value })),
  BOOLEAN: fc.boolean().map((value) => ({ type: 'BOOLEAN', value })),
  OPAQUE: fc.uint8Array({ maxLength: 300 }).map((value) => ({ type: 'OPAQUE', value })),
  OBJLNK: fc
    .record({
      objectId: fc.integer({ min: 0, max: 65_535 }),
      instanceId: fc.integer({ min: 0, max: 65_535 }),
    })
    .map((value) => ({ type: 'OBJLNK', value })),
};

/** A value of any type that every format can write. */
export const anyValue: fc.Arbitrary<Lwm2mValue> = fc.oneof(...Object.values(values));

/** Values of one object, by path, with the model that their types make; a resource has instances or has none. */
export const anyContent: fc.Arbitrary<{ objectId: number; content: Content; findResource: FindResource }> = fc
  .record({
    objectId: id,
    resources: fc.uniqueArray(
      fc.record({
        id,
        type: fc.constantFrom(...(Object.keys(values) as (keyof typeof values)[])),
        multiple: fc.boolean(),
      }),
      { selector: (resource) => resource.id, minLength: 1, maxLength: 6 },
    ),
    instances: fc.uniqueArray(id, { minLength: 1, maxLength: 3 }),
    elements: fc.uniqueArray(id, { minLength: 1, maxLength: 3 }),
  })
  .chain(({ objectId, resources, instances, elements }) => {
    const places = instances.flatMap((instance) =>
      resources.flatMap((resource) =>
        (resource.multiple ? elements.map((element) => [element]) : [[]]).map((below) => ({
          path: Lwm2mPath.of(objectId, instance, resource.id, ...below),
          type: resource.type,
        })),
      ),
    );
    places.sort((one, other) => comparePaths(one.path, other.path));
    const records = fc.tuple(
      ...places.map(({ path, type }) => values[type].map((value) => ({ path, value }))),
    );
    const findResource: FindResource = (_, resourceId) =>
      resources.find((resource) => resource.id === resourceId);
    return records.map((all) => ({ objectId, content: { records: all, empty: [] }, findResource }));
  });
