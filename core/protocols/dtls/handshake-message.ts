import { ByteReader, MalformedError, writeNumber } from './bytes.ts';

/** Kinds of handshake messages (RFC 5246, 7.4; RFC 6347, 4.3.2). */
export const messageTypes = {
  helloRequest: 0,
  clientHello: 1,
  serverHello: 2,
  helloVerifyRequest: 3,
  serverKeyExchange: 12,
  serverHelloDone: 14,
  clientKeyExchange: 16,
  finished: 20,
} as const;

export const messageHeaderBytes = 12;

/** A handshake message, or a part of one (RFC 6347, 4.2.2). */
export interface MessageFragment {
  readonly type: number;
  /** Length of the whole message. */
  readonly length: number;
  readonly messageSequence: number;
  /** Where in the message the part begins. */
  readonly offset: number;
  readonly part: Uint8Array;
}

export interface HandshakeMessage {
  readonly type: number;
  readonly messageSequence: number;
  readonly body: Uint8Array;
}

/** A whole message with its header, in the form that counts for Finished too (RFC 6347, 4.2.6). */
export function encodeMessage({ type, messageSequence, body }: HandshakeMessage): Uint8Array {
  const message = new Uint8Array(messageHeaderBytes + body.length);
  writeHeader(message, type, body.length, messageSequence, 0, body.length);
  message.set(body, messageHeaderBytes);
  return message;
}

/** The part of an encoded message that begins at `offset` of its body. */
export function cutMessage(message: Uint8Array, offset: number, length: number): Uint8Array {
  const bodyBytes = message.length - messageHeaderBytes;
  if (offset === 0 && length === bodyBytes) return message;
  const part = new Uint8Array(messageHeaderBytes + length);
  const messageSequence = ((message[4] ?? 0) << 8) | (message[5] ?? 0);
  writeHeader(part, message[0] ?? 0, bodyBytes, messageSequence, offset, length);
  part.set(
    message.subarray(messageHeaderBytes + offset, messageHeaderBytes + offset + length),
    messageHeaderBytes,
  );
  return part;
}

/**
 * The messages and parts of messages in a record.
 * @throws MalformedError
 */
export function decodeFragments(content: Uint8Array): MessageFragment[] {
  const reader = new ByteReader(content);
  const fragments: MessageFragment[] = [];
  do {
    const type = reader.uint8();
    const length = reader.uint24();
    const messageSequence = reader.uint16();
    const offset = reader.uint24();
    const partLength = reader.uint24();
    if (offset + partLength > length) throw new MalformedError('a part that ends behind its message');
    // Parts without content would take their receiver no further.
    if (partLength === 0 && length > 0) throw new MalformedError('a part without content');
    fragments.push({ type, length, messageSequence, offset, part: reader.take(partLength) });
  } while (reader.left > 0);
  return fragments;
}

function writeHeader(
  target: Uint8Array,
  type: number,
  length: number,
  messageSequence: number,
  offset: number,
  partLength: number,
): void {
  target[0] = type;
  writeNumber(target, 1, length, 3);
  writeNumber(target, 4, messageSequence, 2);
  writeNumber(target, 6, offset, 3);
  writeNumber(target, 9, partLength, 3);
}

const names = new Map<number, string>(
  Object.entries(messageTypes).map(([name, type]) => [type, name.charAt(0).toUpperCase() + name.slice(1)]),
);

/** For example `ClientHello`. */
export function handshakeName(type: number): string {
  return names.get(type) ?? `handshake message ${type}`;
}
