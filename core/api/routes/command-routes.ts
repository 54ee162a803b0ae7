import { z } from 'zod';
import type { CommandService } from '../../commands/command-service.ts';
import {
  type CommandSortField,
  commandJson,
  commandSortFields,
  commandStatuses,
  createCommandRequest,
} from '../../contract/commands.ts';
import { deviceId } from '../../contract/devices.ts';
import { queryBoolean, queryInstant, queryList, v1List, v1PageQuery } from '../paging.ts';
import { idParams } from '../params.ts';
import { defineRoute, type Route } from '../route.ts';

const ofDevice = '/api/v1/deviceMgt/devices/:deviceId/commands';
const one = '/api/v1/deviceMgt/commands/:id';
const tag = 'Commands';

const sortKeys = queryList
  .pipe(
    z.array(
      z
        .string()
        .refine(
          (key) => commandSortFields.includes(key.replace(/^-/, '') as CommandSortField),
          `must be one of ${commandSortFields.join(', ')}; with - before it for descending order`,
        ),
    ),
  )
  .transform((keys) =>
    keys.map((key) => ({
      field: key.replace(/^-/, '') as CommandSortField,
      descending: key.startsWith('-'),
    })),
  )
  .meta({ type: 'string' });

const example = {
  request: { connector: 'mqtt', value: { req: 'reboot', arg: { delay: 5 } } },
  policy: { expirationInSeconds: 120, ackTimeoutInSeconds: 60, ackMode: 'APPLICATIVE', attempts: 3 },
};

/** Commands to devices (manual 8.3, facts 2.1). */
export function commandRoutes(commands: CommandService): Route[] {
  return [
    defineRoute({
      method: 'POST',
      url: ofDevice,
      role: 'DEVICE_W',
      tag,
      summary: 'Register a command for a device',
      description: `It goes out as soon as the device takes commands, after those registered before it.
Answered when it is stored.`,
      status: 201,
      params: z.object({ deviceId }),
      query: z.object({
        validate: queryBoolean
          .default(true)
          .describe('false: what the connector would refuse ends the command when it is to be sent'),
      }),
      body: createCommandRequest.meta({ examples: [example] }),
      response: commandJson,
      failures: {
        403: 'Also: too many commands of this device wait',
        404: 'No such device, or commands over this connector are not offered',
      },
      handler: ({ grant, params, query, body }) =>
        commands.create(grant.tenantId, params.deviceId, body, query),
    }),
    defineRoute({
      method: 'GET',
      url: ofDevice,
      role: 'DEVICE_R',
      tag,
      summary: 'List the commands of a device',
      params: z.object({ deviceId }),
      query: z.object({
        from: queryInstant.optional().describe('Only commands made then or later'),
        to: queryInstant.optional().describe('Only commands made before'),
        ...v1PageQuery,
        sort: sortKeys
          .optional()
          .describe(
            `Any of ${commandSortFields.join(', ')}, with - for descending order; -created when not given`,
          ),
      }),
      response: z.array(commandJson),
      failures: { 404: 'No such device' },
      handler: async ({ grant, params, query, wantsTotal }) => {
        const { from: fromMs, to: toMs, limit, offset } = query;
        const sort = query.sort ?? [{ field: 'created', descending: true } as const];
        const page = { fromMs, toMs, limit, offset, sort };
        const { commands: found, total } = await commands.list(
          grant.tenantId,
          params.deviceId,
          page,
          wantsTotal,
        );
        return v1List(found, { limit, total });
      },
    }),
    defineRoute({
      method: 'GET',
      url: one,
      role: 'DEVICE_R',
      tag,
      summary: 'Get a command',
      params: idParams,
      response: commandJson,
      failures: { 404: 'No such command' },
      handler: ({ grant, params: { id } }) => commands.get(grant.tenantId, id),
    }),
    defineRoute({
      method: 'DELETE',
      url: one,
      role: 'DEVICE_W',
      tag,
      summary: 'Delete a command',
      description:
        'One that is not final is not sent any more, and an answer to it is one to an unknown command.',
      status: 200,
      params: idParams,
      failures: { 404: 'No such command' },
      handler: ({ grant, params: { id } }) => commands.delete(grant.tenantId, id),
    }),
    defineRoute({
      method: 'GET',
      url: `${one}/status`,
      role: 'DEVICE_R',
      tag,
      summary: 'Get the status of a command',
      params: idParams,
      response: z.object({ content: z.enum(commandStatuses) }),
      failures: { 404: 'No such command' },
      handler: async ({ grant, params: { id } }) => {
        const { status } = await commands.get(grant.tenantId, id);
        return { content: status };
      },
    }),
    defineRoute({
      method: 'PUT',
      url: `${one}/status`,
      role: 'DEVICE_W',
      tag,
      summary: 'Cancel a command',
      description: 'The body is the JSON text "CANCELED".',
      params: idParams,
      query: z.object({
        force: queryBoolean.default(false).describe('true: also while the command is being processed'),
      }),
      body: z.literal('CANCELED', 'must be the JSON text "CANCELED"'),
      response: z.object({ content: z.literal('CANCELED') }),
      failures: { 404: 'No such command', 409: 'The command is being processed, or it has ended' },
      handler: async ({ grant, params: { id }, query, body }) => {
        await commands.cancel(grant.tenantId, id, query);
        return { content: body };
      },
    }),
  ];
}
