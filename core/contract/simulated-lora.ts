import { z } from 'zod';
import { generator, gpsPath } from './generators.ts';
import { gatewayId } from './lora/gateways.ts';
import { loraRegions } from './lora/regions.ts';

const lat = z.number().min(-90).max(90);
const lon = z.number().min(-180).max(180);
const share = z.number().min(0).max(1).default(0);
const port = z.int().min(1).max(223);
const hexBytes = (most: number) =>
  z
    .string()
    .max(most * 2)
    .regex(/^([0-9A-Fa-f]{2})*$/, 'must be bytes in hexadecimal digits, such as 0A30F5');

/** Most bytes of a payload at any data rate. */
const longestPayload = 242;

const channel = z.int().min(0).max(255).describe('Number of the channel');
const scalar = <Type extends string>(type: Type) =>
  z.object({ type: z.literal(type), channel, value: generator });
const vector = <Type extends string>(type: Type) =>
  z.object({ type: z.literal(type), channel, x: generator, y: generator, z: generator });

/** One reading of a Cayenne LPP payload. */
export const cayenneChannel = z.discriminatedUnion('type', [
  scalar('digitalInput'),
  scalar('digitalOutput'),
  scalar('analogInput'),
  scalar('analogOutput'),
  scalar('illuminance'),
  scalar('presence'),
  scalar('temperature'),
  scalar('humidity'),
  scalar('barometer'),
  vector('accelerometer'),
  vector('gyrometer'),
  z.object({ type: z.literal('gps'), channel }).describe('Where the device is'),
]);
export type CayenneChannel = z.output<typeof cayenneChannel>;

/** What a LoRa device sends. */
export const loraPayload = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('cayenne'),
    channels: z.array(cayenneChannel).min(1).max(60).describe('In the order of the payload'),
  }),
  z.object({
    kind: z.literal('hex'),
    text: z
      .string()
      .max(4000)
      .describe('Hexadecimal digits, with places to fill such as {{u16 n}} and {{i16le temperature*10}}'),
    fields: z.record(z.string().regex(/^[A-Za-z_]\w*$/, 'must be a name'), generator).default({}),
  }),
]);
export type LoraPayload = z.output<typeof loraPayload>;

const gateway = z.object({
  id: gatewayId.optional().describe('EUI; made with the fleet when absent'),
  lat,
  lon,
  outages: z
    .array(
      z
        .object({ fromS: z.number().min(0), toS: z.number().min(0) })
        .refine(({ fromS, toS }) => fromS < toS, { path: ['toS'], message: 'must be after fromS' }),
    )
    .max(100)
    .default([])
    .describe('When it is without power, in seconds since the fleet started'),
});
export type SimulatedGatewaySettings = z.output<typeof gateway>;

const area = z.object({
  lat: lat.default(48.8566),
  lon: lon.default(2.3522),
  radiusM: z.number().min(0).max(100_000).default(1500),
});

/**
 * How signals fade. Loss in dB at a distance d: `lossAt1KmDb + 10 pathLossExponent log10(d / 1 km)`, and by chance. The
 * defaults are those that were measured in Oulu (Petäjäjärvi et al., "On the coverage of LPWANs", 2015).
 */
const radio = z.object({
  lossAt1KmDb: z.number().min(0).max(300).default(128.95),
  pathLossExponent: z.number().min(1).max(10).default(2.32),
  shadowingDb: z
    .number()
    .min(0)
    .max(30)
    .default(7.8)
    .describe('Standard deviation of the loss by what stands between, the same at one place'),
  fadingDb: z
    .number()
    .min(0)
    .max(30)
    .default(2)
    .describe('Standard deviation of the loss from frame to frame'),
  noiseFigureDb: z.number().min(0).max(30).default(6),
  captureDb: z
    .number()
    .min(0)
    .max(30)
    .default(6)
    .describe('By how much a frame must be stronger than all others on its channel to be understood'),
});
export type RadioModel = z.output<typeof radio>;

const clockDrift = z.number().min(-200_000).max(200_000);

const faults = z.object({
  badMic: share.describe('Part of the uplinks whose MIC is broken on the way'),
  replay: share.describe('Part of the uplinks after which an older one is sent once more'),
  clockDriftPpm: clockDrift
    .default(0)
    .describe('By how much the clocks of devices are slow, in millionths: their receive windows open late'),
});

