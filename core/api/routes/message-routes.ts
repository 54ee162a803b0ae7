import { z } from 'zod';
import { latestMessage } from '../../contract/messages.ts';
import { requireAtMost } from '../../contract/require-at-most.ts';
import type { DataService } from '../../data/data-service.ts';
import { queryInteger } from '../paging.ts';
import { defineRoute, type Route } from '../route.ts';

const tag = 'Bench';
const message = z.record(z.string(), z.unknown());

/** Messages across streams, as the portal looks at them. */
export function messageRoutes(parts: {
  data: DataService;
  settings: {
    /** Most devices of one call for their newest messages. */
    readonly dataLatestMaxDevices: number;
  };
}): Route[] {
  const { data, settings } = parts;
  return [
    defineRoute({
      method: 'GET',
      url: '/bench/v1/messages',
      role: 'DATA_R',
      tag,
      summary: 'Messages of all streams that came before a moment, newest first',
      query: z.object({
        before: z.iso.datetime({ offset: true }).describe('When the platform got them, excluded'),
        limit: queryInteger({ min: 1, max: 1000, default: 500 }),
      }),
      response: z.array(message),
      handler: async ({ grant, query }) => {
        const bodies = await data.before(grant.tenantId, Date.parse(query.before), query.limit);
        return bodies.map((body) => JSON.parse(body) as Record<string, unknown>);
      },
    }),
    defineRoute({
      method: 'POST',
      url: '/bench/v1/messages/latest/search',
      role: 'DATA_R',
      tag,
      summary: 'The newest message of each of some devices',
      description: 'A device without messages is left out.',
      body: z.strictObject({ deviceIds: z.array(z.string().max(300)) }),
      response: z.array(latestMessage),
      status: 200,
      handler: async ({ grant, body }) => {
        const { length } = body.deviceIds;
        requireAtMost(settings, 'dataLatestMaxDevices', length, 'body.deviceIds', 'devices');
        const latest = await data.latestOf(grant.tenantId, body.deviceIds);
        return [...latest].map(([deviceId, text]) => {
          const { id, timestamp, value } = JSON.parse(text);
          return { deviceId, id, timestamp, value };
        });
      },
    }),
  ];
}
