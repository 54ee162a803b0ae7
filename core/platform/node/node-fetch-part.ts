import { get as getHttp } from 'node:http';
import { get as getHttps } from 'node:https';

/** How long a server may be silent. */
const silenceMs = 30_000;

/**
 * Fetches the bytes from `start` to before `end` of a content. Rejects when there was no answer, or no whole one.
 * @param caCertificatePem that the server's certificate must be signed with, for HTTPS
 */
export function nodeFetchPart(
  uri: string,
  { start, end }: { readonly start: number; readonly end: number },
  caCertificatePem: string | undefined,
): Promise<{ status: number; bytes: Uint8Array }> {
  const headers = { Range: `bytes=${start}-${end - 1}` };
  const ca = caCertificatePem === undefined ? {} : { ca: caCertificatePem };
  return new Promise((resolve, reject) => {
    const get = uri.startsWith('https:') ? getHttps : getHttp;
    // Each on a connection of its own, as simple devices do it.
    const request = get(uri, { headers, agent: false, timeout: silenceMs, ...ca }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        if (response.complete) resolve({ status: response.statusCode ?? 0, bytes: Buffer.concat(chunks) });
        else reject(new Error('the connection was closed before the end'));
      });
    });
    request.on('timeout', () => request.destroy(new Error(`no byte within ${silenceMs / 1000} s`)));
    request.on('error', reject);
  });
}
