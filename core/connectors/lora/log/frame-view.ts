import type { LoraFrame, LoraFrameData } from '../../../contract/lora/frames.ts';
import { isoTime } from '../../../platform/clock.ts';
import { micBytes } from '../../../protocols/lorawan/aes.ts';
import { airtimeMs } from '../../../protocols/lorawan/airtime.ts';
import { decodeDataFrame } from '../../../protocols/lorawan/data-frame.ts';
import { LorawanError } from '../../../protocols/lorawan/errors.ts';
import { isDataType, isUplink, type MessageType, typeOf } from '../../../protocols/lorawan/frame-type.ts';
import { decodeJoinRequest, type JoinAccept } from '../../../protocols/lorawan/join.ts';
import { cidOf, downlinkCommands, uplinkCommands } from '../../../protocols/lorawan/mac-commands.ts';
import { bandOf, cfListChannels } from '../../../protocols/lorawan/regions/region.ts';
import { signalOf } from '../uplink-signal.ts';
import type { FrameEntry, FrameKnowledge, LoggedFrame } from './frame-log.ts';

/** A frame with all its fields, as users see it. */
export function frameView({ seq, timeMs, frame }: FrameEntry): LoraFrame {
  const { bytes, via, known, dropped, heard } = frame;
  return {
    ...{ id: String(seq), time: isoTime(timeMs), direction: heard ? 'up' : 'down' },
    ...(via && { devEUI: via.nodeId, deviceId: via.device.id }),
    ...{ bytes: bytes.length, raw: hex(bytes), radio: radioOf(frame) },
    micCheck: known.micIsRight === undefined ? 'notChecked' : known.micIsRight ? 'right' : 'wrong',
    ...fieldsOf(bytes, known),
    ...(known.note && { note: known.note }),
    ...(dropped && { dropped }),
    ...(known.messageId !== undefined && { messageId: known.messageId }),
    ...(known.commandId !== undefined && { commandId: known.commandId }),
  };
}

type Fields = Pick<
  LoraFrame,
  'type' | 'mhdr' | 'major' | 'data' | 'joinRequest' | 'joinAccept' | 'mic' | 'problem'
>;

function fieldsOf(bytes: Uint8Array, known: FrameKnowledge): Fields {
  const [header] = bytes;
  const fields: Fields = header === undefined ? {} : { mhdr: hex([header]), major: header & 0b11 };
  try {
    const type = typeOf(bytes);
    const mic = bytes.length > micBytes ? { mic: hex(bytes.subarray(-micBytes)) } : {};
    return { ...fields, type, ...bodyOf(type, bytes, known, mic) };
  } catch (error) {
    if (!(error instanceof LorawanError)) throw error;
    return { ...fields, problem: error.message };
  }
}

function bodyOf(type: MessageType, bytes: Uint8Array, known: FrameKnowledge, mic: { mic?: string }): Fields {
  if (isDataType(type)) return { ...mic, ...orProblem(() => ({ data: dataOf(bytes, known) })) };
  if (type === 'JOIN_REQUEST') {
    return {
      ...mic,
      ...orProblem(() => {
        const { appEui, devEui, devNonce } = decodeJoinRequest(bytes);
        return { joinRequest: { appEui, devEui, devNonce } };
      }),
    };
  }
  // The MIC of a join-accept is encrypted with the rest.
  return known.accept ? { joinAccept: acceptOf(known.accept) } : {};
}

function orProblem(read: () => Fields): Fields {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof LorawanError)) throw error;
    return { problem: error.message };
  }
}

