import { z } from 'zod';
import { generator, gpsPath } from './generators.ts';
import { obedient, responder } from './responders.ts';
import { loraAction, loraDetails, loraFields, loraSend } from './simulated-lora.ts';
import { lwm2mAction, lwm2mDetails, lwm2mFields, lwm2mSend } from './simulated-lwm2m.ts';
import { smsAction, smsDetails, smsFields, smsSend } from './simulated-sms.ts';

/** The platform takes no other names within a value. */
const fieldName = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^$.][^.]*$/, 'must not begin with $ or hold a dot');
const model = z
  .string()
  .max(255)
  .regex(/^[^ .]+$/, 'must not hold a space or a dot')
  .optional();

/** What a simulated MQTT device publishes, or a handset writes by itself. */
export const simulatedPayload = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('fields'),
    model,
    fields: z.record(fieldName, generator),
    location: gpsPath.optional(),
  }),
  z.object({
    kind: z.literal('csv'),
    model,
    text: z
      .string()
      .max(1_000_000)
      .describe('First line: names of the fields. Replayed from the start at its end'),
  }),
  z.object({
    kind: z.literal('template'),
    text: z
      .string()
      .max(100_000)
      .describe('The payload with {{n}} message number, {{device}}, {{time}}, {{random min max}}'),
  }),
]);
export type SimulatedPayload = z.infer<typeof simulatedPayload>;

