import { z } from 'zod';
import { interfaceJson, updateInterfaceRequest } from '../../contract/interfaces.ts';
import { toInterfaceJson } from '../../inventory/interface-json.ts';
import type { InterfaceManager } from '../../inventory/interface-manager.ts';
import { v1List, v1PageQuery } from '../paging.ts';
import { defineRoute, type Route } from '../route.ts';

const url = '/api/v1/deviceMgt/connectors/:connector/nodes';
const tag = 'Interfaces';
const connector = z.string().max(64, 'must have at most 64 characters');
const params = z.object({ connector, nodeId: z.string() });

/** Interfaces by connector and node, whatever their device (facts 5). */
export function nodeRoutes(interfaces: InterfaceManager): Route[] {
  return [
    defineRoute({
      method: 'GET',
      url,
      role: 'DEVICE_R',
      tag,
      summary: 'List the nodes of a connector',
      description: 'Offered for lora and sms.',
      params: z.object({ connector }),
      query: z.object(v1PageQuery),
      response: z.array(interfaceJson),
      failures: { 404: 'No such connector, or its nodes are not listed' },
      handler: ({ grant, params: { connector: name }, query: { limit, offset }, wantsTotal }) => {
        const all = interfaces.listNodes(grant.tenantId, name);
        const page = all.slice(offset, offset + limit).map((each) => toInterfaceJson(each));
        return v1List(page, { limit, total: wantsTotal ? all.length : undefined });
      },
    }),
    defineRoute({
      method: 'GET',
      url: `${url}/:nodeId`,
      role: 'DEVICE_R',
      tag,
      summary: 'Get a node of a connector',
      params,
      response: interfaceJson,
      failures: { 404: 'No such connector or node' },
      handler: ({ grant, params: { connector: name, nodeId } }) =>
        toInterfaceJson(interfaces.getNode(grant.tenantId, name, nodeId)),
    }),
    defineRoute({
      method: 'PATCH',
      url: `${url}/:nodeId`,
      role: 'DEVICE_W',
      tag,
      summary: 'Change a node of a connector',
      params,
      body: updateInterfaceRequest,
      response: interfaceJson,
      failures: { 404: 'No such connector, node or device', 409: 'Another node of this id exists' },
      handler: async ({ grant, params: { connector: name, nodeId }, body }) => {
        const { device } = interfaces.getNode(grant.tenantId, name, nodeId);
        return toInterfaceJson(await interfaces.update(grant.tenantId, device.id, `${name}:${nodeId}`, body));
      },
    }),
    defineRoute({
      method: 'DELETE',
      url: `${url}/:nodeId`,
      role: 'DEVICE_W',
      tag,
      summary: 'Delete a node of a connector',
      params,
      failures: { 404: 'No such connector or node' },
      handler: ({ grant, params: { connector: name, nodeId } }) => {
        const { device } = interfaces.getNode(grant.tenantId, name, nodeId);
        return interfaces.delete(grant.tenantId, device.id, `${name}:${nodeId}`);
      },
    }),
  ];
}
