import { ByteReader, concat, MalformedError, numberBytes, vectorBytes } from './bytes.ts';

const namedCurve = 3;

/** The server's half of an ephemeral key exchange (RFC 8422, 5.4). */
export interface ServerShare {
  readonly group: number;
  readonly point: Uint8Array;
}

/** RFC 4279, 2, and RFC 5489, 2: a hint which identity is meant, and the server's share of ECDHE_PSK. */
export interface ServerKeyExchange {
  readonly hint: Uint8Array;
  readonly share: ServerShare | undefined;
}

export interface ClientKeyExchange {
  readonly identity: Uint8Array;
  /** The client's share of ECDHE_PSK. */
  readonly point: Uint8Array | undefined;
}

export function encodeServerKeyExchange({ hint, share }: ServerKeyExchange): Uint8Array {
  const start = vectorBytes(2, hint);
  if (!share) return start;
  return concat(start, Uint8Array.of(namedCurve), numberBytes(share.group, 2), vectorBytes(1, share.point));
}

/** @throws MalformedError */
export function decodeServerKeyExchange(body: Uint8Array, ephemeral: boolean): ServerKeyExchange {
  const reader = new ByteReader(body);
  const hint = reader.vector(2, 0, 0xffff);
  let share: ServerShare | undefined;
  if (ephemeral) {
    if (reader.uint8() !== namedCurve) throw new MalformedError('a curve without a name');
    share = { group: reader.uint16(), point: reader.vector(1, 1, 255) };
  }
  reader.end();
  return { hint, share };
}

export function encodeClientKeyExchange({ identity, point }: ClientKeyExchange): Uint8Array {
  const start = vectorBytes(2, identity);
  return point ? concat(start, vectorBytes(1, point)) : start;
}

/** @throws MalformedError */
export function decodeClientKeyExchange(body: Uint8Array, ephemeral: boolean): ClientKeyExchange {
  const reader = new ByteReader(body);
  const identity = reader.vector(2, 0, 0xffff);
  const point = ephemeral ? reader.vector(1, 1, 255) : undefined;
  reader.end();
  return { identity, point };
}

/**
 * The PSK identity in a ClientKeyExchange, whatever its suite; bytes that are no UTF-8 are replaced. For the log.
 * @throws MalformedError
 */
export function readIdentityOf(body: Uint8Array): string {
  return Buffer.from(new ByteReader(body).vector(2, 0, 0xffff)).toString('utf8');
}
