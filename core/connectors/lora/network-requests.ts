import type { DownlinkCommand } from '../../protocols/lorawan/mac-commands.ts';
import type { Region } from '../../protocols/lorawan/regions/region.ts';
import { type AdrSettings, chooseRadio } from './adr.ts';
import type { LoraNode, LoraSession } from './lora-node.ts';
import type { LoraSettings } from './lora-settings.ts';
import { planOf } from './profiles.ts';

type RequestSettings = AdrSettings &
  Pick<LoraSettings, 'loraDevStatusPeriodMs' | 'loraUs915SubBand' | 'loraAs923DwellTime'>;

/** Most power of devices in AS923 as TxParamSetupReq numbers it: 16 dBm (LoRaWAN 1.0.3, 5.8). */
const maxEirp = 5;

/**
 * What the network asks of a device by itself after an uplink (LoRaWAN 1.0.3, 5.2, 5.5 and 5.8).
 * @param hasAdr whether the device lets the network choose its data rate
 * @param nowMs the platform's time
 */
export function requestsFor(
  node: LoraNode,
  session: LoraSession,
  region: Region,
  hasAdr: boolean,
  nowMs: number,
  settings: RequestSettings,
): DownlinkCommand[] {
  const requests = radioRequests(node, session, region, hasAdr, settings);
  if (region.name === 'AS923' && session.dwellTime !== settings.loraAs923DwellTime) {
    node.askedDwellTime = settings.loraAs923DwellTime;
    const limit = Number(settings.loraAs923DwellTime);
    requests.push({ name: 'TxParamSetupReq', maxEirp, uplinkDwellTime: limit, downlinkDwellTime: limit });
  }
  const sinceMs = nowMs - (node.devStatusMs ?? Number.NEGATIVE_INFINITY);
  if (sinceMs >= settings.loraDevStatusPeriodMs) requests.push({ name: 'DevStatusReq' });
  return requests;
}

/** Data rate, power and channels, in one block of LinkADRReqs. */
function radioRequests(
  node: LoraNode,
  session: LoraSession,
  region: Region,
  hasAdr: boolean,
  settings: RequestSettings,
): DownlinkCommand[] {
  followBackoff(node, session);
  const bounds = planOf(node.via);
  const chosen = hasAdr && bounds ? chooseRadio(node.history, session, region, bounds, settings) : undefined;
  const subBand = subBandOf(region, settings);
  if (!chosen && session.subBand === subBand) return [];
  // A device whose data rate is its own affair keeps it, and takes the channels.
  const { txPower, nbTrans } = session;
  const radio = chosen ?? { dataRate: node.lastUplink?.dataRate ?? 0, txPower, nbTrans };
  const wanted = { ...radio, subBand, refused: false };
  const { adr } = node;
  const isSame =
    adr?.dataRate === wanted.dataRate &&
    adr.txPower === wanted.txPower &&
    adr.nbTrans === wanted.nbTrans &&
    adr.subBand === subBand;
  if (!isSame) node.adr = wanted;
  // Asking for what it refused would not help.
  if (isSame && adr?.refused) return [];
  return region.channelMasks(subBand).map((mask) => ({ name: 'LinkADRReq', ...radio, ...mask }));
}

/** A device that hears nobody sends with all its power before it slows down (LoRaWAN 1.0.3, 4.3.1.1). */
function followBackoff({ lastUplink }: LoraNode, session: LoraSession): void {
  const { adrDataRate } = session;
  if (!lastUplink || adrDataRate === undefined || lastUplink.dataRate >= adrDataRate) return;
  session.adrDataRate = lastUplink.dataRate;
  session.txPower = 0;
}

function subBandOf({ name }: Region, { loraUs915SubBand }: RequestSettings): number | undefined {
  return name === 'US915' && loraUs915SubBand !== 'ALL' ? Number(loraUs915SubBand) : undefined;
}
