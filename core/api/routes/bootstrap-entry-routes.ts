import { z } from 'zod';
import type { BootstrapService } from '../../bootstrap/bootstrap-service.ts';
import { toEntryJson } from '../../bootstrap/entry-record.ts';
import {
  bootstrapConfigId,
  bootstrapEndpointName,
  bootstrapEntryJson,
  createEntryRequest,
  replaceEntryRequest,
} from '../../contract/bootstrap/entries.ts';
import { entryImportReport } from '../../contract/bootstrap/imports.ts';
import { queryBoolean, v1List, v1PageQuery } from '../paging.ts';
import { defineRoute, type Route } from '../route.ts';

const all = '/api/v1/bootstrap/lwm2m/entries';
const one = `${all}/:endpointName`;
const tag = 'LwM2M bootstrap';
const params = z.object({ endpointName: bootstrapEndpointName });
const noEntry = { 404: 'No such bootstrap entry' };
const badReference = { 404: 'No such bootstrap entry, or no such bootstrap configuration' };
/** As those of the configurations. */
const reads = { role: 'BOOTSTRAP_R', orRole: 'DEVICE_R', tag } as const;
const writes = { role: 'BOOTSTRAP_W', orRole: 'DEVICE_W', tag } as const;
const showSecuritySecrets = queryBoolean
  .optional()
  .describe('Show the keys for run servers; the key for the bootstrap server is never shown');

/** Which LwM2M clients may bootstrap, by which keys, and what has become of it (manual 7.7.1.2, 7.7.3, 7.7.4). */
export function bootstrapEntryRoutes({
  entries,
  imports,
}: Pick<BootstrapService, 'entries' | 'imports'>): Route[] {
  return [
    defineRoute({
      ...{ ...reads, method: 'GET', url: all },
      summary: 'List the bootstrap entries by endpoint name',
      query: z.object({
        ...v1PageQuery,
        bookmarkEndpointName: bootstrapEndpointName.optional().describe('Only entries behind this one'),
        showSecuritySecrets,
      }),
      response: z.array(bootstrapEntryJson),
      handler: ({ grant: { tenantId }, query, wantsTotal }) => {
        const { limit, offset, bookmarkEndpointName: after, showSecuritySecrets: showSecrets } = query;
        const page = entries.list(tenantId, { after, limit, offset });
        const total = wantsTotal ? entries.count(tenantId) : undefined;
        return v1List(
          page.map((entry) => toEntryJson(entry, showSecrets)),
          { limit, total },
        );
      },
    }),
    defineRoute({
      ...{ ...writes, method: 'POST', url: all },
      summary: 'Make a bootstrap entry',
      status: 201,
      body: createEntryRequest.meta({ examples: [exampleBody()] }),
      response: bootstrapEntryJson,
      failures: {
        403: 'Also: the tenant has as many as it may have',
        404: 'No such bootstrap configuration',
        409: 'There is one with this endpoint name, or with this PSK identity, which may be of another tenant',
      },
      handler: async ({ grant, body }) => toEntryJson(await entries.create(grant.tenantId, body)),
    }),
    defineRoute({
      ...{ ...reads, method: 'GET', url: one },
      summary: 'Get a bootstrap entry',
      params,
      query: z.object({ showSecuritySecrets }),
      response: bootstrapEntryJson,
      failures: noEntry,
      handler: ({ grant, params: { endpointName }, query }) =>
        toEntryJson(entries.get(grant.tenantId, endpointName), query.showSecuritySecrets),
    }),
    defineRoute({
      ...{ ...writes, method: 'PUT', url: one },
      summary: 'Replace a bootstrap entry',
      description:
        'Takes what GET answers: secrets that are absent or *** stay as they are. The activity stays too.',
      params,
      body: replaceEntryRequest.meta({ examples: [exampleBody()] }),
      response: bootstrapEntryJson,
      failures: { ...badReference, 409: 'Another entry has this PSK identity' },
      handler: async ({ grant, params: { endpointName }, body }) =>
        toEntryJson(await entries.replace(grant.tenantId, endpointName, body)),
    }),
    defineRoute({
      ...{ ...writes, method: 'PUT', url: `${one}/definition/bootstrapConfigId` },
      summary: 'Bootstrap an entry by another configuration',
      description: 'The body is the id of the configuration as a JSON text.',
      params,
      body: bootstrapConfigId.meta({ examples: ['6374fc20c63f896edc10726d'] }),
      response: bootstrapEntryJson,
      failures: badReference,
      handler: async ({ grant, params: { endpointName }, body }) =>
        toEntryJson(await entries.setConfig(grant.tenantId, endpointName, body)),
    }),
    defineRoute({
      ...{ ...writes, method: 'DELETE', url: one },
      summary: 'Delete a bootstrap entry',
      description:
        'The client can no longer bootstrap. What was written to it stays there, and so does its device.',
      params,
      failures: noEntry,
      handler: ({ grant, params: { endpointName } }) => entries.delete(grant.tenantId, endpointName),
    }),
    defineRoute({
      ...{ ...writes, method: 'POST', url: '/bench/v1/bootstrap/lwm2m/entries/imports' },
      summary: 'Import bootstrap entries from a CSV file',
      description: `The body is the file, with the columns of the manual (7.7.4.1.2) named in its first line: \
endpointName, pskInfo.identity, pskInfo.secret, bootstrapConfigId, runServers.id, \
runServers.security.pskInfo.identity, runServers.security.pskInfo.secret. An entry that is refused is an error of its \
line and keeps no other from being made.`,
      status: 200,
      query: z.object({
        dryRun: queryBoolean
          .optional()
          .transform((given) => given ?? false)
          .describe('Only say what would happen'),
      }),
      rawBody: true,
      response: entryImportReport,
      failures: {
        400: 'The file cannot be read to its end. What was made stays, and `details` says how many',
        413: 'The file is too long',
      },
      handler: ({ grant: { tenantId }, query: { dryRun }, rawBody }) =>
        imports.run({ tenantId, dryRun }, rawBody.chunks),
    }),
  ];
}

function exampleBody(): unknown {
  return {
    endpointName: 'my_endpoint',
    security: {
      mode: 'PSK',
      pskInfo: { identity: 'my_endpoint', secret: '0123456789ABCDEF0123456789ABCDEF' },
    },
  };
}
