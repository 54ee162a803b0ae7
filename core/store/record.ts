import { crc32 } from 'node:zlib';

/**
 * One group in a journal segment (numbers little-endian):
 *   magic u32 | crc32 u32 of all that follows | payload length u32 | group sequence u64 | payload
 */
const magic = Buffer.from('FBj1', 'latin1');
const checkedFrom = 8;

export const recordHeaderBytes = 20;

export interface JournalRecord {
  readonly sequence: number;
  /** Where the payload starts in the bytes that were read. */
  readonly payloadOffset: number;
  readonly payloadLength: number;
  /** Where the next record starts. */
  readonly end: number;
}

/** Fills in the header of a record whose payload follows it already. */
export function sealRecord(record: Buffer, sequence: number): void {
  magic.copy(record, 0);
  record.writeUInt32LE(record.length - recordHeaderBytes, 8);
  record.writeBigUInt64LE(BigInt(sequence), 12);
  record.writeUInt32LE(crc32(record.subarray(checkedFrom)), 4);
}

/** The record that starts at `offset`, or undefined when there is no whole and undamaged one. */
export function readRecord(bytes: Buffer, offset: number): JournalRecord | undefined {
  const payloadOffset = offset + recordHeaderBytes;
  if (payloadOffset > bytes.length || bytes.compare(magic, 0, magic.length, offset, offset + 4) !== 0)
    return undefined;
  const payloadLength = bytes.readUInt32LE(offset + 8);
  const end = payloadOffset + payloadLength;
  if (end > bytes.length) return undefined;
  if (crc32(bytes.subarray(offset + checkedFrom, end)) !== bytes.readUInt32LE(offset + 4)) return undefined;
  return { sequence: Number(bytes.readBigUInt64LE(offset + 12)), payloadOffset, payloadLength, end };
}

/** The next whole record at or after `offset`, wherever it starts. */
export function findRecord(
  bytes: Buffer,
  offset: number,
): { record: JournalRecord; start: number } | undefined {
  for (let start = bytes.indexOf(magic, offset); start >= 0; start = bytes.indexOf(magic, start + 1)) {
    const record = readRecord(bytes, start);
    if (record) return { record, start };
  }
  return undefined;
}
