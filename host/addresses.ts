import { PlatformError } from '../core/contract/errors.ts';
import type { Ports } from '../core/listeners.ts';

/**
 * Refuses what would listen nowhere, twice on one port, or, unasked, on every address of the machine.
 * @throws PlatformError `platform.setting`
 */
export function checkAddresses(host: string, ports: Ports): void {
  // Node takes an empty host, and the system takes short forms such as 0, for every address of the machine.
  const numbers = /^[\d.]+$/.test(host) ? host.split('.').map(Number) : undefined;
  const noIpAddress = numbers && !(numbers.length === 4 && numbers.every((number) => number <= 255));
  if (!/^[\w.:%-]*[a-z.:][\w.:%-]*$/i.test(host) || noIpAddress) {
    throw wrong(
      `The host ${JSON.stringify(host)} is no address: give one such as 127.0.0.1, or 0.0.0.0 for all.`,
    );
  }
  const taken = new Map<number, string>();
  for (const [name, port] of Object.entries(ports) as [string, number | undefined][]) {
    if (port === undefined) continue;
    if (!Number.isInteger(port) || port < 0 || port > 65_535) {
      throw wrong(`The ${name} port must be a whole number from 0 to 65535, got ${port}.`);
    }
    const other = taken.get(port);
    if (port !== 0 && other !== undefined) throw wrong(`The ${other} and ${name} ports are both ${port}.`);
    taken.set(port, name);
  }
  if (taken.size === 0) throw wrong('Every port is off: at least one must listen.');
}

/** True for addresses that only this machine can reach. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|::1|::ffff:127(\.\d{1,3}){3})$/i.test(host);
}

function wrong(message: string): PlatformError {
  return new PlatformError('platform.setting', message);
}
