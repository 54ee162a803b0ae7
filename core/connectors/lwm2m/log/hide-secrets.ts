import { encodeMessage } from '../../../protocols/coap/codec.ts';
import type { CoapMessage } from '../../../protocols/coap/message.ts';
import { findUint, optionNumbers } from '../../../protocols/coap/options.ts';
import { decodeContent, encodeContent } from '../../../protocols/lwm2m/codec.ts';
import type { Content, FindResource, ResourceRecord } from '../../../protocols/lwm2m/content.ts';
import { contentFormatOf } from '../../../protocols/lwm2m/content-format.ts';
import { Lwm2mPath } from '../../../protocols/lwm2m/path.ts';

/** Objects with keys (LwM2M Core 1.1.1, appendix E.1; OSCORE 1.0), and which of their resources those are. */
const secrets = new Map([
  [0, 5],
  [21, 3],
]);

/** A path of such an object, with the method before it. */
const secretRequest = /^\S+ (\/(0|21)(\/.*)?)$/;

/** The datagram as it may be shown: keys in it are zeros, in as many bytes. */
export function withoutSecrets(
  datagram: Uint8Array,
  message: CoapMessage | undefined,
  request: string | undefined,
): { readonly bytes: Uint8Array; readonly masked: boolean } {
  const text = message && message.payload.length > 0 ? secretRequest.exec(request ?? '')?.[1] : undefined;
  if (!message || text === undefined) return { bytes: datagram, masked: false };
  const payload = maskedPayload(message, Lwm2mPath.tryParse(text)) ?? new Uint8Array(message.payload.length);
  return { bytes: encodeMessage({ ...message, payload }), masked: true };
}

/** The payload without its keys; undefined when it cannot be read, as a part of a transfer cannot. */
function maskedPayload(message: CoapMessage, path: Lwm2mPath | undefined): Uint8Array | undefined {
  const format = contentFormatOf(findUint(message.options, optionNumbers.contentFormat) ?? -1);
  if (!path || !format || format === 'LINK') return undefined;
  try {
    const findResource = format === 'TLV' ? asBytes : keysAsBytes;
    const content = decodeContent(format, message.payload, { path, findResource, nowMs: 0 });
    const masked = encodeContent(format, hideIn(content), path);
    return masked.length === message.payload.length ? masked : undefined;
  } catch {
    return undefined;
  }
}

const hideIn = ({ records, empty }: Content): Content => ({ records: records.map(hide), empty });

function hide(record: ResourceRecord): ResourceRecord {
  const { path, value } = record;
  const isSecret = path.objectId !== undefined && secrets.get(path.objectId) === path.resourceId;
  if (!isSecret) return record;
  if (value.type === 'OPAQUE')
    return { ...record, value: { ...value, value: new Uint8Array(value.value.length) } };
  throw new Error('a key of another type');
}

/** Keys are bytes. TLV says no types: as bytes everything keeps its form; other formats say what the rest is. */
const asBytes: FindResource = () => ({ type: 'OPAQUE', multiple: false });
const keysAsBytes: FindResource = (objectId, resourceId) =>
  secrets.get(objectId) === resourceId ? { type: 'OPAQUE', multiple: false } : undefined;
