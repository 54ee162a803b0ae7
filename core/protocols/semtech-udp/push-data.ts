import { malformed, SemtechUdpError } from './errors.ts';
import { asObject, describe, FieldReader } from './fields.ts';
import { type Modulation, readFrequency, readModulation, writeModulation } from './rate.ts';

/** A frame that a gateway received (protocol v2, 4). */
export interface ReceivedPacket {
  /** The gateway's own counter when the frame ended: microseconds, 32 bits. */
  readonly counterUs: number;
  /** When it came, in milliseconds since the epoch; undefined for a gateway that has no GPS. */
  readonly timeMs: number | undefined;
  readonly frequencyHz: number;
  readonly channel: number | undefined;
  readonly rfChain: number | undefined;
  readonly modulation: Modulation;
  /** dBm. */
  readonly rssi: number;
  /** dB; undefined for FSK. */
  readonly snr: number | undefined;
  readonly data: Uint8Array;
}

/** How a gateway is (protocol v2, 4). What it does not tell is undefined. */
export interface GatewayStatus {
  readonly timeMs: number | undefined;
  readonly latitude: number | undefined;
  readonly longitude: number | undefined;
  /** Metres. */
  readonly altitude: number | undefined;
  /** Frames received; those with a right checksum; those handed on. */
  readonly received: number | undefined;
  readonly receivedOk: number | undefined;
  readonly forwarded: number | undefined;
  /** Share of its datagrams that were acknowledged, in percent. */
  readonly acknowledgedPercent: number | undefined;
  /** Datagrams for it to send; frames that it sent. */
  readonly downlinks: number | undefined;
  readonly sent: number | undefined;
}

export interface PushData {
  readonly packets: readonly ReceivedPacket[];
  readonly status: GatewayStatus | undefined;
  /** What is wrong with the packets, or the status, that were left out. */
  readonly problems: readonly string[];
  /** Frames that the gateway itself says are broken: their checksum does not fit, or they have none. */
  readonly broken: number;
}

/**
 * Reads the JSON of a PUSH_DATA. What is wrong with one packet is no fault of the others.
 * @param mostPackets so many are read; what is behind them is told as one problem
 * @throws SemtechUdpError `semtech.malformed` when it has neither packets nor a status
 */
export function readPushData(body: unknown, mostPackets = Number.POSITIVE_INFINITY): PushData {
  const { rxpk, stat } = asObject(body, 'the body');
  if (rxpk === undefined && stat === undefined) throw malformed('the body has neither rxpk nor stat');
  if (rxpk !== undefined && !Array.isArray(rxpk))
    throw malformed(`rxpk must be a list, got ${describe(rxpk)}`);
  const problems: string[] = [];
  const attempt = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof SemtechUdpError)) throw error;
      problems.push(error.message);
      return undefined;
    }
  };
  let broken = 0;
  const packets: ReceivedPacket[] = [];
  const items: readonly unknown[] = rxpk ?? [];
  if (items.length > mostPackets)
    problems.push(`rxpk has ${items.length} packets; those behind the first ${mostPackets} are left out`);
  for (const [index, item] of items.slice(0, mostPackets).entries()) {
    const packet = attempt(() => readPacket(item, `rxpk[${index}]`));
    if (packet === 'broken') broken++;
    else if (packet) packets.push(packet);
  }
  const status = stat === undefined ? undefined : attempt(() => readStatus(stat));
  return { packets, status, problems, broken };
}

