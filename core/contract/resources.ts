import { z } from 'zod';
import { text } from './text.ts';

/** Bounds of the compatible API (facts 4.1). */
export const resourceLimits = {
  idCharacters: 255,
  labelCharacters: 255,
  descriptionCharacters: 500,
  metadataEntries: 100,
  metadataCharacters: 255,
  aliases: 5,
  compatibleVersions: 100,
} as const;

/** Ways by which content gets to a device (facts 4.2). */
export const resourceConnectors = ['http-updater', 'lwm2m-updater'] as const;
export type ResourceConnector = (typeof resourceConnectors)[number];

/** Metadata that a connector understands (facts 4.1); other names are kept and mean nothing to the platform. */
export const connectorMetadata: Readonly<
  Record<ResourceConnector, { mandatory: string[]; optional: string[] }>
> = {
  'http-updater': { mandatory: [], optional: ['secured'] },
  'lwm2m-updater': { mandatory: [], optional: ['secured', 'delivery'] },
};

const reserved = new Set(['class', '_class']);

const metadataName = text(resourceLimits.metadataCharacters)
  .min(1, 'must not be empty')
  .refine((name) => !/[$.]/.test(name), 'must not hold $ or .')
  .refine((name) => !reserved.has(name), 'must not be class or _class');

/** Names and texts that belong to a resource or to one update of it. */
export const resourceMetadata = z
  .record(metadataName, text(resourceLimits.metadataCharacters))
  .refine(
    (entries) => Object.keys(entries).length <= resourceLimits.metadataEntries,
    `must hold at most ${resourceLimits.metadataEntries} entries`,
  );

/** Metadata of a resource: what a connector understands must have a meaning. */
const ownMetadata = resourceMetadata.superRefine(({ secured }, context) => {
  if (secured === undefined || secured === 'true' || secured === 'false') return;
  const message = 'must be "true" (links are HTTPS) or "false"';
  context.addIssue({ code: 'custom', path: ['secured'], message });
});
export type ResourceMetadata = Readonly<Record<string, string>>;

/** Id of a resource: what devices call it in their reports. */
export const resourceId = text(resourceLimits.idCharacters)
  .min(1, 'must not be empty')
  .describe('Id of the resource, as devices report it');

/** Version of a resource, as devices report it. */
export const versionId = text(resourceLimits.idCharacters).min(1, 'must not be empty');

const changeable = {
  label: text(resourceLimits.labelCharacters).nullish(),
  description: text(resourceLimits.descriptionCharacters).nullish(),
  connector: z
    .enum(resourceConnectors, `must be one of ${resourceConnectors.join(', ')}`)
    .nullish()
    .describe('How devices get it; http-updater when not given'),
  metadata: ownMetadata.nullish().describe('secured: "true" makes the links of updates HTTPS'),
  versionAliases: z
    .array(versionId)
    .max(resourceLimits.aliases, `must hold at most ${resourceLimits.aliases} aliases`)
    .nullish(),
};

/** Body of the call that makes a resource (facts 4.1). */
export const createResourceRequest = z.object({
  // It would be hidden behind the list of connectors.
  resourceId: resourceId.refine((id) => id !== 'connectors', 'must not be connectors'),
  ...changeable,
});
export type CreateResourceRequest = z.output<typeof createResourceRequest>;

/** Body of the call that changes a resource; what is absent stays, `null` takes away. */
export const updateResourceRequest = z.object({
  resourceId: resourceId.nullish().describe('Must be the one of the path'),
  ...changeable,
});
export type UpdateResourceRequest = z.output<typeof updateResourceRequest>;

const epochMs = z.int().describe('Milliseconds since 1970');

export const resourceJson = z.object({
  resourceId: z.string(),
  label: z.string().optional(),
  description: z.string().optional(),
  connector: z.enum(resourceConnectors),
  metadata: z.record(z.string(), z.string()),
  versionAliases: z.array(z.string()),
  created: epochMs,
  updated: epochMs,
});
export type ResourceJson = z.infer<typeof resourceJson>;

/** Not `text()`: ten million characters are looked at once, when they are decoded. */
const base64File = z.string().describe('The content as Base64, at most resourceMaxFileBytes when decoded');

const checksum = z
  .string()
  .regex(/^[A-Za-z\d+/]{22}==$/, 'must be the Base64 of an MD5, 24 characters')
  .nullish()
  .describe('Base64 of the MD5 of the content; when given, the content must fit it');

const ofVersion = {
  description: text(resourceLimits.descriptionCharacters).nullish(),
  compatibleVersions: z
    .array(versionId)
    .max(resourceLimits.compatibleVersions, `must hold at most ${resourceLimits.compatibleVersions} versions`)
    .transform((list) => [...new Set(list)])
    .nullish()
    .describe('Versions from which a device may go to this one; empty or absent: from any'),
};

/** Body of the call that adds a version (facts 4.1). */
export const createVersionRequest = z.object({
  resourceVersionId: versionId,
  file: base64File,
  checksum,
  ...ofVersion,
});
export type CreateVersionRequest = z.output<typeof createVersionRequest>;

/** Body of the call that changes a version; what is absent stays, `null` takes away. */
export const updateVersionRequest = z.object({
  resourceVersionId: versionId.nullish().describe('Must be the one of the path'),
  file: base64File.nullish(),
  checksum,
  ...ofVersion,
});
export type UpdateVersionRequest = z.output<typeof updateVersionRequest>;

export const versionJson = z.object({
  resourceVersionId: z.string(),
  description: z.string().optional(),
  checksum: z.string().describe('Base64 of the MD5 of the content'),
  size: z.int().describe('Bytes of the content'),
  compatibleVersions: z.array(z.string()),
  created: epochMs,
  updated: epochMs,
});
export type VersionJson = z.infer<typeof versionJson>;
