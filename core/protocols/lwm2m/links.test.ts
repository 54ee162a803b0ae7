import { describe, expect, it } from 'vitest';
import fc from '../../testing/properties.ts';
import { Lwm2mCodecError } from './codec-error.ts';
import { formatLinks, type Link, parseLinks } from './links.ts';
import {
  formatDiscoverLinks,
  formatObjectLinks,
  parseDiscoverLinks,
  parseObjectLinks,
  type RegisteredObject,
} from './object-links.ts';

const bare = (name: string, value: string) => ({ name, value });
const quoted = (name: string, value: string) => ({ name, value, quoted: true as const });

/** RFC 6690, 2.1 and 5. */
const examples: readonly (readonly [text: string, links: readonly Link[]])[] = [
  ['</sensors>;ct=40', [{ target: '/sensors', attributes: [bare('ct', '40')] }]],
  [
    '</sensors/temp>;if="sensor",</sensors/light>;if="sensor"',
    [
      { target: '/sensors/temp', attributes: [quoted('if', 'sensor')] },
      { target: '/sensors/light', attributes: [quoted('if', 'sensor')] },
    ],
  ],
  [
    '</sensors>;ct=40;title="Sensor Index",</sensors/temp>;rt="temperature-c";if="sensor",' +
      '<http://www.example.com/sensors/t123>;anchor="/sensors/temp";rel="describedby",</t>;anchor="/sensors/temp";rel="alternate"',
    [
      { target: '/sensors', attributes: [bare('ct', '40'), quoted('title', 'Sensor Index')] },
      { target: '/sensors/temp', attributes: [quoted('rt', 'temperature-c'), quoted('if', 'sensor')] },
      {
        target: 'http://www.example.com/sensors/t123',
        attributes: [quoted('anchor', '/sensors/temp'), quoted('rel', 'describedby')],
      },
      { target: '/t', attributes: [quoted('anchor', '/sensors/temp'), quoted('rel', 'alternate')] },
    ],
  ],
  [
    '</firmware/v2.1>;rt="firmware";sz=262144',
    [{ target: '/firmware/v2.1', attributes: [quoted('rt', 'firmware'), bare('sz', '262144')] }],
  ],
  [
    '</a>;obs;title="a \\"b\\", c; d"',
    [{ target: '/a', attributes: [{ name: 'obs' }, quoted('title', 'a "b", c; d')] }],
  ],
  ['', []],
];

describe('link format', () => {
  it.each(examples)('%s', (text, links) => {
    expect(parseLinks(text)).toEqual(links);
    expect(formatLinks(links)).toBe(text);
  });

  it.each(examples)('%s is, cut off anywhere, the beginning of it or refused as truncated', (text, links) => {
    for (let length = 0; length < text.length; length++) {
      try {
        const targets = parseLinks(text.slice(0, length)).map(({ target }) => target);
        expect(links.map(({ target }) => target).slice(0, targets.length)).toEqual(targets);
      } catch (error) {
        expect(error).toMatchObject({ name: 'Lwm2mCodecError', fault: 'truncated' });
      }
    }
  });

  it('takes spaces between the parts, as examples in LwM2M have them', () => {
    expect(parseLinks(' </1/0>, </1/1> ; pmin=1\n')).toEqual(parseLinks('</1/0>,</1/1>;pmin=1'));
  });

  it.each([
    ['</1', 3, 'a target has no end'],
    ['1/0', 0, 'expected a target in < and >'],
    ['</1> x', 5, 'expected , or ; or the end'],
    ['</1>,', 5, 'expected a target in < and >'],
    ['</1>;', 5, 'expected the name of an attribute'],
    ['</1>;ver=', 9, 'expected the value of ver'],
    ['</1>;ver="1.0', 13, 'a text in quotation marks has no end'],
    ['</a b>', 0, 'expected a target in < and >'],
  ])('refuses %j at %i', (text, offset, reason) => {
    expect(() => parseLinks(text)).toThrow(
      expect.objectContaining({ name: 'Lwm2mCodecError', offset, reason }),
    );
  });

  it('refuses more links than allowed', () => {
    expect(() => parseLinks('</1>,</2>,</3>', 2)).toThrow(expect.objectContaining({ fault: 'limit' }));
  });

  it('reads what it writes, and throws nothing but the error of codecs', () => {
    const link = fc.record({
      target: fc.webPath(),
      attributes: fc.array(
        fc
          .tuple(
            fc.stringMatching(/^[a-z]{1,5}$/),
            fc.option(fc.string({ unit: 'grapheme' }), { nil: undefined }),
          )
          .map(([name, value]) => (value === undefined ? { name } : quoted(name, value))),
        { maxLength: 3 },
      ),
    });
    fc.assert(
      fc.property(fc.array(link, { maxLength: 5 }), (links) => {
        expect(parseLinks(formatLinks(links))).toEqual(links);
      }),
    );
    const pieces = fc.array(fc.constantFrom('<', '>', ',', ';', '=', '"', '\\', '/1', 'ver', ' ', '\0', 'ü'));
    fc.assert(
      fc.property(
        pieces.map((parts) => parts.join('')),
        (text) => {
          try {
            parseLinks(text);
            parseObjectLinks(text);
            parseDiscoverLinks(text);
          } catch (error) {
            expect(error).toBeInstanceOf(Lwm2mCodecError);
          }
        },
      ),
      { numRuns: 3000 },
    );
  });
});

const object = (objectId: number, instanceIds: number[], version?: string): RegisteredObject => ({
  objectId,
  instanceIds,
  ...(version && { version }),
});

