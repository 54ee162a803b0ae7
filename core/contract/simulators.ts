import { z } from 'zod';
import { obedient, responder } from './responders.ts';

const plainValue = z.union([z.string().max(10_000), z.number(), z.boolean()]);
const decimals = z.int().min(0).max(10).default(2);
/** Beyond this a number loses its decimals. */
const reasonable = z.number().min(-1e12).max(1e12);

/**
 * How a simulated device makes up the value of one field. All are seeded: the n-th message of a device is the
 * same in each run. Their time is the number of the message times the period, and not that of a clock.
 */
export const generator = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('constant'), value: plainValue }),
  z.object({ kind: z.literal('counter'), start: reasonable.default(0), step: reasonable.default(1) }),
  z
    .object({
      kind: z.literal('randomWalk'),
      start: reasonable,
      step: reasonable.positive().describe('Largest change from one message to the next'),
      min: reasonable,
      max: reasonable,
      decimals,
    })
    .refine(({ min, max, start }) => min <= start && start <= max, {
      path: ['start'],
      message: 'must be from min to max',
    }),
  z.object({
    kind: z.literal('sine'),
    mean: reasonable,
    amplitude: reasonable,
    periodS: z.number().positive(),
    decimals,
  }),
  z.object({
    kind: z.literal('enum'),
    values: z.array(plainValue).min(1).max(1000).describe('Name a value twice to see it twice as often'),
    order: z.enum(['random', 'cycle']).default('random'),
  }),
]);
export type Generator = z.infer<typeof generator>;

/** Latitude and longitude along a path, there and back, at a steady speed. */
export const gpsPath = z.object({
  points: z
    .array(z.tuple([z.number().min(-90).max(90), z.number().min(-180).max(180)]))
    .min(2)
    .max(10_000)
    .refine(
      ([first, ...others]) => others.some((point) => point[0] !== first?.[0] || point[1] !== first?.[1]),
      'must not all be the same point',
    ),
  speedMPerS: z.number().positive().max(10_000).default(10),
});
export type GpsPath = z.infer<typeof gpsPath>;

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

/** What a simulated MQTT device publishes. */
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

const fleetFields = z.object({
  name: z.string().min(1).max(100),
  connector: z
    .enum(['mqtt', 'x-connector'])
    .default('mqtt')
    .describe('x-connector: the devices are nodes behind one external connector'),
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
    .describe('Client id of each device; {n} becomes its number, from 1'),
  groupPath: z
    .string()
    .max(1000)
    .regex(/^(\/|(\/[^/*\p{Cc}]+)+)$/u, 'must be a path such as /plant/hall 1')
    .optional()
    .describe('Made when it is not there'),
  tags: z.array(z.string().min(1).max(32)).max(20).default([]),
  tls: z.boolean().default(false),
  periodMs: z.int().min(10).max(86_400_000).default(5000).describe('Time between two messages of a device'),
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
  topic: topic.default('dev/data'),
  payload: simulatedPayload,
  responders: z
    .array(responder)
    .max(50)
    .prefault([...obedient])
    .describe('What its devices do when the platform asks something of them; none: nothing'),
});

/** A fleet of simulated MQTT devices. */
export const fleetTemplate = fleetFields
  .refine(({ count, idPattern }) => count === 1 || idPattern.includes('{n}'), {
    path: ['idPattern'],
    message: 'must hold {n} when there is more than one device',
  })
  .refine(({ count, periodMs }) => (count * 1000) / periodMs <= highestRate, {
    path: ['periodMs'],
    message: `is too short for so many devices: together they may send at most ${highestRate} messages a second`,
  });
export type FleetTemplate = z.infer<typeof fleetTemplate>;
/** A fleet as a caller may write it, without what has a default. */
export type FleetTemplateInput = z.input<typeof fleetTemplate>;

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
  topic: z.string(),
  payload: z.string().describe('Text, or hexadecimal when it is no text'),
  bytes: z.int(),
  truncated: z.boolean().describe('true when only the beginning of the payload is kept'),
  state: z.enum(['waiting', 'acknowledged', 'failed', 'received']),
});

export const simulatedDeviceView = z.object({
  number: z.int(),
  clientId: z.string(),
  state: z.enum(['stopped', 'connecting', 'connected', 'refused', 'lost']),
  problem: z.string().nullable(),
  sent: z.int(),
  acknowledged: z.int(),
  received: z.int(),
});

export const simulatedDeviceDetails = simulatedDeviceView.extend({
  frames: z.array(simulatedFrame).describe('The last ones, newest first'),
  nextPayload: z.string().describe('What the device would send next, to start editing from'),
});

export const sendOnce = z.object({ topic, payload: z.string().max(1_048_576) });
export type SendOnce = z.infer<typeof sendOnce>;

export type SimulatedFrame = z.infer<typeof simulatedFrame>;
export type SimulatedDeviceView = z.infer<typeof simulatedDeviceView>;
export type SimulatedDeviceDetails = z.infer<typeof simulatedDeviceDetails>;
