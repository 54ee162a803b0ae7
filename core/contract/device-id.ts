/** The form of a device id (manual 5.2.1.1, facts 5). */
export const deviceIdPattern = /^urn:lo:nsid:[\w-]{1,128}:[\w:-]{1,128}$/;

/** Most characters of a device id. */
export const longestDeviceId = 269;
