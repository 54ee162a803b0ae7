import { describe, expect, it } from 'vitest';
import { decodeContent, encodeContent, type ValueFormat } from './codec.ts';
import { Lwm2mCodecError } from './codec-error.ts';
import type { FindResource } from './content.ts';
import { Lwm2mPath } from './path.ts';
import type { DataType, Lwm2mValue } from './value.ts';

/** Types of the objects in the examples of LwM2M Core 1.0.2 (6.4) and 1.1.1 (7.4). */
const types: Readonly<Record<string, DataType>> = {
  '1/0': 'INTEGER',
  '1/1': 'INTEGER',
  '1/6': 'BOOLEAN',
  '1/7': 'STRING',
  '2/0': 'INTEGER',
  '2/1': 'INTEGER',
  '2/2': 'INTEGER',
  '2/3': 'INTEGER',
  '3/0': 'STRING',
  '3/1': 'STRING',
  '3/2': 'STRING',
  '3/3': 'STRING',
  '3/6': 'INTEGER',
  '3/7': 'INTEGER',
  '3/8': 'INTEGER',
  '3/9': 'INTEGER',
  '3/10': 'INTEGER',
  '3/11': 'INTEGER',
  '3/13': 'TIME',
  '3/14': 'STRING',
  '3/16': 'STRING',
  '65/0': 'OBJLNK',
  '65/1': 'STRING',
  '65/2': 'INTEGER',
  '66/0': 'STRING',
  '66/1': 'STRING',
  '66/2': 'OBJLNK',
  '72/2': 'FLOAT',
};
const findResource: FindResource = (objectId, resourceId) => {
  const type = types[`${objectId}/${resourceId}`];
  return type && { type, multiple: false };
};

const text = (value: string): Lwm2mValue => ({ type: 'STRING', value });
const whole = (value: number): Lwm2mValue => ({ type: 'INTEGER', value });
const link = (objectId: number, instanceId: number): Lwm2mValue => ({
  type: 'OBJLNK',
  value: { objectId, instanceId },
});

type Values = Readonly<Record<string, Lwm2mValue>>;

const device: Values = {
  '/3/0/0': text('Open Mobile Alliance'),
  '/3/0/1': text('Lightweight M2M Client'),
  '/3/0/2': text('345000123'),
  '/3/0/3': text('1.0'),
  '/3/0/6/0': whole(1),
  '/3/0/6/1': whole(5),
  '/3/0/7/0': whole(3800),
  '/3/0/7/1': whole(5000),
  '/3/0/8/0': whole(125),
  '/3/0/8/1': whole(900),
  '/3/0/9': whole(100),
  '/3/0/10': whole(15),
  '/3/0/11/0': whole(0),
  '/3/0/13': { type: 'TIME', value: 1_367_491_215 },
  '/3/0/14': text('+02:00'),
  '/3/0/16': text('U'),
};
const accessControl: Values = {
  '/2/0/0': whole(1),
  '/2/0/1': whole(0),
  '/2/0/2/127': whole(7),
  '/2/0/3': whole(127),
  '/2/2/0': whole(3),
  '/2/2/1': whole(0),
  '/2/2/2/127': whole(7),
  '/2/2/2/310': whole(1),
  '/2/2/3': whole(127),
};
const server: Values = {
  '/1/0/0': whole(1),
  '/1/0/1': whole(86_400),
  '/1/0/6': { type: 'BOOLEAN', value: true },
  '/1/0/7': text('U'),
};
const linked65: Values = {
  '/65/0/0/0': link(66, 0),
  '/65/0/0/1': link(66, 1),
  '/65/0/1': text('8613800755500'),
  '/65/0/2': whole(305_419_896),
};
const linked66: Values = {
  '/66/0/0': text('myService 1'),
  '/66/0/1': text('Internet.15.234'),
  '/66/0/2': link(67, 0),
  '/66/1/0': text('myService 2'),
  '/66/1/1': text('Internet.15.235'),
  '/66/1/2': link(65_535, 65_535),
};