function readPacket(item: unknown, place: string): ReceivedPacket | 'broken' {
  const fields = new FieldReader(asObject(item, place), place);
  // Without a right checksum the rest is noise.
  if (fields.has('stat') && fields.integer('stat', -1, 1) !== 1) return 'broken';
  const data = fields.base64('data');
  const size = fields.integer('size', 0, 255);
  if (size !== data.length)
    throw fields.wrong('size', `must be the length of data, which is ${data.length} bytes`);
  const modulation = readModulation(fields);
  const modern = fields.has('rsig') ? bestSignal(fields, place, item) : fields;
  return {
    counterUs: fields.integer('tmst', 0, 0xffff_ffff),
    timeMs: fields.optional('time', (name) => fields.time(name)),
    frequencyHz: readFrequency(fields),
    channel: modern.optional('chan', (name) => modern.integer(name, 0, 255)),
    rfChain: fields.optional('rfch', (name) => fields.integer(name, 0, 255)),
    modulation,
    rssi: modern.number(modern.has('rssic') ? 'rssic' : 'rssi', -200, 50),
    snr: modulation.kind === 'FSK' && !modern.has('lsnr') ? undefined : modern.number('lsnr', -64, 64),
    data,
  };
}

/** Gateways with several antennas tell the signal at each (protocol v2 of 2017). */
function bestSignal(fields: FieldReader, place: string, item: unknown): FieldReader {
  const { rsig } = item as { rsig: unknown };
  if (!Array.isArray(rsig) || rsig.length === 0) throw fields.wrong('rsig', 'must be a list of signals');
  const signals = rsig.map((each, index) => {
    const at = `${place}.rsig[${index}]`;
    const signal = new FieldReader(asObject(each, at), at);
    return { signal, snr: signal.number('lsnr', -64, 64) };
  });
  return signals.reduce((best, each) => (each.snr > best.snr ? each : best)).signal;
}

const mostCount = 0xffff_ffff;

function readStatus(stat: unknown): GatewayStatus {
  const fields = new FieldReader(asObject(stat, 'stat'), 'stat');
  const count = (name: string): number | undefined =>
    fields.optional(name, (of) => fields.integer(of, 0, mostCount));
  return {
    timeMs: fields.optional('time', (name) => fields.time(name)),
    latitude: fields.optional('lati', (name) => fields.number(name, -90, 90)),
    longitude: fields.optional('long', (name) => fields.number(name, -180, 180)),
    altitude: fields.optional('alti', (name) => fields.number(name, -1000, 100_000)),
    received: count('rxnb'),
    receivedOk: count('rxok'),
    forwarded: count('rxfw'),
    acknowledgedPercent: fields.optional('ackr', (name) => fields.number(name, 0, 100)),
    downlinks: count('dwnb'),
    sent: count('txnb'),
  };
}

/** The JSON of a PUSH_DATA, as a gateway writes it. */
export function writePushData(
  packets: readonly ReceivedPacket[],
  status?: Partial<GatewayStatus>,
): Record<string, unknown> {
  return {
    ...(packets.length > 0 && { rxpk: packets.map(writePacket) }),
    ...(status && { stat: writeStatus(status) }),
  };
}

function writePacket({ counterUs, timeMs, frequencyHz, channel, rfChain, ...rest }: ReceivedPacket) {
  const { modulation, rssi, snr, data } = rest;
  return {
    ...(timeMs !== undefined && { time: new Date(timeMs).toISOString() }),
    tmst: counterUs,
    ...(channel !== undefined && { chan: channel }),
    ...(rfChain !== undefined && { rfch: rfChain }),
    freq: frequencyHz / 1_000_000,
    stat: 1,
    ...writeModulation(modulation),
    rssi,
    ...(snr !== undefined && { lsnr: snr }),
    size: data.length,
    data: Buffer.from(data).toString('base64'),
  };
}

function writeStatus(status: Partial<GatewayStatus>): Record<string, unknown> {
  const { timeMs, latitude, longitude, altitude, received, receivedOk, forwarded } = status;
  return {
    // The form of the reference forwarder.
    ...(timeMs !== undefined && {
      time: `${new Date(timeMs).toISOString().slice(0, 19).replace('T', ' ')} GMT`,
    }),
    ...{ lati: latitude, long: longitude, alti: altitude, rxnb: received, rxok: receivedOk, rxfw: forwarded },
    ...{ ackr: status.acknowledgedPercent, dwnb: status.downlinks, txnb: status.sent },
  };
}
