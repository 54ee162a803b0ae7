import { z } from 'zod';
import { text } from './text.ts';

/** What can be asked of a twin (manual 7.8.6). */
export const twinOperationTypes = ['READ', 'WRITE', 'EXECUTE', 'WRITE-METADATA'] as const;
export type TwinOperationType = (typeof twinOperationTypes)[number];

/** States of an operation (manual 7.8.6.4). `UNKNOWN` of the compatible API never occurs here. */
export const twinOperationStatuses = [
  'PENDING',
  'SENT',
  'RETRYING',
  'CANCELLED',
  'EXPIRED',
  'FAILED',
  'OK',
] as const;
export type TwinOperationStatus = (typeof twinOperationStatuses)[number];

/** Why an operation failed. The first two are of manual 7.8.6.1; the others are ours. */
export const twinErrorCodes = [
  'OPERATION_INVALID',
  'DEVICE_ERROR',
  'DEVICE_REJECTED',
  'DEVICE_TIMEOUT',
  'RESPONSE_INVALID',
  'INTERFACE_UNUSABLE',
] as const;
export type TwinErrorCode = (typeof twinErrorCodes)[number];

/** Formats that a user may ask for (manual 7.8.6.2). */
export const twinContentFormats = [
  'TLV',
  'JSON',
  'SENML_JSON',
  'SENML_CBOR',
  'TEXT',
  'OPAQUE',
  'CBOR',
] as const;

/** Conditions of notifications (manual 7.8.6.1). */
export const twinMetadataNames = ['pmin', 'pmax', 'gt', 'lt', 'st', 'epmin', 'epmax'] as const;

export const writeModes = ['UPDATE', 'REPLACE'] as const;
export type WriteMode = (typeof writeModes)[number];

const oneOf = <const Names extends readonly [string, ...string[]]>(names: Names) =>
  z.enum(names, `must be one of ${names.join(', ')}`);

/** Both spellings of the manual (7.8.6.4 and 7.8.6.8). */
export const cancelledStatus = z
  .enum(['CANCELED', 'CANCELLED'], 'must be the JSON text "CANCELED"')
  .transform(() => 'CANCELLED' as const);

/** A path of LwM2M as the API writes it: `/`, `/3`, `/3/0`, `/3/0/1` or `/1/4/11/4`. */
export const twinPath = z
  .string('must be a path such as /3/0/1')
  .regex(
    /^\/$|^(\/(0|[1-9]\d{0,4})){1,4}$/,
    'must be a path of up to four ids such as /3/0/1, or / for everything',
  )
  .refine(
    (path) =>
      path
        .slice(1)
        .split('/')
        .every((id, level) => Number(id) <= (level === 1 ? 65_534 : 65_535)),
    'must have ids up to 65535; the id of an object instance is up to 65534',
  );

const twinValue = z.union([z.string(), z.number(), z.boolean()], 'must be a text, a number, true or false');

const metadataItem = z.object({
  name: oneOf(twinMetadataNames),
  value: z
    .union([z.string(), z.number()], 'must be a number, or a text of one')
    .nullish()
    .describe('Without it the condition is taken away'),
});

const operationValue = z.object({
  path: twinPath,
  value: twinValue.optional().describe('For WRITE; OPAQUE is base64, TIME is seconds since 1970'),
  metadata: z.array(metadataItem).min(1, 'must not be empty').optional().describe('For WRITE-METADATA'),
});

const contentFormat = oneOf(twinContentFormats).nullish();
const operationOptions = z.object({
  lwm2m: z
    .object({ contentFormat: z.object({ request: contentFormat, response: contentFormat }).nullish() })
    .nullish(),
});

const wholeAttempts = 'must be a whole number from 1';
const operationPolicy = z.object({
  attempts: z
    .int(wholeAttempts)
    .min(1, wholeAttempts)
    .nullish()
    .describe('Attempts in all, 1 when not given'),
});

/** Body of the call that asks something of a twin (manual 7.8.6.1, 7.8.6.7); `checkTwinOperation` says the rest. */
export const createTwinOperationRequest = z.object({
  type: oneOf(twinOperationTypes),
  paths: z.array(twinPath).nullish(),
  values: z.array(operationValue).nullish(),
  writeMode: oneOf(writeModes).nullish().describe('For WRITE, which needs it'),
  contextToken: text(255).nullish().describe('A word of your own, to find the operation by'),
  options: operationOptions.nullish(),
  policy: operationPolicy.nullish(),
});
export type CreateTwinOperationRequest = z.output<typeof createTwinOperationRequest>;

