import { z } from 'zod';
import { generator, gpsPath } from './generators.ts';

const id = z.int().min(0).max(65_535);
const path = z
  .string()
  .max(30)
  .regex(/^\/\d{1,5}(\/\d{1,5}){0,3}$/, 'must be a path such as /3303/0/5700');
const resourcePath = z
  .string()
  .max(30)
  .regex(/^\/\d{1,5}\/\d{1,5}\/\d{1,5}$/, 'must be the path of a resource, such as /3303/0/5700');
const share = z.number().min(0).max(1).default(0);

/** What goes wrong with a firmware update, each time. */
export const firmwareFaults = [
  'integrityFailure',
  'unsupportedType',
  'updateFailed',
  'outOfMemory',
  'connectionLost',
] as const;

/** How a device can fetch a package, by the number in /5/0/8 (LwM2M Core 1.1.1, E.6). */
export const firmwareProtocols = ['coap', 'coaps', 'http', 'https'] as const;

const firmware = z.object({
  version: z.string().min(1).max(255).default('1.0').describe('What /3/0/3 says at first'),
  storageBytes: z
    .int()
    .min(0)
    .max(64 * 1024 * 1024)
    .default(4 * 1024 * 1024)
    .describe('Largest package that there is room for'),
  installMs: z.int().min(0).max(86_400_000).default(2000).describe('From Update to the restart'),
  protocols: z
    .array(z.enum(firmwareProtocols))
    .min(1)
    .max(firmwareProtocols.length)
    .default([...firmwareProtocols])
    .describe('By which it can fetch a package'),
  fault: z.enum(firmwareFaults).optional().describe('What goes wrong with each update'),
});

/** What the network does to the datagrams of a device, in both directions. */
const network = z.object({
  loss: share.describe('Part of the datagrams that are lost'),
  duplication: share.describe('Part of those that come twice'),
  delayMs: z.int().min(0).max(60_000).default(0).describe('How long each is under way'),
  spreadMs: z.int().min(0).max(60_000).default(0).describe('Up to how much longer, by chance'),
});

/** What only fleets of LwM2M devices have. */
export const lwm2mFields = {
  version: z.enum(['1.0', '1.1']).default('1.1').describe('Of LwM2M'),
  lifetimeS: z.int().min(1).max(2_147_483_647).default(300).describe('Of the registration'),
  updateEveryS: z
    .int()
    .min(1)
    .max(2_147_483_647)
    .optional()
    .describe('Time between two Updates; half of the lifetime when absent'),
  queueMode: z.boolean().default(false).describe('The device sleeps between its messages'),
  awakeS: z
    .int()
    .min(1)
    .max(86_400)
    .default(93)
    .describe('In queue mode: how long it listens after a message'),
  bootstrap: z
    .boolean()
    .default(false)
    .describe(
      'It knows the bootstrap server alone at first; the fleet makes configuration and entries for it',
    ),
  confirmable: z.boolean().default(true).describe('Whether its notifications are to be acknowledged'),
  objects: z
    .array(
      z.object({
        id: id.describe('Of the public models, or of those that the tenant has imported'),
        instances: z.int().min(1).max(100).default(1),
      }),
    )
    .max(50)
    .default([])
    .describe('Objects beside 0 to 9, which each device has'),
  values: z
    .record(resourcePath, generator)
    .default({})
    .describe('How values of resources are made up; those of other objects have a way by their definition'),
  location: gpsPath.optional().describe('Where /6/0 moves along'),
  firmware: firmware.prefault({}),
  network: network.prefault({}),
};
export type SimulatedFirmware = z.infer<typeof firmware>;
export type SimulatedNetwork = z.infer<typeof network>;

/** A device sends values by itself (Send of LwM2M 1.1). */
export const lwm2mSend = z.object({
  paths: z.array(path).min(1).max(100).describe('What to send: each with all values at or below it'),
});

/** What a person does with an LwM2M device, or what happens to it. */
export const lwm2mAction = z.discriminatedUnion('action', [
  z.object({
    action: z.literal('set').describe('Changes a value, as the device itself would'),
    path: path.regex(/^(\/\d+){3,4}$/, 'must be the path of a resource, or of an instance of one'),
    value: z
      .union([z.string().max(65_536), z.number(), z.boolean()])
      .describe('A time is seconds since 1970, bytes are base64, a link is as 3:0'),
  }),
  z.object({ action: z.literal('update').describe('Tells the server that it is there') }),
  z.object({ action: z.literal('reboot').describe('As /3/0/4') }),
  z.object({ action: z.literal('factoryReset').describe('As /3/0/5') }),
  z.object({ action: z.literal('changeAddress').describe('Goes on from another UDP port') }),
  z.object({ action: z.literal('sleep').describe('Listens no more, until it wakes') }),
  z.object({ action: z.literal('wake').describe('Sends an Update, and listens') }),
  z.object({ action: z.literal('bootstrap').describe('Asks the bootstrap server anew') }),
]);
export type Lwm2mAction = z.infer<typeof lwm2mAction>;

export const isLwm2mAction = (given: { readonly action: string }): given is Lwm2mAction =>
  lwm2mAction.options.some(({ shape }) => shape.action.value === given.action);

const resource = z.object({
  path: z.string(),
  name: z.string(),
  type: z.string(),
  operations: z.string().describe('R, W and E: what a server may do'),
  value: z.union([z.string(), z.number(), z.boolean()]).optional(),
  generated: z.boolean().describe('A generator changes it'),
});

/** An LwM2M device as it is now. */
export const lwm2mDetails = z.object({
  address: z.string().nullable().describe('Where it sends from'),
  registration: z.string().nullable().describe('Path that the server gave it'),
  connectionId: z.boolean().describe('Whether the session survives another address'),
  observations: z.int(),
  lost: z.int().describe('Datagrams that the simulated network has lost'),
  objects: z.array(
    z.object({
      id: z.int(),
      name: z.string(),
      version: z.string(),
      instances: z.array(z.object({ id: z.int(), resources: z.array(resource) })),
    }),
  ),
});
export type Lwm2mDeviceDetails = z.infer<typeof lwm2mDetails>;
