import { z } from 'zod';
import type { MqttConnector } from '../../connectors/mqtt/mqtt-connector.ts';
import { mqttSession } from '../../contract/mqtt-sessions.ts';
import { queryList, v1List, v1PageQuery } from '../paging.ts';
import { defineRoute, type Route } from '../route.ts';

/** Who is connected by MQTT, and by which key. */
export function mqttSessionRoutes(mqtt: Pick<MqttConnector, 'sessionsOf'>): Route[] {
  return [
    defineRoute({
      method: 'GET',
      url: '/bench/v1/mqtt/sessions',
      role: 'API_KEY_R',
      tag: 'Bench',
      summary: 'Open MQTT sessions of the tenant, oldest first',
      query: z.object({
        ...v1PageQuery,
        apiKeyIds: queryList.optional().describe('Only those opened with one of these keys'),
        caCertificateId: z.string().optional().describe('Only those let in by this CA certificate'),
      }),
      response: z.array(mqttSession),
      handler: ({ grant, query, wantsTotal }) => {
        const { apiKeyIds, caCertificateId, offset, limit } = query;
        const found = mqtt
          .sessionsOf(grant.tenantId)
          .filter((session) => !apiKeyIds || apiKeyIds.includes(session.apiKeyId))
          .filter((session) => caCertificateId === undefined || session.caCertificateId === caCertificateId);
        const total = wantsTotal ? found.length : undefined;
        return v1List(found.slice(offset, offset + limit), { limit, total });
      },
    }),
  ];
}
