import { codes } from '../../core/protocols/coap/codes.ts';
import type { Answer } from '../../core/protocols/coap/request-server.ts';
import { encodeContent, type ValueFormat } from '../../core/protocols/lwm2m/codec.ts';
import { Lwm2mCodecError } from '../../core/protocols/lwm2m/codec-error.ts';
import type { Content } from '../../core/protocols/lwm2m/content.ts';
import { contentFormatNumbers, contentFormatOf } from '../../core/protocols/lwm2m/content-format.ts';
import type { Lwm2mPath } from '../../core/protocols/lwm2m/path.ts';
import { Refusal } from './refusal.ts';

export type Lwm2mVersion = '1.0' | '1.1';

/** Formats of values that a device speaks: those that its version of LwM2M has (LwM2M Core 1.0.2, 6.4; 1.1.1, 7.4). */
export const formatsOf: Readonly<Record<Lwm2mVersion, readonly ValueFormat[]>> = {
  '1.0': ['TEXT', 'OPAQUE', 'TLV', 'JSON'],
  '1.1': ['TEXT', 'OPAQUE', 'TLV', 'JSON', 'CBOR', 'SENML_JSON', 'SENML_CBOR'],
};

/**
 * The format of a payload that came.
 * @throws Refusal 4.15
 */
export function formatOfRequest(
  contentFormat: number | undefined,
  spoken: readonly ValueFormat[],
): ValueFormat {
  const format = contentFormat === undefined ? 'TEXT' : contentFormatOf(contentFormat);
  if (format !== undefined && format !== 'LINK' && spoken.includes(format)) return format;
  throw new Refusal(codes.unsupportedContentFormat, `content format ${contentFormat} is not spoken here`);
}

/**
 * The format of an answer: the one that is asked for, else the device's own choice.
 * @throws Refusal 4.06
 */
export function formatOfAnswer(
  accept: number | undefined,
  content: Content,
  base: Lwm2mPath,
  version: Lwm2mVersion,
  spoken: readonly ValueFormat[],
): ValueFormat {
  if (accept !== undefined) {
    const wanted = contentFormatOf(accept);
    if (wanted !== undefined && wanted !== 'LINK' && spoken.includes(wanted)) return wanted;
    throw new Refusal(codes.notAcceptable, `content format ${accept} is not spoken here`);
  }
  const [record] = content.records;
  const single = content.records.length === 1 && record?.path.equals(base);
  if (single) return record?.value.type === 'OPAQUE' ? 'OPAQUE' : 'TEXT';
  if (version === '1.0') return 'TLV';
  // SenML cannot say that an instance is there and has nothing in it.
  return content.empty.length > 0 ? 'TLV' : 'SENML_CBOR';
}

/**
 * Values as a response.
 * @throws Refusal 4.06 for a format that cannot say them
 */
export function contentAnswer(content: Content, format: ValueFormat, base: Lwm2mPath): Answer {
  const said = format === 'TLV' ? content : { ...content, empty: [] };
  try {
    const payload = encodeContent(format, said, base);
    return { code: codes.content, contentFormat: contentFormatNumbers[format], payload };
  } catch (error) {
    if (!(error instanceof Lwm2mCodecError)) throw error;
    throw new Refusal(codes.notAcceptable, error.message);
  }
}
