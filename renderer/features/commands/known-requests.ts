import type { CommandConnector, CommandJson } from '../../../core/contract/commands.ts';

/** A request that was sent to a device before, as it was sent last. */
export interface KnownRequest {
  readonly req: string;
  readonly arg: unknown;
}

/** Requests that a device was sent over MQTT before, each once, the newest first. */
export function knownRequests(commands: readonly CommandJson[]): readonly KnownRequest[] {
  const known = new Map<string, KnownRequest>();
  for (const { request } of commands) {
    const { req, arg } = request.value;
    if (request.connector === 'mqtt' && typeof req === 'string' && !known.has(req))
      known.set(req, { req, arg });
  }
  return [...known.values()];
}

/** What the raw form begins with: what was sent last over this connector, or the form of its requests. */
export function firstValue(connector: CommandConnector, commands: readonly CommandJson[]): string {
  const last = commands.find(({ request }) => request.connector === connector)?.request.value;
  return JSON.stringify(last ?? (connector === 'mqtt' ? { req: '', arg: {} } : {}), null, 2);
}
