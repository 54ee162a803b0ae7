import { z } from 'zod';
import { lwm2mEndpointName } from '../interface-kinds/lwm2m.ts';
import { maskedSecret, pskIdentity, pskSecret } from '../psk.ts';
import { runServerId } from './configs.ts';
import { securityDefinition, serverDefinition } from './server-objects.ts';

export const bootstrapEndpointName = lwm2mEndpointName;

/** Id of a bootstrap configuration in an entry. */
export const bootstrapConfigId = z
  .string()
  .min(1, 'must not be empty')
  .max(24, 'must have at most 24 characters');

const definition = z.object({
  bootstrapConfigId: bootstrapConfigId.optional().describe('Needed for a bootstrap to work'),
  runServers: z
    .array(
      z.object({
        id: runServerId.describe('Id of a run server of the configuration'),
        security: z
          .object({
            pskInfo: z.object({
              identity: pskIdentity
                .optional()
                .describe('When absent that with which the client authenticates to the bootstrap server'),
              secret: pskSecret,
            }),
          })
          .optional(),
      }),
    )
    .superRefine((servers, context) =>
      servers.forEach(({ id }, index) => {
        if (servers.findIndex((other) => other.id === id) === index) return;
        context.addIssue({ code: 'custom', path: [index, 'id'], message: 'must not be there twice' });
      }),
    )
    .optional(),
});

const mode = z.enum(['PSK'], 'must be PSK');

/** Body of the call that makes a bootstrap entry (manual 7.7.3.1). */
export const createEntryRequest = z.object({
  endpointName: bootstrapEndpointName,
  security: z.object({ mode, pskInfo: z.object({ identity: pskIdentity, secret: pskSecret }) }),
  definition: definition.optional(),
});
export type CreateEntryRequest = z.output<typeof createEntryRequest>;

/** Body of the call that replaces a bootstrap entry. Secrets that it does not have stay as they are. */
export const replaceEntryRequest = z.object({
  endpointName: bootstrapEndpointName.optional().describe('Must be that of the path'),
  security: z.object({
    mode,
    pskInfo: z.object({
      identity: pskIdentity,
      secret: pskSecret.optional().describe('When absent it stays as it is'),
    }),
  }),
  definition: definition
    .optional()
    .describe(`A secret of ${maskedSecret} stays as it is; a definition that is absent goes`),
});
export type ReplaceEntryRequest = z.output<typeof replaceEntryRequest>;

/** How far the newest bootstrap of an entry is, or how it ended. */
export const bootstrapStatuses = ['NEVER_REQUESTED', 'IN_PROGRESS', 'FINISHED', 'FAILED'] as const;
export type BootstrapStatus = (typeof bootstrapStatuses)[number];

/** What was sent for one run server: the parameters of the configuration, and the credentials. */
const sentRunServer = z.object({
  security: securityDefinition
    .omit({ settings: true })
    .extend({ publicKeyOrIdentity: z.string().optional(), secretKey: z.string().optional() }),
  server: serverDefinition.omit({ settings: true }),
});

export const sentConfig = z.object({ runServers: z.array(sentRunServer) });
export type SentConfig = z.input<typeof sentConfig>;

/** A bootstrap entry as the API shows it (manual 7.7.1.2, 7.7.3). */
export const bootstrapEntryJson = z.object({
  endpointName: z.string(),
  security: z.object({ mode: z.literal('PSK'), pskInfo: z.object({ identity: z.string() }) }),
  definition: z
    .object({
      bootstrapConfigId: z.string().optional(),
      runServers: z
        .array(
          z.object({
            id: z.string(),
            security: z
              .object({ pskInfo: z.object({ identity: z.string().optional(), secret: z.string() }) })
              .optional(),
          }),
        )
        .optional(),
    })
    .optional(),
  activity: z.object({
    status: z.enum(bootstrapStatuses),
    endpointBootstrapConfig: sentConfig.optional(),
    bootstrapRequestCount: z.int(),
    lastBootstrapRequestDate: z.iso.datetime().optional(),
    bootstrapFinishCount: z.int(),
    lastBootstrapFinishDate: z.iso.datetime().optional(),
  }),
  created: z.iso.datetime(),
  updated: z.iso.datetime(),
});
export type BootstrapEntryJson = z.input<typeof bootstrapEntryJson>;
