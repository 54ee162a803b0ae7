import { z } from 'zod';
import { commandStatuses } from '../commands.ts';
import { interfaceStatuses } from '../connectors.ts';
import { gatewayJson } from './gateways.ts';
import { connectivityPlan } from './plans.ts';

const band = z.object({
  from: z.number().describe('MHz'),
  to: z.number().describe('MHz'),
  share: z.number().describe('Of an hour that one gateway may send here: 0.01 is 1 %; 1 is all of it'),
  usedMs: z.number().describe('Time on the air in the last hour'),
  allowedMs: z.number(),
});

/** A gateway with what the network knows of it now. */
export const loraGatewayState = gatewayJson.extend({
  region: z
    .string()
    .optional()
    .describe('The one that was given, else that of the frames that it heard; absent before the first'),
  regionSource: z.enum(['GIVEN', 'HEARD']).optional(),
  fetchesDownlinks: z.boolean().describe('Whether it has asked for frames to send (PULL_DATA)'),
  dutyCycle: z.array(band).describe('By band of its region'),
});
export type LoraGatewayState = z.output<typeof loraGatewayState>;

const heardBy = z.object({
  gatewayId: z.string(),
  rssi: z.number().describe('dBm'),
  snr: z.number().describe('dB'),
  esp: z.number().describe('dBm'),
});

const place = z.object({
  lat: z.number(),
  lon: z.number(),
  accuracy: z.number().optional().describe('Metres, of an estimated one'),
  source: z.enum(['STATIC', 'ESTIMATED']).describe('Of the device, or by the own gateways that heard it'),
});

/** LoRa devices with who heard them last. */
export const loraMap = z.object({
  devices: z.array(
    z.object({
      deviceId: z.string(),
      name: z.string().optional(),
      devEUI: z.string(),
      status: z.enum(interfaceStatuses),
      simulated: z.boolean(),
      place: place.optional(),
      lastUplink: z.iso.datetime().optional(),
      heardBy: z.array(heardBy).describe('The best first'),
    }),
  ),
});
export type LoraMap = z.output<typeof loraMap>;

/** What a command for a LoRa device waits for. */
export const queueReasons = [
  'UPLINK',
  'WINDOW',
  'EARLIER',
  'JOIN',
  'DISABLED',
  'PROFILE',
  'GATEWAY',
  'DUTY_CYCLE',
  'GATEWAY_ANSWER',
  'ACKNOWLEDGEMENT',
] as const;
export type QueueReason = (typeof queueReasons)[number];

const queuedCommand = z.object({
  id: z.string(),
  status: z.enum(commandStatuses),
  port: z.int(),
  data: z.string().describe('Hexadecimal'),
  confirmed: z.boolean(),
  created: z.iso.datetime(),
  expires: z.iso.datetime(),
  waitsFor: z.enum(queueReasons),
  transmissions: z.int().optional().describe('Of a confirmed one that is not acknowledged yet'),
});

const receiveWindow = z.object({
  name: z.enum(['RX1', 'RX2']),
  afterS: z
    .int()
    .optional()
    .describe('Seconds after an uplink; absent for RX2 of class C, which is always open'),
  frequency: z.number().optional().describe('MHz; absent for RX1, which is where the uplink was'),
  modulation: z.string().optional(),
});

const radioSettings = { dataRate: z.int(), txPower: z.int(), nbTrans: z.int() };

/** What the network knows of a LoRa interface. No keys are in it. */
export const loraNodeState = z.object({
  devEUI: z.string(),
  status: z.enum(interfaceStatuses),
  enabled: z.boolean(),
  profile: z.object({
    name: z.string(),
    known: z.boolean(),
    deviceClass: z.enum(['A', 'C']).optional(),
    region: z.string().optional(),
  }),
  plan: connectivityPlan.shape.parameters
    .extend({ id: z.string().optional().describe('Absent where options are given, and no plan') })
    .optional()
    .describe('Absent: nobody knows the plan'),
  session: z
    .object({
      devAddr: z.string(),
      fCntUp: z.int().optional().describe('Last counter of an uplink, 32 bits; absent before the first'),
      fCntDown: z.int().describe('Counter of the next downlink'),
      windows: z.array(receiveWindow),
    })
    .optional()
    .describe('Absent before a join'),
  pendingDevAddr: z
    .string()
    .optional()
    .describe('Address of a join that was answered, while nothing was heard by its keys'),
  joins: z.int().describe('Nonces of joins that are remembered'),
  lastUplink: z
    .object({
      time: z.iso.datetime(),
      dataRate: z.int(),
      modulation: z.string().optional(),
      frequency: z.number(),
      heardBy: z.array(heardBy),
    })
    .optional(),
  adr: z
    .object({
      state: z.enum(['OFF', 'MEASURING', 'ASKED', 'REFUSED', 'STEADY']),
      ...{ uplinks: z.int(), needed: z.int().describe('Setting loraAdrUplinks') },
      ...{ txPower: z.int(), nbTrans: z.int() },
      asked: z.object(radioSettings).optional().describe('What the device was last asked to take'),
    })
    .optional()
    .describe('Absent before the first uplink of a session'),
  battery: z
    .object({
      level: z.int().optional().describe('0 external power, 1 to 254, 255 not measured'),
      asked: z.iso.datetime(),
    })
    .optional(),
  place: place.optional(),
  queue: z.array(queuedCommand).describe('Commands that are not done, in the order in which they go out'),
  lastFailure: z
    .object({ time: z.iso.datetime(), text: z.string() })
    .optional()
    .describe('Why the last downlink was not sent; absent when it was'),
});
export type LoraNodeState = z.output<typeof loraNodeState>;

export const loraDeviceState = z.object({ interfaces: z.array(loraNodeState) });
export type LoraDeviceState = z.output<typeof loraDeviceState>;
