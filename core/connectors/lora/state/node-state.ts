import type { LoraNodeState } from '../../../contract/lora/state.ts';
import type { DeviceInterface } from '../../../inventory/types.ts';
import { isoTime } from '../../../platform/clock.ts';
import type { Region } from '../../../protocols/lorawan/regions/region.ts';
import { sameSettings } from '../adr.ts';
import type { LoraNode, LoraSession } from '../lora-node.ts';
import { definitionOf, type LoraProfile, planOf, profileOf } from '../profiles.ts';

/** What is known of an interface but its place and its queue. */
export function nodeState(
  via: DeviceInterface,
  node: LoraNode | undefined,
  adrUplinks: number,
): Omit<LoraNodeState, 'queue' | 'place'> {
  const { profile: name, connectivityPlan } = definitionOf(via);
  const profile = profileOf(via);
  const plan = planOf(via);
  const { session, pending, lastUplink, lastFailure, devStatusMs } = node ?? {};
  const { lastBatteryLevel: level } = via.activity;
  return {
    ...{ devEUI: via.nodeId, status: via.status, enabled: via.enabled },
    profile: {
      ...{ name, known: profile !== undefined },
      ...(profile && { deviceClass: profile.deviceClass, region: profile.region.name }),
    },
    ...(plan && { plan: { ...plan, ...(connectivityPlan !== undefined && { id: connectivityPlan }) } }),
    ...(session && profile && { session: sessionState(session, profile) }),
    ...(pending && { pendingDevAddr: address(pending.devAddr) }),
    joins: node?.devNonces.length ?? 0,
    ...(lastUplink && {
      lastUplink: {
        ...{ time: isoTime(lastUplink.timeMs), dataRate: lastUplink.dataRate },
        ...{ frequency: lastUplink.frequencyHz / 1_000_000, heardBy: [...lastUplink.heardBy] },
        ...modulation(profile?.region, lastUplink.dataRate),
      },
    }),
    ...(node?.session && lastUplink && { adr: adrState(node, node.session, adrUplinks) }),
    ...(devStatusMs !== undefined && {
      battery: { asked: isoTime(devStatusMs), ...(typeof level === 'number' && { level }) },
    }),
    ...(lastFailure && { lastFailure: { time: isoTime(lastFailure.timeMs), text: lastFailure.text } }),
  };
}

const address = (devAddr: number): string => devAddr.toString(16).toUpperCase().padStart(8, '0');

function modulation(region: Region | undefined, dataRate: number): { modulation?: string } {
  const rate = region?.dataRates[dataRate];
  return rate ? { modulation: `SF${rate.spreadingFactor}BW${rate.bandwidthKhz}` } : {};
}

function sessionState(
  { devAddr, fCntUp, fCntDown, rxDelayS, rx2DataRate }: LoraSession,
  { deviceClass, region }: LoraProfile,
): NonNullable<LoraNodeState['session']> {
  const rx2 = { frequency: region.rx2.frequencyHz / 1_000_000, ...modulation(region, rx2DataRate) };
  return {
    ...{ devAddr: address(devAddr), fCntDown },
    ...(fCntUp !== undefined && { fCntUp }),
    windows: [
      { name: 'RX1', afterS: rxDelayS },
      { name: 'RX2', ...(deviceClass === 'A' && { afterS: rxDelayS + 1 }), ...rx2 },
    ],
  };
}

function adrState(
  { history, adr, lastUplink }: LoraNode,
  session: LoraSession,
  needed: number,
): NonNullable<LoraNodeState['adr']> {
  const { txPower, nbTrans } = session;
  const uplinks = sameSettings(history, session).length;
  const asked = adr && { dataRate: adr.dataRate, txPower: adr.txPower, nbTrans: adr.nbTrans };
  const state = !lastUplink?.adr
    ? 'OFF'
    : adr?.refused
      ? 'REFUSED'
      : adr
        ? 'ASKED'
        : uplinks < needed
          ? 'MEASURING'
          : 'STEADY';
  return { state, uplinks, needed, txPower, nbTrans, ...(asked && { asked }) };
}
