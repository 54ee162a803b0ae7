import { z } from 'zod';
import { commandStatuses } from './commands.ts';
import { connectorNames } from './connectors.ts';

const listLimit = 20;

/** FIFO name (facts 11). */
export const fifoName = z
  .string()
  .regex(/^[A-Za-z\d\-_~]+$/, 'only letters, digits and - _ ~')
  .max(255);

export const dataMessageFilter = z.strictObject({
  connectors: z.array(z.enum(connectorNames)).max(listLimit).optional(),
  deviceIds: z.array(z.string()).max(listLimit).optional(),
  groupPaths: z
    .array(z.strictObject({ path: z.string(), includeSubPath: z.boolean().default(false) }))
    .max(listLimit)
    .optional(),
  tags: z
    .array(z.array(z.string()).max(listLimit))
    .max(listLimit)
    .optional()
    .describe('Lists of tags: all of one list must be on the message, and one list is enough'),
});

export const dataMessageTrigger = z.strictObject({
  version: z.literal(1).default(1),
  filter: dataMessageFilter.default({}),
});

export const commandStatusFilter = z.strictObject({
  status: z
    .array(z.enum([...commandStatuses, 'UNKNOWN']))
    .max(listLimit)
    .optional()
    .describe('Only changes to one of these; UNKNOWN of the compatible API never occurs'),
});

export const commandStatusTrigger = z.strictObject({
  version: z.literal(1).default(1),
  filter: commandStatusFilter.default({}),
});

/** Frames of LoRaWAN that events tell of (facts 10). */
export const loraMessageTypes = [
  'UNCONFIRMED_DATA_UP',
  'CONFIRMED_DATA_UP',
  'UNCONFIRMED_DATA_DOWN',
  'CONFIRMED_DATA_DOWN',
  'JOIN_REQUEST',
  'JOIN_ACCEPT',
] as const;
export type LoraMessageType = (typeof loraMessageTypes)[number];

export const loraNetworkFilter = z.strictObject({
  messageTypes: z.array(z.enum(loraMessageTypes)).max(listLimit).optional().describe('Only frames of these'),
});

export const loraNetworkTrigger = z.strictObject({
  version: z.literal(1).default(1),
  filter: loraNetworkFilter.default({}),
});

/** A gateway came or went: `ONLINE` when it is heard again, `OFFLINE` after its silence (facts 10 names no filter). */
export const loraGatewayStatusFilter = z.strictObject({
  gatewayIds: z
    .array(z.string().regex(/^[0-9A-Fa-f]{16}$/, 'must be 16 hexadecimal digits'))
    .max(listLimit)
    .optional()
    .describe('Only these gateways'),
});

export const loraGatewayStatusTrigger = z.strictObject({
  version: z.literal(1).default(1),
  filter: loraGatewayStatusFilter.default({}),
});

/** Triggers that this version acts on (facts 10). A policy has exactly one. */
export const policyTriggers = z
  .strictObject({
    dataMessage: dataMessageTrigger.optional(),
    commandStatus: commandStatusTrigger.optional(),
    loraNetwork: loraNetworkTrigger.optional(),
    loraGatewayStatus: loraGatewayStatusTrigger.optional(),
  })
  .refine(
    (triggers) => Object.values(triggers).filter((trigger) => trigger !== undefined).length === 1,
    'must hold exactly one trigger: dataMessage, commandStatus, loraNetwork or loraGatewayStatus',
  );

export const fifoPublishAction = z.strictObject({
  fifoName,
  noRetention: z.boolean().default(false).describe('Deliver only to who is subscribed at that moment'),
});

/** Triggers of the compatible API that this version does not act on (facts 10). */
export const triggersNotOffered = [
  'deviceStatus',
  'deviceCreated',
  'deviceDeleted',
  'matchingFired',
  'stateChange',
  'deviceActivity',
  'connectivityManagementPlatformEvent',
  'alarmEvent',
] as const;

/** Actions of the compatible API that this version does not carry out (facts 10). */
export const actionsNotOffered = ['emails', 'sms', 'httpPush', 'azureEventHubs'] as const;

export const actionPolicyInput = z.strictObject({
  id: z.string().min(1).max(100).optional(),
  name: z.string().max(255).default(''),
  enabled: z.boolean().default(true),
  triggers: policyTriggers,
  actions: z.strictObject({ fifoPublish: z.array(fifoPublishAction).min(1) }),
});

export const actionPolicy = actionPolicyInput.extend({ id: z.string() });

export type ActionPolicyInput = z.infer<typeof actionPolicyInput>;
export type ActionPolicy = z.infer<typeof actionPolicy>;
export type PolicyTriggers = z.infer<typeof policyTriggers>;
export type TriggerName = keyof PolicyTriggers;
export type DataMessageFilter = z.infer<typeof dataMessageFilter>;
export type CommandStatusFilter = z.infer<typeof commandStatusFilter>;
export type LoraNetworkFilter = z.infer<typeof loraNetworkFilter>;
export type LoraGatewayStatusFilter = z.infer<typeof loraGatewayStatusFilter>;

/** What a v1 call tells of a FIFO (facts 10). */
export const fifoView = z.object({
  name: z.string(),
  status: z
    .object({ messages: z.number().int(), consumers: z.number().int() })
    .optional()
    .describe('Only with withStatus=true'),
  linkedActions: z.array(z.object({ actionPolicyId: z.string() })),
});

/** What a v0 call tells of a FIFO (facts 11). */
export const fifoDetails = z.object({
  name: z.string(),
  maxLengthBytes: z.number().int().describe('-1: the platform setting holds'),
  messageTtl: z.number().int().describe('Seconds; -1: the platform setting holds'),
  messages: z.number().int().describe('Messages waiting to be delivered'),
  messageBytes: z.number().int(),
  messageUnacknowledged: z.number().int().describe('Messages delivered and not yet acknowledged'),
  messageUnacknowledgedBytes: z.number().int(),
  consumers: z.number().int(),
});

/** A second in the life of a FIFO (the real one, not the platform's). */
export const fifoPoint = z.object({
  time: z.iso.datetime(),
  waiting: z.int().describe('Messages waiting at the end of the second'),
  unacknowledged: z.int(),
  entered: z.int().describe('Messages that came in this second'),
  acknowledged: z.int(),
  lost: z.int().describe('Messages gone without a consumer'),
});

export const fifoActivity = z.object({
  points: z
    .array(fifoPoint)
    .describe('The last five minutes, oldest first; seconds like the one before are left out'),
  consumers: z.array(z.object({ name: z.string(), unacknowledged: z.int() })),
});

export const fifoDrained = z.object({ removed: z.int() });

export const fifoDeclaration = z.strictObject({
  name: fifoName,
  maxLengthBytes: z
    .number()
    .int()
    .refine(
      (bytes) => bytes === -1 || bytes === 0 || bytes >= 524_288,
      'at least 524288, or 0 for no storage',
    )
    .default(-1),
  messageTtl: z.number().int().min(-1).default(-1).describe('Seconds; 0 for no storage'),
});

export type FifoView = z.infer<typeof fifoView>;
export type FifoDetails = z.infer<typeof fifoDetails>;
export type FifoDeclaration = z.infer<typeof fifoDeclaration>;
export type FifoPoint = z.infer<typeof fifoPoint>;
export type FifoActivity = z.infer<typeof fifoActivity>;
