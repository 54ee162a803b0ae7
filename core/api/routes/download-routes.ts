import { z } from 'zod';
import type { Downloads } from '../../resources/downloads.ts';
import { Answer, defineRoute, type Route } from '../route.ts';

const bytes = z.custom<AsyncIterable<Uint8Array>>();

/** Contents for devices, by the link that came with the request for an update (manual 6.5.8.2, facts 4.3). */
export function downloadRoutes(downloads: Downloads): Route[] {
  return [
    defineRoute({
      method: 'GET',
      url: '/dl/:token',
      role: 'public',
      tag: 'Resources',
      summary: 'Fetch the content of a version by the link of an update',
      description: `The link is in the request that the device gets, and is all that is needed: no key. It ends with the update.
One range of bytes may be asked for (\`Range\`, with \`If-Range\` and the \`ETag\`).`,
      params: z.object({ token: z.string().max(64, 'must have at most 64 characters') }),
      response: bytes,
      failures: {
        206: 'The range of bytes asked for',
        404: 'No such link, or its update has ended, or it is for HTTPS only',
        410: 'The link has expired',
        416: 'The content has no such bytes',
        429: 'Too many downloads run at a time',
      },
      handler: ({ params, range, ifRange, isHead, origin }) => {
        const isSecure = origin.startsWith('https:');
        const download = downloads.open(params.token, { range, ifRange, isSecure });
        const { content, etag, isPart } = download;
        const { start, end } = download.range;
        const headers = {
          'Content-Type': 'application/octet-stream',
          'Content-Length': String(end - start),
          'Accept-Ranges': 'bytes',
          ETag: etag,
          'Cache-Control': 'no-store',
          'X-Content-Type-Options': 'nosniff',
          ...(isPart && { 'Content-Range': `bytes ${start}-${end - 1}/${content.size}` }),
        };
        const body = isHead ? none() : download.chunks();
        return new Answer(body, { headers, ...(isPart && { status: 206 }) });
      },
    }),
  ];
}

async function* none(): AsyncGenerator<Uint8Array> {}
