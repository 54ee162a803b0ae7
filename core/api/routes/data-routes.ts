import { z } from 'zod';
import type { TraceStore } from '../../bus/trace-store.ts';
import { PlatformError } from '../../contract/errors.ts';
import {
  checkLimits,
  type DataLimits,
  InvalidMessageError,
  readDataMessage,
  readStreamId,
} from '../../data/data-message.ts';
import type { DataService } from '../../data/data-service.ts';
import type { InterfaceRegistry } from '../../inventory/types.ts';
import { isoTime } from '../../platform/clock.ts';
import { queryInteger, v1List } from '../paging.ts';
import { defineRoute, type Route } from '../route.ts';

const messageBody = z
  .unknown()
  .describe('A data message: timestamp, model, value, location, tags, all optional')
  .meta({ examples: [{ model: 'demo_v1', value: { temp: 21.5 }, tags: ['lab'] }] });

const isoInstant = z.iso.datetime({ offset: true, local: true });

/** `from,to`, either side may be empty (facts 8). */
const timeRange = z
  .string()
  .transform((text, context) => {
    const [from, to, ...rest] = text.split(',');
    const fromMs = toInstant(from);
    const toMs = toInstant(to);
    if (from === undefined || to === undefined || rest.length > 0 || fromMs === null || toMs === null) {
      context.addIssue({
        code: 'custom',
        message: 'must be from,to as ISO 8601 dates; either side may be empty, the comma must be there',
      });
      return z.NEVER;
    }
    return { fromMs, toMs };
  })
  .meta({ type: 'string' });

/** Undefined for an empty side, null for text that is no date. */
function toInstant(text: string | undefined): number | undefined | null {
  if (text === undefined || text === '') return undefined;
  if (!isoInstant.safeParse(text).success) return null;
  return Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`);
}

/** Data messages over HTTP: in, out, and which streams a device feeds (facts 5, 7, 8). */
export function dataRoutes(parts: {
  data: DataService;
  registry: InterfaceRegistry;
  traces: TraceStore;
  settings: DataLimits & {
    readonly dataBulkMaxMessages: number;
    readonly dataPageMaxBytes: number;
  };
}): Route[] {
  const { data, traces, settings } = parts;

  /** @throws InvalidMessageError, after keeping a trace of the refusal. */
  function receive(raw: unknown, call: { tenantId: string; keyId: string; path: string }, streamId?: string) {
    const { tenantId } = call;
    const payload = Buffer.from(JSON.stringify(raw) ?? '');
    const sender = `API key ${call.keyId}`;
    const trace = traces.begin({ tenantId, connector: 'http', sender, target: call.path }, payload);
    try {
      const input = readDataMessage(raw);
      checkLimits(input, payload.byteLength, settings);
      if (streamId !== undefined && input.streamId !== undefined && input.streamId !== streamId) {
        throw new InvalidMessageError(
          `streamId is given by the path (${streamId}); leave it out of the body`,
        );
      }
      input.streamId ??= streamId;
      if (input.streamId === undefined) throw new InvalidMessageError('streamId is missing');
      return { origin: { tenantId, connector: 'http' as const, via: undefined }, input, trace };
    } catch (error) {
      traces.refuse(trace, String((error as InvalidMessageError).details));
      throw error;
    }
  }

  return [
    defineRoute({
      method: 'POST',
      url: '/api/v0/data/streams/:streamId',
      role: 'DATA_W',
      tag: 'Data',
      summary: 'Add a data message to a stream',
      description: 'Answered when the message is stored.',
      status: 202,
      params: z.object({ streamId: z.string() }),
      body: messageBody,
      handler: async ({ grant, params, body }) => {
        const streamId = readStreamId(params.streamId);
        const call = { ...grant, path: `/api/v0/data/streams/${streamId}` };
        const message = receive(body, call, streamId);
        await data.acceptAll([message]);
        message.trace.acknowledgedUs = message.trace.storedUs;
      },
    }),
    defineRoute({
      method: 'POST',
      url: '/api/v0/data/bulk',
      role: 'DATA_W',
      tag: 'Data',
      summary: 'Add data messages to their streams',
      description: 'Each message carries its streamId. All are stored, or none.',
      status: 202,
      body: z
        .array(messageBody)
        .max(
          settings.dataBulkMaxMessages,
          `must hold at most ${settings.dataBulkMaxMessages} messages (setting dataBulkMaxMessages)`,
        ),
      handler: async ({ grant, body }) => {
        const call = { ...grant, path: '/api/v0/data/bulk' };
        const messages = body.map((raw, index) => {
          try {
            return receive(raw, call);
          } catch (error) {
            if (!(error instanceof InvalidMessageError)) throw error;
            throw new InvalidMessageError(
              `message ${index}: ${error.details}; nothing of the list was stored`,
            );
          }
        });
        if (messages.length > 0) await data.acceptAll(messages);
        for (const { trace } of messages) trace.acknowledgedUs = trace.storedUs;
      },
    }),
    defineRoute({
      method: 'GET',
      url: '/api/v0/data/streams/:streamId',
      role: 'DATA_R',
      tag: 'Data',
      summary: 'Read a stream, newest message first',
      description: `At most ${settings.dataPageMaxBytes} bytes of messages (setting dataPageMaxBytes), so a page of long \
ones is shorter than its limit; go on with the id of its last message.`,
      params: z.object({ streamId: z.string() }),
      query: z.object({
        limit: queryInteger({ min: 1, max: 1000, default: 100 }),
        timeRange: timeRange.optional().describe('from,to: ISO 8601, from included, to excluded'),
        bookmarkId: z.string().optional().describe('Id of the last message already read'),
      }),
      response: z.array(z.record(z.string(), z.unknown())),
      handler: async ({ grant, params, query }) => {
        const { limit, bookmarkId, timeRange: range } = query;
        const bodies = await data.readStream(grant.tenantId, params.streamId, {
          limit,
          bookmarkId,
          ...range,
        });
        const messages = bodies.map((body) => JSON.parse(body) as Record<string, unknown>);
        return v1List(messages, { limit });
      },
    }),
    defineRoute({
      method: 'GET',
      url: '/api/v1/deviceMgt/devices/:deviceId/data/streams',
      role: 'DATA_R',
      tag: 'Data',
      summary: 'List the streams that a device feeds',
      params: z.object({ deviceId: z.string() }),
      query: z.object({ limit: queryInteger({ min: 1, max: 100, default: 10 }) }),
      response: z.array(z.object({ streamId: z.string(), count: z.int(), lastUpdate: z.iso.datetime() })),
      failures: { 404: 'No such device' },
      handler: async ({ grant, params, query, wantsTotal }) => {
        if (!parts.registry.findDevice(grant.tenantId, params.deviceId)) {
          throw new PlatformError('inventory.deviceNotFound', 'Device not found.', {
            details: `There is no device ${params.deviceId}.`,
          });
        }
        const { limit } = query;
        const all = await data.deviceStreams(grant.tenantId, params.deviceId, wantsTotal ? -1 : limit);
        const streams = all.slice(0, limit).map(({ streamId, count, lastUpdateMs }) => ({
          streamId,
          count,
          lastUpdate: isoTime(lastUpdateMs),
        }));
        return v1List(streams, { limit, total: wantsTotal ? all.length : undefined });
      },
    }),
  ];
}
