import { cmac, decryptBlocks, encryptBlocks, micBytes, sameMic } from './aes.ts';
import { concat, noBytes, readEui, readLittle, writeEui, writeLittle } from './bytes.ts';
import type { SessionKeys } from './data-frame.ts';
import { malformed, requireRange } from './errors.ts';
import { headerByte, typeOf } from './frame-type.ts';

/** A device asks for a session (LoRaWAN 1.0.3, 6.2.4). EUIs are 16 upper-case hexadecimal digits. */
export interface JoinRequest {
  readonly appEui: string;
  readonly devEui: string;
  readonly devNonce: number;
}

export interface ReceivedJoinRequest extends JoinRequest {
  readonly bytes: Uint8Array;
  readonly mic: Uint8Array;
}

/** What a device gets (LoRaWAN 1.0.3, 6.2.5). */
export interface JoinAccept {
  /** 24 bits, another one for each join of a device. */
  readonly appNonce: number;
  /** 24 bits. */
  readonly netId: number;
  readonly devAddr: number;
  /** By how much the data rate of RX1 is below that of the uplink. */
  readonly rx1DrOffset: number;
  readonly rx2DataRate: number;
  /** Seconds from an uplink to RX1, 1 to 15. */
  readonly rxDelayS: number;
  /** Further channels; 16 bytes, or none. */
  readonly cfList: Uint8Array;
}

const requestBytes = 23;
const acceptBytes = 17;
export const cfListBytes = 16;

/** @throws LorawanError `lorawan.malformed` */
export function decodeJoinRequest(bytes: Uint8Array): ReceivedJoinRequest {
  const type = typeOf(bytes);
  if (type !== 'JOIN_REQUEST') throw malformed(`a ${type} frame is no join-request`);
  if (bytes.length !== requestBytes) {
    throw malformed(`a join-request has ${requestBytes} bytes, got ${bytes.length}`);
  }
  return {
    appEui: readEui(bytes, 1),
    devEui: readEui(bytes, 9),
    devNonce: readLittle(bytes, 17, 2),
    bytes: bytes.subarray(0, requestBytes - micBytes),
    mic: bytes.subarray(requestBytes - micBytes),
  };
}

export function isJoinOf(request: ReceivedJoinRequest, appKey: Uint8Array): boolean {
  return sameMic(request.mic, cmac(appKey, request.bytes).subarray(0, micBytes));
}

/** @throws LorawanError `lorawan.range` */
export function encodeJoinRequest(request: JoinRequest, appKey: Uint8Array): Uint8Array {
  requireRange('devNonce', request.devNonce, 0, 0xffff);
  const bytes = new Uint8Array(requestBytes - micBytes);
  bytes[0] = headerByte('JOIN_REQUEST');
  writeEui(bytes, 1, request.appEui);
  writeEui(bytes, 9, request.devEui);
  writeLittle(bytes, 17, request.devNonce, 2);
  return concat(bytes, cmac(appKey, bytes).subarray(0, micBytes));
}

/**
 * Writes a join-accept. The network decrypts, so that a device need only be able to encrypt.
 * @throws LorawanError `lorawan.range`
 */
export function encodeJoinAccept(accept: JoinAccept, appKey: Uint8Array): Uint8Array {
  const { appNonce, netId, devAddr, rx1DrOffset, rx2DataRate, rxDelayS, cfList } = accept;
  requireRange('appNonce', appNonce, 0, 0xff_ffff);
  requireRange('netId', netId, 0, 0xff_ffff);
  requireRange('devAddr', devAddr, 0, 0xffff_ffff);
  requireRange('rx1DrOffset', rx1DrOffset, 0, 7);
  requireRange('rx2DataRate', rx2DataRate, 0, 15);
  requireRange('rxDelayS', rxDelayS, 1, 15);
  if (cfList.length !== 0) requireRange('length of cfList', cfList.length, cfListBytes, cfListBytes);
  const fields = new Uint8Array(12);
  writeLittle(fields, 0, appNonce, 3);
  writeLittle(fields, 3, netId, 3);
  writeLittle(fields, 6, devAddr, 4);
  fields[10] = (rx1DrOffset << 4) | rx2DataRate;
  fields[11] = rxDelayS;
  const header = Uint8Array.of(headerByte('JOIN_ACCEPT'));
  const mic = cmac(appKey, concat(header, fields, cfList)).subarray(0, micBytes);
  return concat(header, decryptBlocks(appKey, concat(fields, cfList, mic)));
}

/**
 * Reads a join-accept as a device does.
 * @returns undefined when its MIC is not by this key
 * @throws LorawanError `lorawan.malformed`
 */
export function decodeJoinAccept(bytes: Uint8Array, appKey: Uint8Array): JoinAccept | undefined {
  const type = typeOf(bytes);
  if (type !== 'JOIN_ACCEPT') throw malformed(`a ${type} frame is no join-accept`);
  if (bytes.length !== acceptBytes && bytes.length !== acceptBytes + cfListBytes) {
    throw malformed(
      `a join-accept has ${acceptBytes} or ${acceptBytes + cfListBytes} bytes, got ${bytes.length}`,
    );
  }
  const plain = encryptBlocks(appKey, bytes.subarray(1));
  const end = plain.length - micBytes;
  const right = cmac(appKey, concat(bytes.subarray(0, 1), plain.subarray(0, end))).subarray(0, micBytes);
  if (!sameMic(plain.subarray(end), right)) return undefined;
  const [settings = 0, delay = 0] = plain.subarray(10, 12);
  return {
    appNonce: readLittle(plain, 0, 3),
    netId: readLittle(plain, 3, 3),
    devAddr: readLittle(plain, 6, 4),
    rx1DrOffset: (settings >>> 4) & 0b111,
    rx2DataRate: settings & 0b1111,
    // 0 means one second as well (1.0.3, 5.7).
    rxDelayS: delay & 0b1111 || 1,
    cfList: end > 12 ? new Uint8Array(plain.subarray(12, end)) : noBytes,
  };
}

/** The keys of a session that a join has begun (LoRaWAN 1.0.3, 6.2.5). */
export function sessionKeys(
  appKey: Uint8Array,
  { appNonce, netId }: Pick<JoinAccept, 'appNonce' | 'netId'>,
  devNonce: number,
): SessionKeys {
  const blocks = new Uint8Array(32);
  for (const [offset, first] of [
    [0, 0x01],
    [16, 0x02],
  ] as const) {
    blocks[offset] = first;
    writeLittle(blocks, offset + 1, appNonce, 3);
    writeLittle(blocks, offset + 4, netId, 3);
    writeLittle(blocks, offset + 7, devNonce, 2);
  }
  const keys = encryptBlocks(appKey, blocks);
  return { nwkSKey: new Uint8Array(keys.subarray(0, 16)), appSKey: new Uint8Array(keys.subarray(16)) };
}
