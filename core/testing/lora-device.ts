import {
  cryptPayload,
  decodeDataFrame,
  encodeDataFrame,
  isFrom,
  type SessionKeys,
} from '../protocols/lorawan/data-frame.ts';
import {
  decodeJoinAccept,
  encodeJoinRequest,
  type JoinAccept,
  sessionKeys,
} from '../protocols/lorawan/join.ts';
import {
  type DownlinkCommand,
  downlinkCommands,
  type UplinkCommand,
  uplinkCommands,
} from '../protocols/lorawan/mac-commands.ts';
import type { ReceivedPacket } from '../protocols/semtech-udp/push-data.ts';

export interface TestUplink {
  readonly port?: number;
  readonly payload?: string;
  readonly confirmed?: boolean;
  readonly ack?: boolean;
  readonly adr?: boolean;
  readonly adrAckReq?: boolean;
  readonly commands?: readonly UplinkCommand[];
}

/** What a device reads of a frame for it. */
export interface HeardDownlink {
  readonly type: string;
  readonly ack: boolean;
  readonly fPending: boolean;
  readonly fCnt: number;
  readonly port: number | undefined;
  readonly payload: string;
  readonly commands: readonly DownlinkCommand[];
}

/** A LoRaWAN device, as far as its frames go: its radio is the test. */
export class TestLoraDevice {
  readonly devEui: string;
  readonly appEui: string;
  readonly appKey: Uint8Array;
  accept: JoinAccept | undefined;
  fCntUp = 0;
  private devNonce = 0;
  private keys: SessionKeys | undefined;

  constructor(
    devEui = '0101010210101010',
    appEui = '9879876546543211',
    appKey = '11223344556677889988776655443322',
  ) {
    this.devEui = devEui;
    this.appEui = appEui;
    this.appKey = new Uint8Array(Buffer.from(appKey, 'hex'));
  }

  joinRequest(devNonce = this.devNonce + 1): Uint8Array {
    this.devNonce = devNonce;
    const { appEui, devEui } = this;
    return encodeJoinRequest({ appEui, devEui, devNonce }, this.appKey);
  }

  /** @throws when the frame is no join-accept for this device */
  join(frame: Uint8Array): JoinAccept {
    const accept = decodeJoinAccept(frame, this.appKey);
    if (!accept) throw new Error('the MIC of the join-accept is wrong');
    this.accept = accept;
    this.keys = sessionKeys(this.appKey, accept, this.devNonce);
    this.fCntUp = 0;
    return accept;
  }

  /** The next uplink, or one with a counter of its own. */
  uplink(given: TestUplink = {}, fCnt = this.fCntUp++): Uint8Array {
    const { port, payload = '', confirmed = false, ack = false, adr = false, adrAckReq = false } = given;
    return encodeDataFrame(
      {
        type: confirmed ? 'CONFIRMED_DATA_UP' : 'UNCONFIRMED_DATA_UP',
        ...{ devAddr: this.accept?.devAddr ?? 0, adr, adrAckReq, ack, fPending: false, fCnt, fPort: port },
        fOpts: uplinkCommands.write(given.commands ?? []),
        payload: Buffer.from(payload, 'hex'),
      },
      this.sessionKeys,
    );
  }

  /** @throws when the frame is not for this device, or its MIC is wrong */
  hear(bytes: Uint8Array): HeardDownlink {
    const frame = decodeDataFrame(bytes);
    const { type, ack, fPending, fCnt, fPort: port } = frame;
    if (!isFrom(frame, this.sessionKeys.nwkSKey, fCnt)) throw new Error('the MIC of the downlink is wrong');
    const payload = Buffer.from(cryptPayload(frame, this.sessionKeys, fCnt)).toString('hex');
    return {
      type,
      ack,
      fPending,
      fCnt,
      port,
      payload,
      commands: downlinkCommands.read(frame.fOpts).commands,
    };
  }

  get sessionKeys(): SessionKeys {
    if (!this.keys) throw new Error('the device has not joined');
    return this.keys;
  }
}

/** A frame as a gateway hears it: SF9 on 868.1 MHz unless said otherwise. */
export function heardAs(data: Uint8Array, given: Partial<ReceivedPacket> = {}): ReceivedPacket {
  return {
    ...{ counterUs: 1_000_000, timeMs: undefined, frequencyHz: 868_100_000, channel: 0, rfChain: 0 },
    modulation: { kind: 'LORA', spreadingFactor: 9, bandwidthKhz: 125, codingRate: '4/5' },
    ...{ rssi: -97, snr: 7.5, data },
    ...given,
  };
}
