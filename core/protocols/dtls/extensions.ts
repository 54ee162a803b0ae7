import { ByteReader, concat, MalformedError, noBytes, numberBytes, vectorBytes } from './bytes.ts';

const types = {
  serverName: 0,
  supportedGroups: 10,
  pointFormats: 11,
  extendedMasterSecret: 23,
  connectionId: 54,
  renegotiationInfo: 0xff01,
} as const;

const hostName = 0;
const uncompressed = 0;

/** Those extensions of hellos that mean something here; others may be there and are left alone. */
export interface HelloExtensions {
  /** Host that the client wants to reach (RFC 6066, 3). */
  readonly serverName?: string | undefined;
  /** Curves for the ephemeral key exchange (RFC 8422, 5.1.1). */
  readonly groups?: readonly number[] | undefined;
  /** The sender takes points in uncompressed form (RFC 8422, 5.1.2). */
  readonly pointFormats?: boolean | undefined;
  /** RFC 7627, 5.1. */
  readonly extendedMasterSecret?: boolean | undefined;
  /** What the sender wants to be called in records to it; empty: it needs no name (RFC 9146, 3). */
  readonly connectionId?: Uint8Array | undefined;
  /** The sender knows secure renegotiation (RFC 5746); that nothing is renegotiated is another matter. */
  readonly renegotiationInfo?: boolean | undefined;
}

/** The block of extensions at the end of a hello; nothing when there are none. */
export function encodeExtensions(extensions: HelloExtensions): Uint8Array {
  const { serverName, groups, pointFormats, extendedMasterSecret, connectionId, renegotiationInfo } =
    extensions;
  const parts: Uint8Array[] = [];
  const add = (type: number, content: Uint8Array): void => {
    parts.push(numberBytes(type, 2), vectorBytes(2, content));
  };
  if (serverName !== undefined) {
    const name = vectorBytes(2, Buffer.from(serverName, 'latin1'));
    add(types.serverName, vectorBytes(2, concat(Uint8Array.of(hostName), name)));
  }
  if (groups) add(types.supportedGroups, vectorBytes(2, concat(...groups.map((id) => numberBytes(id, 2)))));
  if (pointFormats) add(types.pointFormats, vectorBytes(1, Uint8Array.of(uncompressed)));
  if (extendedMasterSecret) add(types.extendedMasterSecret, noBytes);
  if (connectionId) add(types.connectionId, vectorBytes(1, connectionId));
  if (renegotiationInfo) add(types.renegotiationInfo, vectorBytes(1, noBytes));
  return parts.length === 0 ? noBytes : vectorBytes(2, concat(...parts));
}

/**
 * The extensions at the end of a hello, with the numbers of all that are there.
 * @throws MalformedError
 */
export function decodeExtensions(reader: ByteReader): { extensions: HelloExtensions; present: Set<number> } {
  const present = new Set<number>();
  const extensions: { -readonly [Name in keyof HelloExtensions]: HelloExtensions[Name] } = {};
  if (reader.left === 0) return { extensions, present };
  const all = new ByteReader(reader.vector(2, 0, 0xffff));
  while (all.left > 0) {
    const type = all.uint16();
    if (present.has(type)) throw new MalformedError(`extension ${type} twice`);
    present.add(type);
    const content = new ByteReader(all.vector(2, 0, 0xffff));
    switch (type) {
      case types.serverName:
        extensions.serverName = readServerName(content);
        break;
      case types.supportedGroups:
        extensions.groups = readGroups(content);
        break;
      case types.pointFormats:
        extensions.pointFormats = content.vector(1, 1, 255).includes(uncompressed);
        break;
      case types.extendedMasterSecret:
        extensions.extendedMasterSecret = true;
        break;
      case types.connectionId:
        extensions.connectionId = content.vector(1, 0, 255);
        break;
      case types.renegotiationInfo:
        // Nothing was negotiated before, so there is nothing to renegotiate from (RFC 5746, 3.4 and 3.6).
        if (content.vector(1, 0, 255).length > 0)
          throw new MalformedError('renegotiation data in a first handshake');
        extensions.renegotiationInfo = true;
        break;
      default:
        continue;
    }
    content.end();
  }
  return { extensions, present };
}

function readServerName(content: ByteReader): string | undefined {
  // A server's answer has no content.
  if (content.left === 0) return undefined;
  const list = new ByteReader(content.vector(2, 1, 0xffff));
  let found: string | undefined;
  while (list.left > 0) {
    const kind = list.uint8();
    const name = list.vector(2, 1, 0xffff);
    if (kind === hostName) found ??= Buffer.from(name).toString('latin1');
  }
  return found;
}

function readGroups(content: ByteReader): number[] {
  const list = new ByteReader(content.vector(2, 2, 0xfffe));
  const groups: number[] = [];
  while (list.left > 0) groups.push(list.uint16());
  return groups;
}
