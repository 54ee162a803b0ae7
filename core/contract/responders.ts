import { z } from 'zod';
import { configKey, configValueInput } from './configuration.ts';
import { longestDeviceError, updateAnswers } from './resource-updates.ts';
import { resourceId, versionId } from './resources.ts';

/** What all responders have: how long they take, and for how many of their requests they are there. */
const timing = {
  delayMs: z
    .int()
    .min(0)
    .max(2_592_000_000)
    .default(0)
    .describe('From the request to the answer, on the platform’s clock; a long one makes a late answer'),
  spreadMs: z.int().min(0).max(2_592_000_000).default(0).describe('Up to so much later, by chance'),
  share: z
    .number()
    .min(0)
    .max(1)
    .default(1)
    .describe('Part of the requests that it takes, by chance; the others go to the next responder'),
};

/** Answers commands (manual 6.5.7). */
export const commandResponder = z.object({
  kind: z.literal('command'),
  request: z.string().min(1).max(1000).optional().describe('Only commands with this `req`; any when absent'),
  outcome: z
    .enum(['success', 'error', 'never', 'duplicate'])
    .default('success')
    .describe('error: an answer that says so; duplicate: the same answer twice'),
  response: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('What is answered as `res`: {"done":true} or {"error":…} when absent'),
  ...timing,
});

/** Takes configuration, and reports what the device has when it connects (manual 6.5.6). */
export const configurationResponder = z
  .object({
    kind: z.literal('configuration'),
    outcome: z
      .enum(['apply', 'refuse', 'partly', 'never'])
      .default('apply')
      .describe('refuse: keeps what it has and says so; partly: refuses those in `refuses`'),
    refuses: z.array(configKey).max(100).default([]),
    has: z
      .record(configKey, configValueInput)
      .default({})
      .describe('What the device has at first, reported when it connects'),
    ...timing,
  })
  .refine(({ outcome, refuses }) => (outcome === 'partly') === refuses.length > 0, {
    path: ['refuses'],
    message: 'must name parameters when the outcome is partly, and only then',
  });

/** Every answer to an update but OK (manual 6.5.8.3). */
const refusals = updateAnswers.filter((answer) => answer !== 'OK');

/** Takes updates of resources, and reports what the device has when it connects (manual 6.5.8). */
export const resourceResponder = z.object({
  kind: z.literal('resource'),
  resourceId: resourceId.optional().describe('Only updates of this resource; any when absent'),
  outcome: z
    .enum(['install', 'fail', 'stall', 'never', ...refusals])
    .default('install')
    .describe(
      'fail: fetches it and reports `error`; stall: accepts it and does no more; a code in capitals: refuses with it',
    ),
  has: z
    .record(resourceId, versionId)
    .default({})
    .describe('Versions that the device has at first, reported when it connects'),
  bytesPerS: z
    .int()
    .min(1)
    .max(1_000_000_000)
    .optional()
    .describe(
      'How fast the device fetches the content, on the platform’s clock; as fast as it can when absent',
    ),
  installMs: z
    .int()
    .min(0)
    .max(2_592_000_000)
    .default(0)
    .describe('From the last byte to the new version, on the platform’s clock'),
  error: z
    .object({
      errorCode: z.string().max(longestDeviceError).default('SIM.INSTALL'),
      errorDetails: z.string().max(longestDeviceError).default('the content could not be installed'),
    })
    .prefault({})
    .describe('What is reported with the outcome fail'),
  ...timing,
});

/**
 * How a simulated device behaves when the platform asks something of it: of the responders of a template, the first
 * that takes a request does what it says.
 */
export const responder = z.discriminatedUnion('kind', [
  commandResponder,
  configurationResponder,
  resourceResponder,
]);

export type ResponderSettings = z.output<typeof responder>;
export type CommandResponderSettings = z.output<typeof commandResponder>;
export type ResourceResponderSettings = z.output<typeof resourceResponder>;
export type ConfigurationResponderSettings = z.output<typeof configurationResponder>;

/** Of a template that names none: the device does at once what it is told. */
export const obedient: readonly z.input<typeof responder>[] = [
  { kind: 'command' },
  { kind: 'configuration' },
  { kind: 'resource' },
];
