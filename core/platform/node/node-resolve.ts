import { lookup } from 'node:dns/promises';

/** The IP address of a host name; of an address the address itself. Rejects when there is none. */
export async function nodeResolve(host: string): Promise<string> {
  return (await lookup(host)).address;
}
