import { z } from 'zod';

/** States of a command (manual 8.3.2). `UNKNOWN` of the compatible API never occurs here. */
export const commandStatuses = [
  'PENDING',
  'PROCESSING',
  'RETRYING',
  'PROCESSED',
  'ERROR',
  'EXPIRED',
  'CANCELED',
] as const;
export type CommandStatus = (typeof commandStatuses)[number];

/** How far a command being processed has come (manual 8.3.4), in this order. */
export const deliveryStatuses = ['SENDING', 'SENT', 'DELIVERED', 'REPLIED'] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

/** What a command waits for before it counts as processed (manual 8.3.5). */
export const ackModes = ['NONE', 'NETWORK', 'APPLICATIVE'] as const;
export type AckMode = (typeof ackModes)[number];

/** Connectors of the compatible API that carry commands (facts 2.2). */
export const commandConnectors = ['mqtt', 'lora', 'sms', 'x-connector'] as const;
export type CommandConnector = (typeof commandConnectors)[number];

const secondsPerDay = 24 * 60 * 60;
/** Bounds of the policy (manual 8.3.6 to 8.3.8, facts 2.3). */
export const policyBounds = {
  expirationInSeconds: { min: 5, max: 30 * secondsPerDay, default: 7 * secondsPerDay },
  ackTimeoutInSeconds: { min: 10, max: 30 * secondsPerDay },
  attempts: { min: 1, max: 5, default: 1 },
} as const;

const wholeNumber = ({ min, max }: { min: number; max: number }) => {
  const allowed = `must be a whole number from ${min} to ${max}`;
  return z.int(allowed).min(min, allowed).max(max, allowed);
};

/** The short forms are those of older clients (facts 2.3). */
const ackMode = z
  .enum([...ackModes, 'AUTO', 'DEVICE'], 'must be NONE (or AUTO), NETWORK, or APPLICATIVE (or DEVICE)')
  .transform((mode): AckMode => (mode === 'AUTO' ? 'NONE' : mode === 'DEVICE' ? 'APPLICATIVE' : mode));

/** How long and how often a command is tried (manual 8.3.5 to 8.3.8). */
export const commandPolicyInput = z
  .object({
    expirationInSeconds: wholeNumber(policyBounds.expirationInSeconds)
      .nullish()
      .describe('Most seconds until the command goes out; 7 days when not given'),
    ackTimeoutInSeconds: wholeNumber(policyBounds.ackTimeoutInSeconds)
      .nullish()
      .describe('Most seconds from an attempt to its acknowledgement; not with ackMode NONE'),
    ackMode: ackMode.nullish().describe('What is waited for; the connector has a default'),
    attempts: wholeNumber(policyBounds.attempts).nullish().describe('Attempts in all, 1 when not given'),
  })
  .refine((policy) => policy.ackMode !== 'NONE' || (policy.ackTimeoutInSeconds ?? undefined) === undefined, {
    path: ['ackTimeoutInSeconds'],
    message: 'must not be given with ackMode NONE, which waits for no acknowledgement',
  });

/** Body of the call that registers a command (facts 2.2). */
export const createCommandRequest = z.object({
  request: z.object({
    connector: z.enum(
      commandConnectors,
      `must be one of ${commandConnectors.join(', ')}; lwm2m has no commands, use twin operations`,
    ),
    value: z
      .record(z.string(), z.unknown())
      .describe('What the device gets; its form depends on the connector'),
  }),
  policy: commandPolicyInput.nullish(),
});
export type CreateCommandRequest = z.output<typeof createCommandRequest>;

/** The policy of a command with all defaults filled in. `ackTimeoutInSeconds` is absent with ackMode NONE. */
export const commandPolicy = z.object({
  expirationInSeconds: z.int(),
  ackTimeoutInSeconds: z.int().optional(),
  ackMode: z.enum(ackModes),
  attempts: z.int(),
});
export type CommandPolicy = z.infer<typeof commandPolicy>;

/** One change of a command (facts 2.4). */
export const commandHistoryEntry = z.object({
  timestamp: z.iso.datetime(),
  status: z.enum(commandStatuses),
  deliveryStatus: z.enum(deliveryStatuses).optional(),
  errorCode: z.string().optional(),
  nodeId: z.string().optional().describe('Node that carried this attempt'),
});
export type CommandHistoryEntry = z.infer<typeof commandHistoryEntry>;

/** A command as the API shows it (facts 2.4). */
export const commandJson = z.object({
  id: z.string(),
  targetDeviceId: z.string(),
  request: z.object({ connector: z.enum(commandConnectors), value: z.record(z.string(), z.unknown()) }),
  response: z
    .object({ value: z.unknown() })
    .optional()
    .describe('What the device answered, when it answered something'),
  status: z.enum(commandStatuses),
  deliveryStatus: z.enum(deliveryStatuses).optional().describe('Absent until the command first goes out'),
  errorCode: z.string().optional(),
  policy: commandPolicy,
  history: z.array(commandHistoryEntry).describe('Oldest first'),
  created: z.iso.datetime(),
  updated: z.iso.datetime(),
});
export type CommandJson = z.infer<typeof commandJson>;

/** Fields by which a list of commands may be sorted (facts 2.1). */
export const commandSortFields = ['id', 'status', 'created'] as const;
export type CommandSortField = (typeof commandSortFields)[number];
