import { describe, expect, it } from 'vitest';
import { codes, methodText } from '../../protocols/coap/codes.ts';
import { optionNumbers, uintOption } from '../../protocols/coap/options.ts';
import { CoapResponse } from '../../protocols/coap/request.ts';
import { decodeContent } from '../../protocols/lwm2m/codec.ts';
import type { FindResource, ResourceRecord } from '../../protocols/lwm2m/content.ts';
import { contentFormatOf } from '../../protocols/lwm2m/content-format.ts';
import { Lwm2mPath } from '../../protocols/lwm2m/path.ts';
import type { Lwm2mValue } from '../../protocols/lwm2m/value.ts';
import type { TwinRequest } from '../twin-link.ts';
import { deviceRequest, RequestInvalid } from './device-request.ts';

const old = { lwm2mVersion: '1.0', contentFormats: [], rootPath: '/' } as const;
const oldWithOpaque = { ...old, contentFormats: [42] };
const modern = { lwm2mVersion: '1.1', contentFormats: [], rootPath: '/' } as const;
const modernWithCbor = { ...modern, contentFormats: [112] };

/** 1: a text, 2: bytes, 3: texts with instances. */
const find: FindResource = (_object, resource) =>
  ({
    1: { type: 'STRING', multiple: false },
    2: { type: 'OPAQUE', multiple: false },
    3: { type: 'STRING', multiple: true },
  })[resource] as ReturnType<FindResource>;

const path = Lwm2mPath.parse;
const text = (at: string, value: string): ResourceRecord => ({
  path: path(at),
  value: { type: 'STRING', value } as Lwm2mValue,
});
const bytes = (at: string): ResourceRecord => ({
  path: path(at),
  value: { type: 'OPAQUE', value: new Uint8Array([1, 2]) } as Lwm2mValue,
});

type Device = Parameters<typeof deviceRequest>[1];
const ask = (request: TwinRequest, device: Device = modern) => deviceRequest(request, device, find);
const read = (...paths: string[]): TwinRequest => ({
  kind: 'read',
  paths: paths.map((at) => path(at)),
  responseFormat: undefined,
});
const write = (at: string, mode: 'UPDATE' | 'REPLACE', ...values: ResourceRecord[]): TwinRequest => ({
  kind: 'write',
  path: path(at),
  mode,
  values,
  requestFormat: undefined,
});

const summary = (request: TwinRequest, device: Device): string => {
  const { draft } = ask(request, device);
  const format = draft.contentFormat === undefined ? '-' : contentFormatOf(draft.contentFormat);
  const accept = draft.accept === undefined ? '-' : contentFormatOf(draft.accept);
  return `${methodText(draft.method)} /${(draft.path as string[]).join('/')} ${format} ${accept}`;
};

