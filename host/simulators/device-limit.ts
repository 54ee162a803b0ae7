import { PlatformError } from '../../core/contract/errors.ts';

const mostDevices = 20_000;
/** Files and sockets that the rest of the program needs. */
const otherFiles = 500;

/**
 * Refuses a fleet with which too many simulated devices would run. Each takes two sockets of this process, its own
 * and the platform's: without any left, the platform could not even be asked to stop the fleet.
 * @param devices of all fleets, with the one that starts
 * @param openFiles how many files and sockets the process may have open; undefined: any number
 * @throws PlatformError `simulators.wrongState`
 */
export function checkDeviceLimit(devices: number, openFiles: number | undefined): void {
  const affordable =
    openFiles === undefined ? mostDevices : Math.max(0, Math.floor((openFiles - otherFiles) / 2));
  const most = Math.min(mostDevices, affordable);
  if (devices <= most) return;
  const details =
    affordable < mostDevices
      ? `This program may open ${openFiles} files, and each device takes two: start it with ulimit -n ${devices * 2 + otherFiles} or more, or stop another fleet.`
      : 'Stop another fleet first.';
  const message = `Running fleets may have ${most} devices together here; with this one it would be ${devices}.`;
  throw new PlatformError('simulators.wrongState', message, { details });
}