const deviceTlv =
  'c800144f70656e204d6f62696c6520416c6c69616e6365' +
  'c801164c69676874776569676874204d324d20436c69656e74' +
  'c80209333435303030313233' +
  'c303312e30' +
  '860641000141010588070842000ed842011388870841007d42010384' +
  'c10964c10a0f830b410000c40d5182428fc60e2b30323a3030c11055';

const deviceJson = `{"bn":"/3/0/","e":[{"n":"0","sv":"Open Mobile Alliance"},{"n":"1","sv":"Lightweight M2M Client"},
  {"n":"2","sv":"345000123"},{"n":"3","sv":"1.0"},{"n":"6/0","v":1},{"n":"6/1","v":5},{"n":"7/0","v":3800},
  {"n":"7/1","v":5000},{"n":"8/0","v":125},{"n":"8/1","v":900},{"n":"9","v":100},{"n":"10","v":15},{"n":"11/0","v":0},
  {"n":"13","v":1367491215},{"n":"14","sv":"+02:00"},{"n":"16","sv":"U"}]}`;

const deviceSenmlJson = `[{"bn":"/3/0/","n":"0","vs":"Open Mobile Alliance"},{"n":"1","vs":"Lightweight M2M Client"},
  {"n":"2","vs":"345000123"},{"n":"3","vs":"1.0"},{"n":"6/0","v":1},{"n":"6/1","v":5},{"n":"7/0","v":3800},
  {"n":"7/1","v":5000},{"n":"8/0","v":125},{"n":"8/1","v":900},{"n":"9","v":100},{"n":"10","v":15},{"n":"11/0","v":0},
  {"n":"13","v":1367491215},{"n":"14","vs":"+02:00"},{"n":"16","vs":"U"}]`;

const deviceSenmlCbor =
  '90a321652f332f302f00613003744f70656e204d6f62696c6520416c6c69616e6365' +
  'a200613103764c69676874776569676874204d324d20436c69656e74a20061320369333435303030313233a20061330363312e30' +
  'a20063362f300201a20063362f310205a20063372f3002190ed8a20063372f3102191388a20063382f3002187da20063382f3102190384' +
  'a2006139021864a200623130020fa2006431312f300200a200623133021a5182428fa20062313403662b30323a3030a200623136036155';

const bytesOf = (payload: string, isHex: boolean): Uint8Array =>
  isHex ? Uint8Array.from(Buffer.from(payload, 'hex')) : new TextEncoder().encode(payload);

interface Vector {
  readonly source: string;
  readonly format: ValueFormat;
  readonly path: string;
  readonly payload: string;
  readonly values: Values;
  /** Whether we write the same bytes, too; white space in the examples of JSON is the printer's. */
  readonly isOurs?: boolean;
}

