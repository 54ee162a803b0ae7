const urn = /^urn:lo:nsid:[\w-]{1,128}:[:\w-]{1,128}$/;
/** Device ids are at most this long (manual 5.2.1.1), and a client id that is one may be as long. */
const longestUrn = 269;
const plainClientId = /^[\w:-]{1,128}$/;

/**
 * The id of the device that a client id stands for when no interface says otherwise: the client id itself when
 * it is a device URN, else one in the namespace `mqtt` (manual 5.2.1.1, 6.5.2). Undefined when it is neither.
 */
export function deviceIdOf(clientId: string): string | undefined {
  if (urn.test(clientId)) return clientId.length <= longestUrn ? clientId : undefined;
  return plainClientId.test(clientId) ? `urn:lo:nsid:mqtt:${clientId}` : undefined;
}
