import { cmac, encryptBlocks, micBytes, sameMic } from './aes.ts';
import { concat, noBytes, readLittle, writeLittle } from './bytes.ts';
import { malformed, requireRange } from './errors.ts';
import { type DataType, headerByte, isDataType, isUplink, typeOf } from './frame-type.ts';

/** A data frame whose payload is still encrypted, as it goes over the air (LoRaWAN 1.0.3, 4.3). */
export interface DataFrame {
  readonly type: DataType;
  /** Short address, 0 to 2^32-1. */
  readonly devAddr: number;
  readonly adr: boolean;
  /** Uplinks only: the device asks whether anybody hears it. */
  readonly adrAckReq: boolean;
  readonly ack: boolean;
  /** Downlinks only: there is more to fetch. */
  readonly fPending: boolean;
  /** The low 16 bits of the frame counter. */
  readonly fCnt: number;
  /** MAC commands beside the payload, 0 to 15 bytes. */
  readonly fOpts: Uint8Array;
  /** Undefined: there is no payload. 0: the payload is MAC commands. */
  readonly fPort: number | undefined;
  /** Encrypted; empty without a port. */
  readonly payload: Uint8Array;
}

/** Session keys, 16 bytes each (LoRaWAN 1.0.3, 6.1.3 and 6.1.4). */
export interface SessionKeys {
  readonly nwkSKey: Uint8Array;
  readonly appSKey: Uint8Array;
}

/** A data frame as it came, with the bytes that its MIC is about. */
export interface ReceivedDataFrame extends DataFrame {
  readonly bytes: Uint8Array;
  readonly mic: Uint8Array;
}

const headerBytes = 8;
const blockBytes = 16;
export const longestFOpts = 15;
/** Bytes of a frame that LoRa's own header has a length for. */
export const longestFrame = 255;

/**
 * Reads a data frame. Its MIC is not looked at: that needs the session ({@link isFrom}).
 * @throws LorawanError `lorawan.malformed`
 */
export function decodeDataFrame(bytes: Uint8Array): ReceivedDataFrame {
  const type = typeOf(bytes);
  if (!isDataType(type)) throw malformed(`a ${type} frame is no data frame`);
  const end = bytes.length - micBytes;
  if (end < headerBytes) throw malformed(`a data frame has at least 12 bytes, got ${bytes.length}`);
  if (bytes.length > longestFrame)
    throw malformed(`a frame has at most ${longestFrame} bytes, got ${bytes.length}`);
  const control = bytes[5] ?? 0;
  const optionsEnd = headerBytes + (control & 0b1111);
  if (optionsEnd > end) {
    throw malformed(
      `FOptsLen is ${control & 0b1111}, and only ${end - headerBytes} bytes are left before the MIC`,
    );
  }
  const fOpts = bytes.subarray(headerBytes, optionsEnd);
  const fPort = optionsEnd < end ? bytes[optionsEnd] : undefined;
  if (fPort === 0 && fOpts.length > 0) throw malformed('MAC commands both in FOpts and on port 0');
  const uplink = isUplink(type);
  return {
    type,
    devAddr: readLittle(bytes, 1, 4),
    adr: (control & 0b1000_0000) !== 0,
    adrAckReq: uplink && (control & 0b0100_0000) !== 0,
    ack: (control & 0b0010_0000) !== 0,
    fPending: !uplink && (control & 0b0001_0000) !== 0,
    fCnt: readLittle(bytes, 6, 2),
    fOpts,
    fPort,
    payload: fPort === undefined ? noBytes : bytes.subarray(optionsEnd + 1, end),
    bytes: bytes.subarray(0, end),
    mic: bytes.subarray(end),
  };
}

/** Whether a frame is of the session with this key, its counter being `fCnt` (all 32 bits). */
export function isFrom(frame: ReceivedDataFrame, nwkSKey: Uint8Array, fCnt: number): boolean {
  return sameMic(frame.mic, dataMic(frame.bytes, frame.type, frame.devAddr, nwkSKey, fCnt));
}

