import { z } from 'zod';
import { createCommandRequest } from './commands.ts';
import {
  type ConfigType,
  type ConfigValue,
  configKey,
  configLimits,
  problemOfValue,
} from './configuration.ts';
import { deviceId } from './devices.ts';
import { resourceConnectors, resourceId, resourceMetadata, versionId } from './resources.ts';
import { text } from './text.ts';
import { createTwinObservationRequest, createTwinOperationRequest } from './twin.ts';

/** States of a campaign (facts 6). */
export const campaignStatuses = [
  'SCHEDULED',
  'RUNNING',
  'CANCELING',
  'CANCELED',
  'COMPLETE',
  'INCOMPLETE',
  'SERVER_ERROR',
] as const;
export type CampaignStatus = (typeof campaignStatuses)[number];

/** States of a device in a campaign, and of each of its operations (facts 6). */
export const targetStatuses = [
  'notStarted',
  'pending',
  'inProgress',
  'success',
  'failure',
  'canceled',
] as const;
export type TargetStatus = (typeof targetStatuses)[number];

/** What a campaign may ask of a device. */
export const campaignActions = [
  'configure',
  'command',
  'resource',
  'resource-update',
  'twin-operation',
  'twin-add-observation',
  'twin-clear-observations',
] as const;
export type CampaignAction = (typeof campaignActions)[number];

const longestName = 255;
const retries = 'must be a whole number from 0';
const maxRetry = z
  .int(retries)
  .min(0, retries)
  .nullish()
  .transform((given) => given ?? 0)
  .describe('How often the operation is begun anew when it fails; 0 when not given');

/** Where the value of a parameter stands, by its type (facts 6). */
export const valueFields = {
  INT32: 'valueInt32',
  UINT32: 'valueUInt32',
  BINARY: 'valueBinary',
  STRING: 'valueString',
  FLOAT: 'valueFloat',
} as const satisfies Record<ConfigType, string>;

const value = z.unknown().optional();
const assetParameter = z
  .object({
    type: z.enum(
      Object.keys(valueFields) as [ConfigType, ...ConfigType[]],
      `must be one of ${Object.keys(valueFields).join(', ')}`,
    ),
    valueInt32: value,
    valueUInt32: value,
    valueBinary: value,
    valueString: value,
    valueFloat: value,
  })
  .superRefine((parameter, context) => {
    const field = valueFields[parameter.type];
    const problem = problemOfValue(parameter.type, parameter[field]);
    if (problem !== undefined) context.addIssue({ code: 'custom', path: [field], message: problem });
  });
type AssetParameter = z.output<typeof assetParameter>;

const configureDefinition = z.object({
  assetParameters: z
    .record(configKey, assetParameter)
    .refine((all) => Object.keys(all).length > 0, 'must name a parameter')
    .refine(
      (all) => Object.keys(all).length <= configLimits.parameters,
      `must name at most ${configLimits.parameters} parameters`,
    ),
  maxRetry,
});

const commandDefinition = createCommandRequest.extend({
  maxRetry,
  validation: z
    .boolean('must be true or false')
    .nullish()
    .describe('false: what the connector would refuse is only found when the command is to be sent'),
});

/** Commands of older clients (facts 2.7): over MQTT the event is the request, and its data the arguments. */
const oldCommandDefinition = z.object({
  event: text(255).min(1, 'must not be empty'),
  data: z.record(z.string(), z.unknown()).nullish(),
  maxRetry,
});

const metadata = resourceMetadata.nullish().describe('Goes to the device beside uri, size and md5');

const resourceDefinition = z.object({ resourceId, targetVersion: versionId, maxRetry, metadata });

const resourceUpdateDefinition = z.object({
  resourceId,
  requestedVersion: versionId,
  connector: z
    .enum(resourceConnectors, `must be one of ${resourceConnectors.join(', ')}`)
    .nullish()
    .describe('That of the resource when not given'),
  maxRetry,
  metadata,
});

const onlyVersion = z.literal(1, 'must be 1').nullish();
const anyCommand = { action: z.literal('command') };

/** What is done on every device, one after the other (facts 6). */
export const campaignOperation = z.discriminatedUnion(
  'action',
  [
    z.object({
      action: z.literal('configure'),
      version: onlyVersion,
      definition: configureDefinition,
    }),
    z.object({ action: z.literal('resource'), version: onlyVersion, definition: resourceDefinition }),
    z.object({
      action: z.literal('resource-update'),
      version: onlyVersion,
      definition: resourceUpdateDefinition,
    }),
    z.object({
      action: z.literal('twin-operation'),
      version: onlyVersion,
      definition: createTwinOperationRequest.extend({ maxRetry }),
    }),
    z.object({
      action: z.literal('twin-add-observation'),
      version: onlyVersion,
      definition: createTwinObservationRequest.extend({ maxRetry }),
    }),
    z.object({
      action: z.literal('twin-clear-observations'),
      version: onlyVersion,
      definition: z
        .object({ maxRetry })
        .nullish()
        .transform((given) => given ?? { maxRetry: 0 }),
    }),
    z.discriminatedUnion(
      'version',
      [
        z.object({ ...anyCommand, version: z.literal(1).nullish(), definition: commandDefinition }),
        z.object({ ...anyCommand, version: z.literal(0), definition: oldCommandDefinition }),
      ],
      'must be 1, or 0 for a command as older clients write it',
    ),
  ],
  `must be one of ${campaignActions.join(', ')}`,
);
export type CampaignOperation = z.output<typeof campaignOperation>;

