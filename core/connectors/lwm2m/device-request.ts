import { methods } from '../../protocols/coap/codes.ts';
import type { CoapResponse, RequestDraft } from '../../protocols/coap/request.ts';
import { formatAttributeQueries } from '../../protocols/lwm2m/attributes.ts';
import { decodeContent, encodeContent, type ValueFormat } from '../../protocols/lwm2m/codec.ts';
import type { FindResource, ResourceRecord } from '../../protocols/lwm2m/content.ts';
import {
  type ContentFormat,
  contentFormatNumbers,
  contentFormatOf,
} from '../../protocols/lwm2m/content-format.ts';
import { type RequestScope, requestFormat, responseFormat } from '../../protocols/lwm2m/format-choice.ts';
import { type DiscoveredPath, parseDiscoverLinks } from '../../protocols/lwm2m/object-links.ts';
import { Lwm2mPath } from '../../protocols/lwm2m/path.ts';
import { encodePaths } from '../../protocols/lwm2m/senml-content.ts';
import type { TwinRequest } from '../twin-link.ts';
import type { Registration } from './registration.ts';

/** What a response says beyond its code. */
export interface ResponseContent {
  readonly values?: readonly ResourceRecord[];
  readonly links?: readonly DiscoveredPath[];
}

/** A request of the twin engine as CoAP says it. */
export interface DeviceRequest {
  readonly draft: RequestDraft;
  /** @throws Lwm2mCodecError for a response that cannot be read */
  read(response: CoapResponse, nowMs: number): ResponseContent;
}

/** A device cannot be asked that. */
export class RequestInvalid extends Error {}

type Facts = Pick<Registration, 'lwm2mVersion' | 'contentFormats' | 'rootPath'>;
type RequestOf<Kind extends TwinRequest['kind']> = Extract<TwinRequest, { kind: Kind }>;

const nothing = { read: (): ResponseContent => ({}) };

/**
 * Writes a request for a device, in the formats of manual 7.3 unless the request names others.
 * @throws RequestInvalid for what its version of LwM2M cannot do; Lwm2mCodecError for values that the format cannot hold
 */
export function deviceRequest(request: TwinRequest, device: Facts, find: FindResource): DeviceRequest {
  const at = (path: Lwm2mPath): readonly string[] => segmentsOf(path, device);
  switch (request.kind) {
    case 'read':
    case 'observe':
      return readRequest(request, device, find, at);
    case 'write':
      return writeRequest(request, device, find, at);
    case 'execute': {
      const payload = request.argument === '' ? undefined : new TextEncoder().encode(request.argument);
      const contentFormat = payload && contentFormatNumbers.TEXT;
      return { draft: { method: methods.POST, path: at(request.path), payload, contentFormat }, ...nothing };
    }
    case 'write-attributes': {
      const query = formatAttributeQueries(request.change);
      return { draft: { method: methods.PUT, path: at(request.path), query }, ...nothing };
    }
    case 'create': {
      const object = Lwm2mPath.of(request.path.objectId as number);
      const format = request.requestFormat ?? formatFor(device, 'multiple');
      const empty = request.values.length === 0 ? [request.path] : [];
      const payload = encodeContent(format, { records: request.values, empty }, object);
      const contentFormat = contentFormatNumbers[format];
      return { draft: { method: methods.POST, path: at(object), payload, contentFormat }, ...nothing };
    }
    case 'delete':
      return { draft: { method: methods.DELETE, path: at(request.path) }, ...nothing };
    case 'discover':
      return {
        draft: { method: methods.GET, path: at(request.path), accept: contentFormatNumbers.LINK },
        read: ({ payload }) => ({ links: parseDiscoverLinks(payload, device.rootPath) }),
      };
  }
}

/** The path of a request: behind the one where the objects of a device begin. */
export const segmentsOf = (path: Lwm2mPath, { rootPath }: Pick<Facts, 'rootPath'>): readonly string[] => [
  ...rootPath.split('/').filter((segment) => segment !== ''),
  ...path.ids.map(String),
];

