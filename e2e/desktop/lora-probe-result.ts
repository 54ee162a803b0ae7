import { cmac } from '../../core/protocols/lorawan/aes.ts';
import {
  cryptPayload,
  decodeDataFrame,
  encodeDataFrame,
  isFrom,
} from '../../core/protocols/lorawan/data-frame.ts';
import {
  decodeJoinAccept,
  decodeJoinRequest,
  encodeJoinAccept,
  encodeJoinRequest,
  isJoinOf,
  sessionKeys,
} from '../../core/protocols/lorawan/join.ts';

/** In front of the result, among what an Electron says otherwise. */
export const loraProbeMark = 'lora probe: ';

/** A key and a message; all texts are hexadecimal. */
export interface LoraCase {
  readonly key: string;
  readonly message: string;
}

/** What the cryptography makes of a case: bytes as hexadecimal digits, and whether each frame is taken back. */
export interface LoraOutcome {
  readonly cmac: string;
  readonly nwkSKey: string;
  readonly appSKey: string;
  readonly frames: readonly string[];
  readonly taken: readonly boolean[];
  readonly bentTaken: readonly boolean[];
}

export interface LoraProbeResult {
  /** Version of the Electron, empty in plain Node. */
  readonly electron: string;
  readonly ciphers: readonly string[];
  readonly outcomes: readonly LoraOutcome[];
}

const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex');

/** A join and a data frame by the key, with the message as their payload; the same wherever it runs, or it is wrong. */
export function outcomesOf(given: LoraCase): LoraOutcome {
  const key = new Uint8Array(Buffer.from(given.key, 'hex'));
  const message = new Uint8Array(Buffer.from(given.message, 'hex'));
  const accept = {
    ...{ appNonce: 7, netId: 1, devAddr: 0x0200_0001, rx1DrOffset: 0, rx2DataRate: 3, rxDelayS: 1 },
    cfList: new Uint8Array(0),
  };
  const eui = { appEui: '9879876546543211', devEui: '0101010210101010' };
  const request = encodeJoinRequest({ ...eui, devNonce: 258 }, key);
  const answer = encodeJoinAccept(accept, key);
  const keys = sessionKeys(key, accept, 258);
  const data = encodeDataFrame(
    {
      ...{ type: 'CONFIRMED_DATA_UP', devAddr: accept.devAddr, adr: false, adrAckReq: false, ack: false },
      ...{ fPending: false, fCnt: 70_000, fOpts: new Uint8Array(0), fPort: 9, payload: message },
    },
    keys,
  );
  const isData = (bytes: Uint8Array): boolean => {
    const frame = decodeDataFrame(bytes);
    return isFrom(frame, keys.nwkSKey, 70_000) && hex(cryptPayload(frame, keys, 70_000)) === given.message;
  };
  const isRequest = (bytes: Uint8Array): boolean => isJoinOf(decodeJoinRequest(bytes), key);
  const isAnswer = (bytes: Uint8Array): boolean => decodeJoinAccept(bytes, key)?.devAddr === accept.devAddr;
  return {
    ...{ cmac: hex(cmac(key, message)), nwkSKey: hex(keys.nwkSKey), appSKey: hex(keys.appSKey) },
    frames: [request, answer, data].map(hex),
    taken: [isRequest(request), isAnswer(answer), isData(data)],
    bentTaken: [isRequest(bent(request)), isAnswer(bent(answer)), isData(bent(data))],
  };
}

function bent(bytes: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[copy.length - 1] = (copy[copy.length - 1] ?? 0) ^ 1;
  return copy;
}