export const twinOperationError = z.object({
  code: z.enum(twinErrorCodes),
  details: z.string().optional(),
  deviceCode: z.object({ value: z.int(), reason: z.string() }).optional(),
});
export type TwinOperationError = z.infer<typeof twinOperationError>;

/** An operation as the API shows it (manual 7.8.6.1). What was asked for is shown as it was written. */
export const twinOperationJson = z.object({
  id: z.string(),
  type: z.enum(twinOperationTypes),
  paths: z.array(z.string()).optional(),
  values: z.array(operationValue).optional(),
  writeMode: z.enum(writeModes).optional(),
  contextToken: z.string().optional(),
  options: operationOptions.optional(),
  policy: z.object({ attempts: z.int().optional() }).optional(),
  status: z.enum(twinOperationStatuses),
  error: twinOperationError.optional(),
  created: z.iso.datetime(),
  updated: z.iso.datetime(),
});
export type TwinOperationJson = z.infer<typeof twinOperationJson>;

/** States of an observation (manual 7.8.7.2). */
export const twinObservationStatuses = ['PENDING', 'OBSERVING', 'FAILED'] as const;
export type TwinObservationStatus = (typeof twinObservationStatuses)[number];

export const createTwinObservationRequest = z.object({
  paths: z
    .array(
      twinPath.refine(
        (path) => path !== '/',
        'must not be /: an object, or something below one, is observed',
      ),
    )
    .min(1, 'must name a path'),
  name: text(255).nullish(),
});
export type CreateTwinObservationRequest = z.output<typeof createTwinObservationRequest>;

/** An observation as the API shows it (manual 7.8.7.1). */
export const twinObservationJson = z.object({
  id: z.string(),
  paths: z.array(z.string()),
  status: z.enum(twinObservationStatuses),
  name: z.string().optional(),
  created: z.iso.datetime(),
});
export type TwinObservationJson = z.infer<typeof twinObservationJson>;

export const twinDataRuleTypes = ['PASSTHROUGH'] as const;

/** Body of the calls that make and change a data rule (manual 7.8.9.1). */
export const twinDataRuleRequest = z.object({
  name: text(255).nullish(),
  type: oneOf(twinDataRuleTypes),
  paths: z.array(twinPath).min(1, 'must name a path'),
});
export type TwinDataRuleRequest = z.output<typeof twinDataRuleRequest>;

export const twinDataRuleJson = z.object({
  id: z.string(),
  name: z.string().optional(),
  type: z.enum(twinDataRuleTypes),
  paths: z.array(z.string()),
  created: z.iso.datetime(),
});
export type TwinDataRuleJson = z.infer<typeof twinDataRuleJson>;

/** A value that a device reported (manual 7.8.5.4), as text: a boolean is 0 or 1, a time seconds, bytes base64. */
const attributeValue = z.object({ reportedValue: z.string(), timestamp: z.iso.datetime() });
export const twinAttributeJson = z.object({
  pathSegment: z.string(),
  path: z.string(),
  content: attributeValue.optional().describe('The value of an attribute with one'),
  contents: z
    .array(attributeValue.extend({ path: z.string() }))
    .optional()
    .describe('The values of an attribute with several'),
});
export type TwinAttributeJson = z.infer<typeof twinAttributeJson>;

export const twinInstanceJson = z.object({
  objectDefinitionId: z.string(),
  path: z.string(),
  attributes: z.array(twinAttributeJson).optional(),
});
export type TwinInstanceJson = z.infer<typeof twinInstanceJson>;

export const twinObjectJson = z.object({
  objectDefinitionId: z.string(),
  path: z.string(),
  instances: z.array(twinInstanceJson).optional(),
});
export type TwinObjectJson = z.infer<typeof twinObjectJson>;

export const twinRootJson = z.object({
  objectDefinitionId: z.string(),
  path: z.literal('/'),
  children: z.array(twinObjectJson),
});
export type TwinRootJson = z.infer<typeof twinRootJson>;

/** What a device has just said, as the live socket tells it. */
export const twinReportJson = z.object({
  /** `register` and `update` have objects; the others have values. */
  origin: z.enum(['register', 'update', 'read', 'notify', 'send']),
  supportedObjects: z.array(z.string()).optional(),
  values: z.array(attributeValue.extend({ path: z.string() })).optional(),
});
export type TwinReportJson = z.infer<typeof twinReportJson>;
