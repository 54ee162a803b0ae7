import { z } from 'zod';
import { PlatformError } from '../contract/errors.ts';
import type { Files } from '../platform/files.ts';
import { describeApi } from './openapi.ts';
import { Answer, defineRoute, type Route } from './route.ts';

/** The parts of the API that have a description of their own, by the beginning of their paths. */
const surfaces = [
  { prefix: '/api/v0', title: 'Fleetbench: compatible API, version 0' },
  { prefix: '/api/v1', title: 'Fleetbench: compatible API, version 1' },
  { prefix: '/bench/v1', title: 'Fleetbench: the bench itself' },
] as const;

/** Files of the Swagger UI package that the page needs; no other file of its folder is served. */
const assetTypes: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

/** Sent as it is. */
const bytesSchema = z.custom<Uint8Array>();

/** The browser may fetch from this server only, so the page works, and tells nobody, wherever it is opened. */
const pageHeaders = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy':
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'",
};

/** The API description of each surface: a page to read and try it, and the OpenAPI document behind it. */
export function documentRoutes(
  routes: readonly Route[],
  pages: { readonly files: Files; readonly swaggerUiFolder: string } | undefined,
): Route[] {
  return surfaces.flatMap(({ prefix, title }) => {
    const document = describeApi(
      title,
      routes.filter((route) => route.url.startsWith(`${prefix}/`)),
    );
    const common = { method: 'GET', role: 'public', tag: 'API description' } as const;
    const json = defineRoute({
      ...common,
      url: `${prefix}/docs/json`,
      summary: 'The API description in OpenAPI 3.1',
      response: z.looseObject({}),
      handler: () => ({ ...document }),
    });
    if (!pages) return [json];
    return [
      json,
      defineRoute({
        ...common,
        url: `${prefix}/docs`,
        summary: 'The API description as a page',
        response: bytesSchema,
        handler: () => new Answer(bytes(page(title, prefix)), { headers: pageHeaders }),
      }),
      defineRoute({
        ...common,
        url: `${prefix}/docs/:asset`,
        summary: 'A file of that page',
        params: z.object({ asset: z.string() }),
        response: bytesSchema,
        handler: ({ params }) => asset(params.asset, prefix, pages),
      }),
    ];
  });
}

async function asset(
  name: string,
  prefix: string,
  { files, swaggerUiFolder }: { files: Files; swaggerUiFolder: string },
): Promise<Answer<Uint8Array>> {
  if (name === 'start.js') {
    return new Answer(bytes(startScript(prefix)), {
      headers: { 'Content-Type': 'text/javascript; charset=utf-8' },
    });
  }
  const type = Object.hasOwn(assetTypes, name) ? assetTypes[name] : undefined;
  const content = type && (await files.read(`${swaggerUiFolder}/${name}`));
  if (!type || !content)
    throw new PlatformError('api.notFound', 'There is nothing at this path.', { details: name });
  return new Answer(content, { headers: { 'Content-Type': type, 'Cache-Control': 'max-age=3600' } });
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const page = (title: string, prefix: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="${prefix}/docs/swagger-ui.css">
<link rel="icon" type="image/png" href="${prefix}/docs/favicon-32x32.png">
</head>
<body>
<div id="swagger-ui"></div>
<script src="${prefix}/docs/swagger-ui-bundle.js"></script>
<script src="${prefix}/docs/start.js"></script>
</body>
</html>
`;

/** `validatorUrl` is off: it would send the document's address to an outside service. */
const startScript = (prefix: string): string =>
  `SwaggerUIBundle(${JSON.stringify({
    url: `${prefix}/docs/json`,
    dom_id: '#swagger-ui',
    deepLinking: true,
    validatorUrl: null,
    displayRequestDuration: true,
  })});
`;
