import type { DownlinkCommand, UplinkCommand } from '../../core/protocols/lorawan/mac-commands.ts';
import { bandOf } from '../../core/protocols/lorawan/regions/region.ts';
import type { LoraSettings } from './lora-settings.ts';

/** What a device is, beside its radio, as the network may ask. */
export interface AskedDevice {
  readonly settings: LoraSettings;
  readonly battery: number;
  /** Ratio of signal to noise of the last downlink, in dB. */
  readonly snr: number;
  /** 1 / 2^exponent of its time is what it may send in all. */
  limitDutyCycle(exponent: number): void;
  /** The network has answered a question. */
  answered(text: string): void;
}

/** Answers that are repeated until the device hears that they came (LoRaWAN 1.0.3, 5.4, 5.7 and 5.8). */
export const stickyAnswers: readonly UplinkCommand['name'][] = [
  'RXParamSetupAns',
  'RXTimingSetupAns',
  'DlChannelAns',
];

/** GPS time began then, and counts no leap seconds; 18 have been put in since. */
const gpsEpochMs = Date.UTC(1980, 0, 6);
const leapMs = 18_000;

type LinkAdrReq = Extract<DownlinkCommand, { name: 'LinkADRReq' }>;

/** Does what the network says in one frame. @returns what the device answers */
export function obeyAll(commands: readonly DownlinkCommand[], device: AskedDevice): UplinkCommand[] {
  const answers: UplinkCommand[] = [];
  let block: LinkAdrReq[] = [];
  const endBlock = (): void => {
    answers.push(...changeRadio(block, device.settings));
    block = [];
  };
  for (const command of commands) {
    if (command.name === 'LinkADRReq') {
      block.push(command);
      continue;
    }
    endBlock();
    const answer = obey(command, device);
    if (answer) answers.push(answer);
  }
  endBlock();
  return answers;
}

function obey(command: Exclude<DownlinkCommand, LinkAdrReq>, device: AskedDevice): UplinkCommand | undefined {
  const { settings } = device;
  const { region, channels } = settings;
  switch (command.name) {
    case 'DutyCycleReq':
      device.limitDutyCycle(command.maxDutyCycle);
      return { name: 'DutyCycleAns' };
    case 'RXParamSetupReq': {
      const frequencyHz = command.frequency * 100;
      const channelAck = Number(bandOf(region, frequencyHz) !== undefined);
      const rx2DataRateAck = Number(region.dataRates[command.rx2DataRate] !== undefined);
      const rx1DrOffsetAck = Number(command.rx1DrOffset <= region.largestRx1DrOffset);
      if (channelAck && rx2DataRateAck && rx1DrOffsetAck) {
        settings.rx1DrOffset = command.rx1DrOffset;
        settings.rx2 = { frequencyHz, dataRate: command.rx2DataRate };
      }
      return { name: 'RXParamSetupAns', channelAck, rx2DataRateAck, rx1DrOffsetAck };
    }
    case 'DevStatusReq': {
      const margin = Math.max(-32, Math.min(31, Math.round(device.snr)));
      return { name: 'DevStatusAns', battery: device.battery, margin };
    }
    case 'NewChannelReq': {
      const frequencyHz = command.frequency * 100;
      const channelFrequencyOk = Number(frequencyHz === 0 || region.takesUplink(frequencyHz));
      const dataRateRangeOk = Number(
        command.minDataRate <= command.maxDataRate && command.maxDataRate < region.uplinkDataRates,
      );
      const taken = channelFrequencyOk && dataRateRangeOk && channels.set(command.channel, frequencyHz);
      return {
        name: 'NewChannelAns',
        channelFrequencyOk: Number(taken && channelFrequencyOk),
        dataRateRangeOk,
      };
    }
    case 'RXTimingSetupReq':
      settings.rxDelayS = command.delay || 1;
      return { name: 'RXTimingSetupAns' };
    case 'TxParamSetupReq':
      // Regions without a limit of time on the air do not answer (5.8).
      if (region.name !== 'AS923') return undefined;
      settings.keepDwellTime(command.uplinkDwellTime === 1);
      return { name: 'TxParamSetupAns' };
    case 'DlChannelReq':
      // RX1 of a simulated device is where its uplink was.
      return {
        name: 'DlChannelAns',
        channelFrequencyOk: 0,
        uplinkFrequencyExists: Number(channels.has(command.channel)),
      };
    case 'LinkCheckAns':
      device.answered(`heard by ${command.gatewayCount}, ${command.margin} dB above what is understood`);
      return undefined;
    case 'DeviceTimeAns': {
      const sinceMs = command.seconds * 1000 + (command.fraction * 1000) / 256;
      device.answered(new Date(gpsEpochMs + sinceMs - leapMs).toISOString());
      return undefined;
    }
  }
}

/** All of a block, or nothing; each of it is answered, and the last one tells data rate and power (LoRaWAN 1.0.3, 5.2). */
function changeRadio(block: readonly LinkAdrReq[], settings: LoraSettings): UplinkCommand[] {
  const last = block.at(-1);
  if (!last) return [];
  const { region, channels } = settings;
  const { dataRate, txPower, nbTrans } = last;
  const rate = dataRate < region.uplinkDataRates ? region.dataRates[dataRate] : undefined;
  const change = channels.masked(block, rate ?? { spreadingFactor: 12, bandwidthKhz: 125 });
  const powerOk = txPower <= region.largestTxPower;
  if (rate && change && powerOk) {
    change();
    Object.assign(settings, { dataRate, txPower, nbTrans: nbTrans || 1 });
  }
  return block.map(() => ({
    name: 'LinkADRAns',
    ...{ channelMaskAck: Number(change !== undefined), dataRateAck: Number(rate !== undefined) },
    powerAck: Number(powerOk),
  }));
}
