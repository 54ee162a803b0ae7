import { describe, expect, it } from 'vitest';
import { anyContent } from '../../testing/lwm2m-arbitraries.ts';
import fc from '../../testing/properties.ts';
import { decodeContent, encodeContent, type ValueFormat } from './codec.ts';
import { Lwm2mCodecError } from './codec-error.ts';
import type { Content } from './content.ts';
import { Lwm2mPath } from './path.ts';
import { decodePaths, encodePaths } from './senml-content.ts';

const hex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));
const utf8 = (text: string) => new TextEncoder().encode(text);
const read = (format: ValueFormat, bytes: Uint8Array, path: string) =>
  decodeContent(format, bytes, { path: Lwm2mPath.parse(path), nowMs: 0 });
const manyValues = ['TLV', 'JSON', 'SENML_JSON', 'SENML_CBOR'] as const;

describe('payloads of many values', () => {
  it.each(manyValues)('in %s are read as they were written, and refused when cut off', (format) => {
    fc.assert(
      fc.property(anyContent, fc.nat(), ({ objectId, content, findResource }, cut) => {
        const path = Lwm2mPath.of(objectId);
        const bytes = encodeContent(format, content, path);
        const context = { path, findResource, nowMs: 0 };
        expect(decodeContent(format, bytes, context)).toEqual(content);
        const shorter = bytes.subarray(0, cut % bytes.length);
        try {
          const some = decodeContent(format, shorter, context);
          expect(format).toBe('TLV');
          expect(some.records).toEqual(content.records.slice(0, some.records.length));
        } catch (error) {
          expect(error).toMatchObject({
            name: 'Lwm2mCodecError',
            fault: 'truncated',
            format: expect.any(String),
          });
        }
      }),
      { numRuns: 300 },
    );
  });

  it.each([...manyValues, 'TEXT', 'OPAQUE', 'CBOR'] as const)(
    'in %s throw the error of codecs alone',
    (format) => {
      const mutated = anyContent.chain(({ objectId, content, findResource }) =>
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }).map((changes) => {
          const source = (manyValues as readonly string[]).includes(format) ? format : 'SENML_CBOR';
          const bytes = encodeContent(source, content, Lwm2mPath.of(objectId)).slice();
          for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
          return { bytes, findResource, path: Lwm2mPath.of(objectId) };
        }),
      );
      const arbitrary = fc.record({
        bytes: fc.uint8Array({ maxLength: 40 }),
        path: fc.constant(Lwm2mPath.of(3, 0, 9)),
      });
      fc.assert(
        fc.property(fc.oneof(mutated, arbitrary), (given) => {
          for (const path of [given.path, Lwm2mPath.root, Lwm2mPath.of(3, 0, 9)])
            try {
              decodeContent(format, given.bytes, { nowMs: 0, ...given, path });
            } catch (error) {
              expect(error).toBeInstanceOf(Lwm2mCodecError);
              const { reason, offset, where, fault } = error as Lwm2mCodecError;
              expect(reason).not.toBe('');
              // A fault of bytes has a place; one of the request as a whole (too long, wrong path) need not.
              if (fault === 'malformed' || fault === 'truncated')
                expect(offset ?? where ?? 'two values').toBeDefined();
            }
        }),
        { numRuns: 1000 },
      );
    },
  );

  it('are refused above the limits, which the error names', () => {
    const limits = { maxBytes: 10, maxRecords: 2 };
    const path = Lwm2mPath.of(3);
    const three = { JSON: '{"e":[1,2,3]}', SENML_JSON: '[{},{},{}]' };
    for (const [format, text] of Object.entries(three) as [ValueFormat, string][])
      expect(() =>
        decodeContent(format, utf8(text), { path, nowMs: 0, limits: { ...limits, maxBytes: 20 } }),
      ).toThrow('more values than maxRecords, 2');
    expect(() => decodeContent('TLV', hex('c001c002c003c004c005'), { path, nowMs: 0, limits })).toThrow(
      'limit on values',
    );
    expect(() => decodeContent('TEXT', utf8('x'.repeat(11)), { path, nowMs: 0, limits })).toThrow(
      'text: 11 bytes are more than maxBytes, 10',
    );
  });

  it('are no links', () => {
    expect(() => decodeContent('LINK', utf8('</3>'), { path: Lwm2mPath.root, nowMs: 0 })).toThrow(
      expect.objectContaining({ fault: 'unsupported' }),
    );
  });
});

