import { PlatformError } from '../../core/contract/errors.ts';
import type {
  FleetTemplate,
  SimulatedDeviceDetails,
  SimulatedDeviceView,
} from '../../core/contract/simulators.ts';
import { kindOf } from '../../simulators/fleet/fleet-kinds.ts';

/** Devices of a fleet that does not run, as its template tells. */
export function stoppedDevices(
  template: FleetTemplate,
  offset: number,
  limit: number,
): SimulatedDeviceView[] {
  const count = Math.max(0, Math.min(limit, template.count - offset));
  return Array.from({ length: count }, (_, index) => stopped(template, offset + index + 1));
}

/**
 * One of them, with what it would send first.
 * @throws PlatformError `simulators.deviceNotFound`
 */
export function stoppedDetails(
  template: FleetTemplate,
  number: number,
  timeMs: number,
): SimulatedDeviceDetails {
  if (number > template.count) {
    throw new PlatformError('simulators.deviceNotFound', 'The fleet has no such device.', {
      details: `Device ${number} of ${template.count}.`,
    });
  }
  const device = { ...stopped(template, number), frames: [] };
  const nextPayload = kindOf(template).firstPayload?.(template, number, timeMs);
  return nextPayload === undefined ? device : { ...device, nextPayload };
}

function stopped(template: FleetTemplate, number: number): SimulatedDeviceView {
  const clientId = kindOf(template).clientId(template, number);
  return { number, clientId, state: 'stopped', problem: null, sent: 0, acknowledged: 0, received: 0 };
}
