import { createHmac } from 'node:crypto';

/** How a device proves who it is: as it stands in its interface on the platform, and in its Security object. */
export interface DeviceCredentials {
  readonly identity: string;
  /** Hexadecimal. */
  readonly secret: string;
}

const secretDigits = 32;
const fingerprintDigits = 8;
/** Longest PSK identity that the platform takes. */
const mostCharacters = 128;

/**
 * The credentials of a device of a fleet. They follow from the fleet's secret, so that nobody has to keep them; another
 * fleet has other identities also for the same endpoint names.
 * @param purpose what they are for: another purpose has another key
 */
export function credentialsOf(
  fleetSecret: string,
  endpointName: string,
  purpose: 'register' | 'bootstrap',
): DeviceCredentials {
  const digest = (text: string): string => createHmac('sha256', fleetSecret).update(text).digest('hex');
  const ending = `#${digest(purpose).slice(0, fingerprintDigits)}`;
  return {
    identity: `${endpointName.slice(-(mostCharacters - ending.length))}${ending}`,
    secret: digest(`${purpose} ${endpointName}`).slice(0, secretDigits),
  };
}
