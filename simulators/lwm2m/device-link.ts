import type { CoapContext } from '../../core/protocols/coap/context.ts';
import type { RequestHandler } from '../../core/protocols/coap/request-server.ts';
import { CoapsClient } from '../../core/protocols/coaps/coaps-client.ts';
import type { PeerAddress } from '../../core/protocols/dtls/seams.ts';
import type { SimulatorSeams } from '../fleet/seams.ts';
import { parseCoapUri } from './coap-uri.ts';
import type { ServerAccount } from './objects/server-account.ts';
import type { Radio } from './radio.ts';

/** What a device opens sessions with. */
export interface LinkParts extends Pick<SimulatorSeams, 'wireClock' | 'random' | 'resolve'> {
  readonly radio: Radio;
  readonly context: CoapContext;
}

/** An account that no server can be reached by. */
export class UnusableAccount extends Error {}

/**
 * Opens a session with the server of an account.
 * @throws DtlsError when it is not let in; UnusableAccount; whatever the look-up of the host or the socket fails with
 */
export async function openSession(
  {
    uri,
    identity,
    key,
    serverName,
    suites,
  }: Pick<ServerAccount, 'uri' | 'identity' | 'key' | 'serverName' | 'suites'>,
  { wireClock: clock, random, resolve, radio, context }: LinkParts,
  session: {
    readonly handler?: RequestHandler;
    readonly closed?: (reason: string) => void;
    readonly signal: AbortSignal;
  },
): Promise<CoapsClient> {
  const parsed = parseCoapUri(uri);
  if (!parsed?.isSecure) throw new UnusableAccount(`${uri} is no server of coaps`);
  if (suites?.length === 0)
    throw new UnusableAccount('it lists no cipher suite that is spoken here (/0/x/16)');
  const server: PeerAddress = { address: await resolve(parsed.host), port: parsed.port };
  return CoapsClient.connect({
    ...{ clock, random, server, context, datagrams: radio, pskIdentity: identity, key },
    ...(serverName !== undefined && { serverName }),
    ...(suites && { suites }),
    ...session,
  });
}