const vectors: readonly Vector[] = [
  {
    source: '1.0.2, 6.4.3.1, single instance',
    format: 'TLV',
    path: '/3/0',
    payload: deviceTlv,
    values: device,
    isOurs: true,
  },
  {
    source: '1.0.2, 6.4.3.2 A',
    format: 'TLV',
    path: '/3',
    payload: `080079${deviceTlv}`,
    values: device,
    isOurs: true,
  },
  {
    source: '1.0.2, 6.4.3.2 B',
    format: 'TLV',
    path: '/2',
    payload: '08000ec10001c101008302417f07c1037f' + '080212c10003c101008702417f0761013601c1037f',
    values: accessControl,
    isOurs: true,
  },
  {
    source: '1.0.2, 6.4.3.2 C',
    format: 'TLV',
    path: '/1',
    payload: '08000fc10001c40100015180c10601c10755',
    values: server,
    isOurs: true,
  },
  {
    source: '1.0.2, 6.4.3.3, links',
    format: 'TLV',
    path: '/65/0',
    payload: '88000c440000420000440100420001c8010d38363133383030373535353030c40212345678',
    values: linked65,
    isOurs: true,
  },
  {
    source: '1.0.2, 6.4.3.3, linked objects',
    format: 'TLV',
    path: '/66',
    payload:
      '080026c8000b6d79536572766963652031c8010f496e7465726e65742e31352e323334c40200430000' +
      '080126c8000b6d79536572766963652032c8010f496e7465726e65742e31352e323335c402ffffffff',
    values: linked66,
    isOurs: true,
  },
  { source: '1.0.2, 6.4.4', format: 'JSON', path: '/3/0', payload: deviceJson, values: device, isOurs: true },
  {
    source: '1.0.2, 6.4.4, names relative to the request',
    format: 'JSON',
    path: '/3/0',
    payload: deviceJson.replace('"bn":"/3/0/",', ''),
    values: device,
  },
  {
    source: '1.0.2, 6.4.4, links',
    format: 'JSON',
    path: '/',
    payload: `{"bn":"/","e":[{"n":"65/0/0/0","ov":"66:0"},{"n":"65/0/0/1","ov":"66:1"},{"n":"65/0/1","sv":"8613800755500"},
      {"n":"65/0/2","v":305419896},{"n":"66/0/0","sv":"myService 1"},{"n":"66/0/1","sv":"Internet.15.234"},
      {"n":"66/0/2","ov":"67:0"},{"n":"66/1/0","sv":"myService 2"},{"n":"66/1/1","sv":"Internet.15.235"},
      {"n":"66/1/2","ov":"65535:65535"}]}`,
    values: { ...linked65, ...linked66 },
    isOurs: true,
  },
  {
    source: '1.1.1, 7.4.4',
    format: 'SENML_JSON',
    path: '/3/0',
    payload: deviceSenmlJson,
    values: device,
    isOurs: true,
  },
  {
    source: '1.1.1, 7.4.4, links',
    format: 'SENML_JSON',
    path: '/',
    payload: `[{"bn":"/65/0/","n":"0/0","vlo":"66:0"},{"n":"0/1","vlo":"66:1"},{"n":"1","vs":"8613800755500"},
      {"n":"2","v":305419896}]`,
    values: linked65,
  },
  {
    source: '1.1.1, 7.4.5',
    format: 'SENML_CBOR',
    path: '/3/0',
    payload: deviceSenmlCbor,
    values: device,
    isOurs: true,
  },
  { source: '1.1.1, 7.4.5', format: 'SENML_CBOR', path: '/', payload: deviceSenmlCbor, values: device },
];

const isBinary = (format: ValueFormat): boolean =>
  format === 'TLV' || format === 'SENML_CBOR' || format === 'CBOR';
const context = (path: string) => ({ path: Lwm2mPath.parse(path), findResource, nowMs: 0 });
const recordsOf = (values: Values) =>
  Object.entries(values).map(([path, value]) => ({ path: Lwm2mPath.parse(path), value }));

describe.each(vectors)('$format of $source at $path', ({ format, path, payload, values, isOurs }) => {
  const bytes = bytesOf(payload, isBinary(format));

  it('is read', () => {
    expect(decodeContent(format, bytes, context(path))).toEqual({ records: recordsOf(values), empty: [] });
  });

  it('is written and read again', () => {
    const written = encodeContent(format, { records: recordsOf(values), empty: [] }, Lwm2mPath.parse(path));
    expect(decodeContent(format, written, context(path)).records).toEqual(recordsOf(values));
    if (isOurs && isBinary(format)) expect(Buffer.from(written).toString('hex')).toBe(payload);
    if (isOurs && !isBinary(format))
      expect(JSON.parse(Buffer.from(written).toString())).toEqual(JSON.parse(payload));
  });

  it('is refused when it is cut off anywhere, or is a shorter whole', () => {
    for (let length = 0; length < bytes.length; length++) {
      const read = () => decodeContent(format, bytes.subarray(0, length), context(path));
      // TLV has no end mark: what ends between two entries is a payload of its own.
      if (format === 'TLV') {
        const got = attempt(read);
        if (got instanceof Lwm2mCodecError) expect(got).toMatchObject({ fault: 'truncated', format: 'TLV' });
        else expect(recordsOf(values).slice(0, got.records.length)).toEqual(got.records);
      } else expect(read).toThrow(expect.objectContaining({ name: 'Lwm2mCodecError', fault: 'truncated' }));
    }
  });

  it('with any byte changed is read or refused by the error of codecs', () => {
    for (let index = 0; index < bytes.length; index++)
      for (const flip of [0x01, 0x80, 0xff]) {
        const broken = bytes.slice();
        broken[index] = (broken[index] as number) ^ flip;
        attempt(() => decodeContent(format, broken, context(path)));
      }
  });
});

