import { z } from 'zod';
import { messageFilter } from '../../contract/message-filter.ts';
import { latestMessage, messagePage } from '../../contract/messages.ts';
import { requireAtMost } from '../../contract/require-at-most.ts';
import type { DataService } from '../../data/data-service.ts';
import type { MessageSearch, SearchSettings } from '../../data/message-search.ts';
import { queryInstant, queryInteger } from '../paging.ts';
import { defineRoute, type Route } from '../route.ts';

const tag = 'Bench';

/** Messages across streams, as the portal looks at them. */
export function messageRoutes(parts: {
  data: DataService;
  search: MessageSearch;
  settings: SearchSettings & {
    /** Most devices of one call for their newest messages. */
    readonly dataLatestMaxDevices: number;
  };
}): Route[] {
  const { data, search, settings } = parts;
  return [
    defineRoute({
      method: 'GET',
      url: '/bench/v1/messages',
      role: 'DATA_R',
      tag,
      summary: 'Look for messages in all streams, newest first',
      description: `By arrival. One call looks at no more than ${settings.dataSearchMaxMessages} messages (setting \
dataSearchMaxMessages), or, where a stream or a device has few, at all of them. Its answer tells how far back that has \
led; go on with that as bookmarkId.`,
      query: messageFilter.extend({
        before: queryInstant.optional().describe('Only what the platform got before this moment'),
        bookmarkId: z.string().optional().describe('Only what came before the message with this id'),
        limit: queryInteger({ min: 1, max: 1000, default: 500 }),
      }),
      response: messagePage,
      handler: ({ grant, query }) => {
        const { before: beforeMs, bookmarkId, limit, ...filter } = query;
        return search.find(grant.tenantId, { filter, beforeMs, bookmarkId, limit });
      },
    }),
    defineRoute({
      method: 'GET',
      url: '/bench/v1/messages/:messageId',
      role: 'DATA_R',
      tag,
      summary: 'A stored message',
      params: z.object({ messageId: z.string() }),
      response: z.record(z.string(), z.unknown()),
      failures: { 404: 'No such message is stored' },
      handler: ({ grant, params }) => search.one(grant.tenantId, params.messageId),
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
