import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { KeyRates } from '../accounts/key-rates.ts';
import type { KeyAuthenticator } from '../accounts/types.ts';
import { errorTable } from '../contract/errors.ts';
import { invalidParameter } from '../contract/invalid-parameter.ts';
import { parseJsonBody } from '../contract/json-body.ts';
import type { Files } from '../platform/files.ts';
import type { Logger } from '../platform/logger.ts';
import type { RandomSource } from '../platform/random.ts';
import { allowOrigins } from './cors.ts';
import { documentRoutes } from './docs.ts';
import { toErrorBody, toPlatformError } from './error-answer.ts';
import { missingRoute } from './missing-route.ts';
import { registerRoutes } from './register-routes.ts';
import type { Route } from './route.ts';

export interface ApiParts {
  readonly logger: Logger;
  readonly random: RandomSource;
  readonly accounts: KeyAuthenticator;
  /** How often a key may call. */
  readonly rates: Pick<KeyRates, 'requireCall'>;
  /** One table for each resource. */
  readonly routes: readonly (readonly Route[])[];
  /** Where the API description finds its page; without it only the JSON documents are served. */
  readonly pages?: { readonly files: Files; readonly swaggerUiFolder: string };
  readonly settings?: Partial<ApiSettings>;
}

export interface ApiSettings {
  /** Largest request body in bytes, where a route sets no other. */
  readonly bodyLimitBytes: number;
  /**
   * Web origins whose pages may call the API, for example `http://localhost:5173`. None by default: a page
   * that happens to be open in the user's browser has no business here.
   */
  readonly allowedOrigins: readonly string[];
}

export const defaultApiSettings: ApiSettings = { bodyLimitBytes: 1024 * 1024, allowedOrigins: [] };

/** Longest part of a path: an interface id of 128 + 269 characters, each percent-encoded. */
const longestParam = 3 * 400;

/**
 * The REST API, ready to be handed requests: by `app.routing(request, response)` from our sockets, or by
 * `app.inject()` in a test. It never listens itself. `app.close()` when done.
 */
export async function createApi(parts: ApiParts): Promise<FastifyInstance> {
  const settings = { ...defaultApiSettings, ...parts.settings };
  const offered = parts.routes.flat();
  const routes = [...offered, ...documentRoutes(offered, parts.pages)];
  const answerError = (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const { bodyLimit, config } = request.routeOptions;
    const failure = toPlatformError(error, {
      bytes: bodyLimit,
      setting: config?.bodyLimitSetting,
      rule: config?.bodyLimitRule,
    });
    const id = parts.random.uuid();
    const { status } = errorTable[failure.code];
    if (status >= 500 && status !== 501) {
      const { method, url } = request;
      // Some clients put keys and codes into the query.
      const path = url.split('?', 1)[0];
      parts.logger.error({ errorId: id, method, path, error: failure.cause ?? failure }, 'request failed');
    }
    // In whole seconds (RFC 9110, 10.2.3).
    if (failure.retryAfterMs !== undefined)
      reply.header('Retry-After', Math.ceil(failure.retryAfterMs / 1000));
    return reply
      .code(status)
      .headers(failure.headers)
      .type('application/json; charset=utf-8')
      .send(JSON.stringify(toErrorBody(id, failure)));
  };

  const app = Fastify({
    logger: false,
    bodyLimit: settings.bodyLimitBytes,
    // The tutorial of manual 7.7.4.1.3 ends a path with a slash.
    routerOptions: { maxParamLength: longestParam, ignoreTrailingSlash: true },
    // Bad percent-encoding is met before any route is.
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply as FastifyReply),
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    /^application\/(?:[\w.-]+\+)?json(?:\s*;|$)/i,
    { parseAs: 'string' },
    async (_request: FastifyRequest, body: string) => parseJsonBody(body),
  );
  app.setErrorHandler((error, request, reply) => answerError(error, request, reply));
  app.setNotFoundHandler((request, reply) => {
    const { failure, allow } = missingRoute(routes, request.method, request.url);
    if (allow) reply.header('Allow', allow.join(', '));
    return answerError(failure, request, reply);
  });
  app.addHook('onRequest', async ({ raw }) => checkHost(raw));
  allowOrigins(app, settings.allowedOrigins);
  registerRoutes(app, routes, parts);
  await app.ready();
  return app;
}

/** A request of HTTP/1.1 names one host (RFC 9112, 3.2). */
function checkHost({ httpVersion, rawHeaders }: FastifyRequest['raw']): void {
  const hosts = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host').length;
  if (hosts === 1 || (hosts === 0 && httpVersion === '1.0')) return;
  throw invalidParameter(`header Host: must be there once, and is there ${hosts} times`);
}
