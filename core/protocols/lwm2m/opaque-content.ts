import { Lwm2mCodecError } from './codec-error.ts';
import { type Content, type DecodeContext, recordOf, typeAt } from './content.ts';
import type { Lwm2mPath } from './path.ts';
import { checkSingular, onlyRecord } from './text-content.ts';

const format = 'opaque';

/** Reads application/octet-stream: the bytes of one resource of type OPAQUE (LwM2M Core 1.1.1, 7.4.2). */
export function decodeOpaque(bytes: Uint8Array, context: DecodeContext): Content {
  const { path } = context;
  checkSingular(path, format);
  const type = typeAt(path, context.findResource);
  if (type !== undefined && type !== 'OPAQUE')
    throw new Lwm2mCodecError('type', `the resource is of type ${type}, and opaque holds OPAQUE only`, {
      format,
      offset: 0,
      where: `${path}`,
    });
  return { records: [recordOf(path, { type: 'OPAQUE', value: bytes.slice() }, type)], empty: [] };
}

export function encodeOpaque(content: Content, base: Lwm2mPath): Uint8Array {
  const value = onlyRecord(content, base, format);
  if (value.type !== 'OPAQUE')
    throw new Lwm2mCodecError('type', `a value of type ${value.type} is no OPAQUE`, {
      format,
      where: `${base}`,
    });
  return value.value;
}
