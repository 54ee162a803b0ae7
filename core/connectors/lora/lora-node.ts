import type { DeviceInterface } from '../../inventory/types.ts';
import type { SessionKeys } from '../../protocols/lorawan/data-frame.ts';
import type { DeliveryRef } from '../connector.ts';
import type { DownlinkWindow } from './downlink-window.ts';

/** A session that a join has begun. */
export interface LoraSession {
  readonly devAddr: number;
  readonly keys: SessionKeys;
  /** The last counter of an uplink, all 32 bits; undefined before the first. */
  fCntUp: number | undefined;
  /** The counter of the next downlink. */
  fCntDown: number;
  readonly rxDelayS: number;
  readonly rx2DataRate: number;
  /** What the device was told, and said yes to. */
  txPower: number;
  nbTrans: number;
  /** The data rate that it was told, and said yes to, or a slower one that it has fallen back to since. */
  adrDataRate?: number | undefined;
  /** Counter of the first uplink that it sent as it was told last; undefined: it was told nothing. */
  radioFromFCnt?: number | undefined;
  /** Of eight channels that it keeps to; undefined: it uses all. */
  subBand?: number | undefined;
  /** Whether it keeps to the limit of time on the air of its region, as all do at the beginning. */
  dwellTime: boolean;
}

/** How an uplink came in, for averages and for the choice of data rates. */
export interface UplinkQuality {
  readonly fCnt: number;
  readonly dataRate: number;
  /** dB, at the best gateway. */
  readonly snr: number;
  readonly level: number;
}

/** Settings that a device was asked to take by LinkADRReq. */
export interface AskedRadio {
  readonly dataRate: number;
  readonly txPower: number;
  readonly nbTrans: number;
  readonly subBand: number | undefined;
  refused: boolean;
}

/** The last frame that was heard of a device. */
export interface LastUplink {
  /** By the platform's time. */
  readonly timeMs: number;
  readonly dataRate: number;
  readonly frequencyHz: number;
  /** Whether the device lets the network choose its data rate. */
  readonly adr: boolean;
  /** The best first; dBm and dB. */
  readonly heardBy: readonly {
    readonly gatewayId: string;
    readonly rssi: number;
    readonly snr: number;
    readonly esp: number;
  }[];
}

/** A confirmed downlink that the device has not acknowledged. */
export interface AwaitedAck {
  readonly delivery: DeliveryRef;
  /** The public id of the command; undefined for one that an older program sent. */
  readonly commandId?: string | undefined;
  readonly fCnt: number;
  readonly port: number;
  /** Hexadecimal. */
  readonly data: string;
  readonly transmissions: number;
}

/** What the network knows of a device; that of its interface is beside it. */
export class LoraNode {
  readonly via: DeviceInterface;
  /** Nonces of its join-requests, the newest last. */
  devNonces: number[] = [];
  /** The nonce of its last join-accept. */
  appNonce = 0;
  session: LoraSession | undefined;
  /** A join was answered, and nothing was heard by its keys: the device may not have got the answer. */
  pending: LoraSession | undefined;
  /** Uplinks of the session, the newest last. */
  history: UplinkQuality[] = [];
  awaited: AwaitedAck | undefined;
  /** When it was last asked for its battery, by the platform's time. */
  devStatusMs: number | undefined;
  lastUplink: LastUplink | undefined;
  /** What follows lasts no longer than the program. */
  window: DownlinkWindow | undefined;
  /** A frame for it is on its way to a gateway. */
  sending = false;
  /** The counter of an uplink that is being stored. */
  storing: number | undefined;
  /** The settings that it was last asked to take, and whether it refused them. */
  adr: AskedRadio | undefined;
  /** The limit of time on the air that it was last asked to keep to, or not to. */
  askedDwellTime: boolean | undefined;

  /** Why the last frame for it was not sent; undefined when it was. By the platform's time. */
  lastFailure: { readonly timeMs: number; readonly text: string; readonly byDutyCycle: boolean } | undefined;

  constructor(via: DeviceInterface) {
    this.via = via;
  }

  /** Gateways that heard its last uplink, the best first. */
  get gatewayIds(): string[] {
    return this.lastUplink?.heardBy.map(({ gatewayId }) => gatewayId) ?? [];
  }
}

interface SessionDocument extends Omit<LoraSession, 'keys' | 'fCntUp' | 'dwellTime'> {
  readonly dwellTime?: boolean | undefined;
  readonly nwkSKey: string;
  readonly appSKey: string;
  readonly fCntUp?: number | undefined;
}

interface StateDocument {
  readonly session?: SessionDocument | undefined;
  readonly pending?: SessionDocument | undefined;
  readonly history: readonly UplinkQuality[];
  readonly awaited?: AwaitedAck | undefined;
  readonly devStatusMs?: number | undefined;
  readonly lastUplink?: LastUplink | undefined;
}

interface JoinsDocument {
  readonly devNonces: number[];
  readonly appNonce: number;
}

/** The parts that are kept, as JSON texts: what joins change, and what uplinks change. */
export function writeNode(node: LoraNode): { joins: string; state: string } {
  const { devNonces, appNonce, session, pending, history, awaited, devStatusMs, lastUplink } = node;
  const joins: JoinsDocument = { devNonces, appNonce };
  const state: StateDocument = {
    ...{ session: session && writeSession(session), pending: pending && writeSession(pending) },
    ...{ history, awaited, devStatusMs, lastUplink },
  };
  return { joins: JSON.stringify(joins), state: JSON.stringify(state) };
}

export function readNode(via: DeviceInterface, { joins, state }: { joins: string; state: string }): LoraNode {
  const { session, pending, history, ...rest } = JSON.parse(state) as StateDocument;
  return Object.assign(new LoraNode(via), JSON.parse(joins) as JoinsDocument, rest, {
    ...{ session: session && readSession(session), pending: pending && readSession(pending) },
    history: [...history],
  });
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));

function writeSession({ keys, ...session }: LoraSession): SessionDocument {
  return { ...session, nwkSKey: hex(keys.nwkSKey), appSKey: hex(keys.appSKey) };
}

function readSession({ nwkSKey, appSKey, fCntUp, ...session }: SessionDocument): LoraSession {
  // One that an older program stored had no other limit than that of its region.
  const { dwellTime = true } = session;
  return { ...session, dwellTime, fCntUp, keys: { nwkSKey: bytes(nwkSKey), appSKey: bytes(appSKey) } };
}
