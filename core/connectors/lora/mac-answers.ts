import { demodulationFloorDb } from '../../protocols/lorawan/airtime.ts';
import type { DownlinkCommand, UplinkCommand } from '../../protocols/lorawan/mac-commands.ts';
import type { LoraNode, LoraSession } from './lora-node.ts';
import type { UplinkSignal } from './uplink-signal.ts';

/** What MAC commands of a device come to. */
export interface MacOutcome {
  readonly answers: readonly DownlinkCommand[];
  /** 0 to 255 as LoRaWAN 1.0.3, 5.5 says; undefined when the device did not tell. */
  readonly battery: number | undefined;
}

/** GPS time began then, and counts no leap seconds; 18 have been put in since. */
const gpsEpochMs = Date.UTC(1980, 0, 6);
const leapSeconds = 18;

/** Acts on the MAC commands of an uplink (LoRaWAN 1.0.3, 5). @param receivedMs by the platform's time */
export function actOnCommands(
  commands: readonly UplinkCommand[],
  node: LoraNode,
  session: LoraSession,
  signal: UplinkSignal,
  receivedMs: number,
): MacOutcome {
  const answers: DownlinkCommand[] = [];
  let battery: number | undefined;
  for (const command of commands) {
    switch (command.name) {
      case 'LinkCheckReq':
        answers.push({
          name: 'LinkCheckAns',
          margin: Math.max(0, Math.min(254, Math.floor(signal.snr - demodulationFloorDb(signal.sf)))),
          gatewayCount: Math.min(255, signal.gatewayCnt),
        });
        break;
      case 'DeviceTimeReq':
        answers.push(deviceTime(receivedMs));
        break;
      case 'LinkADRAns':
        takeAdrAnswer(node, session, command.channelMaskAck + command.dataRateAck + command.powerAck === 3);
        break;
      case 'TxParamSetupAns':
        session.dwellTime = node.askedDwellTime ?? session.dwellTime;
        node.askedDwellTime = undefined;
        break;
      case 'DevStatusAns':
        battery = command.battery;
        break;
      default:
        // An answer to what the network never asks: joins and profiles say it all.
        break;
    }
  }
  return { answers, battery };
}

function takeAdrAnswer(node: LoraNode, session: LoraSession, agreed: boolean): void {
  const { adr } = node;
  if (!adr) return;
  if (!agreed) {
    // It changes nothing unless it agrees with all of it (5.2); asking for the same again would not help.
    adr.refused = true;
    return;
  }
  session.adrDataRate = adr.dataRate;
  session.radioFromFCnt = session.fCntUp;
  session.txPower = adr.txPower;
  session.nbTrans = adr.nbTrans;
  session.subBand = adr.subBand;
  node.adr = undefined;
}

function deviceTime(nowMs: number): DownlinkCommand {
  const sinceMs = nowMs - gpsEpochMs + leapSeconds * 1000;
  const seconds = Math.floor(sinceMs / 1000);
  return { name: 'DeviceTimeAns', seconds, fraction: Math.floor(((sinceMs - seconds * 1000) * 256) / 1000) };
}
