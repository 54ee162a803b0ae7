import type { DeviceAction, LoraFleetInput } from '../../core/contract/simulators.ts';
import { loraFleetTemplate } from '../../core/contract/simulators.ts';
import { VirtualClock } from '../../core/platform/virtual-clock.ts';
import {
  cryptPayload,
  decodeDataFrame,
  encodeDataFrame,
  isFrom,
  type ReceivedDataFrame,
  type SessionKeys,
} from '../../core/protocols/lorawan/data-frame.ts';
import { isDataType, type MessageType, typeOf } from '../../core/protocols/lorawan/frame-type.ts';
import {
  decodeJoinRequest,
  encodeJoinAccept,
  type JoinAccept,
  type JoinRequest,
  sessionKeys,
} from '../../core/protocols/lorawan/join.ts';
import {
  type DownlinkCommand,
  downlinkCommands,
  type UplinkCommand,
  uplinkCommands,
} from '../../core/protocols/lorawan/mac-commands.ts';
import { regions } from '../../core/protocols/lorawan/regions/index.ts';
import { cfListOf, type Region, uplinkDataRate } from '../../core/protocols/lorawan/regions/region.ts';
import { decodePacket, encodePacket } from '../../core/protocols/semtech-udp/packet.ts';
import { type PacketToSend, readTxAck, writePullResp } from '../../core/protocols/semtech-udp/pull-resp.ts';
import { type ReceivedPacket, readPushData } from '../../core/protocols/semtech-udp/push-data.ts';
import { Fleet } from '../fleet/fleet.ts';
import { appKeyOf } from '../lora/app-key.ts';
import { devEuiOf } from '../lora/dev-eui.ts';

/** A frame that a gateway of the fleet has handed on. */
export interface HeardUplink {
  readonly atMs: number;
  readonly gatewayId: string;
  readonly packet: ReceivedPacket;
  readonly type: MessageType;
  readonly dataRate: number;
  /** Of data frames whose MIC is right by the session of their address. */
  readonly frame?: ReceivedDataFrame;
  readonly payload?: Uint8Array;
  readonly commands: readonly UplinkCommand[];
}

/** What to send down; all but the rest of a frame without anything in it. */
export interface Down {
  readonly commands?: readonly DownlinkCommand[];
  readonly port?: number;
  readonly payload?: Uint8Array;
  readonly ack?: boolean;
  readonly confirmed?: boolean;
  readonly fPending?: boolean;
  readonly window?: 'RX1' | 'RX2';
  /** By how many milliseconds it is off its window. */
  readonly lateMs?: number;
  /** In place of those of the device's session. */
  readonly keys?: SessionKeys;
}

interface Session {
  readonly keys: SessionKeys;
  readonly rxDelayS: number;
  fCntDown: number;
}

const secret = 'a secret of the bench';
const middle = { lat: 48.8566, lon: 2.3522 };
const noBytes = new Uint8Array(0);
const joinDelayS = 5;

/** A fleet of LoRa devices as it runs, with its gateways, and in place of the platform a network that a test plays. */
export class LoraBench {
  readonly clock = new VirtualClock();
  readonly heard: HeardUplink[] = [];
  /** What gateways said of frames that they were to send; undefined: they do. */
  readonly txAcks: (string | undefined)[] = [];
  readonly region: Region;
  /** Called for each frame that was handed on; joins at first, and says nothing more. */
  network: (uplink: HeardUplink) => void = (uplink) => this.accept(uplink);
  private readonly fleet: Fleet;
  private readonly idPattern: string;
  private readonly sessions = new Map<number, Session>();
  /** The way down to each gateway. */
  private readonly gateways = new Map<string, (datagram: Uint8Array) => void>();
  private joins = 0;

