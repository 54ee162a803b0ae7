import { crc32 } from 'node:zlib';

/**
 * A snapshot (numbers little-endian), written from beginning to end:
 *   magic u32 | format u32 | last group u64 | image length u64 | crc32 u32 of format to length
 *   | image | crc32 u32 of the image
 */
const magic = Buffer.from('FBs2', 'latin1');
const format = 2;
const headerBytes = 28;
const trailerBytes = 4;

/** Bytes of a snapshot beside its image. */
export const snapshotOverheadBytes = headerBytes + trailerBytes;

export interface Snapshot {
  /** The image holds every group up to this one. */
  readonly lastGroup: number;
  /** The SQLite file. */
  readonly image: Uint8Array;
}

/** What stands in the file before the image. */
export function snapshotHeader(lastGroup: number, imageBytes: number): Uint8Array {
  const header = Buffer.alloc(headerBytes);
  magic.copy(header, 0);
  header.writeUInt32LE(format, 4);
  header.writeBigUInt64LE(BigInt(lastGroup), 8);
  header.writeBigUInt64LE(BigInt(imageBytes), 16);
  header.writeUInt32LE(crc32(header.subarray(4, 24)), 24);
  return header;
}

/** What stands behind the image. */
export function snapshotTrailer(imageCrc: number): Uint8Array {
  const trailer = Buffer.alloc(trailerBytes);
  trailer.writeUInt32LE(imageCrc);
  return trailer;
}

/** A snapshot that is in memory as a whole. */
export function encodeSnapshot({ lastGroup, image }: Snapshot): Uint8Array[] {
  return [snapshotHeader(lastGroup, image.byteLength), image, snapshotTrailer(crc32(image))];
}

/** Why a file is no snapshot that this program reads. */
export interface BadSnapshot {
  readonly problem: string;
  /** It may well be whole, but another version of the program has made it. */
  readonly otherVersion?: true;
}

/**
 * The snapshot in these bytes, or what is wrong with them.
 * @param options.evenDamaged also with a wrong checksum of its image
 */
export function decodeSnapshot(
  bytes: Uint8Array,
  { evenDamaged = false }: { evenDamaged?: boolean } = {},
): Snapshot | BadSnapshot {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.length < snapshotOverheadBytes) return { problem: `only ${buffer.length} bytes` };
  const start = buffer.toString('latin1', 0, magic.length);
  if (start !== magic.toString('latin1')) {
    return /^FBs\d$/.test(start)
      ? { problem: `made by another version of Fleetbench (${start})`, otherVersion: true }
      : { problem: 'no snapshot of Fleetbench' };
  }
  if (crc32(buffer.subarray(4, 24)) !== buffer.readUInt32LE(24))
    return { problem: 'wrong checksum of its header' };
  const found = buffer.readUInt32LE(4);
  if (found !== format)
    return { problem: `format ${found}, this program reads ${format}`, otherVersion: true };
  const image = bytes.subarray(headerBytes, bytes.byteLength - trailerBytes);
  if (BigInt(image.byteLength) !== buffer.readBigUInt64LE(16)) return { problem: 'wrong length' };
  if (!evenDamaged && crc32(image) !== buffer.readUInt32LE(buffer.length - trailerBytes))
    return { problem: 'wrong checksum' };
  return { lastGroup: Number(buffer.readBigUInt64LE(8)), image };
}
