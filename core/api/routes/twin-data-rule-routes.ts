import { z } from 'zod';
import { twinDataRuleJson, twinDataRuleRequest } from '../../contract/twin.ts';
import type { DataRules } from '../../twin/data-rules.ts';
import { v1WholeList } from '../paging.ts';
import { idParams } from '../params.ts';
import { defineRoute, type Route } from '../route.ts';

const all = '/api/v1/deviceMgt/twin/data/rules';
const one = `${all}/:id`;
const tag = 'Device twin';
const notThere = { 404: 'No such data rule' };
const body = twinDataRuleRequest.meta({
  examples: [{ name: 'my passthrough', type: 'PASSTHROUGH', paths: ['/'] }],
});

/** Which reported values become data messages (manual 7.8.9, 7.8.10). */
export function twinDataRuleRoutes(rules: DataRules): Route[] {
  return [
    defineRoute({
      method: 'GET',
      url: all,
      role: 'DEVICE_R',
      tag,
      summary: 'List the data rules',
      response: z.array(twinDataRuleJson),
      handler: ({ grant, wantsTotal }) => v1WholeList(rules.list(grant.tenantId), wantsTotal),
    }),
    defineRoute({
      method: 'POST',
      url: all,
      role: 'DEVICE_W',
      tag,
      summary: 'Make a data rule',
      description: 'Values at or below its paths that devices send or notify become data messages.',
      status: 201,
      body,
      response: twinDataRuleJson,
      failures: { 403: 'Also: there are as many data rules as there may be' },
      handler: ({ grant, body: request }) => rules.create(grant.tenantId, request),
    }),
    defineRoute({
      method: 'GET',
      url: one,
      role: 'DEVICE_R',
      tag,
      summary: 'Get a data rule',
      params: idParams,
      response: twinDataRuleJson,
      failures: notThere,
      handler: ({ grant, params: { id } }) => rules.get(grant.tenantId, id),
    }),
    defineRoute({
      method: 'PUT',
      url: one,
      role: 'DEVICE_W',
      tag,
      summary: 'Change a data rule',
      params: idParams,
      body,
      response: twinDataRuleJson,
      failures: notThere,
      handler: ({ grant, params: { id }, body: request }) => rules.update(grant.tenantId, id, request),
    }),
    defineRoute({
      method: 'DELETE',
      url: one,
      role: 'DEVICE_W',
      tag,
      summary: 'Delete a data rule',
      status: 204,
      params: idParams,
      failures: notThere,
      handler: ({ grant, params: { id } }) => rules.delete(grant.tenantId, id),
    }),
  ];
}
