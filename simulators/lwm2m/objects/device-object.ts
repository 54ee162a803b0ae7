import { codes } from '../../../core/protocols/coap/codes.ts';
import type { DeviceObjects } from '../device-objects.ts';
import { Refusal } from '../refusal.ts';
import { instancesOf, integer, numberOf, string, time } from '../resource-value.ts';
import type { DeviceHost } from './device-host.ts';

const deviceObject = 3;
const firmwareVersion = 3;
const errorCode = 11;
const currentTime = 13;
const noError = 0;

/** Adds Device: what it is, its time, and its restart (LwM2M Core 1.1.1, E.4). */
export function addDeviceObject(objects: DeviceObjects, host: DeviceHost, binding: string): void {
  /** By how much its clock is off the platform's, since a server set it. */
  let offMs = 0;
  objects.add(deviceObject, host.version, {
    read: (_, id) => (id === currentTime ? time(host.now() + offMs) : undefined),
    write: (_, id, value) => {
      if (id !== currentTime) return false;
      offMs = (numberOf(value) ?? 0) * 1000 - host.now();
      return true;
    },
    execute: (instance, id) => {
      if (id === 4) host.bringAbout({ kind: 'reboot' });
      else if (id === 5) host.bringAbout({ kind: 'factoryReset' });
      else if (id === 12) objects.set(instance, errorCode, instancesOf(integer(noError)));
      else throw new Refusal(codes.methodNotAllowed, `the device cannot execute resource ${id}`);
    },
  });
  objects.addInstance(deviceObject, 0, {
    0: string('Fleetbench'),
    1: string('LwM2M simulator'),
    2: string(`SIM-${String(host.number).padStart(6, '0')}`),
    [firmwareVersion]: string(host.firmware.version),
    6: instancesOf(integer(1), integer(5)),
    7: instancesOf(integer(3800), integer(5000)),
    8: instancesOf(integer(125), integer(900)),
    9: integer(100),
    10: integer(192),
    [errorCode]: instancesOf(integer(noError)),
    14: string('+00:00'),
    15: string('Etc/UTC'),
    16: string(binding),
    17: string('simulated'),
    18: string('1.0'),
    19: string('1.0'),
    20: integer(0),
    21: integer(256),
  });
}

/** The device has another firmware from now on. */
export function setFirmwareVersion(objects: DeviceObjects, version: string): void {
  const instance = objects.findInstance(deviceObject, 0);
  if (instance) objects.set(instance, firmwareVersion, string(version));
}
