import type { CoapLogPayload, CoapLogValue } from '../../../contract/coap-log.ts';
import { readBlock } from '../../../protocols/coap/block.ts';
import { isRequest, isSuccess, methods } from '../../../protocols/coap/codes.ts';
import type { CoapMessage } from '../../../protocols/coap/message.ts';
import { findOption, findUint, optionNumbers } from '../../../protocols/coap/options.ts';
import { decodeContent } from '../../../protocols/lwm2m/codec.ts';
import type { FindResource, ResourceRecord } from '../../../protocols/lwm2m/content.ts';
import { contentFormatNames, contentFormatOf } from '../../../protocols/lwm2m/content-format.ts';
import { parseLinks } from '../../../protocols/lwm2m/links.ts';
import type { ObjectModels } from '../../../protocols/lwm2m/models/object-models.ts';
import { Lwm2mPath } from '../../../protocols/lwm2m/path.ts';
import { decodePaths } from '../../../protocols/lwm2m/senml-content.ts';
import { valueToJson } from '../../../protocols/lwm2m/value.ts';

/** What is known of the objects of the device whose messages are looked at. */
export interface LogModels {
  readonly models: ObjectModels;
  readonly find: FindResource;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * A payload as people read it.
 * @param request that the message is, or answers: `GET /3/0`
 */
export function payloadView(
  message: CoapMessage,
  request: string | undefined,
  { models, find }: LogModels,
): CoapLogPayload {
  const { code, options, payload } = message;
  const number = findUint(options, optionNumbers.contentFormat);
  const isDiagnosis = !isRequest(code) && !isSuccess(code);
  // Without a word of it, it is text; a response that is an error explains itself in text (RFC 7252 5.5.2).
  const format = number === undefined || isDiagnosis ? 'TEXT' : contentFormatOf(number);
  const view = { bytes: payload.length };
  if (format === undefined) return { ...view, error: `content format ${number} is not known here` };
  const named = { ...view, format: contentFormatNames[format] };
  const text = isBinary(format) ? undefined : textOf(payload);
  const shown = { ...named, ...(text !== undefined && { text }) };
  const part = partOf(message);
  if (part !== undefined) return { ...shown, error: part };
  if (isDiagnosis) return text === undefined ? { ...shown, error: 'it is not UTF-8' } : shown;
  try {
    return { ...shown, ...decoded() };
  } catch (error) {
    return { ...shown, error: (error as Error).message };
  }

  function decoded(): Partial<CoapLogPayload> {
    if (format === undefined) return {};
    if (format === 'LINK') {
      return {
        paths: parseLinks(payload).map(({ target }) => ({ path: target, ...nameOf(target, models) })),
      };
    }
    const path = Lwm2mPath.tryParse(request?.replace(/^\S+ /, '') ?? '');
    if (code === methods.FETCH && (format === 'SENML_JSON' || format === 'SENML_CBOR')) {
      return {
        paths: decodePaths(payload, format).map((each) => ({
          path: `${each}`,
          ...nameOf(`${each}`, models),
        })),
      };
    }
    // The argument of Execute is no value.
    if (code === methods.POST && format === 'TEXT') return {};
    const carriesPaths = format !== 'TEXT' && format !== 'TLV' && format !== 'OPAQUE' && format !== 'CBOR';
    if (!path && !carriesPaths) return { error: 'the path that it is of is not known any more' };
    const { records } = decodeContent(format, payload, {
      path: path ?? Lwm2mPath.root,
      findResource: find,
      nowMs: 0,
    });
    return { values: records.map((record) => valueView(record, models)) };
  }
}

function valueView({ path, value, timestampMs }: ResourceRecord, models: ObjectModels): CoapLogValue {
  return {
    path: `${path}`,
    ...nameOf(`${path}`, models),
    ...{ type: value.type, value: valueToJson(value) },
    ...(timestampMs !== undefined && { timestamp: new Date(timestampMs).toISOString() }),
  };
}

/** Names of the object and the resource at a path, with its unit. */
function nameOf(text: string, models: ObjectModels): { name?: string; units?: string } {
  const path = Lwm2mPath.tryParse(text);
  const model = path?.objectId === undefined ? undefined : models.find(path.objectId);
  if (!model || !path) return {};
  const resource = path.resourceId === undefined ? undefined : models.resource(model, path.resourceId);
  const { units } = resource ?? {};
  return { name: resource ? `${model.name} / ${resource.name}` : model.name, ...(units && { units }) };
}

const isBinary = (format: string): boolean => ['OPAQUE', 'CBOR', 'SENML_CBOR', 'TLV'].includes(format);

function textOf(payload: Uint8Array): string | undefined {
  try {
    return utf8.decode(payload);
  } catch {
    return undefined;
  }
}

/** Says of which transfer a payload is a part; undefined for a whole one. */
function partOf({ code, options }: CoapMessage): string | undefined {
  const option = isRequest(code) ? optionNumbers.block1 : optionNumbers.block2;
  const value = findOption(options, option);
  const block = value && readBlock(value);
  if (!block || (block.number === 0 && !block.more)) return undefined;
  return `block ${block.number} of a transfer${block.more ? '' : ', the last'}; a part alone cannot be read`;
}