  /** Without chance in the signals, and with one gateway beside the devices, unless that is given. */
  constructor(given: Partial<LoraFleetInput> = {}, firstNonce = 0) {
    const template = loraFleetTemplate.parse({
      ...{ name: 'Bench', connector: 'lora', periodMs: 60_000, jitter: 0 },
      ...{ area: { ...middle, radiusM: 200 }, gateways: [{ id: 'AA555A0000000001', ...middle }] },
      ...{ radio: { shadowingDb: 0, fadingDb: 0 }, payload: { kind: 'hex', text: 'aa{{u16 n}}' } },
      ...given,
    });
    this.region = regions[template.region];
    this.idPattern = template.idPattern;
    const { clock } = this;
    const local = { address: '127.0.0.1', port: 1 };
    this.fleet = new Fleet(
      { template, url: 'udp://127.0.0.1:1700', key: secret },
      {
        ...{ clock, wireClock: clock, resolve: async (host) => host },
        random: { bytes: () => Uint8Array.of(firstNonce >> 8, firstNonce & 0xff) },
        fetchPart: () => Promise.reject(new Error('LoRa devices fetch nothing')),
        deadlines: () => ({ set: () => {}, clear: () => {} }),
        datagrams: {
          bind: async (_address, receive) => ({
            local,
            send: (datagram) => this.receive(datagram, (down) => receive(down, local)),
            close: async () => {},
          }),
        },
      },
    );
  }

  start(): Promise<void> {
    return this.fleet.start();
  }

  stop(): Promise<void> {
    return this.fleet.stop();
  }

  report() {
    return this.fleet.report();
  }

  device(number = 1) {
    return this.fleet.device(number);
  }

  lora(number = 1) {
    const { lora } = this.device(number).details();
    if (!lora) throw new Error('A LoRa device says how its radio is.');
    return lora;
  }

  act(action: DeviceAction, number = 1): Promise<void> {
    return this.device(number).act(action);
  }

  /** Time passes until something holds. Fails when it does not within so many seconds. */
  passUntil(holds: () => boolean, mostS = 3600, stepMs = 10): void {
    const endMs = this.clock.now() + mostS * 1000;
    while (!holds()) {
      if (this.clock.now() > endMs) throw new Error(`It did not happen within ${mostS} s.`);
      this.clock.advance(stepMs);
    }
  }

  /** The data frames that came whole, in their order. */
  get data(): HeardUplink[] {
    return this.heard.filter(({ frame }) => frame !== undefined);
  }

  joinRequest({ packet }: HeardUplink): JoinRequest {
    return decodeJoinRequest(packet.data);
  }

  /** Lets a device join that has asked for it. */
  accept(uplink: HeardUplink, given: Partial<JoinAccept> = {}, lateMs = 0): void {
    if (uplink.type !== 'JOIN_REQUEST') return;
    const { devEui, devNonce } = this.joinRequest(uplink);
    const appKey = this.appKeyOf(devEui);
    this.joins += 1;
    const accept: JoinAccept = {
      ...{ appNonce: this.joins, netId: 0, devAddr: 0x0100_0000 + this.joins, rxDelayS: 1, rx1DrOffset: 0 },
      ...{ rx2DataRate: this.region.rx2.dataRate, cfList: cfListOf(this.region) },
      ...given,
    };
    const keys = sessionKeys(appKey, accept, devNonce);
    this.sessions.set(accept.devAddr, { keys, rxDelayS: accept.rxDelayS, fCntDown: 0 });
    const data = encodeJoinAccept(accept, appKey);
    this.sendIn(uplink, data, { delayS: joinDelayS, window: 'RX1', lateMs });
  }

  /** Answers a data frame in one of its windows. */
  down(uplink: HeardUplink, down: Down = {}): void {
    const { window = 'RX1', lateMs = 0 } = down;
    const { rxDelayS } = this.sessionOf(uplink);
    this.sendIn(uplink, this.downFrame(uplink, down), { delayS: rxDelayS, window, lateMs });
  }

