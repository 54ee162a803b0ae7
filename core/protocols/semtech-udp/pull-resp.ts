import { asObject, FieldReader } from './fields.ts';
import { type Modulation, readFrequency, readModulation, writeModulation } from './rate.ts';

/** A frame for a gateway to send (protocol v2, 6). */
export interface PacketToSend {
  /** At this value of the gateway's counter; undefined: at once. */
  readonly counterUs: number | undefined;
  readonly frequencyHz: number;
  readonly rfChain: number;
  /** dBm. */
  readonly powerDbm: number;
  readonly modulation: Modulation;
  /** True for frames to devices, which hear nothing else. */
  readonly invertedPolarity: boolean;
  readonly noCrc: boolean;
  readonly data: Uint8Array;
}

/** The JSON of a PULL_RESP. */
export function writePullResp(packet: PacketToSend): Record<string, unknown> {
  const { counterUs, frequencyHz, rfChain, powerDbm, modulation, invertedPolarity, noCrc, data } = packet;
  return {
    txpk: {
      imme: counterUs === undefined,
      ...(counterUs !== undefined && { tmst: counterUs }),
      freq: frequencyHz / 1_000_000,
      rfch: rfChain,
      powe: powerDbm,
      ...writeModulation(modulation),
      ipol: invertedPolarity,
      ncrc: noCrc,
      size: data.length,
      data: Buffer.from(data).toString('base64'),
    },
  };
}

/** Reads the JSON of a PULL_RESP as a gateway does. @throws SemtechUdpError `semtech.malformed` */
export function readPullResp(body: unknown): PacketToSend {
  const { txpk } = asObject(body, 'the body');
  const fields = new FieldReader(asObject(txpk, 'txpk'), 'txpk');
  const immediately = fields.optional('imme', (name) => fields.boolean(name)) ?? false;
  const data = fields.base64('data');
  const size = fields.integer('size', 0, 255);
  if (size !== data.length)
    throw fields.wrong('size', `must be the length of data, which is ${data.length} bytes`);
  return {
    counterUs: immediately ? undefined : fields.integer('tmst', 0, 0xffff_ffff),
    frequencyHz: readFrequency(fields),
    rfChain: fields.optional('rfch', (name) => fields.integer(name, 0, 255)) ?? 0,
    powerDbm: fields.optional('powe', (name) => fields.number(name, -50, 50)) ?? 14,
    modulation: readModulation(fields),
    invertedPolarity: fields.optional('ipol', (name) => fields.boolean(name)) ?? false,
    noCrc: fields.optional('ncrc', (name) => fields.boolean(name)) ?? false,
    data,
  };
}

/**
 * Why a gateway did not send, by its own word (protocol v2, 5.5): `TOO_LATE`, `COLLISION_PACKET`, `TX_FREQ`, …;
 * undefined when it will. A warning (`warn`) is no refusal.
 * @throws SemtechUdpError `semtech.malformed`
 */
export function readTxAck(body: unknown): string | undefined {
  if (body === undefined) return undefined;
  const { txpk_ack: acknowledgement } = asObject(body, 'the body');
  const fields = new FieldReader(asObject(acknowledgement, 'txpk_ack'), 'txpk_ack');
  const error = fields.optional('error', (name) =>
    fields.text(name, /^[\w ]{1,64}$/, 'a word such as "TOO_LATE"'),
  );
  return error === undefined || error === 'NONE' ? undefined : error;
}

export const writeTxAck = (error: string | undefined): Record<string, unknown> => ({
  txpk_ack: { error: error ?? 'NONE' },
});
