import { z } from 'zod';
import type { KeyGrant } from '../../accounts/types.ts';
import {
  type FifoDetails,
  type FifoView,
  fifoActivity,
  fifoDeclaration,
  fifoDetails,
  fifoDrained,
  fifoView,
} from '../../contract/routing.ts';
import type { FifoHistory } from '../../live/fifo-history.ts';
import { isoTime } from '../../platform/clock.ts';
import { eventText, type FifoQueue } from '../../routing/fifo-queue.ts';
import { requireFifos } from '../../routing/fifo-scope.ts';
import type { FifoService } from '../../routing/fifo-service.ts';
import type { PolicyService } from '../../routing/policy-service.ts';
import { queryBoolean, queryInteger, v0List, v0PageOf, v0PageQuery, v1WholeList } from '../paging.ts';
import { defineRoute, type Route } from '../route.ts';

const v1 = '/api/v1/event2action/fifos';
const v0 = '/api/v0/topics/fifo';
const tag = 'FIFOs';
const noFifo = { 404: 'No such FIFO' };
const nameParams = z.object({ name: z.string().max(255) });
const waitingMessage = z.object({
  bytes: z.int(),
  expires: z.iso.datetime(),
  body: z.string().describe('What a consumer will get, byte for byte'),
});
const withStatus = z.object({ withStatus: queryBoolean.prefault('false') });

/**
 * FIFOs, as v1 shows them and as v0 makes them (facts 10, 11). A key that is limited to some by its `scope.fifos`
 * finds no others in lists, and is refused where it names one (manual 4.3).
 */
