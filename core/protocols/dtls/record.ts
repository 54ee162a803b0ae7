import { writeNumber } from './bytes.ts';

/** Kinds of records (RFC 5246, 6.2.1; RFC 9146, 3). */
export const contentTypes = {
  changeCipherSpec: 20,
  alert: 21,
  handshake: 22,
  applicationData: 23,
  /** A record whose kind is encrypted and that names its connection. */
  connectionId: 25,
} as const;

export const dtls12 = 0xfefd;
/** What the first messages are sent with, so that a server or client of an older version reads them. */
export const dtls10 = 0xfeff;

/** 2^14 bytes of content (RFC 5246, 6.2.1). */
export const maxPlaintextBytes = 16_384;
/** And what protection may add to it (RFC 5246, 6.2.3). */
const maxFragmentBytes = maxPlaintextBytes + 2048;

/** Bytes of a record in front of its content, without a connection id. */
export const recordHeaderBytes = 13;
export const maxSequence = 2 ** 48 - 1;

/** A record as it is on the wire (RFC 6347, 4.1). */
export interface DtlsRecord {
  readonly type: number;
  readonly version: number;
  readonly epoch: number;
  readonly sequence: number;
  /** Of `connectionId` records only: the receiver's name for the connection. */
  readonly connectionId: Uint8Array | undefined;
  readonly fragment: Uint8Array;
}

/**
 * The records in a datagram, up to the first that is none: what follows one of a wrong form cannot be found. A record
 * is not copied.
 * @param connectionIdBytes length of the connection ids that the receiver has given out
 */
export function readRecords(
  datagram: Uint8Array,
  connectionIdBytes: number,
): { readonly records: readonly DtlsRecord[]; readonly malformed: boolean } {
  const records: DtlsRecord[] = [];
  let offset = 0;
  while (offset < datagram.length) {
    const type = datagram[offset] ?? 0;
    const idBytes = type === contentTypes.connectionId ? connectionIdBytes : 0;
    const start = offset + recordHeaderBytes + idBytes;
    if (start > datagram.length || type < 20 || type > 25 || type === 24) return { records, malformed: true };
    const version = uint16(datagram, offset + 1);
    const length = uint16(datagram, start - 2);
    const end = start + length;
    // The major number of every DTLS; the minor one may be anything in a first record, as mbedTLS 2.28 shows.
    if (version >>> 8 !== 0xfe || length > maxFragmentBytes || end > datagram.length) {
      return { records, malformed: true };
    }
    records.push({
      type,
      version,
      epoch: uint16(datagram, offset + 3),
      sequence: uint16(datagram, offset + 5) * 2 ** 32 + uint32(datagram, offset + 7),
      connectionId:
        type === contentTypes.connectionId ? datagram.subarray(offset + 11, start - 2) : undefined,
      fragment: datagram.subarray(start, end),
    });
    offset = end;
  }
  return { records, malformed: datagram.length === 0 };
}

/** Writes the header of a record that has `length` bytes of content, and returns where that begins. */
export function writeRecordHeader(
  target: Uint8Array,
  record: Omit<DtlsRecord, 'fragment'>,
  length: number,
): number {
  const { type, version, epoch, sequence, connectionId } = record;
  target[0] = type;
  target[1] = version >>> 8;
  target[2] = version;
  target[3] = epoch >>> 8;
  target[4] = epoch;
  writeNumber(target, 5, sequence, 6);
  if (connectionId) target.set(connectionId, 11);
  const start = recordHeaderBytes + (connectionId?.length ?? 0);
  target[start - 2] = length >>> 8;
  target[start - 1] = length;
  return start;
}

/** A record that is not protected. */
export function plainRecord(
  type: number,
  version: number,
  sequence: number,
  content: Uint8Array,
): Uint8Array {
  const record = new Uint8Array(recordHeaderBytes + content.length);
  const header = { type, version, epoch: 0, sequence, connectionId: undefined };
  record.set(content, writeRecordHeader(record, header, content.length));
  return record;
}

function uint16(bytes: Uint8Array, offset: number): number {
  return ((bytes[offset] ?? 0) << 8) | (bytes[offset + 1] ?? 0);
}

function uint32(bytes: Uint8Array, offset: number): number {
  return uint16(bytes, offset) * 2 ** 16 + uint16(bytes, offset + 2);
}
