import { z } from 'zod';
import type { CampaignService } from '../../campaigns/campaign-service.ts';
import {
  type CampaignSortField,
  campaignJson,
  campaignSortFields,
  campaignStatuses,
  campaignSummary,
  campaignTargetJson,
  createCampaignRequest,
  targetStatuses,
  updateCampaignRequest,
} from '../../contract/campaigns.ts';
import { queryBoolean, queryList, v0PageOf, v0PageQuery } from '../paging.ts';
import { idParams } from '../params.ts';
import { Answer, defineRoute, type Route } from '../route.ts';

const all = '/api/v0/deviceMgt/campaigns';
const one = `${all}/:id`;
const summaries = '/bench/v1/campaigns';
const tag = 'Campaigns';
const benchTag = 'Bench';
const notFound = { 404: 'No such campaign' };

const sort = z
  .string()
  .default('-created')
  .refine(
    (key) => campaignSortFields.includes(key.replace(/^-/, '') as CampaignSortField),
    `must be one of ${campaignSortFields.join(', ')}; with - before it for descending order`,
  )
  .transform((key) => ({
    field: key.replace(/^-/, '') as CampaignSortField,
    descending: key.startsWith('-'),
  }))
  .meta({ type: 'string', default: '-created' });

const listQuery = z.object({
  ...v0PageQuery,
  status: queryList
    .pipe(z.array(z.enum(campaignStatuses, `must be one of ${campaignStatuses.join(', ')}`)).max(20))
    .optional()
    .describe('Any of these'),
  sort,
});

const force = z.object({
  force: queryBoolean.default(false).describe('true: also what devices have under way is taken back'),
});

const example = {
  name: 'reporting period',
  planning: { startDate: '2030-01-01T00:00:00Z', endDate: '2030-01-08T00:00:00Z' },
  targets: { filterQuery: 'tag=in=(site-a,site-b)' },
  operations: [
    {
      action: 'configure',
      version: 1,
      definition: { assetParameters: { period: { type: 'INT32', valueInt32: 60 } }, maxRetry: 1 },
    },
    {
      action: 'command',
      version: 1,
      definition: { request: { connector: 'mqtt', value: { req: 'reboot', arg: {} } } },
    },
  ],
  options: { dynamicallyAddEligibleDevice: true },
};

/** Campaigns: operations on many devices (facts 6). */
export function campaignRoutes(campaigns: CampaignService): Route[] {
  return [
    defineRoute({
      method: 'GET',
      url: all,
      role: 'CAMPAIGN_R',
      tag,
      summary: 'List campaigns',
      query: listQuery,
      response: v0PageOf(campaignJson),
      handler: ({ grant, query }) => campaigns.list(grant.tenantId, { ...query, status: query.status ?? [] }),
    }),
    defineRoute({
      method: 'GET',
      url: summaries,
      role: 'CAMPAIGN_R',
      tag: benchTag,
      summary: 'List campaigns without the lists of their devices',
      query: listQuery,
      response: v0PageOf(campaignSummary),
      handler: ({ grant, query }) =>
        campaigns.listSummaries(grant.tenantId, { ...query, status: query.status ?? [] }),
    }),
    defineRoute({
      method: 'GET',
      url: `${summaries}/:id`,
      role: 'CAMPAIGN_R',
      tag: benchTag,
      summary: 'Get a campaign without the list of its devices',
      params: idParams,
      response: campaignSummary,
      failures: notFound,
      handler: ({ grant, params }) => campaigns.getSummary(grant.tenantId, params.id),
    }),
    defineRoute({
      method: 'POST',
      url: all,
      role: 'CAMPAIGN_W',
      tag,
      summary: 'Plan a campaign',
      description: `Every device goes through the operations one after the other. Without a startDate it begins
at once. Answered when it is stored.`,
      status: 201,
      body: createCampaignRequest.meta({ examples: [example] }),
      response: campaignJson,
      handler: ({ grant, body }) => campaigns.create(grant.tenantId, body),
    }),
    defineRoute({
      method: 'GET',
      url: one,
      role: 'CAMPAIGN_R',
      tag,
      summary: 'Get a campaign',
      params: idParams,
      response: campaignJson,
      failures: notFound,
      handler: ({ grant, params: { id } }) => campaigns.get(grant.tenantId, id),
    }),
    defineRoute({
      method: 'PATCH',
      url: one,
      role: 'CAMPAIGN_W',
      tag,
      summary: 'Change a campaign',
      description:
        'Name and description at any time; endDate and options until it ends; the rest before it begins. What is the same as before is no change.',
      params: idParams,
      body: updateCampaignRequest,
      response: campaignJson,
      failures: { ...notFound, 409: 'It is too late for this change' },
      handler: ({ grant, params: { id }, body }) => campaigns.update(grant.tenantId, id, body),
    }),
    defineRoute({
      method: 'PUT',
      url: `${one}/cancel`,
      role: 'CAMPAIGN_W',
      tag,
      summary: 'Cancel a campaign',
      description: `Devices that have not begun never do, and operations that wait are canceled. Those under way may
end; until then the campaign is CANCELING.`,
      params: idParams,
      query: force,
      response: campaignJson,
      failures: { ...notFound, 409: 'The campaign has ended' },
      handler: ({ grant, params: { id }, query }) => campaigns.cancel(grant.tenantId, id, query),
    }),
    defineRoute({
      method: 'DELETE',
      url: one,
      role: 'CAMPAIGN_W',
      tag,
      summary: 'Delete a campaign',
      description:
        'With force=true one that runs is canceled first, and 202 says that it will be deleted soon.',
      status: 200,
      params: idParams,
      query: z.object({
        force: queryBoolean.default(false).describe('true: also while it runs; it is canceled first'),
      }),
      failures: { ...notFound, 409: 'The campaign runs' },
      handler: async ({ grant, params: { id }, query }) => {
        const deleted = await campaigns.delete(grant.tenantId, id, query);
        return new Answer(undefined, { status: deleted ? 200 : 202 });
      },
    }),
    defineRoute({
      method: 'GET',
      url: `${one}/targets`,
      role: 'CAMPAIGN_R',
      tag,
      summary: 'List the devices of a campaign',
      description: 'In the order in which they were taken in, with what was begun on each.',
      params: idParams,
      query: z.object({
        ...v0PageQuery,
        status: z.enum(targetStatuses, `must be one of ${targetStatuses.join(', ')}`).optional(),
      }),
      response: v0PageOf(campaignTargetJson),
      failures: notFound,
      handler: ({ grant, params: { id }, query }) => campaigns.listTargets(grant.tenantId, id, query),
    }),
  ];
}
