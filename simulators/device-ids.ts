/** Client id of a device of a fleet. */
export function clientIdOf(idPattern: string, number: number): string {
  return idPattern.replaceAll('{n}', String(number));
}

/** Id of the device that the platform makes of a client id (manual 5.2.1.1, 6.5.2). */
export function deviceIdOf(clientId: string): string {
  return clientId.startsWith('urn:lo:nsid:') ? clientId : `urn:lo:nsid:mqtt:${clientId}`;
}
