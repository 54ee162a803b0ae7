import { PlatformError } from '../../core/contract/errors.ts';

const mostDevices = 20_000;
/** Files and sockets that the rest of the program needs. */
const otherFiles = 500;

/**
 * Refuses a fleet with which too many simulated devices would run. Each takes sockets of this process: without any left,
 * the platform could not even be asked to stop the fleet.
 * @param running devices of all fleets, with the one that starts, and the sockets that they take
 * @param openFiles how many files and sockets the process may have open; undefined: any number
 * @throws PlatformError `simulators.wrongState`
 */
export function checkDeviceLimit(
  { devices, sockets }: { readonly devices: number; readonly sockets: number },
  openFiles: number | undefined,
): void {
  const message = (most: number, what: string): string =>
    `Running fleets may have ${most} ${what} together here; with this one it would be ${what === 'devices' ? devices : sockets}.`;
  if (devices > mostDevices) {
    const details = 'Stop another fleet first.';
    throw new PlatformError('simulators.wrongState', message(mostDevices, 'devices'), { details });
  }
  const affordable = openFiles === undefined ? Number.POSITIVE_INFINITY : Math.max(0, openFiles - otherFiles);
  if (sockets <= affordable) return;
  const details = `This program may open ${openFiles} files, and each device takes one for LwM2M and two for MQTT: start it with ulimit -n ${sockets + otherFiles} or more, or stop another fleet.`;
  throw new PlatformError('simulators.wrongState', message(affordable, 'sockets'), { details });
}
