import { z } from 'zod';
import { smscStates } from './sms/smsc.ts';

/** Addresses by name; a protocol that does not listen is absent. */
export const endpointsView = z.object({
  http: z.url().optional(),
  https: z.url().optional(),
  mqtt: z.url().optional(),
  mqtts: z.url().optional(),
  ws: z.url().optional(),
  wss: z.url().optional(),
  coaps: z.url().optional().describe('LwM2M server'),
  coap: z
    .url()
    .optional()
    .describe('Contents of firmware updates over CoAP without DTLS; off unless asked for'),
  bs: z.url().optional().describe('LwM2M bootstrap server'),
  lora: z.url().optional().describe('LoRa gateways, by the packet-forwarder protocol of Semtech'),
  smpp: z.url().optional().describe('The simulated short message centre'),
});

export const endpointNames = [
  'http',
  'https',
  'mqtt',
  'mqtts',
  'ws',
  'wss',
  'coaps',
  'coap',
  'bs',
  'lora',
  'smpp',
] as const;

/** One address of the platform, and whether clients get in there. */
export const listenerView = z.object({
  name: z.enum(endpointNames),
  state: z
    .enum(['listening', 'failing', 'off'])
    .describe('failing: open, but the last client was not let in'),
  url: z.url().optional().describe('Absent when off'),
  reason: z.string().optional().describe('Why it is off or failing, and what to do'),
});

export const healthView = z.object({
  status: z.enum(['ok', 'degraded']),
  version: z.string(),
  uptimeMs: z.number(),
  store: z.object({
    state: z.enum(['open', 'full', 'failed', 'closed']),
    failure: z.string().nullable(),
    journalBytes: z.number().int(),
    transactions: z.number().int(),
    backlog: z.number().int(),
    snapshots: z.number().int(),
  }),
  mqtt: z.object({ connections: z.number().int() }),
  sms: z
    .object({ state: z.enum(smscStates), reason: z.string().optional(), url: z.url().optional() })
    .describe('Where the platform stands with its short message centre; GET /bench/v1/sms/centre says more'),
  settings: z
    .object({ resourceMaxFileBytes: z.int(), connectorPlainOnLoopback: z.boolean() })
    .describe('Settings that a client does well to know before it connects or sends'),
});

export type EndpointsView = z.infer<typeof endpointsView>;
export type EndpointName = (typeof endpointNames)[number];
export type ListenerView = z.infer<typeof listenerView>;
export type HealthView = z.infer<typeof healthView>;
