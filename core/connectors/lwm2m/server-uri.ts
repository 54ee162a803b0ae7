import type { Datagrams, UdpAddress } from '../../platform/datagrams.ts';

export interface ServerUriParts {
  /** Where the LwM2M server listens, as a program on this machine dials it; undefined while it does not. */
  readonly listensAt: string | undefined;
  /** Host by which devices reach the platform; empty: the address of this machine by which they came. */
  readonly lwm2mPublicHost: string;
  /** The address of this machine by which a peer reaches it. */
  readonly localAddress: Datagrams['localAddress'];
}

/**
 * Where a device finds the platform's LwM2M server: a device on another machine needs another host than one on this.
 * @param device where it has come from
 * @returns undefined while the server does not listen
 */
export async function lwm2mServerUri(
  device: UdpAddress,
  { listensAt, lwm2mPublicHost, localAddress }: ServerUriParts,
): Promise<string | undefined> {
  if (listensAt === undefined) return undefined;
  const host = lwm2mPublicHost || (await localAddress(device).catch(() => undefined));
  if (host === undefined) return listensAt;
  return `coaps://${host.includes(':') ? `[${host}]` : host}:${new URL(listensAt).port}`;
}
