import { malformed, SemtechUdpError } from './errors.ts';

/** Kinds of packets by their number on the wire (Semtech UDP packet-forwarder protocol v2, 3 and 5). */
export const packetKinds = ['PUSH_DATA', 'PUSH_ACK', 'PULL_DATA', 'PULL_RESP', 'PULL_ACK', 'TX_ACK'] as const;
export type PacketKind = (typeof packetKinds)[number];

interface Header {
  /** 1 or 2; version 1 has no TX_ACK, and its PULL_RESP no token. */
  readonly version: 1 | 2;
  /** What an answer repeats: 0 to 65535. */
  readonly token: number;
}

/** A packet of a gateway. `gatewayId` is 16 upper-case hexadecimal digits. */
export type UpstreamPacket = Header & { readonly gatewayId: string } & (
    | { readonly kind: 'PUSH_DATA'; readonly body: unknown }
    | { readonly kind: 'PULL_DATA' }
    /** The body is undefined where the gateway sent none: all is well. */
    | { readonly kind: 'TX_ACK'; readonly body: unknown }
  );

/** A packet of the network. */
export type DownstreamPacket = Header &
  (
    | { readonly kind: 'PUSH_ACK' }
    | { readonly kind: 'PULL_ACK' }
    | { readonly kind: 'PULL_RESP'; readonly body: unknown }
  );

export type SemtechPacket = UpstreamPacket | DownstreamPacket;

/** Header, token, kind; and the gateway behind them in what it sends. */
const headerBytes = 4;
const gatewayBytes = 8;

/**
 * Reads a packet of either direction.
 * @throws SemtechUdpError `semtech.malformed`
 */
export function decodePacket(bytes: Uint8Array): SemtechPacket {
  if (bytes.length < headerBytes) throw malformed(`a packet has at least 4 bytes, got ${bytes.length}`);
  const [version = 0, high = 0, low = 0, number = 0] = bytes;
  if (version !== 1 && version !== 2) throw malformed(`protocol version ${version}; 1 and 2 are known`);
  const kind = packetKinds[number];
  if (kind === undefined) throw malformed(`packet of the unknown kind ${number}`);
  const header = { version, token: high * 256 + low } as const;
  const rest = bytes.subarray(headerBytes);
  if (kind === 'PUSH_ACK' || kind === 'PULL_ACK') {
    requireEnd(kind, rest);
    return { ...header, kind };
  }
  if (kind === 'PULL_RESP') return { ...header, kind, body: readJson(kind, rest) };
  if (rest.length < gatewayBytes)
    throw malformed(`${kind} of ${bytes.length} bytes has no gateway EUI (bytes 4 to 11)`);
  const gatewayId = Buffer.from(rest.subarray(0, gatewayBytes)).toString('hex').toUpperCase();
  const text = rest.subarray(gatewayBytes);
  switch (kind) {
    case 'PULL_DATA':
      requireEnd(kind, text);
      return { ...header, kind, gatewayId };
    case 'PUSH_DATA':
      return { ...header, kind, gatewayId, body: readJson(kind, text) };
    case 'TX_ACK':
      return { ...header, kind, gatewayId, body: isEmpty(text) ? undefined : readJson(kind, text) };
  }
}

/** @throws SemtechUdpError `semtech.range` for a token or gateway that the wire has no room for */
export function encodePacket(packet: SemtechPacket): Uint8Array {
  const { version, token, kind } = packet;
  if (!Number.isInteger(token) || token < 0 || token > 0xffff) {
    throw new SemtechUdpError('semtech.range', `a token is a whole number from 0 to 65535, got ${token}`);
  }
  const header = Uint8Array.of(version, token >>> 8, token & 0xff, packetKinds.indexOf(kind));
  const gateway = 'gatewayId' in packet ? gatewayIdBytes(packet.gatewayId) : new Uint8Array(0);
  const body = 'body' in packet && packet.body !== undefined ? Buffer.from(JSON.stringify(packet.body)) : [];
  return Uint8Array.from([...header, ...gateway, ...body]);
}

function gatewayIdBytes(gatewayId: string): Uint8Array {
  if (/^[0-9A-Fa-f]{16}$/.test(gatewayId)) return Buffer.from(gatewayId, 'hex');
  throw new SemtechUdpError(
    'semtech.range',
    `a gateway EUI has 16 hexadecimal digits, got ${JSON.stringify(gatewayId)}`,
  );
}

function requireEnd(kind: PacketKind, rest: Uint8Array): void {
  if (rest.length > 0) throw malformed(`${kind} has ${rest.length} bytes too many`);
}

/** Some forwarders end a TX_ACK that says nothing with a zero byte. */
const isEmpty = (text: Uint8Array): boolean => text.every((byte) => byte === 0);

const utf8 = new TextDecoder('utf-8', { fatal: true });

function readJson(kind: PacketKind, bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    throw malformed(`the JSON of ${kind} is not UTF-8`);
  }
  try {
    return JSON.parse(text.replace(/\0+$/, ''));
  } catch (error) {
    throw malformed(`${kind} holds no JSON: ${(error as Error).message}`);
  }
}
