import { codes } from '../../../core/protocols/coap/codes.ts';
import type { DeviceObjects } from '../device-objects.ts';
import { Refusal } from '../refusal.ts';
import { instancesOf, integer, numberOf, string, textOf, time } from '../resource-value.ts';
import { reviewErrors, watchedOfDevice } from './device-errors.ts';
import type { DeviceHost } from './device-host.ts';
import { isUtcOffset, utcOffset } from './time-zone.ts';

const deviceObject = 3;
const firmwareVersion = 3;
const errorCode = 11;
const currentTime = 13;
const offset = 14;
const zone = 15;
const noError = 0;

/** Adds Device: what it is, its time, what is wrong with it, and its restart (LwM2M Core 1.1.1, E.4). */
export function addDeviceObject(objects: DeviceObjects, host: DeviceHost, binding: string): void {
  /** By how much its clock is off the platform's, since a server set it. */
  let offMs = 0;
  objects.add(deviceObject, host.version, {
    check: (_, id, value) => {
      const text = textOf(value) ?? '';
      if (id === offset && !isUtcOffset(text))
        throw new Refusal(codes.badRequest, `${text} is no offset of ISO 8601, as +02:00`);
      if (id === zone && utcOffset(text, host.now()) === undefined)
        throw new Refusal(codes.badRequest, `${text} is no time zone of IANA, as Europe/Paris`);
    },
    changed: (_, id) => {
      if (watchedOfDevice.includes(id)) reviewErrors(objects);
    },
    // The offset is that of the zone, unless it is said, too.
    written: (instance, ids) => {
      if (!ids.includes(zone) || ids.includes(offset)) return;
      const of = utcOffset(textOf(objects.value(instance, zone)) ?? '', host.now() + offMs);
      if (of !== undefined) objects.set(instance, offset, string(of));
    },
    read: (_, id) => (id === currentTime ? time(host.now() + offMs) : undefined),
    write: (_, id, value) => {
      if (id !== currentTime) return false;
      offMs = (numberOf(value) ?? 0) * 1000 - host.now();
      return true;
    },
    execute: (instance, id) => {
      if (id === 4) host.bringAbout({ kind: 'reboot' });
      else if (id === 5) host.bringAbout({ kind: 'factoryReset' });
      else if (id === 12) {
        objects.set(instance, errorCode, instancesOf(integer(noError)));
        reviewErrors(objects);
      } else throw new Refusal(codes.methodNotAllowed, `the device cannot execute resource ${id}`);
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
    [offset]: string('+00:00'),
    [zone]: string('Etc/UTC'),
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
