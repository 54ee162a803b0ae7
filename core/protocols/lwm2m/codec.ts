import { decodeCbor, encodeCbor } from './cbor-content.ts';
import { Lwm2mCodecError } from './codec-error.ts';
import { type Content, checkSize, type DecodeContext, defaultContentLimits } from './content.ts';
import { type ContentFormat, contentFormatNames } from './content-format.ts';
import { decodeLwm2mJson, encodeLwm2mJson } from './lwm2m-json-content.ts';
import { decodeOpaque, encodeOpaque } from './opaque-content.ts';
import type { Lwm2mPath } from './path.ts';
import { decodeSenml, encodeSenml } from './senml-content.ts';
import { decodeText, encodeText } from './text-content.ts';
import { decodeTlv, encodeTlv } from './tlv-content.ts';

interface Codec {
  readonly decode: (bytes: Uint8Array, context: DecodeContext) => Content;
  readonly encode: (content: Content, base: Lwm2mPath) => Uint8Array;
}

/** Formats of values. Link format holds none; see `links.ts`. */
export type ValueFormat = Exclude<ContentFormat, 'LINK'>;

const codecs: Record<ValueFormat, Codec> = {
  TEXT: { decode: decodeText, encode: encodeText },
  OPAQUE: { decode: decodeOpaque, encode: encodeOpaque },
  CBOR: { decode: decodeCbor, encode: encodeCbor },
  TLV: { decode: decodeTlv, encode: encodeTlv },
  JSON: { decode: decodeLwm2mJson, encode: encodeLwm2mJson },
  SENML_JSON: {
    decode: (bytes, context) => decodeSenml(bytes, 'SENML_JSON', context),
    encode: (content, base) => encodeSenml(content, 'SENML_JSON', base),
  },
  SENML_CBOR: {
    decode: (bytes, context) => decodeSenml(bytes, 'SENML_CBOR', context),
    encode: (content, base) => encodeSenml(content, 'SENML_CBOR', base),
  },
};

function codecOf(format: ContentFormat): Codec {
  if (format === 'LINK')
    throw new Lwm2mCodecError('unsupported', 'link format holds links, not values', {
      format: contentFormatNames[format],
    });
  return codecs[format];
}

/**
 * Reads the payload of an answer, a notification, a write or a Send: values with their paths, types and times.
 * @throws Lwm2mCodecError, and nothing else, whatever the bytes are.
 */
export function decodeContent(format: ContentFormat, bytes: Uint8Array, context: DecodeContext): Content {
  const codec = codecOf(format);
  checkSize(bytes, context.limits ?? defaultContentLimits, contentFormatNames[format]);
  return codec.decode(bytes, context);
}

/**
 * Writes values as the payload of a request or answer at `base`; all of them are at or below it.
 * @throws Lwm2mCodecError for what the format cannot say: several values in text, times in TLV, NaN in JSON.
 */
export function encodeContent(format: ContentFormat, content: Content, base: Lwm2mPath): Uint8Array {
  return codecOf(format).encode(content, base);
}
