import { readBlock } from '../../core/protocols/coap/block.ts';
import { methods } from '../../core/protocols/coap/codes.ts';
import type { CoapMessage } from '../../core/protocols/coap/message.ts';
import { findOption, findStrings, optionNumbers } from '../../core/protocols/coap/options.ts';
import { Lwm2mPath } from '../../core/protocols/lwm2m/path.ts';

const { block1, uriPath } = optionNumbers;
/** The path of a value that a server writes, when this is the first of several blocks of it; undefined for all else. */
export function pathBegun({ code, options }: CoapMessage): Lwm2mPath | undefined {
  if (code !== methods.PUT) return undefined;
  const value = findOption(options, block1);
  const block = value && readBlock(value);
  if (block?.number !== 0 || !block.more) return undefined;
  return Lwm2mPath.tryParse(`/${findStrings(options, uriPath).join('/')}`);
}
