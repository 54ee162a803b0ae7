import { z } from 'zod';
import { flag } from '../flag.ts';
import { text } from '../text.ts';
import { securityDefinition, serverDefinition } from './server-objects.ts';

export const bootstrapLimits = {
  nameCharacters: 255,
  descriptionCharacters: 500,
  runServerIdCharacters: 255,
};

/** Id of a run server, by which entries give their credentials for it. */
export const runServerId = text(bootstrapLimits.runServerIdCharacters).min(1, 'must not be empty');

const runServerFields = {
  id: runServerId,
  useLiveObjects: flag.default(false).describe('The run server is this platform, with PSK'),
  renewSecurityOnBootstrap: flag
    .optional()
    .describe('Make new credentials at each bootstrap. Allowed only where useLiveObjects is true'),
  lwm2mDefinition: z.strictObject({ security: securityDefinition, server: serverDefinition }),
};

type Issue = (path: readonly PropertyKey[], message: string) => void;
type RunServerInput = z.output<z.ZodObject<typeof runServerFields>>;

/** What a caller gives of these, the platform knows itself where it is the run server. */
const ofOthersOnly = ['lwm2mServerUri', 'securityMode', 'serverPublicKey', 'certificateUsage'] as const;

function checkRunServer(server: RunServerInput, issue: Issue): void {
  const { security, server: object } = server.lwm2mDefinition;
  for (const name of ofOthersOnly) {
    if (server.useLiveObjects && security[name] !== undefined) {
      issue(
        ['lwm2mDefinition', 'security', name],
        'must not be set where useLiveObjects is true: the platform fills it in',
      );
    }
  }
  for (const name of ['lwm2mServerUri', 'securityMode'] as const) {
    if (!server.useLiveObjects && security[name] === undefined) {
      issue(['lwm2mDefinition', 'security', name], 'is needed where useLiveObjects is false');
    }
  }
  if (server.renewSecurityOnBootstrap && !server.useLiveObjects) {
    issue(['renewSecurityOnBootstrap'], 'may be true only where useLiveObjects is true');
  }
  if (security.shortServerId !== object.shortServerId) {
    issue(
      ['lwm2mDefinition', 'server', 'shortServerId'],
      `must be that of the security, ${security.shortServerId}, not ${object.shortServerId}`,
    );
  }
}

const runServer = z
  .object(runServerFields)
  .superRefine((server, context) =>
    checkRunServer(server, (path, message) => context.addIssue({ code: 'custom', path: [...path], message })),
  )
  // What can be set only there is said only there, as in the examples of the manual.
  .transform(({ renewSecurityOnBootstrap: renew = false, ...server }) => ({
    ...server,
    ...(server.useLiveObjects && { renewSecurityOnBootstrap: renew }),
  }));
export type RunServer = z.output<typeof runServer>;

/** What no two run servers of a configuration may share: where it is, and what it is. */
const unique: readonly {
  readonly path: readonly string[];
  readonly of: (server: RunServer) => string | number | undefined;
}[] = [
  { path: ['id'], of: ({ id }) => id },
  {
    path: ['lwm2mDefinition', 'security', 'shortServerId'],
    of: ({ lwm2mDefinition }) => lwm2mDefinition.security.shortServerId,
  },
  {
    path: ['lwm2mDefinition', 'security', 'settings', 'objectInstanceId'],
    of: ({ lwm2mDefinition }) => lwm2mDefinition.security.settings?.objectInstanceId,
  },
  {
    path: ['lwm2mDefinition', 'server', 'settings', 'objectInstanceId'],
    of: ({ lwm2mDefinition }) => lwm2mDefinition.server.settings?.objectInstanceId,
  },
];

function checkRunServers(servers: readonly RunServer[], issue: Issue): void {
  servers.forEach((server, index) => {
    const before = servers.slice(0, index);
    for (const { path, of } of unique) {
      const own = of(server);
      if (own !== undefined && before.some((other) => of(other) === own)) {
        issue([index, ...path], `must differ from that of the other run servers; ${own} is there already`);
      }
    }
    if (server.useLiveObjects && before.some((other) => other.useLiveObjects)) {
      issue(
        [index, 'useLiveObjects'],
        'may be true for one run server only: a device has one interface here',
      );
    }
  });
}

const runServers = z
  .array(runServer)
  .min(1, 'must not be empty')
  .superRefine((servers, context) =>
    checkRunServers(servers, (path, message) =>
      context.addIssue({ code: 'custom', path: [...path], message }),
    ),
  );

/** Body of the calls that make and replace a bootstrap configuration (manual 7.7.2). */
export const bootstrapConfigRequest = z.object({
  id: z.string().optional().describe('Given by the platform; if it is here it must be that of the path'),
  name: text(bootstrapLimits.nameCharacters).min(1, 'must not be empty'),
  description: text(bootstrapLimits.descriptionCharacters).optional(),
  runServers,
});
export type BootstrapConfigRequest = z.output<typeof bootstrapConfigRequest>;

/** A bootstrap configuration as the API shows it (manual 7.7.1.1). */
export const bootstrapConfigJson = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().optional(),
  runServers: z.array(
    z.object({
      ...runServerFields,
      useLiveObjects: z.boolean(),
      renewSecurityOnBootstrap: z.boolean().optional(),
    }),
  ),
  created: z.iso.datetime(),
  updated: z.iso.datetime(),
});
export type BootstrapConfigJson = z.input<typeof bootstrapConfigJson>;
