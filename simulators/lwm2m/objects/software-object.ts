import { codes } from '../../../core/protocols/coap/codes.ts';
import type { DeviceObjects, ObjectInstance } from '../device-objects.ts';
import { Refusal } from '../refusal.ts';
import { boolean, bytesOf, integer, isTrue, string, textOf } from '../resource-value.ts';
import type { DeviceHost } from './device-host.ts';
import { SoftwarePackage } from './software.ts';

const softwareObject = 9;

/** All packages of a device. */
export interface SoftwarePackages {
  /** Takes them away. */
  wipe(): void;
}

/**
 * Adds Software Management: packages that a server delivers, installs, activates and removes.
 * @param isLocked whether nothing may be done with them now
 */
export function addSoftwareObject(
  objects: DeviceObjects,
  host: DeviceHost,
  isLocked: () => boolean,
): SoftwarePackages {
  const packages = new Map<ObjectInstance, SoftwarePackage>();

  const packageOf = (instance: ObjectInstance): SoftwarePackage => {
    let software = packages.get(instance);
    if (!software) {
      software = new SoftwarePackage(host.firmware, {
        after: host.after,
        download: (uri, mostBytes, signal) =>
          host.download(withCredentials(objects, instance, uri), mostBytes, signal),
        changed: (told) => show(objects, instance, told),
        // Whether the server is told at once that there is something else on the device.
        updated: () => {
          if (isTrue(objects.value(instance, 8))) host.bringAbout({ kind: 'update' });
        },
      });
      packages.set(instance, software);
    }
    return software;
  };
  const required = (): void => {
    if (isLocked()) throw new Refusal(codes.methodNotAllowed, 'software is locked (/8/0/0)');
  };

  objects.add(softwareObject, undefined, {
    created: (instance) => {
      show(objects, instance, packageOf(instance));
      if (!instance.resources.has(8)) objects.set(instance, 8, boolean(false));
    },
    deleted: (instance) => {
      packages.get(instance)?.remove();
      packages.delete(instance);
    },
    begins: (instance, id) => {
      if (id === 2 && !isLocked()) packageOf(instance).packageBegins();
    },
    write: (instance, id, value) => {
      if (id !== 2 && id !== 3) return false;
      required();
      if (id === 2) packageOf(instance).writePackage(bytesOf(value) ?? new Uint8Array());
      else packageOf(instance).writeUri(textOf(value) ?? '');
      return true;
    },
    execute: (instance, id, argument) => {
      required();
      const software = packageOf(instance);
      if (id === 4) software.install();
      else if (id === 6) software.uninstall(isForUpdate(argument));
      else if (id === 10 || id === 11) software.activate(id === 10);
      else throw new Refusal(codes.methodNotAllowed, `the device cannot execute resource ${id}`);
    },
  });
  const first = objects.addInstance(softwareObject, 0, { 8: boolean(false) });
  show(objects, first, packageOf(first));
  return {
    wipe: () => {
      for (const software of packages.values()) software.remove();
    },
  };
}

function show(objects: DeviceObjects, instance: ObjectInstance, software: SoftwarePackage): void {
  const { image, isActive, state, result } = software;
  objects.set(instance, 0, string(image?.name ?? ''));
  objects.set(instance, 1, string(image?.version ?? ''));
  objects.set(instance, 12, boolean(isActive));
  // The result first: whoever is told of the state finds it.
  objects.set(instance, 9, integer(result));
  objects.set(instance, 7, integer(state));
}

/** Argument of Uninstall: 0 or nothing, or 1 for an update. @throws Refusal */
function isForUpdate(argument: string): boolean {
  if (argument === '' || argument === '0') return false;
  if (argument === '1') return true;
  throw new Refusal(codes.badRequest, `the argument of Uninstall is 0 or 1, not ${argument}`);
}

/** User name and password of /9/x/14 and 15 go with a download over HTTP. */
function withCredentials(objects: DeviceObjects, instance: ObjectInstance, uri: string): string {
  const user = textOf(objects.value(instance, 14));
  const password = textOf(objects.value(instance, 15)) ?? '';
  if (user === undefined || user === '' || !/^https?:/.test(uri)) return uri;
  return uri.replace('//', `//${encodeURIComponent(user)}:${encodeURIComponent(password)}@`);
}
