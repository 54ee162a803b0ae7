import { codeText, isRequest } from './codes.ts';
import { CoapError } from './errors.ts';
import {
  type CoapMessage,
  type CoapOption,
  type MessageType,
  messageTypes,
  noBytes,
  noOptions,
} from './message.ts';

const headerBytes = 4;
const payloadMarker = 0xff;
const maxTokenBytes = 8;
const maxOptionNumber = 0xffff;
const maxOptionBytes = 0xffff + 269;

/** Bytes that are no CoAP message, with what is needed to reject them (RFC 7252 4.2). */
export class MalformedMessage extends CoapError {
  /** Undefined when not even that can be read, or the version is not 1: then nothing may be answered. */
  readonly header: Pick<CoapMessage, 'type' | 'messageId'> | undefined;

  constructor(message: string, header: Pick<CoapMessage, 'type' | 'messageId'> | undefined) {
    super('coap.malformed', message);
    this.header = header;
  }
}

/** The type and message id of a datagram (RFC 7252 3); undefined when it is too short or of another version. */
export function readHeader(datagram: Uint8Array): Pick<CoapMessage, 'type' | 'messageId'> | undefined {
  if (datagram.length < headerBytes || byteAt(datagram, 0) >> 6 !== 1) return undefined;
  const type = ((byteAt(datagram, 0) >> 4) & 0b11) as MessageType;
  return { type, messageId: (byteAt(datagram, 2) << 8) | byteAt(datagram, 3) };
}

/**
 * Reads one datagram (RFC 7252 3). Token, option values and payload are views of it.
 * @throws MalformedMessage
 */
export function decodeMessage(datagram: Uint8Array): CoapMessage {
  const header = readHeader(datagram);
  if (!header) {
    const what = datagram.length < headerBytes ? `${datagram.length} bytes` : 'another version than 1';
    throw new MalformedMessage(`no CoAP message: ${what}`, undefined);
  }
  const fail = (reason: string): MalformedMessage => new MalformedMessage(reason, header);
  const tokenBytes = byteAt(datagram, 0) & 0x0f;
  const code = byteAt(datagram, 1);
  if (tokenBytes > maxTokenBytes) throw fail(`token length ${tokenBytes} is reserved`);
  if (code === 0) {
    if (tokenBytes > 0 || datagram.length > headerBytes)
      throw fail('an empty message has more than a header');
    return { ...header, code, token: noBytes, options: noOptions, payload: noBytes };
  }
  if (header.type === messageTypes.RST || (header.type === messageTypes.ACK && isRequest(code))) {
    throw fail(
      `code ${codeText(code)} in ${header.type === messageTypes.RST ? 'a reset' : 'an acknowledgement'}`,
    );
  }
  const kind = code >> 5;
  if (kind === 1 || kind > 5) throw fail(`code ${codeText(code)} is of a reserved class`);
  const optionsStart = headerBytes + tokenBytes;
  if (optionsStart > datagram.length) throw fail('the token is cut off');
  const token = tokenBytes === 0 ? noBytes : datagram.subarray(headerBytes, optionsStart);
  const options: CoapOption[] = [];
  const payloadStart = readOptions(datagram, optionsStart, options, fail);
  const payload = payloadStart === datagram.length ? noBytes : datagram.subarray(payloadStart);
  return { type: header.type, messageId: header.messageId, code, token, options, payload };
}

/** RFC 7252 3.1. Returns where the payload starts, which is the end when there is none. */
function readOptions(
  datagram: Uint8Array,
  start: number,
  options: CoapOption[],
  fail: (reason: string) => Error,
): number {
  const end = datagram.length;
  let position = start;
  let number = 0;
  /** The value of a nibble of 13 or 14, from the bytes behind it. */
  const extended = (nibble: number, what: string): number => {
    if (nibble === 15) throw fail(`option ${what} 15 is reserved`);
    const count = nibble - 12;
    if (position + count > end) throw fail(`an option's ${what} is cut off`);
    const first = byteAt(datagram, position);
    position += count;
    return count === 1 ? first + 13 : ((first << 8) | byteAt(datagram, position - 1)) + 269;
  };
  while (position < end) {
    const first = byteAt(datagram, position++);
    if (first === payloadMarker) {
      if (position === end) throw fail('a payload marker without a payload');
      return position;
    }
    const deltaNibble = first >> 4;
    const lengthNibble = first & 0x0f;
    number += deltaNibble < 13 ? deltaNibble : extended(deltaNibble, 'delta');
    const length = lengthNibble < 13 ? lengthNibble : extended(lengthNibble, 'length');
    if (number > maxOptionNumber) throw fail(`option number ${number} is above ${maxOptionNumber}`);
    if (position + length > end) throw fail(`the value of option ${number} is cut off`);
    const value = length === 0 ? noBytes : datagram.subarray(position, position + length);
    options.push({ number, value });
    position += length;
  }
  return end;
}