type At = (path: Lwm2mPath) => readonly string[];

function readRequest(
  { paths, responseFormat: wanted }: RequestOf<'read'> | RequestOf<'observe'>,
  device: Facts,
  find: FindResource,
  at: At,
): DeviceRequest {
  const [path] = paths;
  const composite = paths.length > 1 || path === undefined || path.kind === 'root';
  const scope = composite ? 'composite' : scopeOf(path, find);
  const format = wanted ?? responseFormat(device, scope);
  const accept = format && contentFormatNumbers[format];
  if (!composite) {
    return {
      draft: { method: methods.GET, path: at(path), accept },
      read: (response, nowMs) => ({ values: readValues(response, path, find, nowMs) }),
    };
  }
  const senml = senmlFor(device, 'Reading or observing several paths, or the root,');
  return {
    draft: {
      method: methods.FETCH,
      path: at(Lwm2mPath.root),
      payload: encodePaths(paths, senml),
      contentFormat: contentFormatNumbers[senml],
      accept,
    },
    read: (response, nowMs) => ({ values: readValues(response, Lwm2mPath.root, find, nowMs) }),
  };
}

function writeRequest(
  { path, mode, values, requestFormat: wanted }: RequestOf<'write'>,
  device: Facts,
  find: FindResource,
  at: At,
): DeviceRequest {
  if (path.kind === 'root') {
    const format = wanted ?? senmlFor(device, 'Writing to several objects');
    return write(methods.iPATCH, path, format);
  }
  if (mode === 'REPLACE') {
    const { objectId, resourceId } = path;
    const type =
      objectId === undefined || resourceId === undefined ? undefined : find(objectId, resourceId)?.type;
    return write(methods.PUT, path, wanted ?? formatFor(device, scopeOf(path, find), type));
  }
  // A POST to a resource would execute it, so a part of one is a part of its instance.
  const instance = Lwm2mPath.of(...path.ids.slice(0, 2));
  return write(methods.POST, instance, wanted ?? formatFor(device, 'multiple'));

  function write(method: number, base: Lwm2mPath, format: ContentFormat): DeviceRequest {
    const payload = encodeContent(format, { records: values, empty: [] }, base);
    return {
      draft: { method, path: at(base), payload, contentFormat: contentFormatNumbers[format] },
      ...nothing,
    };
  }
}

/**
 * The values of a response or notification.
 * @throws Lwm2mCodecError
 */
export function readValues(
  { contentFormat, payload }: Pick<CoapResponse, 'contentFormat' | 'payload'>,
  path: Lwm2mPath,
  findResource: FindResource,
  nowMs: number,
): readonly ResourceRecord[] {
  // Without a word of it the payload is text (RFC 7252 5.5.1 leaves it open, LwM2M devices mean that).
  const format = contentFormat === undefined ? 'TEXT' : contentFormatOf(contentFormat);
  if (format === undefined) {
    throw new RequestInvalid(`content format ${contentFormat} of the answer is not known`);
  }
  return decodeContent(format, payload, { path, findResource, nowMs }).records;
}

function scopeOf(path: Lwm2mPath, find: FindResource): Exclude<RequestScope, 'composite'> {
  const { objectId, resourceId } = path;
  if (path.kind === 'resource-instance') return 'singular';
  if (path.kind !== 'resource' || objectId === undefined || resourceId === undefined) return 'multiple';
  return find(objectId, resourceId)?.multiple ? 'multiple' : 'singular';
}

function formatFor(
  device: Facts,
  scope: 'singular' | 'multiple',
  type?: Parameters<typeof requestFormat>[2],
): ValueFormat {
  return requestFormat(device, scope, type) as ValueFormat;
}

function senmlFor(device: Facts, what: string): 'SENML_JSON' | 'SENML_CBOR' {
  const format = requestFormat(device, 'composite');
  if (format === 'SENML_JSON' || format === 'SENML_CBOR') return format;
  throw new RequestInvalid(
    `${what} needs LwM2M 1.1, and the device has registered with ${device.lwm2mVersion}.`,
  );
}
