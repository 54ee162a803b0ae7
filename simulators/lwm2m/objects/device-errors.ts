import type { DeviceObjects } from '../device-objects.ts';
import { instancesOf, integer, isMultiple, numberOf, type ResourceValue } from '../resource-value.ts';

/** Values of /3/0/11 (LwM2M Core 1.1.1, E.4). */
const errorCodes = { none: 0, lowBattery: 1, externalPowerOff: 2, lowSignal: 4, outOfMemory: 5 } as const;
/** Values of /3/0/20. */
const batteryStatus = { normal: 0, low: 4 } as const;
/** Values of /3/0/6. */
const usb = 5;

/** From these values on something is wrong. */
const lowBatteryPercent = 15;
const lowSignalDbm = -115;
const leastMemoryKb = 16;

/** Says in /3/0/11 what is wrong with the device as its values are now, and in /3/0/20 whether its battery is low. */
export function reviewErrors(objects: DeviceObjects): void {
  const device = objects.findInstance(3, 0);
  if (!device) return;
  const at = (objectId: number, resourceId: number) => objects.valueAt(objectId, 0, resourceId);
  const isLow = (numberOf(at(3, 9)) ?? 100) < lowBatteryPercent;
  const found: number[] = [];
  if (isLow) found.push(errorCodes.lowBattery);
  if (voltageOf(usb, at(3, 6), at(3, 7)) === 0) found.push(errorCodes.externalPowerOff);
  if ((numberOf(at(4, 2)) ?? 0) <= lowSignalDbm) found.push(errorCodes.lowSignal);
  if ((numberOf(at(3, 10)) ?? leastMemoryKb) < leastMemoryKb) found.push(errorCodes.outOfMemory);
  if (found.length === 0) found.push(errorCodes.none);
  objects.set(device, 11, instancesOf(...found.map(integer)));
  const status = numberOf(at(3, 20));
  // Any other status was set by hand.
  if (status === batteryStatus.normal || status === batteryStatus.low)
    objects.set(device, 20, integer(isLow ? batteryStatus.low : batteryStatus.normal));
}

/** Resources of object 3 on which errors depend. */
export const watchedOfDevice = [6, 7, 9, 10];
/** Resources of object 4 on which errors depend. */
export const watchedOfNetwork = [2];

/** The voltage of a source; undefined when the device does not have it. */
function voltageOf(
  source: number,
  sources: ResourceValue | undefined,
  voltages: ResourceValue | undefined,
): number | undefined {
  if (!sources || !voltages || !isMultiple(sources) || !isMultiple(voltages)) return undefined;
  const found = [...sources].find(([, value]) => numberOf(value) === source);
  return found && numberOf(voltages.get(found[0]));
}
