import { ByteReader, concat, MalformedError, numberBytes, vectorBytes } from './bytes.ts';
import { decodeExtensions, encodeExtensions, type HelloExtensions } from './extensions.ts';
import { dtls10, dtls12 } from './record.ts';

export const randomBytes = 32;
const maxSessionIdBytes = 32;
const maxCookieBytes = 255;
const noCompression = 0;
/** In place of the extension renegotiation_info (RFC 5746, 3.3). */
const renegotiationSignal = 0x00ff;

/** The start of a ClientHello, which a server answers without keeping anything. */
export interface HelloStart {
  readonly version: number;
  readonly random: Uint8Array;
  readonly sessionId: Uint8Array;
  readonly cookie: Uint8Array;
}

/** RFC 6347, 4.3.2. */
export interface ClientHello extends HelloStart {
  readonly suites: readonly number[];
  readonly extensions: HelloExtensions;
}

/** RFC 5246, 7.4.1.3. */
export interface ServerHello {
  readonly random: Uint8Array;
  readonly sessionId: Uint8Array;
  readonly suite: number;
  readonly extensions: HelloExtensions;
}

export interface ReceivedServerHello extends ServerHello {
  readonly version: number;
  /** Numbers of all extensions that are there. */
  readonly present: ReadonlySet<number>;
}

/** True for DTLS 1.2 and later: versions count down from 0xfeff. */
export function isAtLeastDtls12(version: number): boolean {
  return version >>> 8 === 0xfe && version <= dtls12;
}

export function encodeClientHello(hello: ClientHello): Uint8Array {
  return concat(
    numberBytes(hello.version, 2),
    hello.random,
    vectorBytes(1, hello.sessionId),
    vectorBytes(1, hello.cookie),
    vectorBytes(2, concat(...hello.suites.map((id) => numberBytes(id, 2)))),
    vectorBytes(1, Uint8Array.of(noCompression)),
    encodeExtensions(hello.extensions),
  );
}

/**
 * Reads the start of a ClientHello from its first part.
 * @throws MalformedError
 */
export function decodeHelloStart(part: Uint8Array): HelloStart {
  return readHelloStart(new ByteReader(part));
}

/** @throws MalformedError */
export function decodeClientHello(body: Uint8Array): ClientHello {
  const reader = new ByteReader(body);
  const start = readHelloStart(reader);
  const list = new ByteReader(reader.vector(2, 2, 0xfffe));
  const suites: number[] = [];
  while (list.left > 0) suites.push(list.uint16());
  if (!reader.vector(1, 1, 255).includes(noCompression)) throw new MalformedError('compression only');
  const { extensions } = decodeExtensions(reader);
  reader.end();
  const renegotiationInfo = extensions.renegotiationInfo || suites.includes(renegotiationSignal);
  return { ...start, suites, extensions: { ...extensions, renegotiationInfo } };
}

export function encodeServerHello({ random, sessionId, suite, extensions }: ServerHello): Uint8Array {
  return concat(
    numberBytes(dtls12, 2),
    random,
    vectorBytes(1, sessionId),
    numberBytes(suite, 2),
    Uint8Array.of(noCompression),
    encodeExtensions(extensions),
  );
}

/** @throws MalformedError */
export function decodeServerHello(body: Uint8Array): ReceivedServerHello {
  const reader = new ByteReader(body);
  const version = reader.uint16();
  const random = reader.take(randomBytes);
  const sessionId = reader.vector(1, 0, maxSessionIdBytes);
  const suite = reader.uint16();
  if (reader.uint8() !== noCompression) throw new MalformedError('compression was not offered');
  const { extensions, present } = decodeExtensions(reader);
  reader.end();
  return { version, random, sessionId, suite, extensions, present };
}

/** Says DTLS 1.0, as a client of any version must understand it (RFC 6347, 4.2.1). */
export function encodeHelloVerifyRequest(cookie: Uint8Array): Uint8Array {
  return concat(numberBytes(dtls10, 2), vectorBytes(1, cookie));
}

/** @throws MalformedError */
export function decodeHelloVerifyRequest(body: Uint8Array): { readonly cookie: Uint8Array } {
  const reader = new ByteReader(body);
  reader.uint16();
  const cookie = reader.vector(1, 0, maxCookieBytes);
  reader.end();
  return { cookie };
}

function readHelloStart(reader: ByteReader): HelloStart {
  return {
    version: reader.uint16(),
    random: reader.take(randomBytes),
    sessionId: reader.vector(1, 0, maxSessionIdBytes),
    cookie: reader.vector(1, 0, maxCookieBytes),
  };
}
