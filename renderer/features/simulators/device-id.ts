/** Id of the device that the platform makes of a client id (manual 5.2.1.1, 6.5.2). */
export const deviceIdOf = (clientId: string): string =>
  clientId.startsWith('urn:lo:nsid:') ? clientId : `urn:lo:nsid:mqtt:${clientId}`;
