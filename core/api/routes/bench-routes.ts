import { z } from 'zod';
import type { TraceStore } from '../../bus/trace-store.ts';
import {
  type EndpointsView,
  endpointsView,
  type HealthView,
  healthView,
  type ListenerView,
  listenerView,
} from '../../contract/bench.ts';
import { PlatformError } from '../../contract/errors.ts';
import { refusal, traceView } from '../../contract/trace.ts';
import { MessageIds } from '../../data/message-id.ts';
import { queryInteger } from '../paging.ts';
import { Answer, defineRoute, type Route } from '../route.ts';

const tag = 'Bench';

/** What Fleetbench offers beside the compatible API (design: own endpoints). */
export function benchRoutes(parts: {
  traces: TraceStore;
  health(): HealthView;
  endpoints(): EndpointsView;
  listenerStates(): ListenerView[];
  reset(): Promise<void>;
  caCertificatePem(): string | undefined;
}): Route[] {
  return [
    defineRoute({
      method: 'GET',
      url: '/bench/v1/health',
      role: 'public',
      tag,
      summary: 'State of the platform and its parts',
      response: healthView,
      handler: () => parts.health(),
    }),
    defineRoute({
      method: 'GET',
      url: '/bench/v1/endpoints',
      role: 'public',
      tag,
      summary: 'Addresses that the platform listens on',
      response: endpointsView,
      handler: () => parts.endpoints(),
    }),
    defineRoute({
      method: 'GET',
      url: '/bench/v1/listeners',
      role: 'any-key',
      tag,
      summary: 'Every address with its state, and the reason of one that is off or fails',
      response: z.array(listenerView),
      handler: () => parts.listenerStates(),
    }),
    defineRoute({
      method: 'GET',
      url: '/bench/v1/ca.pem',
      role: 'public',
      tag,
      summary: 'Certificate of the authority behind the TLS endpoints, which clients must trust',
      response: z.custom<Uint8Array>(),
      handler: () => {
        const pem = parts.caCertificatePem();
        if (pem !== undefined) {
          return new Answer(Buffer.from(pem), { headers: { 'Content-Type': 'application/x-pem-file' } });
        }
        throw new PlatformError('api.notFound', 'Nothing listens with TLS.', {
          details: 'Start with --https-port or --mqtts-port.',
        });
      },
    }),
    defineRoute({
      method: 'GET',
      url: '/bench/v1/traces',
      role: 'DATA_R',
      tag,
      summary: 'Traces of the last messages, newest first',
      query: z.object({
        limit: queryInteger({ min: 1, max: 1000, default: 100 }),
        sender: z
          .string()
          .min(1)
          .optional()
          .describe('Only of this sender: over MQTT, the client id of a device'),
      }),
      response: z.array(traceView),
      handler: ({ grant, query }) => parts.traces.latest(grant.tenantId, query.limit, query.sender),
    }),
    defineRoute({
      method: 'GET',
      url: '/bench/v1/refusals',
      role: 'DATA_R',
      tag,
      summary: 'The last publications that were refused, newest first',
      description:
        'In memory, since the start of the program, as many as keep their trace (setting traceCapacity). The audit log keeps the reasons.',
      query: z.object({
        deviceId: z.string().min(1).optional().describe('Only of this device'),
        limit: queryInteger({ min: 1, max: 1000, default: 500 }),
      }),
      response: z.array(refusal),
      handler: ({ grant, query }) => parts.traces.refusals(grant.tenantId, query.limit, query.deviceId),
    }),
    defineRoute({
      method: 'GET',
      url: '/bench/v1/traces/:traceId',
      role: 'DATA_R',
      tag,
      summary: 'What happened to a message, stage by stage',
      description: 'By the id of the message, or by the trace id that the audit log names for a refused one.',
      params: z.object({ traceId: z.string() }),
      response: traceView,
      failures: { 404: 'No such trace is kept' },
      handler: ({ grant, params }) => {
        const seq = MessageIds.sequenceOf(params.traceId);
        const found = parts.traces.find(grant.tenantId, params.traceId, seq);
        if (found) return found;
        throw new PlatformError('api.notFound', 'No such trace.', {
          details: `No trace ${params.traceId} is kept; only the last messages keep theirs (setting traceCapacity).`,
        });
      },
    }),
    defineRoute({
      method: 'POST',
      url: '/bench/v1/reset',
      role: 'operator',
      tag,
      summary: 'Empty the platform',
      description:
        'Deletes devices, messages, FIFOs, policies and logs of all tenants, and disconnects all clients. Tenants, users and API keys stay.',
      handler: () => parts.reset(),
    }),
  ];
}
