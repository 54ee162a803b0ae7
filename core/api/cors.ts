import type { FastifyInstance } from 'fastify';

const exposedHeaders = 'X-Result-Limit, X-Result-Count, X-Total-Count';

/**
 * Lets web pages of the given origins call the API (CORS). The key travels in a header that the page itself
 * sets, so no cookies are ever allowed along.
 */
export function allowOrigins(app: FastifyInstance, origins: readonly string[]): void {
  if (origins.length === 0) return;
  const allowed = new Set(origins);
  app.addHook('onRequest', async (request, reply) => {
    reply.header('Vary', 'Origin');
    const { origin } = request.headers;
    if (origin === undefined || !allowed.has(origin)) return undefined;
    reply
      .header('Access-Control-Allow-Origin', origin)
      .header('Access-Control-Expose-Headers', exposedHeaders);
    if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined)
      return undefined;
    return reply
      .header('Access-Control-Allow-Methods', 'GET, POST, PUT, PATCH, DELETE')
      .header('Access-Control-Allow-Headers', 'X-API-Key, X-Total-Count, Content-Type, Accept')
      .header('Access-Control-Max-Age', '600')
      .code(204)
      .send();
  });
}