/** What only fleets of LoRa devices have. */
export const loraFields = {
  region: z.enum(loraRegions).default('EU868'),
  deviceClass: z.enum(['A', 'C']).default('A'),
  profile: z
    .string()
    .min(1)
    .max(128)
    .optional()
    .describe('Of the interface on the platform; by region and class when absent'),
  connectivityPlan: z.string().min(1).max(128).default('orange-cs/CP_Basic'),
  encoding: z.string().min(1).max(128).optional().describe('Of the interface: what the platform decodes by'),
  appEUI: gatewayId.default('02F1EE7B00000000').describe('16 hexadecimal digits'),
  port: port.default(1),
  confirmed: z.boolean().default(false).describe('Whether its uplinks ask for an acknowledgement'),
  adr: z.boolean().default(true).describe('Whether the network chooses data rate and power'),
  spreadingFactor: z.int().min(7).max(12).default(9).describe('That devices begin with'),
  txPowerDbm: z.int().min(0).max(30).default(14).describe('Most power of a device'),
  battery: z.int().min(0).max(255).default(254).describe('0 external power, 1 to 254, 255 not measured'),
  area: area.prefault({}).describe('Where the devices are, each at a place of its own'),
  location: gpsPath.optional().describe('Where the devices move along, in place of the area'),
  gateways: z
    .array(gateway)
    .min(1)
    .max(100)
    .optional()
    .describe('Three around the middle of the area when absent'),
  radio: radio.prefault({}),
  faults: faults.prefault({}),
  payload: loraPayload,
};

/** A device sends an uplink by itself. */
export const loraSend = z.object({
  port,
  data: hexBytes(longestPayload).describe('The payload, in hexadecimal digits'),
  confirmed: z.boolean().optional().describe('As the fleet says when absent'),
});

/** What a person does with a LoRa device, or what happens to it. */
export const loraAction = z.discriminatedUnion('action', [
  z.object({ action: z.literal('rejoin').describe('Forgets its session and joins anew') }),
  z.object({ action: z.literal('linkCheck').describe('Asks the network how well it is heard') }),
  z.object({ action: z.literal('deviceTime').describe('Asks the network for the time') }),
  z.object({ action: z.literal('move').describe('Is at another place from now on'), lat, lon }),
  z.object({
    action: z.literal('setBattery').describe('What it answers to the network from now on'),
    battery: z.int().min(0).max(255),
  }),
  z.object({ action: z.literal('setClockDrift'), ppm: clockDrift }),
  z.object({ action: z.literal('badMic').describe('Sends a frame whose MIC is wrong') }),
  z.object({ action: z.literal('replay').describe('Sends an older frame once more') }),
  z.object({
    action: z.literal('gatewayOutage').describe('A gateway of its fleet is without power for a while'),
    gateway: z.int().min(1).describe('Number of the gateway, from 1'),
    seconds: z.number().min(0).max(86_400),
  }),
]);

const dbm = z.number().describe('dBm');
export type LoraAction = z.infer<typeof loraAction>;

export const isLoraAction = (given: { readonly action: string }): given is LoraAction =>
  loraAction.options.some(({ shape }) => shape.action.value === given.action);

/** A LoRa device as it is now. */
export const loraDetails = z.object({
  devAddr: z.string().nullable().describe('8 hexadecimal digits; null before it has joined'),
  dataRate: z.string().describe('As SF9BW125'),
  txPowerDbm: dbm,
  transmissions: z.int().describe('How often it sends each unconfirmed frame'),
  fCntUp: z.int().describe('Counter of its next uplink'),
  fCntDown: z.int().nullable().describe('Counter of the last downlink'),
  channels: z.int().describe('Channels that it may use'),
  dutyCycleFreeInMs: z.int().describe('Time until it may send on some channel'),
  battery: z.int(),
  clockDriftPpm: z.number(),
  position: z.object({ lat, lon }),
  lastAnswer: z.string().nullable().describe('What the network answered to its last question'),
  gateways: z.array(
    z.object({
      id: z.string(),
      lat,
      lon,
      state: z
        .enum(['online', 'outage', 'unreachable'])
        .describe('unreachable: the platform does not answer it'),
      distanceM: z.number(),
      rssi: dbm.nullable().describe('Of the last uplink there; null when it was not heard'),
      snr: z.number().nullable().describe('dB'),
    }),
  ),
  inbox: z
    .array(
      z.object({
        time: z.iso.datetime(),
        port: z.int(),
        data: z.string().describe('Hexadecimal'),
        fCnt: z.int(),
        confirmed: z.boolean(),
        window: z.enum(['RX1', 'RX2']),
        rssi: dbm,
        snr: z.number(),
      }),
    )
    .describe('Payloads that the platform has sent to it, newest first'),
});
export type LoraDeviceDetails = z.infer<typeof loraDetails>;
