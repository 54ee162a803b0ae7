import { z } from 'zod';
import { toGatewayJson } from '../../connectors/lora/gateway.ts';
import type { LoraConnector } from '../../connectors/lora/lora-connector.ts';
import { connectivityPlans, manufacturers, profiles, toProfileJson } from '../../connectors/lora/profiles.ts';
import { createGatewayRequest, gatewayJson, updateGatewayRequest } from '../../contract/lora/gateways.ts';
import { connectivityPlan } from '../../contract/lora/plans.ts';
import { profileJson } from '../../contract/lora/profiles.ts';
import { v0List, v0PageOf, v0PageQuery } from '../paging.ts';
import { defineRoute, type Route } from '../route.ts';

const url = '/api/v1/deviceMgt/connectors/lora';
const ownUrl = '/bench/v1/lora';
const tag = 'LoRa';
const params = z.object({ gatewayId: z.string() });
const notFound = { 404: 'No such gateway' };

/** What LoRa interfaces choose from, and gateways (manual 5.5.1.4, facts 15). */
export function loraRoutes(lora: Pick<LoraConnector, 'gateways' | 'dropped'>): Route[] {
  const { gateways } = lora;
  return [
    defineRoute({
      method: 'GET',
      url: `${url}/connectivities`,
      role: 'DEVICE_R',
      tag,
      summary: 'List connectivity plans',
      response: z.array(connectivityPlan),
      handler: () => [...connectivityPlans],
    }),
    defineRoute({
      method: 'GET',
      url: `${url}/profiles`,
      role: 'DEVICE_R',
      tag,
      summary: 'List the names of profiles',
      response: z.array(z.string()),
      handler: () => profiles.map(({ name }) => name),
    }),
    defineRoute({
      method: 'GET',
      url: `${url}/profiles/manufacturers`,
      role: 'DEVICE_R',
      tag,
      summary: 'List the manufacturers of profiles',
      description: 'Generic is of no maker.',
      response: z.array(z.string()),
      handler: () => [...manufacturers],
    }),
    defineRoute({
      method: 'GET',
      url: `${url}/profiles/details`,
      role: 'DEVICE_R',
      tag,
      summary: 'List profiles with what they stand for',
      query: z.object({ manufacturer: z.string().optional().describe('Only those of this one') }),
      response: z.array(profileJson),
      handler: ({ query: { manufacturer } }) =>
        profiles
          .filter((each) => manufacturer === undefined || each.manufacturer === manufacturer)
          .map(toProfileJson),
    }),
    defineRoute({
      method: 'GET',
      url: `${url}/gateways`,
      role: 'DEVICE_R',
      tag,
      summary: 'List gateways',
      description: 'Those that nobody registered belong to the default tenant.',
      query: z.object(v0PageQuery),
      response: v0PageOf(gatewayJson),
      handler: ({ grant, query }) => v0List(gateways.list(grant.tenantId).map(toGatewayJson), query),
    }),
    defineRoute({
      method: 'GET',
      url: `${url}/gateways/:gatewayId`,
      role: 'DEVICE_R',
      tag,
      summary: 'Get a gateway',
      params,
      response: gatewayJson,
      failures: notFound,
      handler: ({ grant, params: { gatewayId } }) => toGatewayJson(gateways.get(grant.tenantId, gatewayId)),
    }),
    defineRoute({
      method: 'PATCH',
      url: `${url}/gateways/:gatewayId`,
      role: 'DEVICE_W',
      tag,
      summary: 'Change the name, the location or the region of a gateway',
      description: 'An empty location takes away the one that was given; then that of its own GPS counts.',
      params,
      body: updateGatewayRequest,
      response: gatewayJson,
      failures: notFound,
      handler: async ({ grant, params: { gatewayId }, body }) =>
        toGatewayJson(await gateways.update(grant.tenantId, gatewayId, body)),
    }),
    defineRoute({
      method: 'POST',
      url: `${ownUrl}/gateways`,
      role: 'DEVICE_W',
      tag,
      summary: 'Register a gateway',
      status: 201,
      body: createGatewayRequest,
      response: gatewayJson,
      failures: {
        403: 'Also: the tenant has as many gateways as it may have',
        409: 'It is registered already',
      },
      handler: async ({ grant, body }) => toGatewayJson(await gateways.create(grant.tenantId, body)),
    }),
    defineRoute({
      method: 'DELETE',
      url: `${ownUrl}/gateways/:gatewayId`,
      role: 'DEVICE_W',
      tag,
      summary: 'Delete a gateway',
      description: 'One that goes on to send comes back as an unregistered one, where these are listened to.',
      params,
      failures: notFound,
      handler: ({ grant, params: { gatewayId } }) => gateways.delete(grant.tenantId, gatewayId),
    }),
    defineRoute({
      method: 'GET',
      url: `${ownUrl}/drops`,
      role: 'operator',
      tag,
      summary:
        'How many frames and datagrams of all tenants were dropped since the program started, by reason',
      response: z.record(z.string(), z.int()),
      handler: () => ({ ...lora.dropped }),
    }),
  ];
}
