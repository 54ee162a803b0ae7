import type { FleetConnector } from '../../../core/contract/simulators.ts';

/** Id of the device that a simulated client id stands for (manual 5.2.1.1, 5.5.5.3, 6.5.2). */
export const deviceIdOf = (clientId: string, connector: FleetConnector): string =>
  clientId.startsWith('urn:lo:nsid:') ? clientId : `urn:lo:nsid:${connector}:${clientId}`;