describe('TLV', () => {
  const paths = (content: Content) => content.records.map(({ path }) => String(path));

  it.each([
    ['/3', 'c00ac00b', ['/3/0/10', '/3/0/11'], []],
    ['/3', '08000201', [], []],
    ['/3/0', '080103c10a01', [], []],
    ['/3/0', '0200c00a', ['/3/0/10'], []],
    ['/3', '0000' + '0001', [], ['/3/0', '/3/1']],
    ['/3/0/6', '8606410001410105', ['/3/0/6/0', '/3/0/6/1'], []],
    ['/3/0/6', '410001410105', ['/3/0/6/0', '/3/0/6/1'], []],
    ['/3/0/6', '8006', [], ['/3/0/6']],
    ['/3/0/6', '', [], ['/3/0/6']],
    ['/3/0/6/1', '410105', ['/3/0/6/1'], []],
    ['/3/0/6/1', '8306410105', ['/3/0/6/1'], []],
    ['/3/0', 'e00123', ['/3/0/291'], []],
    ['/3/0', 'd8090000056162636465', ['/3/0/9'], []],
  ])('at %s reads %s', (path, payload, expected, empty) => {
    const bad = payload === '08000201' || payload === '080103c10a01';
    if (bad) {
      expect(() => read('TLV', hex(payload), path)).toThrow(Lwm2mCodecError);
      return;
    }
    const content = read('TLV', hex(payload), path);
    expect([paths(content), content.empty.map(String)]).toEqual([expected, empty]);
  });

  it.each([
    ['/3/0', '0800', 0, 'truncated', 'it ends within the length of the instance that begins here'],
    ['/3/0', 'e001', 0, 'truncated', 'it ends within the id of the resource that begins here'],
    ['/3/0', 'c00ac20b61', 2, 'truncated', 'resource 11 has 2 bytes, of which only 1 are there'],
    ['/3/0', 'c00ac00a', 2, 'malformed', 'resource 10 is there twice'],
    ['/3/0', 'c00a800a', 2, 'malformed', 'multiple-resource 10 is there twice'],
    [
      '/3/0',
      'c00a4000',
      2,
      'malformed',
      'resource-instance 0 cannot stand here, only resource or multiple-resource',
    ],
    ['/3/0', '8203c00a', 2, 'malformed', 'resource 10 cannot stand here, only resource-instance'],
    ['/3', '02000000', 2, 'malformed', 'instance 0 cannot stand here, only resource or multiple-resource'],
    ['/3', '20ffff', 0, 'path', 'the object instance id has to be a whole number from 0 to 65534, not 65535'],
    ['/3/0', '0001', 0, 'path', '/3/1 is not at or below /3/0, which was asked for'],
    ['/3/0/9', 'c00a', 0, 'path', '/3/0/10 is not at or below /3/0/9, which was asked for'],
    ['/3/0/6/1', '8306410205', 2, 'path', '/3/0/6/2 is not below /3/0/6/1, which was asked for'],
    ['/3/0/9', '0000', 0, 'path', '/3/0/9 has no object instances in it'],
    ['/3/0', '4000', 0, 'path', 'a resource instance needs a resource around it'],
  ])('at %s refuses %s at byte %i', (path, payload, offset, fault, reason) => {
    expect(() => read('TLV', hex(payload), path)).toThrow(expect.objectContaining({ offset, fault, reason }));
  });

  it('gives what is created without an id the one that the caller says', () => {
    const context = { path: Lwm2mPath.of(3), nowMs: 0, newInstanceId: 7 };
    expect(paths(decodeContent('TLV', hex('c00a'), context))).toEqual(['/3/7/10']);
    expect(paths(decodeContent('TLV', hex('0202c00a'), context))).toEqual(['/3/2/10']);
  });

  it('cannot hold several objects', () => {
    expect(() => read('TLV', hex('c00a'), '/')).toThrow(expect.objectContaining({ fault: 'path' }));
    expect(() => encodeContent('TLV', { records: [], empty: [] }, Lwm2mPath.root)).toThrow(Lwm2mCodecError);
  });

  it('writes what is empty, and nests by what was asked for', () => {
    const write = (base: string, records: string[], empty: string[] = []) =>
      Buffer.from(
        encodeContent(
          'TLV',
          {
            records: records.map((path) => ({
              path: Lwm2mPath.parse(path),
              value: { type: 'INTEGER', value: 1 },
            })),
            empty: empty.map((path) => Lwm2mPath.parse(path)),
          },
          Lwm2mPath.parse(base),
        ),
      ).toString('hex');
    expect(write('/3', [], ['/3/0', '/3/2'])).toBe('00000002');
    expect(write('/3', ['/3/0/6/1'], ['/3/0/7'])).toBe('07008306410101' + '8007');
    expect(write('/3/0', ['/3/0/6/1'], ['/3/0/7'])).toBe('8306410101' + '8007');
    expect(write('/3/0/6', ['/3/0/6/1'])).toBe('8306410101');
    expect(write('/3/0/6', [], ['/3/0/6'])).toBe('8006');
    expect(write('/3/0/6/1', ['/3/0/6/1'])).toBe('410101');
    expect(write('/3/0', ['/3/0/300', '/3/0/7'])).toBe('c10701e1012c01');
    expect(() => write('/3/0', ['/3/1/7'])).toThrow('is not at or below /3/0');
    expect(() => write('/3/0', ['/3/0/7', '/3/0/7'])).toThrow('/3/0/7 is there twice');
    expect(() => write('/3/0', ['/3/0/7', '/3/0/7/1'])).toThrow('/3/0/7 has both a value and instances');
  });
});

describe('composite paths', () => {
  it.each(['SENML_JSON', 'SENML_CBOR'] as const)('in %s', (format) => {
    const paths = ['/', '/3', '/5/0', '/1/4/11/4'].map((path) => Lwm2mPath.parse(path));
    expect(decodePaths(encodePaths(paths, format), format).map(String)).toEqual(paths.map(String));
  });

  it('as in the example (LwM2M Core 1.1.1, 7.5)', () => {
    const text = '[{"n":"/3/0/0"},{"n":"/3/0/9"},{"n":"/1/0/1"}]';
    expect(decodePaths(utf8(text), 'SENML_JSON').map(String)).toEqual(['/3/0/0', '/3/0/9', '/1/0/1']);
    expect(decodePaths(utf8('[{"bn":"/3/0/","n":"0"},{"n":"9"}]'), 'SENML_JSON').map(String)).toEqual([
      '/3/0/0',
      '/3/0/9',
    ]);
  });

  it.each(['[]', '[{"n":"3"}]', '[{"n":"/3","v":1}]', '{}'])('are refused as %s', (text) => {
    expect(() => decodePaths(utf8(text), 'SENML_JSON')).toThrow(Lwm2mCodecError);
  });
});
