import { z } from 'zod';
import { auditMessage } from './audit.ts';
import { campaignStatuses, targetCounts } from './campaigns.ts';
import { clockView } from './clock.ts';
import { coapLogEntry } from './coap-log.ts';
import { commandHistoryEntry } from './commands.ts';
import { parametersJson } from './configuration.ts';
import { loraFrame } from './lora/frames.ts';
import { deviceResourcesJson, updateJson } from './resource-updates.ts';
import { refusal } from './trace.ts';
import { twinReportJson } from './twin.ts';
import { benchObservationJson, benchOperationJson } from './twin-bench.ts';

/**
 * The portal's live socket, `GET /live` as a WebSocket. The client's first text is a {@link liveHello}; from
 * then on the server sends {@link liveBatch} texts. It is a view and nothing else: nothing is consumed, and a
 * slow viewer misses events, which is told by `skipped`, rather than slowing the platform.
 */
export const liveChannels = [
  'messages',
  'refusals',
  'devices',
  'audit',
  'metrics',
  'fifos',
  'commands',
  'configuration',
  'campaigns',
  'clock',
  'resources',
  'twin',
  'coap',
  'lora',
] as const;
export type LiveChannel = (typeof liveChannels)[number];

export const liveHello = z.object({
  key: z.string().describe('API key; a session of the portal has one too'),
  channels: z.array(z.enum(liveChannels)).min(1),
  /** Only messages, devices, commands, configuration, resources, twins, CoAP and LoRa of this device. */
  deviceId: z.string().optional(),
});

/** A stored data message. */
export const liveMessage = z.object({
  channel: z.literal('messages'),
  id: z.string(),
  /** The stored message as JSON text, as `GET /api/v0/data/streams/{id}` gives it. */
  body: z.string(),
});

/** A publication that was refused; the trace tells why. */
export const liveRefusal = refusal.extend({ channel: z.literal('refusals') });

/** A device was made, changed or deleted, or one of its interfaces changed its status. */
export const liveDevice = z.object({
  channel: z.literal('devices'),
  kind: z.enum(['created', 'updated', 'deleted', 'status']),
  time: z.iso.datetime(),
  deviceId: z.string(),
  connector: z.string().optional(),
  nodeId: z.string().optional(),
  status: z.string().optional(),
});

export const liveAudit = z.object({ channel: z.literal('audit'), message: auditMessage });

/** What one second brought (the real one, not the platform's). */
export const metricsPoint = z.object({
  time: z.iso.datetime(),
  /** Messages stored, by connector. */
  stored: z.record(z.string(), z.number().int()),
  refused: z.number().int(),
});
export const liveMetrics = z.object({ channel: z.literal('metrics'), point: metricsPoint });

/** Something happened to a command: the newest entry of its history. */
export const liveCommand = commandHistoryEntry.extend({
  channel: z.literal('commands'),
  id: z.string(),
  deviceId: z.string(),
});

/** Parameters of a device were asked for, reported, or changed their status: those, and no others. */
export const liveConfiguration = z.object({
  channel: z.literal('configuration'),
  deviceId: z.string(),
  time: z.iso.datetime(),
  parameters: parametersJson,
});

/** The platform's time jumped, or goes on in another way. */
export const liveClock = z.object({ channel: z.literal('clock'), clock: clockView });
/**
 * Something happened to an update of a resource, or a device said which versions it has: those, and no others. Or the
 * repository was changed: which resource of it.
 */
export const liveResources = z.object({
  channel: z.literal('resources'),
  time: z.iso.datetime(),
  resourceId: z.string().optional(),
  deviceId: z.string().optional(),
  update: updateJson.optional(),
  resources: deviceResourcesJson.optional(),
});

/** Something happened to the twin of a device: one of these, as it is now. */
export const liveTwin = z.object({
  channel: z.literal('twin'),
  time: z.iso.datetime(),
  deviceId: z.string(),
  operation: benchOperationJson.optional(),
  observation: benchObservationJson.optional(),
  /** The observation of this id was cancelled. */
  cancelledObservationId: z.string().optional(),
  report: twinReportJson.optional(),
});

/** An entry of the CoAP log; once more by the same id when more is known of it. */
export const liveCoap = z.object({
  channel: z.literal('coap'),
  deviceId: z.string().optional().describe('Absent while nobody knows whose it is'),
  entry: coapLogEntry,
});

/** A frame of LoRa came, was dropped, or goes out. */
export const liveLora = z.object({
  channel: z.literal('lora'),
  deviceId: z.string().optional().describe('Absent while nobody knows whose it is'),
  frame: loraFrame,
});

/** A campaign was made, changed, went on, or was deleted; a few times a second at most. */
export const liveCampaign = z.object({
  channel: z.literal('campaigns'),
  id: z.string(),
  time: z.iso.datetime(),
  /** Absent when it was deleted. */
  progress: z
    .object({ campaignStatus: z.enum(campaignStatuses), totalTargetsPerStatus: targetCounts })
    .optional(),
});

/** Depths of all FIFOs, sent when one has changed. */
export const liveFifos = z.object({
  channel: z.literal('fifos'),
  fifos: z.array(
    z.object({
      name: z.string(),
      messages: z.number().int(),
      unacknowledged: z.number().int(),
      consumers: z.number().int(),
    }),
  ),
});

export const liveEvent = z.discriminatedUnion('channel', [
  liveMessage,
  liveRefusal,
  liveDevice,
  liveAudit,
  liveMetrics,
  liveFifos,
  liveCommand,
  liveConfiguration,
  liveCampaign,
  liveClock,
  liveResources,
  liveTwin,
  liveCoap,
  liveLora,
]);

export const liveBatch = z.object({
  type: z.literal('batch'),
  events: z.array(liveEvent),
  /** Events of the channels `messages`, `refusals`, `commands`, `configuration`, `resources`, `twin`, `coap` and `lora` that were left out of this batch. */
  skipped: z.number().int(),
});

/**
 * Sent once when the hello was accepted. A hello that is not, or of a key that may see none of the channels, ends the
 * socket with code 4401 and the reason.
 */
export const liveWelcome = z.object({
  type: z.literal('welcome'),
  tenantId: z.string(),
  time: z.iso.datetime(),
  /** Those of the hello that the roles of the key cover; the others stay silent. */
  channels: z.array(z.enum(liveChannels)),
});

export type LiveHello = z.infer<typeof liveHello>;
export type LiveEvent = z.infer<typeof liveEvent>;
export type LiveBatch = z.infer<typeof liveBatch>;
export type LiveWelcome = z.infer<typeof liveWelcome>;
export type MetricsPoint = z.infer<typeof metricsPoint>;
