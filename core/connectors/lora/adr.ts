import { demodulationFloorDb } from '../../protocols/lorawan/airtime.ts';
import type { Region } from '../../protocols/lorawan/regions/region.ts';
import type { LoraSession, UplinkQuality } from './lora-node.ts';
import { packetErrorRate } from './signal.ts';

export interface AdrSettings {
  readonly loraAdrUplinks: number;
  readonly loraAdrMarginDb: number;
}

export interface RadioSettings {
  readonly dataRate: number;
  readonly txPower: number;
  readonly nbTrans: number;
}

/** What a connectivity plan allows. */
interface Bounds {
  readonly sfMin: number;
  readonly sfMax: number;
  readonly nbTransMin: number;
  readonly nbTransMax: number;
}

/** Each step of the power, and of the spreading factor, is worth about so much. */
const stepDb = 3;

/**
 * How a device shall send from now on, by how its last uplinks came in at its present data rate: first faster, then
 * softer, each as far as the best signal of them leaves a margin; slower never, which devices do by themselves.
 * @returns undefined when it shall go on as it does, or too little was heard
 */
export function chooseRadio(
  history: readonly UplinkQuality[],
  current: Omit<RadioSettings, 'dataRate'> & Pick<LoraSession, 'radioFromFCnt'>,
  region: Region,
  bounds: Bounds,
  settings: AdrSettings,
): RadioSettings | undefined {
  const dataRate = history.at(-1)?.dataRate ?? 0;
  const recent = sameSettings(history, current).slice(-settings.loraAdrUplinks);
  const rate = region.dataRates[dataRate];
  if (recent.length < settings.loraAdrUplinks || !rate) return undefined;
  const best = Math.max(...recent.map(({ snr }) => snr));
  let steps = Math.floor(
    (best - demodulationFloorDb(rate.spreadingFactor) - settings.loraAdrMarginDb) / stepDb,
  );
  let [fastest, txPower] = [dataRate, current.txPower];
  for (; steps > 0 && mayUse(region, fastest + 1, bounds); steps--) fastest++;
  for (; steps > 0 && txPower < region.largestTxPower; steps--) txPower++;
  for (; steps < 0 && txPower > 0; steps++) txPower--;
  const nbTrans = repetitions(packetErrorRate(recent), current.nbTrans, bounds);
  if (fastest === dataRate && txPower === current.txPower && nbTrans === current.nbTrans) return undefined;
  return { dataRate: fastest, txPower, nbTrans };
}

/**
 * The end of the history that was sent as the device sends now: at one data rate, and with the power and repetitions that
 * it took last. What came before would make it ever softer for the same margin.
 */
export function sameSettings(
  history: readonly UplinkQuality[],
  { radioFromFCnt = 0 }: Pick<LoraSession, 'radioFromFCnt'>,
): readonly UplinkQuality[] {
  const dataRate = history.at(-1)?.dataRate;
  const other = history.findLastIndex((each) => each.dataRate !== dataRate || each.fCnt < radioFromFCnt);
  return history.slice(other + 1);
}

function mayUse({ dataRates, adrDataRates }: Region, dataRate: number, { sfMin, sfMax }: Bounds): boolean {
  const rate = dataRates[dataRate];
  if (!rate || dataRate > adrDataRates.max || rate.bandwidthKhz !== 125) return false;
  return rate.spreadingFactor >= sfMin && rate.spreadingFactor <= sfMax;
}

/** More of each frame where many are lost, fewer where few are. */
function repetitions(loss: number, current: number, { nbTransMin, nbTransMax }: Bounds): number {
  const wanted = loss > 0.3 ? current + 2 : loss > 0.1 ? current + 1 : loss > 0.05 ? current : current - 1;
  return Math.min(nbTransMax, Math.max(nbTransMin, wanted));
}