/** What a function gives, or the error of codecs that it throws; any other error goes on. */
function attempt<Result>(run: () => Result): Result | Lwm2mCodecError {
  try {
    return run();
  } catch (error) {
    if (error instanceof Lwm2mCodecError) return error;
    throw error;
  }
}

describe('values with times', () => {
  const records = (times: readonly number[]) => [
    { path: Lwm2mPath.parse('/72/1/2'), value: { type: 'FLOAT', value: 22.4 }, timestampMs: times[0] },
    { path: Lwm2mPath.parse('/72/1/2'), value: { type: 'FLOAT', value: 22.9 }, timestampMs: times[1] },
    {
      path: Lwm2mPath.parse('/72/1/3'),
      value: { type: 'FLOAT', value: 24.1 },
      timestampMs: times[2],
      guessed: true,
    },
  ];

  it('of LwM2M 1.0 count from the base time (1.0.2, 6.4.4)', () => {
    const payload =
      '{"bn":"/72/","bt":25462634,"e":[{"n":"1/2","v":22.4,"t":-5},{"n":"1/2","v":22.9,"t":-30},{"n":"1/3","v":24.1,"t":-50}]}';
    const content = decodeContent('JSON', bytesOf(payload, false), context('/72'));
    expect(content.records).toEqual(records([25_462_629_000, 25_462_604_000, 25_462_584_000]));
  });

  it('of LwM2M 1.0 without a base count from now', () => {
    const payload = '{"bn":"/72/","e":[{"n":"1/2","v":22.4,"t":-5},{"n":"1/2","v":22.9,"t":0}]}';
    const content = decodeContent('JSON', bytesOf(payload, false), {
      ...context('/72'),
      nowMs: 1_700_000_000_000,
    });
    expect(content.records.map(({ timestampMs }) => timestampMs)).toEqual([
      1_699_999_995_000, 1_700_000_000_000,
    ]);
  });

  // The base time of the example is below 2^28, so by RFC 8428, 4.5.3 it is relative, whatever its author meant.
  it('of SenML below 2^28 count from now (1.1.1, 7.4.4; RFC 8428, 4.5.3)', () => {
    const payload =
      '[{"bn":"/72/","bt":25462634,"n":"1/2","v":22.4,"t":-5},{"n":"1/2","v":22.9,"t":-30},{"n":"1/3","v":24.1,"t":-50}]';
    const content = decodeContent('SENML_JSON', bytesOf(payload, false), { ...context('/72'), nowMs: 1000 });
    expect(content.records).toEqual(records([25_462_630_000, 25_462_605_000, 25_462_585_000]));
  });

  it.each(['SENML_JSON', 'SENML_CBOR', 'JSON'] as const)('are the same in %s, written and read', (format) => {
    const written = {
      records: [1_700_000_000_123, 1_700_000_060_000].map((timestampMs) => ({
        path: Lwm2mPath.parse('/72/1/2'),
        value: { type: 'FLOAT' as const, value: 22.5 },
        timestampMs,
      })),
      empty: [],
    };
    const bytes = encodeContent(format, written, Lwm2mPath.parse('/72/1/2'));
    expect(decodeContent(format, bytes, { ...context('/72/1/2'), nowMs: 5 })).toEqual(written);
  });

  it('cannot be two values for one path', () => {
    const payload = '[{"n":"/72/1/2","v":1},{"n":"/72/1/2","v":2}]';
    expect(() => decodeContent('SENML_JSON', bytesOf(payload, false), context('/'))).toThrow(
      'two values for one time',
    );
  });
});
