import { codes, methods } from '../../core/protocols/coap/codes.ts';
import { CoapEndpoint } from '../../core/protocols/coap/endpoint.ts';
import { isCoapError } from '../../core/protocols/coap/errors.ts';
import type { CoapResponse, RequestDraft } from '../../core/protocols/coap/request.ts';
import { UdpPeers } from '../../core/protocols/coap/udp-peers.ts';
import type { ClientSocket, CoapsClient } from '../../core/protocols/coaps/coaps-client.ts';
import type { SimulatorSeams } from '../fleet/seams.ts';
import { type CoapUri, parseCoapUri } from './coap-uri.ts';
import { type LinkParts, openSession } from './device-link.ts';
import { DownloadFailure, firmwareResults } from './objects/firmware.ts';
import type { ServerAccount } from './objects/server-account.ts';

export interface DownloadParts extends LinkParts, Pick<SimulatorSeams, 'fetchPart'> {
  readonly caCertificatePem: string | undefined;
  /** By which it proves who it is to a server of coaps. */
  readonly account: ServerAccount | undefined;
  /** The session with that server, where there is one. */
  readonly session: CoapsClient | undefined;
}

/** Bytes that are asked for at once over HTTP. */
const partBytes = 65_536;

/**
 * Fetches a package over CoAP, CoAP with DTLS, HTTP or HTTPS.
 * @throws DownloadFailure
 */
export async function downloadPackage(
  uri: string,
  mostBytes: number,
  signal: AbortSignal,
  parts: DownloadParts,
): Promise<Uint8Array> {
  if (/^https?:\/\/./.test(uri)) return overHttp(uri, mostBytes, signal, parts);
  const coap = parseCoapUri(uri);
  if (coap) return overCoap(uri, coap, mostBytes, signal, parts);
  const isUri = /^[a-z][a-z0-9+.-]*:/i.test(uri);
  throw isUri
    ? new DownloadFailure(firmwareResults.unsupportedProtocol, `${uri} is of no protocol that is spoken here`)
    : new DownloadFailure(firmwareResults.invalidUri, `${uri} is no URI`);
}

async function overHttp(
  uri: string,
  mostBytes: number,
  signal: AbortSignal,
  { fetchPart, caCertificatePem }: DownloadParts,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    if (signal.aborted) throw new DownloadFailure(firmwareResults.connectionLost, 'given up');
    const range = { start: length, end: length + partBytes };
    const { status, bytes } = await fetchPart(uri, range, caCertificatePem).catch((error) => {
      throw new DownloadFailure(firmwareResults.connectionLost, String(error));
    });
    // Nothing is left behind a content that ends with a part.
    if (status === 416 && length > 0) return Buffer.concat(chunks);
    if (status !== 200 && status !== 206) throw new DownloadFailure(resultOfStatus(status), `HTTP ${status}`);
    chunks.push(bytes);
    length += bytes.length;
    if (length > mostBytes) throw tooLarge(mostBytes);
    if (status === 200 || bytes.length < partBytes) return Buffer.concat(chunks);
  }
}

const resultOfStatus = (status: number) =>
  status >= 400 && status < 500 ? firmwareResults.invalidUri : firmwareResults.connectionLost;

const tooLarge = (mostBytes: number): DownloadFailure =>
  new DownloadFailure(firmwareResults.notEnoughStorage, `there is room for ${mostBytes} bytes`);

async function overCoap(
  uri: string,
  { isSecure, host, port, path, query }: CoapUri,
  mostBytes: number,
  signal: AbortSignal,
  parts: DownloadParts,
): Promise<Uint8Array> {
  const draft: RequestDraft = { method: methods.GET, path, query };
  let response: CoapResponse;
  try {
    response = isSecure
      ? await overDtls(uri, { host, port }, draft, signal, parts)
      : await overUdp({ address: await parts.resolve(host), port }, draft, signal, parts);
  } catch (error) {
    if (error instanceof DownloadFailure) throw error;
    if (isCoapError(error, 'coap.tooLarge')) throw tooLarge(mostBytes);
    throw new DownloadFailure(firmwareResults.connectionLost, String(error));
  }
  if (response.code === codes.content) return response.payload;
  const result = response.code >> 5 === 4 ? firmwareResults.invalidUri : firmwareResults.connectionLost;
  throw new DownloadFailure(result, `the server answered ${response.codeText}`);
}

/** Over the session that is there, or over one of its own. */
async function overDtls(
  uri: string,
  { host, port }: { host: string; port: number },
  draft: RequestDraft,
  signal: AbortSignal,
  parts: DownloadParts,
): Promise<CoapResponse> {
  const { account, session } = parts;
  const own = account && parseCoapUri(account.uri);
  if (session && !session.closed && own?.host === host && own.port === port)
    return session.request(draft, signal);
  if (!account) throw new DownloadFailure(firmwareResults.connectionLost, 'there is no key for this server');
  const opened = await openSession({ ...account, uri }, parts, { signal });
  try {
    return await opened.request(draft, signal);
  } finally {
    await opened.close();
  }
}

async function overUdp(
  to: { address: string; port: number },
  draft: RequestDraft,
  signal: AbortSignal,
  { radio, context }: DownloadParts,
): Promise<CoapResponse> {
  let peers: UdpPeers | undefined;
  const host = to.address.includes(':') ? '::' : '0.0.0.0';
  const socket: ClientSocket = await radio.bind({ host, port: 0 }, (datagram, from) =>
    peers?.receive(datagram, from),
  );
  peers = new UdpPeers(socket, { maxPeers: 1, accept: () => {} });
  const endpoint = new CoapEndpoint(peers.connect(to), context);
  endpoint.start();
  try {
    return await endpoint.request(draft, { signal });
  } finally {
    endpoint.stop();
    peers.stop('the download is over');
    await socket.close();
  }
}
