import type { CoapLogMessage } from '../../../contract/coap-log.ts';
import { blockBytes, readBlock } from '../../../protocols/coap/block.ts';
import { codes, codeText, isRequest, methodText } from '../../../protocols/coap/codes.ts';
import { type CoapMessage, type CoapOption, typeText } from '../../../protocols/coap/message.ts';
import {
  asBuffer,
  optionFormat,
  optionNumbers,
  optionText,
  readString,
  readUint,
} from '../../../protocols/coap/options.ts';
import { contentFormatNames, contentFormatOf } from '../../../protocols/lwm2m/content-format.ts';
import { type LogModels, payloadView } from './payload-view.ts';

/** A CoAP message as people read it. */
export function coapView(
  message: CoapMessage,
  request: string | undefined,
  models: LogModels,
): CoapLogMessage {
  const { type, code, messageId, token, options, payload } = message;
  return {
    type: typeText(type) as CoapLogMessage['type'],
    code: isRequest(code) ? methodText(code) : `${codeText(code)} ${wordsOf(code)}`.trim(),
    messageId,
    token: hex(token),
    ...(request !== undefined && { request }),
    options: options.map((option) => ({
      ...{ number: option.number, name: optionText(option.number), value: optionValue(option, code) },
    })),
    ...(payload.length > 0 && { payload: payloadView(message, request, models) }),
  };
}

/** One line: `CON POST /rd`, `ACK 2.05 Content (GET /3/0)`. */
export function coapSummary({ type, code, request }: CoapLogMessage, message: CoapMessage): string {
  if (isRequest(message.code)) return `${type} ${request ?? code}`;
  return request === undefined ? `${type} ${code}` : `${type} ${code} (${request})`;
}

const codeNames = new Map<number, string>(
  Object.entries(codes).map(([name, code]) => [code, name.replace(/([A-Z])/g, ' $1')]),
);

/** `Not Found`. */
function wordsOf(code: number): string {
  const name = codeNames.get(code) ?? '';
  return name.replace(/(^| )([a-z])/g, (_, before: string, first: string) => before + first.toUpperCase());
}

const { contentFormat, accept, block1, block2, observe } = optionNumbers;

function optionValue({ number, value }: CoapOption, code: number): string {
  switch (number) {
    case contentFormat:
    case accept: {
      const format = contentFormatOf(readUint(value));
      return format ? `${readUint(value)} (${contentFormatNames[format]})` : String(readUint(value));
    }
    case block1:
    case block2: {
      const block = readBlock(value);
      if (!block) return hex(value);
      return `${block.number}, ${block.more ? 'more follow' : 'the last'}, ${blockBytes(block.sizeExponent)} bytes`;
    }
    case observe: {
      const text = String(readUint(value));
      return isRequest(code) ? `${text} (${readUint(value) === 0 ? 'register' : 'cancel'})` : text;
    }
    default:
      break;
  }
  switch (optionFormat(number)) {
    case 'uint':
      return String(readUint(value));
    case 'string':
      return readString(value);
    default:
      return hex(value);
  }
}

const hex = (bytes: Uint8Array): string => asBuffer(bytes).toString('hex');
