import type { FleetConnector } from '../core/contract/simulators.ts';

/** Client id, or endpoint name, of a device of a fleet. */
export function clientIdOf(idPattern: string, number: number): string {
  return idPattern.replaceAll('{n}', String(number));
}

/**
 * Id of the device that a client id stands for: of MQTT as the platform makes it (manual 5.2.1.1, 6.5.2), of nodes
 * behind external connectors in the same way (5.5.5.3).
 */
export function deviceIdOf(clientId: string, connector: FleetConnector = 'mqtt'): string {
  return clientId.startsWith('urn:lo:nsid:') ? clientId : `urn:lo:nsid:${connector}:${clientId}`;
}
