import { crc32 } from 'node:zlib';

/**
 * A snapshot (numbers little-endian):
 *   magic u32 | crc32 u32 of all that follows | format u32 | last group u64 | image length u64 | image
 */
const magic = Buffer.from('FBs1', 'latin1');
const format = 1;
const headerBytes = 28;

export interface Snapshot {
  /** The image holds every group up to this one. */
  readonly lastGroup: number;
  /** The SQLite file. */
  readonly image: Uint8Array;
}

/** What stands in the file before the image. */
export function snapshotHeader({ lastGroup, image }: Snapshot): Uint8Array {
  const header = Buffer.alloc(headerBytes);
  magic.copy(header, 0);
  header.writeUInt32LE(format, 8);
  header.writeBigUInt64LE(BigInt(lastGroup), 12);
  header.writeBigUInt64LE(BigInt(image.byteLength), 20);
  header.writeUInt32LE(crc32(image, crc32(header.subarray(8))), 4);
  return header;
}

/** The snapshot in these bytes, or what is wrong with them. */
export function decodeSnapshot(bytes: Uint8Array): Snapshot | { readonly problem: string } {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.length < headerBytes) return { problem: `only ${buffer.length} bytes` };
  if (buffer.compare(magic, 0, magic.length, 0, magic.length) !== 0)
    return { problem: 'no snapshot of Fleetbench' };
  if (crc32(buffer.subarray(8)) !== buffer.readUInt32LE(4)) return { problem: 'wrong checksum' };
  const found = buffer.readUInt32LE(8);
  if (found !== format) return { problem: `format ${found}, this program reads ${format}` };
  const image = bytes.subarray(headerBytes);
  if (BigInt(image.byteLength) !== buffer.readBigUInt64LE(20)) return { problem: 'wrong length' };
  return { lastGroup: Number(buffer.readBigUInt64LE(12)), image };
}
