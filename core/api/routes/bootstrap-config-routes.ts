import { z } from 'zod';
import type { BootstrapConfigs } from '../../bootstrap/bootstrap-configs.ts';
import { toConfigJson } from '../../bootstrap/config-record.ts';
import { bootstrapConfigJson, bootstrapConfigRequest } from '../../contract/bootstrap/configs.ts';
import { v1List, v1PageQuery } from '../paging.ts';
import { idParams as params } from '../params.ts';
import { defineRoute, type Route } from '../route.ts';

const all = '/api/v1/bootstrap/lwm2m/configs';
const one = `${all}/:id`;
const tag = 'LwM2M bootstrap';
const noConfig = { 404: 'No such bootstrap configuration' };
/** The tutorial of manual 7.7.4.1.1 uses the roles for devices; the later API has roles of its own (facts 13). */
const reads = { role: 'BOOTSTRAP_R', orRole: 'DEVICE_R', tag } as const;
const writes = { role: 'BOOTSTRAP_W', orRole: 'DEVICE_W', tag } as const;
const body = bootstrapConfigRequest.meta({ examples: [exampleBody()] });

/** What LwM2M clients are told to register at (manual 7.7.1.1, 7.7.2). */
export function bootstrapConfigRoutes(configs: BootstrapConfigs): Route[] {
  return [
    defineRoute({
      ...{ ...reads, method: 'GET', url: all },
      summary: 'List the bootstrap configurations, oldest first',
      query: z.object(v1PageQuery),
      response: z.array(bootstrapConfigJson),
      handler: ({ grant, query: { limit, offset }, wantsTotal }) => {
        const found = configs.list(grant.tenantId);
        const page = found.slice(offset, offset + limit).map(toConfigJson);
        return v1List(page, { limit, total: wantsTotal ? found.length : undefined });
      },
    }),
    defineRoute({
      ...{ ...writes, method: 'POST', url: all },
      summary: 'Make a bootstrap configuration',
      status: 201,
      body,
      response: bootstrapConfigJson,
      failures: { 403: 'Also: the tenant has as many as it may have' },
      handler: async ({ grant, body }) => toConfigJson(await configs.create(grant.tenantId, body)),
    }),
    defineRoute({
      ...{ ...reads, method: 'GET', url: one },
      summary: 'Get a bootstrap configuration',
      params,
      response: bootstrapConfigJson,
      failures: noConfig,
      handler: ({ grant, params: { id } }) => toConfigJson(configs.get(grant.tenantId, id)),
    }),
    defineRoute({
      ...{ ...writes, method: 'PUT', url: one },
      summary: 'Replace a bootstrap configuration',
      description: 'It holds for bootstraps that come. What was written to devices stays there.',
      params,
      body,
      response: bootstrapConfigJson,
      failures: { ...noConfig, 409: 'Entries have credentials for a run server that would be gone' },
      handler: async ({ grant, params: { id }, body }) =>
        toConfigJson(await configs.replace(grant.tenantId, id, body)),
    }),
    defineRoute({
      ...{ ...writes, method: 'DELETE', url: one },
      summary: 'Delete a bootstrap configuration',
      params,
      failures: { ...noConfig, 409: 'An entry names it' },
      handler: ({ grant, params: { id } }) => configs.delete(grant.tenantId, id),
    }),
  ];
}

function exampleBody(): unknown {
  return {
    name: 'Meters',
    runServers: [
      {
        id: 'LOServer',
        useLiveObjects: true,
        lwm2mDefinition: {
          security: { shortServerId: 1 },
          server: { shortServerId: 1, lifetime: 300, binding: 'U' },
        },
      },
    ],
  };
}
