import { z } from 'zod';

/** What one gateway heard of a frame. */
const frameReception = z.object({
  gatewayId: z.string(),
  rssi: z.number().describe('dBm'),
  snr: z.number().optional().describe('dB; absent for FSK'),
  channel: z.int().optional(),
  counterUs: z.int().describe('Counter of the gateway when the frame ended, microseconds'),
  time: z.iso.datetime().optional().describe('By the GPS of the gateway'),
});

const frameRadio = z.object({
  frequency: z.number().optional().describe('MHz; absent for a frame that no gateway was asked to send'),
  modulation: z
    .string()
    .optional()
    .describe('As SF9BW125, or FSK; absent like the frequency')
    .meta({ examples: ['SF9BW125'] }),
  codingRate: z.string().optional(),
  dataRate: z
    .int()
    .optional()
    .describe('Number of the data rate in the region of the device, where it is known'),
  airtimeMs: z.number().optional().describe('Time on the air'),
  heard: z.array(frameReception).optional().describe('Uplinks: who heard it, the best first'),
  esp: z
    .number()
    .optional()
    .describe('Uplinks: power of the signal without the noise at the best gateway, dBm'),
  signalLevel: z.int().optional().describe('Uplinks: 0 to 5 (docs/lora.md)'),
  gatewayId: z.string().optional().describe('Downlinks: who sends it; absent when nobody does'),
  powerDbm: z.number().optional().describe('Downlinks'),
  window: z
    .enum(['RX1', 'RX2', 'RX2_ANY_TIME'])
    .optional()
    .describe('Downlinks: where it goes; RX2_ANY_TIME is that of a device of class C'),
  counterUs: z.int().optional().describe('Downlinks: counter of the gateway at which it sends'),
  tried: z
    .array(z.string())
    .optional()
    .describe('Downlinks: ways that were tried before, each with why it did not go there'),
});

const frameCommand = z.object({
  name: z.string(),
  cid: z.string().describe('Two hexadecimal digits'),
  fields: z.array(z.object({ name: z.string(), value: z.number() })),
});

/** A data frame, field by field (LoRaWAN 1.0.3, 4.3). */
const frameData = z.object({
  devAddr: z.string(),
  fCtrl: z.object({
    raw: z.string(),
    adr: z.boolean(),
    adrAckReq: z.boolean().optional().describe('Uplinks'),
    ack: z.boolean(),
    fPending: z.boolean().optional().describe('Downlinks'),
    fOptsLen: z.int(),
  }),
  fCnt: z.int().describe('16 bits, as it is on the air'),
  fCntFull: z.int().optional().describe('32 bits; absent where nobody knows the session'),
  fOpts: z.string().describe('Hexadecimal'),
  fPort: z.int().optional(),
  frmPayload: z.string().describe('Hexadecimal, encrypted as it is on the air'),
  payload: z.string().optional().describe('Hexadecimal, decrypted; absent where the session is not known'),
  commands: z.array(frameCommand).describe('MAC commands of FOpts, or of port 0'),
  commandsProblem: z.string().optional().describe('Why not all of them were read'),
});
export type LoraFrameData = z.output<typeof frameData>;

const frameJoinRequest = z.object({ appEui: z.string(), devEui: z.string(), devNonce: z.int() });

const frameJoinAccept = z.object({
  appNonce: z.string(),
  netId: z.string(),
  devAddr: z.string(),
  rx1DrOffset: z.int(),
  rx2DataRate: z.int(),
  rxDelayS: z.int(),
  channels: z.array(z.number()).describe('Further channels of the CFList, MHz'),
});

/** A frame of a LoRa device, or for one. No keys are in it. */
export const loraFrame = z.object({
  id: z.string().describe('Rises with time, until the program ends'),
  time: z.iso.datetime(),
  direction: z.enum(['up', 'down']),
  type: z.string().optional().describe('MType of the MHDR by its name; absent for bytes that are no frame'),
  mhdr: z.string().optional().describe('Hexadecimal'),
  major: z.int().optional(),
  devEUI: z.string().optional().describe('Absent while nobody knows whose it is'),
  deviceId: z.string().optional(),
  bytes: z.int(),
  raw: z.string().describe('Hexadecimal: the PHYPayload as it is on the air'),
  radio: frameRadio,
  data: frameData.optional(),
  joinRequest: frameJoinRequest.optional(),
  joinAccept: frameJoinAccept.optional().describe('Decrypted'),
  mic: z.string().optional(),
  micCheck: z
    .enum(['right', 'wrong', 'notChecked'])
    .describe('notChecked: it was dropped before, or nobody has the key'),
  note: z
    .enum(['repeated', 'sentAgain'])
    .optional()
    .describe('The last uplink once more; a confirmed downlink once more'),
  problem: z.string().optional().describe('Why the bytes are no frame of LoRaWAN'),
  dropped: z
    .object({ reason: z.string(), text: z.string() })
    .optional()
    .describe('Why it was dropped, or was not sent; the reasons are in docs/lora.md'),
  messageId: z.string().optional().describe('The data message that came of it'),
  commandId: z.string().optional().describe('The command that it carries'),
});
export type LoraFrame = z.output<typeof loraFrame>;

/** Newest first. */
export const loraFramePage = z.object({
  frames: z.array(loraFrame),
  limits: z
    .object({ loraLogMaxFrames: z.int(), loraLogMaxBytes: z.int() })
    .describe('Settings: what is kept'),
});
export type LoraFramePage = z.output<typeof loraFramePage>;