function dataOf(bytes: Uint8Array, { fCnt, payload }: FrameKnowledge): LoraFrameData {
  const frame = decodeDataFrame(bytes);
  const { type, devAddr, adr, adrAckReq, ack, fPending, fOpts, fPort } = frame;
  const up = isUplink(type);
  const codec = up ? uplinkCommands : downlinkCommands;
  const { commands, problem } = codec.read(fPort === 0 ? (payload ?? new Uint8Array()) : fOpts);
  return {
    devAddr: hexNumber(devAddr, 8),
    fCtrl: {
      ...{ raw: hex(bytes.subarray(5, 6)), adr, ack, fOptsLen: fOpts.length },
      ...(up ? { adrAckReq } : { fPending }),
    },
    fCnt: frame.fCnt,
    ...(fCnt !== undefined && { fCntFull: fCnt }),
    fOpts: hex(fOpts),
    ...(fPort !== undefined && { fPort }),
    frmPayload: hex(frame.payload),
    ...(payload && { payload: hex(payload) }),
    commands: commands.map(({ name, ...fields }) => ({
      ...{ name, cid: hexNumber(cidOf(name), 2) },
      fields: Object.entries(fields).map(([field, value]) => ({ name: field, value })),
    })),
    ...(problem !== undefined && { commandsProblem: problem }),
  };
}

function acceptOf(accept: JoinAccept): NonNullable<LoraFrame['joinAccept']> {
  const { appNonce, netId, devAddr, rx1DrOffset, rx2DataRate, rxDelayS, cfList } = accept;
  return {
    ...{ appNonce: hexNumber(appNonce, 6), netId: hexNumber(netId, 6), devAddr: hexNumber(devAddr, 8) },
    ...{ rx1DrOffset, rx2DataRate, rxDelayS },
    channels: cfListChannels(cfList).map((frequencyHz) => frequencyHz / 1_000_000),
  };
}

function radioOf({ bytes, heard, sent, known }: LoggedFrame): LoraFrame['radio'] {
  const dataRate = known.dataRate === undefined ? {} : { dataRate: known.dataRate };
  if (heard) {
    const [{ packet }] = heard.copies;
    const { modulation } = packet;
    const { esp, signalLevel } = signalOf(heard);
    return {
      ...{ frequency: packet.frequencyHz / 1_000_000, ...dataRate },
      ...(modulation.kind === 'LORA'
        ? {
            modulation: nameOf(modulation),
            ...(modulation.codingRate !== undefined && { codingRate: modulation.codingRate }),
            ...{ airtimeMs: tenths(airtimeMs(modulation, bytes.length, true)), esp, signalLevel },
          }
        : { modulation: modulation.kind }),
      heard: heard.copies.map(({ gateway, packet: { rssi, snr, channel, counterUs, timeMs } }) => ({
        ...{ gatewayId: gateway.id, rssi, counterUs },
        ...(snr !== undefined && { snr }),
        ...(channel !== undefined && { channel }),
        ...(timeMs !== undefined && { time: isoTime(timeMs) }),
      })),
    };
  }
  const tried = sent && sent.tried.length > 0 ? { tried: [...sent.tried] } : {};
  if (!sent?.way) return tried;
  const { gatewayId, slot, counterUs, window } = sent.way;
  const rate = known.region?.dataRates[slot.dataRate];
  const powerDbm = known.region && bandOf(known.region, slot.frequencyHz)?.gatewayPowerDbm;
  return {
    ...{ frequency: slot.frequencyHz / 1_000_000, dataRate: slot.dataRate, codingRate: '4/5' },
    ...(rate && { modulation: nameOf(rate), airtimeMs: tenths(airtimeMs(rate, bytes.length, false)) }),
    ...{ gatewayId, window, ...tried },
    ...(powerDbm !== undefined && { powerDbm }),
    ...(counterUs !== undefined && { counterUs }),
  };
}

const nameOf = (rate: { spreadingFactor: number; bandwidthKhz: number }): string =>
  `SF${rate.spreadingFactor}BW${rate.bandwidthKhz}`;
const hex = (bytes: Uint8Array | readonly number[]): string => Buffer.from(bytes).toString('hex');
const hexNumber = (value: number, digits: number): string =>
  value.toString(16).toUpperCase().padStart(digits, '0');
const tenths = (value: number): number => Math.round(value * 10) / 10;