/**
 * Writes one datagram (RFC 7252 3).
 * @throws CoapError coap.malformed for a field that no message can hold
 */
export function encodeMessage(message: CoapMessage): Uint8Array {
  const { token, payload } = message;
  checkFields(message);
  const options = inOrder(message.options);
  let length = headerBytes + token.length;
  let last = 0;
  for (const { number, value } of options) {
    checkOption(number, value);
    length += 1 + extraBytes(number - last) + extraBytes(value.length) + value.length;
    last = number;
  }
  if (payload.length > 0) length += 1 + payload.length;
  const datagram = Buffer.allocUnsafe(length);
  datagram[0] = 0b0100_0000 | (message.type << 4) | token.length;
  datagram[1] = message.code;
  datagram[2] = message.messageId >> 8;
  datagram[3] = message.messageId & 0xff;
  let position = copyInto(datagram, headerBytes, token);
  last = 0;
  for (const { number, value } of options) {
    const delta = number - last;
    datagram[position++] = (nibbleOf(delta) << 4) | nibbleOf(value.length);
    position = writeExtended(datagram, position, delta);
    position = writeExtended(datagram, position, value.length);
    position = copyInto(datagram, position, value);
    last = number;
  }
  if (payload.length > 0) {
    datagram[position++] = payloadMarker;
    datagram.set(payload, position);
  }
  return datagram;
}

function checkFields({ type, code, messageId, token, options, payload }: CoapMessage): void {
  const fail = (reason: string): CoapError => new CoapError('coap.malformed', reason);
  if (!(messageId >= 0 && messageId <= 0xffff))
    throw fail(`message id ${messageId} is not within 0 to 65535`);
  if (!(code >= 0 && code <= 0xff)) throw fail(`code ${code} is not within 0 to 255`);
  if (token.length > maxTokenBytes)
    throw fail(`a token of ${token.length} bytes, where ${maxTokenBytes} fit`);
  if (code === 0 && (token.length > 0 || options.length > 0 || payload.length > 0)) {
    throw fail('an empty message has no token, no options and no payload');
  }
  if (code !== 0 && (type === messageTypes.RST || (type === messageTypes.ACK && isRequest(code)))) {
    throw fail(`code ${codeText(code)} does not go into an acknowledgement or a reset`);
  }
}

function checkOption(number: number, value: Uint8Array): void {
  if (!(number >= 0 && number <= maxOptionNumber)) {
    throw new CoapError('coap.malformed', `option number ${number} is not within 0 to ${maxOptionNumber}`);
  }
  if (value.length > maxOptionBytes) {
    throw new CoapError(
      'coap.malformed',
      `option ${number} has ${value.length} bytes, where ${maxOptionBytes} fit`,
    );
  }
}

/** Options of one number keep their order: they are the parts of a path, for example. */
function inOrder(options: readonly CoapOption[]): readonly CoapOption[] {
  for (let index = 1; index < options.length; index++) {
    if ((options[index - 1] as CoapOption).number > (options[index] as CoapOption).number) {
      return [...options].sort((a, b) => a.number - b.number);
    }
  }
  return options;
}

const nibbleOf = (value: number): number => (value < 13 ? value : value < 269 ? 13 : 14);
const extraBytes = (value: number): number => (value < 13 ? 0 : value < 269 ? 1 : 2);

function writeExtended(target: Uint8Array, position: number, value: number): number {
  if (value < 13) return position;
  if (value < 269) {
    target[position] = value - 13;
    return position + 1;
  }
  target[position] = (value - 269) >> 8;
  target[position + 1] = (value - 269) & 0xff;
  return position + 2;
}

/** A loop is quicker than `set` for the few bytes that tokens and option values have. */
function copyInto(target: Uint8Array, position: number, bytes: Uint8Array): number {
  if (bytes.length > 32) target.set(bytes, position);
  else for (let index = 0; index < bytes.length; index++) target[position + index] = bytes[index] as number;
  return position + bytes.length;
}

const byteAt = (bytes: Uint8Array, index: number): number => bytes[index] as number;