  downFrame(uplink: HeardUplink, { commands = [], port, payload = noBytes, ...rest }: Down = {}): Uint8Array {
    const session = this.sessionOf(uplink);
    const { ack = false, confirmed = false, fPending = false, keys = session.keys } = rest;
    return encodeDataFrame(
      {
        type: confirmed ? 'CONFIRMED_DATA_DOWN' : 'UNCONFIRMED_DATA_DOWN',
        ...{ devAddr: uplink.frame?.devAddr ?? 0, adr: true, adrAckReq: false, ack, fPending },
        ...{ fCnt: session.fCntDown++, fOpts: downlinkCommands.write(commands), fPort: port, payload },
      },
      keys,
    );
  }

  /** Sends a frame after an uplink, in one of the windows that follow. */
  sendIn(
    { packet, dataRate, gatewayId }: HeardUplink,
    data: Uint8Array,
    { delayS, window, lateMs = 0 }: { delayS: number; window: 'RX1' | 'RX2'; lateMs?: number },
  ): void {
    const { region } = this;
    const { frequencyHz } = packet;
    const slot = window === 'RX1' ? region.rx1({ frequencyHz, dataRate }, 0) : region.rx2;
    const rate = region.dataRates[slot.dataRate];
    if (!rate) throw new Error('There is no such data rate.');
    const afterMs = delayS * 1000 + (window === 'RX2' ? 1000 : 0) + lateMs;
    this.send(gatewayId, {
      counterUs: (packet.counterUs + afterMs * 1000) % 2 ** 32,
      ...{ frequencyHz: slot.frequencyHz, rfChain: 0, powerDbm: 14, invertedPolarity: true, noCrc: true },
      ...{ modulation: { kind: 'LORA', ...rate, codingRate: '4/5' }, data },
    });
  }

  /** Hands a frame to a gateway. */
  send(gatewayId: string, packet: PacketToSend): void {
    const body = writePullResp(packet);
    this.gateways.get(gatewayId)?.(encodePacket({ version: 2, token: 7, kind: 'PULL_RESP', body }));
  }

  private appKeyOf(devEui: string): Uint8Array {
    return new Uint8Array(Buffer.from(appKeyOf(secret, devEui), 'hex'));
  }

  /** DevEUI of a device of the fleet. */
  devEui(number: number): string {
    return devEuiOf(this.idPattern, number);
  }

  private sessionOf({ frame }: HeardUplink): Session {
    const session = this.sessions.get(frame?.devAddr ?? 0);
    if (!session) throw new Error('There is no session of this address.');
    return session;
  }

  private receive(datagram: Uint8Array, answer: (datagram: Uint8Array) => void): void {
    const packet = decodePacket(datagram);
    const { token } = packet;
    if (packet.kind === 'PULL_DATA') {
      this.gateways.set(packet.gatewayId, answer);
      answer(encodePacket({ version: 2, token, kind: 'PULL_ACK' }));
    } else if (packet.kind === 'TX_ACK') this.txAcks.push(readTxAck(packet.body));
    else if (packet.kind === 'PUSH_DATA') {
      answer(encodePacket({ version: 2, token, kind: 'PUSH_ACK' }));
      for (const each of readPushData(packet.body).packets) {
        const uplink = this.read(each, packet.gatewayId);
        this.heard.push(uplink);
        this.network(uplink);
      }
    }
  }

  private read(packet: ReceivedPacket, gatewayId: string): HeardUplink {
    const { data, modulation } = packet;
    const type = typeOf(data);
    const dataRate = modulation.kind === 'LORA' ? (uplinkDataRate(this.region, modulation) ?? -1) : -1;
    const known = { atMs: this.clock.now(), gatewayId, packet, type, dataRate, commands: [] };
    if (!isDataType(type)) return known;
    const frame = decodeDataFrame(data);
    const { fCnt, fPort, fOpts } = frame;
    const session = this.sessions.get(frame.devAddr);
    if (!session || !isFrom(frame, session.keys.nwkSKey, fCnt)) return known;
    const payload = cryptPayload(frame, session.keys, fCnt);
    return {
      ...known,
      frame,
      payload,
      commands: uplinkCommands.read(fPort === 0 ? payload : fOpts).commands,
    };
  }
}
