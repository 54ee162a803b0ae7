import { readBlock } from '../../core/protocols/coap/block.ts';
import { methods } from '../../core/protocols/coap/codes.ts';
import type { CoapMessage } from '../../core/protocols/coap/message.ts';
import { findOption, findStrings, optionNumbers } from '../../core/protocols/coap/options.ts';

const { block1, uriPath } = optionNumbers;
const packagePath = '5/0/0';

/** True for the first of several blocks of a package that a server writes: the device is downloading from then on. */
export function beginsPackage({ code, options }: CoapMessage): boolean {
  if (code !== methods.PUT) return false;
  const value = findOption(options, block1);
  const block = value && readBlock(value);
  return block?.number === 0 && block.more && findStrings(options, uriPath).join('/') === packagePath;
}