export function fifoRoutes(parts: {
  fifos: FifoService;
  policies: PolicyService;
  fifoHistory: FifoHistory;
}): Route[] {
  const { fifos, policies, fifoHistory } = parts;

  const list = ({ tenantId, fifos: scope }: KeyGrant): FifoQueue[] =>
    fifos.list(tenantId).filter(({ name }) => !scope || scope.has(name));

  function get(grant: KeyGrant, name: string): FifoQueue {
    requireFifos(grant.fifos, [name]);
    return fifos.get(grant.tenantId, name);
  }

  function toView(queue: FifoQueue, status: boolean): FifoView {
    const { messages, consumers } = queue.counts();
    return {
      name: queue.name,
      ...(status ? { status: { messages, consumers } } : {}),
      linkedActions: policies
        .linkedTo(queue.tenantId, queue.name)
        .map((actionPolicyId) => ({ actionPolicyId })),
    };
  }

  function toDetails(queue: FifoQueue): FifoDetails {
    const counts = queue.counts();
    const declaration = fifos.declarationOf(queue);
    return {
      name: queue.name,
      maxLengthBytes: declaration?.maxLengthBytes ?? -1,
      messageTtl: declaration?.messageTtl ?? -1,
      messages: counts.messages,
      messageBytes: counts.messageBytes,
      messageUnacknowledged: counts.unacknowledged,
      messageUnacknowledgedBytes: counts.unacknowledgedBytes,
      consumers: counts.consumers,
    };
  }

  return [
    defineRoute({
      method: 'GET',
      url: v1,
      role: 'BUS_CONFIG_R',
      tag,
      summary: 'List FIFOs',
      query: withStatus,
      response: z.array(fifoView),
      handler: ({ grant, query, wantsTotal }) =>
        v1WholeList(
          list(grant).map((queue) => toView(queue, query.withStatus)),
          wantsTotal,
        ),
    }),
    defineRoute({
      method: 'GET',
      url: `${v1}/:name`,
      role: 'BUS_CONFIG_R',
      tag,
      summary: 'Get a FIFO',
      params: nameParams,
      query: withStatus,
      response: fifoView,
      failures: noFifo,
      handler: ({ grant, params, query }) => toView(get(grant, params.name), query.withStatus),
    }),
    defineRoute({
      method: 'POST',
      url: v0,
      role: 'BUS_CONFIG_W',
      tag,
      summary: 'Create a FIFO',
      description: 'It stays until it is deleted, whether an action policy names it or not.',
      body: fifoDeclaration,
      response: fifoDetails,
      failures: { 409: 'There is a FIFO of this name' },
      handler: async ({ grant, body }) => {
        requireFifos(grant.fifos, [body.name]);
        return toDetails(await fifos.declare(grant.tenantId, body));
      },
    }),
    defineRoute({
      method: 'GET',
      url: v0,
      role: 'BUS_CONFIG_R',
      tag,
      summary: 'List FIFOs with their sizes',
      query: z.object(v0PageQuery),
      response: v0PageOf(fifoDetails),
      handler: ({ grant, query }) => v0List(list(grant).map(toDetails), query),
    }),
    defineRoute({
      method: 'GET',
      url: `${v0}/:name`,
      role: 'BUS_CONFIG_R',
      tag,
      summary: 'Get a FIFO with its sizes',
      params: nameParams,
      response: fifoDetails,
      failures: noFifo,
      handler: ({ grant, params }) => toDetails(get(grant, params.name)),
    }),
    defineRoute({
      method: 'DELETE',
      url: `${v0}/:name`,
      role: 'BUS_CONFIG_W',
      tag,
      summary: 'Delete a FIFO and the messages in it',
      description:
        'Refused while consumers are subscribed, unless forced, and while an action policy names it.',
      params: nameParams,
      query: z.object({ force: queryBoolean.prefault('false') }),
      failures: { ...noFifo, 409: 'An action policy names it, or it has consumers' },
      handler: ({ grant, params, query }) => {
        requireFifos(grant.fifos, [params.name]);
        return policies.deleteFifo(grant.tenantId, params.name, query);
      },
    }),
    defineRoute({
      method: 'POST',
      url: `${v0}/:name`,
      role: 'BUS_W',
      tag,
      summary: 'Publish to a FIFO',
      description:
        'The body is put into the FIFO as JSON. Answered when it is stored; refused when it alone is larger than the FIFO.',
      params: nameParams,
      body: z.unknown(),
      failures: { ...noFifo, 413: 'Larger than the FIFO may be' },
      handler: async ({ grant, params, body }) => {
        await fifos.publish(get(grant, params.name), JSON.stringify(body));
      },
      status: 200,
    }),
    defineRoute({
      method: 'GET',
      url: '/bench/v1/fifos/:name/messages',
      role: 'BUS_R',
      tag,
      summary: 'Look at the messages that wait in a FIFO, oldest first',
      description: 'Takes nothing out: only a consumer that acknowledges a message does.',
      params: nameParams,
      query: z.object({ limit: queryInteger({ min: 1, max: 1000, default: 100 }) }),
      response: z.array(waitingMessage),
      failures: noFifo,
      handler: ({ grant, params, query }) =>
        get(grant, params.name)
          .peek(query.limit)
          .map((entry) => ({
            bytes: entry.bytes,
            expires: isoTime(entry.expiresAtMs),
            body: eventText(entry),
          })),
    }),
    defineRoute({
      method: 'DELETE',
      url: '/bench/v1/fifos/:name/messages',
      role: 'BUS_CONFIG_W',
      tag,
      summary: 'Remove all messages that wait in a FIFO',
      description: 'What a consumer holds and has not acknowledged stays with it. Answers how many are lost.',
      params: nameParams,
      response: fifoDrained,
      failures: noFifo,
      handler: async ({ grant, params }) => ({ removed: await fifos.drain(get(grant, params.name)) }),
    }),
    defineRoute({
      method: 'GET',
      url: '/bench/v1/fifos/:name/activity',
      role: 'BUS_CONFIG_R',
      tag,
      summary: 'Depth of a FIFO and what came and went, second by second, and who consumes it',
      params: nameParams,
      response: fifoActivity,
      failures: noFifo,
      handler: ({ grant, params }) => {
        const queue = get(grant, params.name);
        return { points: fifoHistory.of(queue), consumers: queue.consumerList() };
      },
    }),
  ];
}