describe('what a client registers', () => {
  it.each([
    [
      'LwM2M 1.0.2, 5.3.1',
      '</1/0>,</1/1>,</2/0>,</2/1>,</2/2>,</2/3>,</2/4>,</3/0>,</4/0>,</5>',
      '/',
      [],
      [object(1, [0, 1]), object(2, [0, 1, 2, 3, 4]), object(3, [0]), object(4, [0]), object(5, [])],
    ],
    [
      'LwM2M 1.0.2, 5.3.1, another root and JSON',
      '</lwm2m>;rt="oma.lwm2m";ct=11543,</lwm2m/1/0>,</lwm2m/1/1>,</lwm2m/2/0>,</lwm2m/5>',
      '/lwm2m',
      [11_543],
      [object(1, [0, 1]), object(2, [0]), object(5, [])],
    ],
    [
      'LwM2M 1.0.2, 5.3.1, a version',
      '</>;ct=11543,</1/0>,</44>;ver="2.2",</44/0>',
      '/',
      [11_543],
      [object(1, [0]), object(44, [0], '2.2')],
    ],
    [
      'LwM2M 1.1.1, 6.2.1',
      '</>;rt="oma.lwm2m";ct="60 110 112 11542 11543",</1>;ver=1.1,</1/0>,</3>;ver=1.2,</3/0>',
      '/',
      [60, 110, 112, 11_542, 11_543],
      [object(1, [0], '1.1'), object(3, [0], '1.2')],
    ],
  ])('%s', (_, text, rootPath, contentFormats, objects) => {
    expect(parseObjectLinks(text)).toEqual({ rootPath, contentFormats, objects, others: [] });
  });

  it('is written with versions as the version of LwM2M has them', () => {
    const links = {
      rootPath: '/',
      contentFormats: [60, 112],
      objects: [object(1, [0], '1.1'), object(5, []), object(6, [0])],
    };
    const text = '</>;rt="oma.lwm2m";ct="60 112",</1>;ver=1.1,</1/0>,</5>,</6/0>';
    expect(formatObjectLinks(links, '1.1')).toBe(text);
    expect(formatObjectLinks(links, '1.0')).toBe(text.replace('1.1', '"1.1"'));
    expect(parseObjectLinks(text)).toEqual({ ...links, others: [] });
  });

  it('may be things besides objects', () => {
    const links = parseObjectLinks(
      '</lwm2m>;rt="oma.lwm2m",</lwm2m/3/0>,</.well-known/core>;ct=40,</3/1>,</lwm2m/3/0/1>',
    );
    expect(links.objects).toEqual([object(3, [0])]);
    expect(links.others.map(({ target }) => target)).toEqual(['/.well-known/core', '/3/1', '/lwm2m/3/0/1']);
  });

  it.each(['</3>;ver=abc,</3/0>', '</>;rt="oma.lwm2m";ct="a"', '<coap://x>;rt="oma.lwm2m"'])(
    'is refused as %s',
    (text) => {
      expect(() => parseObjectLinks(text)).toThrow(Lwm2mCodecError);
    },
  );
});

describe('what Discover answers', () => {
  it('is paths with their attributes (LwM2M 1.0.2, 5.4.2)', () => {
    const text =
      '</3/0>;pmin=10;pmax=60,</3/0/1>,</3/0/6>;dim=8,</3/0/7>;dim=8;gt=50;lt=42.2,</3/0/9>;epmin=1;epmax=2;st=0.5';
    const found = parseDiscoverLinks(text);
    expect(found.map(({ path, ...rest }) => [String(path), rest])).toEqual([
      ['/3/0', { attributes: { pmin: 10, pmax: 60 } }],
      ['/3/0/1', { attributes: {} }],
      ['/3/0/6', { attributes: {}, dimension: 8 }],
      ['/3/0/7', { attributes: { gt: 50, lt: 42.2 }, dimension: 8 }],
      ['/3/0/9', { attributes: { epmin: 1, epmax: 2, st: 0.5 } }],
    ]);
    expect(formatDiscoverLinks(found)).toBe(text);
  });

  it('is servers and versions for a bootstrap server (LwM2M 1.1.1, 6.1.7.3)', () => {
    const text =
      '</>;lwm2m=1.1,</0/0>,</0/1>;ssid=101;uri="coaps://server.example.com",</1/0>;ssid=101,</3>;ver=1.1,</3/0>';
    const found = parseDiscoverLinks(text);
    expect(found.map(({ path, attributes: _, ...rest }) => [String(path), rest])).toEqual([
      ['/', { enablerVersion: '1.1' }],
      ['/0/0', {}],
      ['/0/1', { shortServerId: 101, serverUri: 'coaps://server.example.com' }],
      ['/1/0', { shortServerId: 101 }],
      ['/3', { version: '1.1' }],
      ['/3/0', {}],
    ]);
    expect(formatDiscoverLinks(found)).toBe(text);
  });

  it('is below the root of the client', () => {
    const found = parseDiscoverLinks('</lwm2m/3/0/9>;pmin=1,</3/0/1>', '/lwm2m');
    expect(found.map(({ path }) => String(path))).toEqual(['/3/0/9']);
    expect(formatDiscoverLinks(found, '/lwm2m')).toBe('</lwm2m/3/0/9>;pmin=1');
  });

  it.each(['</3/0>;pmin=-1', '</3/0>;pmin=1.5', '</3/0/9>;gt=x', '</3/0/9>;st=0', '</3/0/6>;dim=x'])(
    'is refused as %s',
    (text) => {
      expect(() => parseDiscoverLinks(text)).toThrow(Lwm2mCodecError);
    },
  );
});
