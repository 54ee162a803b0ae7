import { nodeDatagrams } from '../platform/node/node-datagrams.ts';
import { nodeRandom } from '../platform/node/node-random.ts';
import { RealClock } from '../platform/node/real-clock.ts';
import { CoapContext, type LoggedMessage } from '../protocols/coap/context.ts';
import type { CoapClock } from '../protocols/coap/link.ts';
import type { RequestHandler } from '../protocols/coap/request-server.ts';
import { CoapsClient } from '../protocols/coaps/coaps-client.ts';

/** Where a client finds its server, and how it proves who it is. */
export interface Credentials {
  readonly port: number;
  readonly identity: string;
  readonly key: Uint8Array;
  /** By which its CoAP messages are sent again; real time unless given. */
  readonly clock?: CoapClock;
  /** Told of each message of CoAP. */
  readonly log?: (message: LoggedMessage) => void;
}

/**
 * Connects to a server on this machine over real UDP.
 * @throws DtlsError when the server does not let it in
 */
export function connectCoaps(
  { port, identity, key, clock: coapClock, log }: Credentials,
  handler: RequestHandler,
): Promise<CoapsClient> {
  const clock = new RealClock();
  return CoapsClient.connect({
    ...{ clock, random: nodeRandom, datagrams: nodeDatagrams, handler },
    ...{ server: { address: '127.0.0.1', port }, pskIdentity: identity, key },
    context: new CoapContext({ clock: coapClock ?? clock, random: nodeRandom, ...(log && { log }) }),
  });
}
