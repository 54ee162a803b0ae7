import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { KeyRates } from '../accounts/key-rates.ts';
import type { KeyAuthenticator, KeyGrant } from '../accounts/types.ts';
import { checkInput } from '../contract/check-input.ts';
import { PlatformError } from '../contract/errors.ts';
import { invalidParameter } from '../contract/invalid-parameter.ts';
import { plainIssues, plainQueryIssues } from '../contract/plain-issues.ts';
import { invalidPart } from './error-answer.ts';
import { Answer, type RawBody, type Route } from './route.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The setting that the largest body comes from. */
    bodyLimitSetting?: string;
    /** What it limits, where that is not the body as a whole. */
    bodyLimitRule?: string;
  }
}

/**
 * Serves a table of routes. For each call, in this order: the key, its rate, the role, the path, the query, the body,
 * the handler. A caller without the role learns nothing about the rest, and its body is not read.
 */
export function registerRoutes(
  app: FastifyInstance,
  routes: readonly Route[],
  callers: { readonly accounts: KeyAuthenticator; readonly rates: Pick<KeyRates, 'requireCall'> },
): void {
  for (const route of routes) {
    const grants = new WeakMap<FastifyRequest, KeyGrant>();
    const define = (on: FastifyInstance): void =>
      void on.route({
        method: route.method,
        url: route.url,
        ...(route.bodyLimitBytes === undefined ? {} : { bodyLimit: route.bodyLimitBytes }),
        config: {
          bodyLimitSetting: route.bodyLimitSetting ?? 'httpMaxBodyBytes',
          ...(route.bodyLimitRule === undefined ? {} : { bodyLimitRule: route.bodyLimitRule }),
        },
        onRequest: async (request) => {
          if (route.role === 'public') return;
          const grant = authenticate(callers.accounts, request.headers['x-api-key']);
          callers.rates.requireCall(grant);
          requireAccess(route, grant);
          grants.set(request, grant);
        },
        handler: async (request, reply) => {
          refuseNul(request.url);
          const parts = {
            params: checkPart('path', route.params, request.params),
            query: checkPart('query', route.query, request.query),
            body: checkPart('body', route.body, request.body),
            grant: grants.get(request),
            wantsTotal: String(request.headers['x-total-count']).toLowerCase() === 'true',
            origin: `${request.protocol}://${request.host}`,
            remoteAddress: request.ip,
            isHead: request.method === 'HEAD',
            range: request.headers.range,
            ifRange: oneText(request.headers['if-range']),
          };
          const rawBody = openRawBody(route, request);
          const outcome = await handle(route, { ...parts, rawBody } as Parameters<
            Route['handler']
          >[0]).finally(rawBody.close);
          return send(route, reply, outcome);
        },
      });
    if (route.rawBody) void app.register(async (within) => define(takingAnything(within)));
    else define(app);
  }
}

/** A handler that throws at once rejects like the others. */
const handle = async (route: Route, call: Parameters<Route['handler']>[0]): Promise<unknown> =>
  route.handler(call);

/** Hands over bodies of any content type as they come. */
function takingAnything(app: FastifyInstance): FastifyInstance {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', async (_request: FastifyRequest, payload: unknown) => payload);
  return app;
}

/** @returns with it what is to be done when the handler wants no more of it */
function openRawBody(route: Route, { body, headers }: FastifyRequest): RawBody & { close(): void } {
  if (!route.rawBody || !(body instanceof Readable)) return emptyBody;
  const length = Number(headers['content-length']);
  const chunks = body.iterator({ destroyOnReturn: false });
  return {
    chunks,
    totalBytes: Number.isFinite(length) ? length : undefined,
    contentType: headers['content-type'],
    // The client may still be sending, and reads its answer only then: what is left of the body is thrown away.
    close: () =>
      void chunks.return?.().then(
        () => body.resume(),
        () => {},
      ),
  };
}

/** Of any number of requests, so nothing that can be read but once. */
const emptyBody = {
  chunks: { async *[Symbol.asyncIterator]() {} },
  totalBytes: 0,
  contentType: undefined,
  close: (): void => {},
};

const oneText = (header: string | string[] | undefined): string | undefined =>
  typeof header === 'string' ? header : undefined;

const isIterable = (body: unknown): body is AsyncIterable<never> =>
  typeof body === 'object' && body !== null && Symbol.asyncIterator in body;

function authenticate(accounts: KeyAuthenticator, given: string | string[] | undefined): KeyGrant {
  const granted = accounts.authenticate(typeof given === 'string' ? given : undefined);
  switch (granted) {
    case 'malformed':
      throw new PlatformError(
        'access.unauthorized',
        given === undefined
          ? 'No API key: send it in the header X-API-Key.'
          : 'The API key in the header X-API-Key is not 32 hexadecimal characters.',
      );
    case 'unknown':
      throw new PlatformError('access.unknownKey', 'The API key is not known.');
    case 'inactive':
      throw new PlatformError('access.unauthorized', 'The API key is switched off.');
    case 'outside-validity':
      throw new PlatformError('access.unauthorized', 'The API key is not valid at this time.');
    default:
      return granted;
  }
}

function requireAccess({ role, orRole }: Route, grant: KeyGrant): void {
  if (role === 'operator') {
    if (grant.operator) return;
    throw new PlatformError('access.forbidden', 'Only who runs this instance may do this.', {
      details: "Needed: the default tenant's master key, or a portal session that it opened",
    });
  }
  if (role === 'any-key' || role === 'public' || grant.roles.has(role)) return;
  if (orRole !== undefined && grant.roles.has(orRole)) return;
  throw new PlatformError(
    'access.forbidden',
    'The API key does not have the role that this operation needs.',
    { details: `Needed: ${orRole === undefined ? role : `${role} or ${orRole}`}` },
  );
}

/** No text of ours holds NUL, and the store takes none: so nothing can be found by it. */
function refuseNul(url: string): void {
  if (!url.includes('%00')) return;
  throw invalidParameter('path: must not hold NUL (%00)');
}

function checkPart(part: string, schema: z.ZodType | undefined, value: unknown): unknown {
  if (!schema) return undefined;
  const checked = checkInput(schema, value, part === 'query' ? plainQueryIssues : plainIssues);
  if (!checked.success) throw invalidPart(part, checked.error);
  return checked.data;
}

function send(route: Route, reply: FastifyReply, outcome: unknown): FastifyReply {
  const answer = outcome instanceof Answer ? outcome : new Answer(outcome);
  reply.code(answer.status ?? route.status ?? (route.response ? 200 : 204)).headers(answer.headers);
  if (answer.body === undefined) return reply.send();
  if (answer.body instanceof Uint8Array) return reply.send(Buffer.from(answer.body));
  if (isIterable(answer.body)) return reply.send(Readable.from(answer.body));
  if (!reply.hasHeader('content-type')) reply.type('application/json; charset=utf-8');
  return reply.send(JSON.stringify(answer.body));
}