describe('formats of requests (manual 7.3)', () => {
  it.each([
    ['a resource', old, 'PUT /9/0/1 TLV -'],
    ['a resource', modern, 'PUT /9/0/1 TEXT -'],
  ])('%s is replaced', (_, device, expected) => {
    expect(summary(write('/9/0/1', 'REPLACE', text('/9/0/1', 'a')), device)).toBe(expected);
  });

  it.each([
    [old, 'PUT /9/0/2 TLV -'],
    [oldWithOpaque, 'PUT /9/0/2 OPAQUE -'],
    [modern, 'PUT /9/0/2 OPAQUE -'],
  ])('bytes are replaced', (device, expected) => {
    expect(summary(write('/9/0/2', 'REPLACE', bytes('/9/0/2')), device)).toBe(expected);
  });

  it.each([
    [old, 'PUT /9/0/3 TLV -'],
    [modern, 'PUT /9/0/3 SENML_JSON -'],
    [modernWithCbor, 'PUT /9/0/3 SENML_CBOR -'],
  ])('a resource with instances is replaced', (device, expected) => {
    expect(summary(write('/9/0/3', 'REPLACE', text('/9/0/3/0', 'a')), device)).toBe(expected);
  });

  it('updates go to the instance, for a POST to a resource would execute it', () => {
    for (const at of ['/9/0', '/9/0/3', '/9/0/1']) {
      const value = text(at === '/9/0/3' ? '/9/0/3/4' : '/9/0/1', 'a');
      expect(summary(write(at, 'UPDATE', value), modernWithCbor)).toBe('POST /9/0 SENML_CBOR -');
      expect(summary(write(at, 'UPDATE', value), old)).toBe('POST /9/0 TLV -');
    }
  });

  it.each([
    [modern, 'iPATCH / SENML_JSON -'],
    [modernWithCbor, 'iPATCH / SENML_CBOR -'],
  ])('several objects are written at once', (device, expected) => {
    expect(summary(write('/', 'UPDATE', text('/9/0/1', 'a'), text('/8/0/1', 'b')), device)).toBe(expected);
  });

  it('reads ask for a format only where several paths are meant', () => {
    expect(summary(read('/9/0/1'), modernWithCbor)).toBe('GET /9/0/1 - -');
    expect(summary(read('/9/0'), old)).toBe('GET /9/0 - -');
    expect(summary(read('/9', '/8/0/1'), modernWithCbor)).toBe('FETCH / SENML_CBOR SENML_CBOR');
    expect(summary(read('/'), modern)).toBe('FETCH / SENML_JSON SENML_JSON');
  });

  it('asks for the format that the user wants', () => {
    expect(summary({ kind: 'read', paths: [path('/9/0')], responseFormat: 'TLV' }, modern)).toBe(
      'GET /9/0 - TLV',
    );
    const wanted: TwinRequest = {
      ...write('/9/0/1', 'REPLACE', text('/9/0/1', 'a')),
      requestFormat: 'CBOR',
    } as TwinRequest;
    expect(summary(wanted, modern)).toBe('PUT /9/0/1 CBOR -');
  });

  it.each([read('/9', '/8'), read('/'), write('/', 'UPDATE', text('/9/0/1', 'a'))])(
    'a device of 1.0 cannot be asked for several paths',
    (request) => {
      expect(() => ask(request, old)).toThrow(RequestInvalid);
    },
  );
});

describe('requests to devices', () => {
  it('begin where the device says that its objects do', () => {
    expect(ask(read('/9/0/1'), { ...modern, rootPath: '/lwm2m' }).draft.path).toEqual([
      'lwm2m',
      '9',
      '0',
      '1',
    ]);
  });

  it('execute with and without an argument', () => {
    const execute = (argument: string) => ask({ kind: 'execute', path: path('/3/0/4'), argument }).draft;
    expect(execute('').payload).toBeUndefined();
    expect(execute('').contentFormat).toBeUndefined();
    expect(Buffer.from((execute("5='a'").payload as Uint8Array | undefined) ?? []).toString()).toBe("5='a'");
  });

  it('set and take away attributes', () => {
    const change = { set: { pmin: 10, gt: 20.5 }, unset: ['pmax' as const] };
    expect(ask({ kind: 'write-attributes', path: path('/9/0/1'), change }).draft.query).toEqual([
      'pmin=10',
      'gt=20.5',
      'pmax',
    ]);
  });

  it.each([old, modern])('create an instance with its id', (device) => {
    const { draft } = ask(
      { kind: 'create', path: path('/9/5'), values: [text('/9/5/1', 'new')], requestFormat: undefined },
      device,
    );
    expect([methodText(draft.method), draft.path]).toEqual(['POST', ['9']]);
    const format = contentFormatOf(draft.contentFormat as number);
    const content = decodeContent(format as 'TLV', draft.payload as Uint8Array, {
      path: path('/9'),
      findResource: find,
      nowMs: 0,
    });
    expect(content.records.map(({ path: at, value }) => [`${at}`, value.value])).toEqual([['/9/5/1', 'new']]);
  });

  it('read what the device answers', () => {
    const { read: readAnswer } = ask(read('/9/0/1'));
    const response = new CoapResponse(
      { code: codes.content, options: [uintOption(optionNumbers.contentFormat, 0)] },
      Buffer.from('hello'),
    );
    expect(readAnswer(response, 0).values).toMatchObject([{ value: { type: 'STRING', value: 'hello' } }]);
    const unknown = new CoapResponse(
      { code: codes.content, options: [uintOption(optionNumbers.contentFormat, 9999)] },
      Buffer.from('hello'),
    );
    expect(() => readAnswer(unknown, 0)).toThrow('9999');
    const links = ask({ kind: 'discover', path: path('/9') }, { ...modern, rootPath: '/r' });
    const found = links.read(
      new CoapResponse({ code: codes.content, options: [] }, Buffer.from('</r/9>;ver=1.1,</r/9/0/1>;pmin=3')),
      0,
    );
    expect(found.links?.map((line) => `${line.path}`)).toEqual(['/9', '/9/0/1']);
  });
});
