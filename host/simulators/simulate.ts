import { invalidPart } from '../../core/api/error-answer.ts';
import { PlatformError } from '../../core/contract/errors.ts';
import {
  type FleetTemplateInput,
  type FleetView,
  fleetTemplate,
  type SendOnce,
  type SimulatedDeviceDetails,
  type SimulatedFrame,
} from '../../core/contract/simulators.ts';
import type { Clock } from '../../core/platform/clock.ts';
import type { SimulatorService } from './simulator-service.ts';

/** A fleet of simulated devices, for a test to drive. */
export interface SimulatedFleet {
  readonly id: string;
  view(): Promise<FleetView>;
  /** @param number of the device, from 1 */
  device(number: number): Promise<SimulatedDeviceDetails>;
  /** Publishes once as a device; resolves when the platform has acknowledged it. */
  send(number: number, message: SendOnce): Promise<SimulatedFrame>;
  stop(): Promise<FleetView>;
  /** Stops the fleet and deletes it together with its devices. */
  remove(): Promise<void>;
}

const lookEachMs = 20;
const timeoutMs = 60_000;

/**
 * Makes a fleet and starts it.
 * @returns when all its devices are connected
 * @throws PlatformError with what kept it from that; it is removed then
 */
export async function simulate(
  { simulators, tenantId, clock }: { simulators: SimulatorService; tenantId: string; clock: Clock },
  input: FleetTemplateInput,
): Promise<SimulatedFleet> {
  const template = fleetTemplate.safeParse(input);
  if (!template.success) throw invalidPart('template', template.error);
  const { id } = await simulators.create(tenantId, template.data);
  try {
    await simulators.startFleet(tenantId, id);
    await whenConnected(() => simulators.get(tenantId, id), clock);
  } catch (error) {
    await simulators.remove(tenantId, id, true);
    throw error;
  }
  return {
    id,
    view: () => simulators.get(tenantId, id),
    device: (number) => simulators.device(tenantId, id, number),
    send: (number, message) => simulators.send(tenantId, id, number, message),
    stop: () => simulators.stopFleet(tenantId, id),
    remove: () => simulators.remove(tenantId, id, true),
  };
}

async function whenConnected(look: () => Promise<FleetView>, clock: Clock): Promise<void> {
  const deadlineMs = clock.monotonicUs() / 1000 + timeoutMs;
  for (;;) {
    const { state, connected, devices, problem } = await look();
    if (connected === devices) return;
    const late = clock.monotonicUs() / 1000 > deadlineMs;
    if (state === 'failed' || late) {
      const said = `${connected} of ${devices} devices are connected.`;
      throw new PlatformError('simulators.failed', problem ?? said, { details: late ? said : undefined });
    }
    await new Promise<void>((resolve) => clock.after('look at a simulated fleet', lookEachMs, resolve));
  }
}
