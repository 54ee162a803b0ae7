import { z } from 'zod';
import type { MqttConnector } from '../../connectors/mqtt/mqtt-connector.ts';
import { externalConnector } from '../../contract/external-connectors.ts';
import { v1List, v1PageQuery } from '../paging.ts';
import { defineRoute, type Route } from '../route.ts';

/** Which external connectors are connected (manual 6.6). */
export function externalConnectorRoutes(mqtt: Pick<MqttConnector, 'externalConnectorsOf'>): Route[] {
  return [
    defineRoute({
      method: 'GET',
      url: '/bench/v1/connectors',
      role: 'DEVICE_R',
      tag: 'Bench',
      summary: 'Open connections of external connectors of the tenant, oldest first',
      query: z.object({ ...v1PageQuery }),
      response: z.array(externalConnector),
      handler: ({ grant, query: { offset, limit }, wantsTotal }) => {
        const found = mqtt.externalConnectorsOf(grant.tenantId);
        return v1List(found.slice(offset, offset + limit), {
          limit,
          total: wantsTotal ? found.length : undefined,
        });
      },
    }),
  ];
}
