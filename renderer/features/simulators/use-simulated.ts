import type { DeviceJson } from '../../../core/contract/devices.ts';
import type { FleetView } from '../../../core/contract/simulators.ts';
import { useFleets, useSimulatedDevice } from './simulators-api.ts';

/** Which of a fleet's devices has this client id; undefined when none has. */
export function numberOf({ template, devices }: FleetView, clientId: string): number | undefined {
  if (template.connector === 'sms') {
    const number = Number(clientId) - Number(template.firstMsisdn) + 1;
    return number >= 1 && number <= devices ? number : undefined;
  }
  const numbers = [...clientId.matchAll(/\d+/g)].map(([digits]) => Number(digits));
  return [1, ...numbers].find(
    (number) =>
      number >= 1 && number <= devices && template.idPattern.replaceAll('{n}', String(number)) === clientId,
  );
}

export interface Simulated {
  readonly fleetId: string;
  readonly number: number;
  readonly nextPayload: string;
}

/** The simulator's end of a device, while it is connected; undefined for a real device, and for one at rest. */
export function useSimulated(
  { properties }: DeviceJson,
  clientId: string | undefined,
): Simulated | undefined {
  const name = properties?.simulator;
  const fleets = useFleets({ enabled: name !== undefined });
  const fleet = fleets.data?.find(({ template }) => template.name === name);
  const number = fleet && clientId !== undefined ? numberOf(fleet, clientId) : undefined;
  const device = useSimulatedDevice(fleet?.id ?? '', number ?? 0, { enabled: number !== undefined });
  const { state, nextPayload } = device.data ?? {};
  if (!fleet || number === undefined || state !== 'connected' || nextPayload === undefined) return undefined;
  return { fleetId: fleet.id, number, nextPayload };
}