const topic = z
  .string()
  .min(1)
  .max(1000)
  .regex(/^[^#+\0]+$/, 'must not hold the wildcards # and +');

/** Most messages that all devices of a fleet may send in a second. */
const highestRate = 20_000;
const mostDevices = 10_000;

/** What fleets of every kind have. */
const commonFields = {
  name: z.string().min(1).max(100),
  count: z.int().min(1).max(mostDevices).default(1),
  idPattern: z
    .string()
    .max(128)
    .regex(/^[\w:-]*(\{n\}[\w:-]*)*$/, 'only letters, digits and : - _ and {n}')
    .refine(
      (pattern) => !pattern.startsWith('urn:lo:nsid:') || /^urn:lo:nsid:[\w-]+:.+$/.test(pattern),
      'a device id is urn:lo:nsid:{namespace}:{id}',
    )
    .default('urn:lo:nsid:sim:device-{n}')
    .describe('Client id, or endpoint name, of each device; {n} becomes its number, from 1'),
  groupPath: z
    .string()
    .max(1000)
    .regex(/^(\/|(\/[^/*\p{Cc}]+)+)$/u, 'must be a path such as /plant/hall 1')
    .optional()
    .describe('Made when it is not there'),
  tags: z.array(z.string().min(1).max(32)).max(20).default([]),
  periodMs: z
    .int()
    .min(10)
    .max(86_400_000)
    .default(5000)
    .describe('Time between two messages of a device; of LwM2M devices, between two values of a resource'),
  jitter: z
    .number()
    .min(0)
    .max(1)
    .default(0.1)
    .describe('Part of the period by which a message may be early or late'),
  seed: z.int().min(0).default(1),
  connectsPerS: z
    .int()
    .min(1)
    .max(5000)
    .default(500)
    .describe('Most devices that begin to connect in a second'),
};

/** A fleet of MQTT devices, or of nodes behind an external connector. */
export const mqttFleetTemplate = z.object({
  ...commonFields,
  connector: z
    .enum(['mqtt', 'x-connector'])
    .default('mqtt')
    .describe('x-connector: the devices are nodes behind one external connector'),
  tls: z.boolean().default(false),
  topic: topic.default('dev/data'),
  payload: simulatedPayload,
  responders: z
    .array(responder)
    .max(50)
    .prefault([...obedient])
    .describe('What its devices do when the platform asks something of them; none: nothing'),
});
export type MqttFleetTemplate = z.infer<typeof mqttFleetTemplate>;
export type MqttFleetInput = z.input<typeof mqttFleetTemplate>;

/** A fleet of LwM2M devices. */
export const lwm2mFleetTemplate = z.object({
  ...commonFields,
  connector: z.literal('lwm2m'),
  ...lwm2mFields,
});
export type Lwm2mFleetTemplate = z.infer<typeof lwm2mFleetTemplate>;
export type Lwm2mFleetInput = z.input<typeof lwm2mFleetTemplate>;

/** A fleet of LoRa devices, with the gateways that hear them. */
export const loraFleetTemplate = z.object({
  ...commonFields,
  connector: z.literal('lora'),
  idPattern: z
    .string()
    .max(18)
    .regex(
      /^([0-9A-Fa-f]{16}|[0-9A-Fa-f]{0,15}\{n\})$/,
      'must be 16 hexadecimal digits, or fewer of them and {n} at the end',
    )
    .default('02F1EE7B{n}')
    .describe('DevEUI of each device; {n} becomes its number in hexadecimal, from 1, filled up to 16 digits'),
  connectsPerS: commonFields.connectsPerS.default(10).describe('Most devices that begin to join in a second'),
  ...loraFields,
});
export type LoraFleetTemplate = z.infer<typeof loraFleetTemplate>;
export type LoraFleetInput = z.input<typeof loraFleetTemplate>;

/** A fleet of handsets, which write and receive short messages. */
export const smsFleetTemplate = z.object({
  ...commonFields,
  connector: z.literal('sms'),
  ...smsFields,
  payload: simulatedPayload
    .optional()
    .describe('What each writes to the server number every period; nothing by itself when absent'),
});
export type SmsFleetTemplate = z.infer<typeof smsFleetTemplate>;
export type SmsFleetInput = z.input<typeof smsFleetTemplate>;

/** Messages that all inboxes of a fleet of handsets may have room for. */
const mostInboxMessages = 200_000;

/** A fleet of simulated devices. */
export const fleetTemplate = z
  .discriminatedUnion('connector', [
    mqttFleetTemplate,
    lwm2mFleetTemplate,
    loraFleetTemplate,
    smsFleetTemplate,
  ])
  .refine(({ count, idPattern }) => count === 1 || idPattern.includes('{n}'), {
    path: ['idPattern'],
    message: 'must hold {n} when there is more than one device',
  })
  .refine(({ count, periodMs }) => (count * 1000) / periodMs <= highestRate, {
    path: ['periodMs'],
    message: `is too short for so many devices: together they may send at most ${highestRate} messages a second`,
  })
  .refine((fleet) => fleet.connector !== 'sms' || fleet.count * fleet.inbox.size <= mostInboxMessages, {
    path: ['inbox', 'size'],
    message: `is too large for so many handsets: together their inboxes may hold at most ${mostInboxMessages} messages`,
  })
  .refine((fleet) => fleet.connector !== 'sms' || lastMsisdn(fleet) !== undefined, {
    path: ['firstMsisdn'],
    message: 'must leave numbers for all handsets: the last one would have another length',
  });
/** Number of the last handset; undefined when there are not so many of this length. */
function lastMsisdn({ firstMsisdn, count }: { firstMsisdn: string; count: number }): string | undefined {
  const last = String(Number(firstMsisdn) + count - 1);
  return last.length === firstMsisdn.length ? last : undefined;
}

export type FleetTemplate = z.infer<typeof fleetTemplate>;
/** A fleet as a caller may write it, without what has a default. */
export type FleetTemplateInput = z.input<typeof fleetTemplate>;
export type FleetConnector = FleetTemplate['connector'];

/** A fleet to start from. */
export const galleryEntry = z.object({ id: z.string(), description: z.string(), template: fleetTemplate });
export type GalleryEntry = z.infer<typeof galleryEntry>;

export const fleetView = z.object({
  id: z.string(),
  template: fleetTemplate,
  state: z.enum(['stopped', 'starting', 'running', 'stopping', 'failed']),
  /** What is wrong and what to do, when something is. */
  problem: z.string().nullable(),
  devices: z.int(),
  connected: z.int(),
  sent: z.int(),
  acknowledged: z.int(),
  received: z.int(),
  errors: z.int().describe('Connections refused or lost, and messages that were given up'),
  skipped: z
    .int()
    .describe('Messages left out because the device was not ready to send when their time came'),
});
export type FleetView = z.infer<typeof fleetView>;

/** One packet to or from a simulated device. */
export const simulatedFrame = z.object({
  time: z.iso.datetime(),
  direction: z.enum(['sent', 'received']),
  topic: z
    .string()
    .describe(
      'Of LwM2M and LoRa devices: the message as people write it, such as CON GET /3/0/0 or UNCONFIRMED_DATA_UP fcnt=7; of handsets from whom to whom',
    ),
  payload: z
    .string()
    .describe(
      'Text, or hexadecimal when it is no text; of LwM2M devices what it says, one value in a line; of LoRa devices the payload in hexadecimal digits, and MAC commands, one in a line; of handsets the user data',
    ),
  bytes: z.int(),
  truncated: z.boolean().describe('true when only the beginning of the payload is kept'),
  state: z
    .enum(['waiting', 'acknowledged', 'failed', 'received'])
    .describe(
      'Of an unconfirmed LoRa frame: acknowledged when the platform has taken it from a gateway, failed when no gateway heard it; of a short message: acknowledged when the centre has taken it, failed when it refused it or the radio lost it',
    ),
});

export const simulatedDeviceView = z.object({
  number: z.int(),
  clientId: z.string(),
  state: z
    .enum([
      'stopped',
      'connecting',
      'bootstrapping',
      'connected',
      'sleeping',
      'restarting',
      'refused',
      'lost',
      'off',
    ])
    .describe(
      'sleeping: a registered LwM2M device in queue mode that does not listen; off: a handset that is switched off',
    ),
  problem: z.string().nullable(),
  sent: z.int(),
  acknowledged: z.int(),
  received: z.int(),
});

export const simulatedDeviceDetails = simulatedDeviceView.extend({
  frames: z.array(simulatedFrame).describe('The last ones, newest first'),
  nextPayload: z
    .string()
    .optional()
    .describe('What the device would send next, to start editing from; not of LwM2M devices'),
  lwm2m: lwm2mDetails.optional().describe('Of LwM2M devices'),
  lora: loraDetails.optional().describe('Of LoRa devices'),
  sms: smsDetails.optional().describe('Of handsets'),
});

const publication = z.object({ topic, payload: z.string().max(1_048_576) });
/** What a device is to send: a publication over MQTT, values of an LwM2M device, an uplink of LoRa, or a short message. */
export const sendOnce = z.union([publication, lwm2mSend, loraSend, smsSend]);
export type SendOnce = z.infer<typeof sendOnce>;

/** What is to be done with a device. */
export const deviceAction = z.discriminatedUnion('action', [
  ...lwm2mAction.options,
  ...loraAction.options,
  ...smsAction.options,
]);
export type DeviceAction = z.infer<typeof deviceAction>;

export type SimulatedFrame = z.infer<typeof simulatedFrame>;
export type SimulatedDeviceView = z.infer<typeof simulatedDeviceView>;
export type SimulatedDeviceDetails = z.infer<typeof simulatedDeviceDetails>;
