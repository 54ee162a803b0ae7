import { z } from 'zod';
import type { PortalSessions } from '../../accounts/portal-sessions.ts';
import { PlatformError } from '../../contract/errors.ts';
import { metricsPoint } from '../../contract/live.ts';
import { portalSession, sessionRequest } from '../../contract/sessions.ts';
import type { Metrics } from '../../live/metrics.ts';
import type { Files } from '../../platform/files.ts';
import { Answer, defineRoute, type Route } from '../route.ts';

const tag = 'Portal';
const bytes = z.custom<Uint8Array>();

/** Kinds of files that a built portal has. */
const contentTypes: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  json: 'application/json; charset=utf-8',
  woff2: 'font/woff2',
};

/** The page loads from and talks to this platform only. Mantine sets styles from script. */
const pageHeaders = {
  'Content-Security-Policy':
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
    "font-src 'self' data:; worker-src 'self' blob:; connect-src 'self'; object-src 'none'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-cache',
};
/** Names of assets carry a hash of their content. */
const assetHeaders = {
  'Cache-Control': 'public, max-age=31536000, immutable',
  'X-Content-Type-Options': 'nosniff',
};

/** What the portal needs beside the public API: its files, its session, its chart of rates. */
export function portalRoutes(parts: {
  sessions: PortalSessions;
  metrics: Metrics;
  /** The built portal; without it `/` says that there is none. */
  portal: { readonly files: Files; readonly folder: string } | undefined;
}): Route[] {
  const { sessions, metrics, portal } = parts;

  async function serve(path: string, headers: Record<string, string>): Promise<Answer<Uint8Array>> {
    const extension = path.slice(path.lastIndexOf('.') + 1);
    const type = contentTypes[extension];
    const content = portal && type ? await portal.files.read(`${portal.folder}/${path}`) : undefined;
    if (!content || !type) {
      throw new PlatformError('api.notFound', portal ? 'No such file.' : 'This build has no portal.', {
        details: portal ? path : 'Run "npm run build"; the API is at /api/v1/docs.',
      });
    }
    return new Answer(content, { headers: { ...headers, 'Content-Type': type } });
  }

  return [
    defineRoute({
      method: 'GET',
      url: '/',
      role: 'public',
      tag,
      summary: 'The portal',
      response: bytes,
      handler: () => serve('index.html', pageHeaders),
    }),
    defineRoute({
      method: 'GET',
      url: '/assets/:name',
      role: 'public',
      tag,
      summary: 'Files of the portal',
      // One name without a separator, so no path can lead out of the folder.
      params: z.object({ name: z.string().regex(/^[\w.-]+$/) }),
      response: bytes,
      handler: ({ params }) => serve(`assets/${params.name}`, assetHeaders),
    }),
    defineRoute({
      method: 'POST',
      url: '/bench/v1/sessions',
      role: 'public',
      tag,
      summary: 'Exchange the one-time code of a portal link for a session',
      body: sessionRequest,
      response: portalSession,
      handler: ({ body }) => sessions.exchange(body.code),
    }),
    defineRoute({
      method: 'POST',
      url: '/bench/v1/sessions/codes',
      role: 'SETTINGS_W',
      tag,
      summary: 'Make another one-time code',
      description: 'Its session allows what the key of this call allows.',
      response: sessionRequest,
      handler: ({ grant }) => ({ code: sessions.createCode(grant) }),
    }),
    defineRoute({
      method: 'GET',
      url: '/bench/v1/metrics',
      role: 'DATA_R',
      tag,
      summary: 'Messages by second and connector, of the last five minutes, oldest first',
      response: z.array(metricsPoint),
      handler: ({ grant }) => [...metrics.latest(grant.tenantId)],
    }),
  ];
}