const instant = z.iso
  .datetime({ offset: true, message: 'must be an ISO 8601 date with its zone, as 2030-01-01T00:00:00Z' })
  .describe('ISO 8601');

export const campaignPlanning = z
  .object({
    startDate: instant.nullish().describe('When it begins; at once when not given'),
    endDate: instant.nullish().describe('When nothing more is begun; without it when all devices are done'),
  })
  .refine(({ startDate, endDate }) => !startDate || !endDate || Date.parse(startDate) < Date.parse(endDate), {
    path: ['endDate'],
    message: 'must be after startDate',
  });

export const campaignSelector = z
  .object({
    idList: z.array(deviceId).min(1, 'must name a device').nullish().describe('Ids of devices'),
    filterQuery: z
      .string()
      .min(1, 'must not be empty')
      .nullish()
      .describe('RSQL over groupPath, groupId, tags, property.{name} and the other fields of device lists'),
  })
  .refine(({ idList, filterQuery }) => !idList !== !filterQuery, {
    path: ['idList'],
    message: 'give either idList or filterQuery',
  });

export const campaignOptions = z.object({
  dynamicallyAddEligibleDevice: z
    .boolean('must be true or false')
    .nullish()
    .describe('true: devices that come to fit filterQuery while the campaign runs take part as well'),
});

const name = text(longestName).min(1, 'must not be empty');
const description = text(2000).nullish();
const operations = z.array(campaignOperation).min(1, 'must hold an operation');

/** Body of the call that makes a campaign (facts 6). */
export const createCampaignRequest = z.object({
  name,
  description,
  planning: campaignPlanning.nullish(),
  targets: campaignSelector,
  operations,
  options: campaignOptions.nullish(),
});
export type CreateCampaignRequest = z.output<typeof createCampaignRequest>;

/** Body of the call that changes one; what is not named stays. */
export const updateCampaignRequest = z
  .object({
    name: name.optional(),
    description,
    planning: campaignPlanning.nullish(),
    targets: campaignSelector.optional(),
    target: campaignSelector.optional().describe('The same, by the name that it has in answers'),
    operations: operations.optional(),
    options: campaignOptions.nullish(),
  })
  .refine(({ targets, target }) => !targets || !target, {
    path: ['target'],
    message: 'give either targets or target, which mean the same',
  });
export type UpdateCampaignRequest = z.output<typeof updateCampaignRequest>;

export const targetCounts = z.object(
  Object.fromEntries(targetStatuses.map((status) => [status, z.int()])) as Record<TargetStatus, z.ZodInt>,
);
export type TargetCounts = z.infer<typeof targetCounts>;

/** A campaign as the API shows it (facts 6): what was asked for calls its devices `targets`, this `target`. */
export const campaignJson = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().optional(),
  planning: z.object({ startDate: instant, endDate: instant.optional() }),
  target: z.object({ idList: z.array(z.string()).optional(), filterQuery: z.string().optional() }),
  operations: z.array(
    z.object({ action: z.enum(campaignActions), version: z.int(), definition: z.looseObject({}) }),
  ),
  options: z.object({ dynamicallyAddEligibleDevice: z.boolean() }),
  campaignStatus: z.enum(campaignStatuses),
  error: z.string().optional().describe('Why it is in SERVER_ERROR'),
  created: z.iso.datetime(),
  updated: z.iso.datetime(),
  numberOfTargets: z.int().describe('Before it begins: those that are named by id'),
  totalTargetsPerStatus: targetCounts,
});
export type CampaignJson = z.infer<typeof campaignJson>;

/** A campaign without the list of its devices, which may be long: for lists, and for who looks again and again. */
export const campaignSummary = campaignJson.extend({
  target: z.object({
    named: z.int().optional().describe('How many devices are named by id'),
    filterQuery: z.string().optional(),
  }),
});
export type CampaignSummary = z.infer<typeof campaignSummary>;

export const operationErrorOrigins = ['DEVICE', 'INTERNAL'] as const;

/** Why an operation failed (facts 6). */
export const operationError = z.object({
  origin: z.enum(operationErrorOrigins).describe('DEVICE: the device refused, failed, or did not answer'),
  code: z.string(),
  deviceCode: z.string().optional().describe('What the device gave as its code'),
  details: z.string().optional(),
});
export type OperationError = z.infer<typeof operationError>;

/** A device in a campaign, with the operations that were begun (facts 6). */
export const campaignTargetJson = z.object({
  deviceId: z.string(),
  status: z.enum(targetStatuses),
  error: operationError.optional().describe('Why the device failed, when that was not in an operation'),
  operations: z.array(
    z.object({
      action: z.enum(campaignActions),
      operationId: z
        .string()
        .describe(
          'Id of the command, the update, the operation of the twin or the observation; else one of its own',
        ),
      operationStatus: z.enum(targetStatuses),
      currentRetry: z.int(),
      started: z.iso.datetime(),
      updated: z.iso.datetime(),
      ended: z.iso.datetime().optional(),
      error: operationError.optional(),
    }),
  ),
});
export type CampaignTargetJson = z.infer<typeof campaignTargetJson>;

export const campaignSortFields = ['id', 'name', 'status', 'created', 'updated'] as const;
export type CampaignSortField = (typeof campaignSortFields)[number];

/** The values that a `configure` operation asks for. */
export function wantedValues(
  parameters: Readonly<Record<string, AssetParameter>>,
): Record<string, ConfigValue & { value: string | number }> {
  return Object.fromEntries(
    Object.entries(parameters).map(([key, parameter]) => {
      const { type } = parameter;
      return [key, { type, value: parameter[valueFields[type]] as string | number }];
    }),
  );
}