/** What a frame to be sent holds, its payload not yet encrypted. */
export type DataFrameDraft = Omit<DataFrame, 'fCnt'> & {
  /** All 32 bits of the frame counter. */
  readonly fCnt: number;
};

/**
 * Writes a data frame: encrypts its payload and signs it.
 * @throws LorawanError `lorawan.range` for what the wire has no room for
 */
export function encodeDataFrame(draft: DataFrameDraft, keys: SessionKeys): Uint8Array {
  const { type, devAddr, fCnt, fOpts, fPort, payload } = draft;
  requireRange('devAddr', devAddr, 0, 0xffff_ffff);
  requireRange('fCnt', fCnt, 0, 0xffff_ffff);
  requireRange('length of fOpts', fOpts.length, 0, fPort === 0 ? 0 : longestFOpts);
  if (fPort === undefined) requireRange('length of a payload without port', payload.length, 0, 0);
  else requireRange('fPort', fPort, 0, 255);
  const portBytes = fPort === undefined ? noBytes : Uint8Array.of(fPort);
  const length = headerBytes + fOpts.length + portBytes.length + payload.length + micBytes;
  requireRange('length of the frame', length, 0, longestFrame);
  const header = new Uint8Array(headerBytes);
  header[0] = headerByte(type);
  writeLittle(header, 1, devAddr, 4);
  header[5] = controlOf(draft);
  writeLittle(header, 6, fCnt % 65_536, 2);
  const body = cryptPayload({ type, devAddr, fPort, payload }, keys, fCnt);
  const bytes = concat(header, fOpts, portBytes, body);
  return concat(bytes, dataMic(bytes, type, devAddr, keys.nwkSKey, fCnt));
}

/**
 * Encrypts a payload, or decrypts it: both are the same (LoRaWAN 1.0.3, 4.3.3). Port 0 goes by the network's key.
 * @param fCnt all 32 bits
 */
export function cryptPayload(
  { type, devAddr, fPort, payload }: Pick<DataFrame, 'type' | 'devAddr' | 'fPort' | 'payload'>,
  { nwkSKey, appSKey }: SessionKeys,
  fCnt: number,
): Uint8Array {
  if (payload.length === 0) return noBytes;
  const count = Math.ceil(payload.length / blockBytes);
  const blocks = new Uint8Array(count * blockBytes);
  for (let index = 0; index < count; index++) {
    const block = counterBlock(0x01, type, devAddr, fCnt);
    block[15] = index + 1;
    blocks.set(block, index * blockBytes);
  }
  const stream = encryptBlocks(fPort === 0 ? nwkSKey : appSKey, blocks);
  return payload.map((byte, index) => byte ^ (stream[index] ?? 0));
}

/** Blocks A and B0 of LoRaWAN 1.0.3, 4.3.3.1 and 4.4, but for their last byte. */
function counterBlock(first: number, type: DataType, devAddr: number, fCnt: number): Uint8Array {
  const block = new Uint8Array(blockBytes);
  block[0] = first;
  block[5] = isUplink(type) ? 0 : 1;
  writeLittle(block, 6, devAddr, 4);
  writeLittle(block, 10, fCnt, 4);
  return block;
}

function dataMic(
  bytes: Uint8Array,
  type: DataType,
  devAddr: number,
  nwkSKey: Uint8Array,
  fCnt: number,
): Uint8Array {
  const block = counterBlock(0x49, type, devAddr, fCnt);
  block[15] = bytes.length;
  return cmac(nwkSKey, concat(block, bytes)).subarray(0, micBytes);
}

function controlOf({ type, adr, adrAckReq, ack, fPending, fOpts }: DataFrameDraft): number {
  const flags = (adr ? 0b1000_0000 : 0) | (ack ? 0b0010_0000 : 0) | fOpts.length;
  return isUplink(type) ? flags | (adrAckReq ? 0b0100_0000 : 0) : flags | (fPending ? 0b0001_0000 : 0);
}
