import { codes } from '../../../core/protocols/coap/codes.ts';
import type { DeviceObjects, ObjectInstance } from '../device-objects.ts';
import { Refusal } from '../refusal.ts';
import { boolean, bytesOf, integer, isTrue, numberOf, string, textOf } from '../resource-value.ts';
import type { DeviceHost } from './device-host.ts';
import { DownloadFailure, type FirmwareResult, firmwareResults, imageOf } from './firmware.ts';

const softwareObject = 9;
const states = { initial: 0, downloading: 1, delivered: 3, installed: 4 } as const;
const results = { initial: 0, downloading: 1, installed: 2, downloaded: 3, noStorage: 50 } as const;
const installFailed = 58;
const integrityFailure = 53;
/** What a download may end with, as Software Management says it (LwM2M Software Management 1.0). */
const downloadResults: Readonly<Partial<Record<FirmwareResult, number>>> = {
  [firmwareResults.notEnoughStorage]: results.noStorage,
  [firmwareResults.outOfMemory]: 51,
  [firmwareResults.integrityFailure]: integrityFailure,
  [firmwareResults.unsupportedType]: 54,
  [firmwareResults.invalidUri]: 56,
  [firmwareResults.unsupportedProtocol]: 57,
};
const connectionLost = 52;

/** Adds Software Management: packages that a server delivers, installs, activates and removes. */
export function addSoftwareObject(objects: DeviceObjects, host: DeviceHost): void {
  const downloads = new WeakMap<ObjectInstance, AbortController>();
  const { storageBytes, installMs, fault } = host.firmware;

  const show = (instance: ObjectInstance, state: number, result: number): void => {
    objects.set(instance, 9, integer(result));
    objects.set(instance, 7, integer(state));
  };
  const clear = (instance: ObjectInstance): void => {
    downloads.get(instance)?.abort();
    objects.set(instance, 0, string(''));
    objects.set(instance, 1, string(''));
    objects.set(instance, 12, boolean(false));
    show(instance, states.initial, results.initial);
  };
  const begin = (instance: ObjectInstance): void => {
    const state = numberOf(objects.value(instance, 7));
    if (state !== states.initial)
      throw new Refusal(codes.methodNotAllowed, `a package is taken in state 0, and the state is ${state}`);
    show(instance, states.downloading, results.downloading);
  };
  const received = (instance: ObjectInstance, bytes: Uint8Array, name: string): void => {
    if (bytes.length > storageBytes) show(instance, states.initial, results.noStorage);
    else if (fault === 'integrityFailure') show(instance, states.initial, integrityFailure);
    else {
      const image = imageOf(bytes, name);
      objects.set(instance, 0, string(image.name));
      objects.set(instance, 1, string(image.version));
      show(instance, states.delivered, results.downloaded);
    }
  };
  const fetch = (instance: ObjectInstance, uri: string): void => {
    const abort = new AbortController();
    downloads.set(instance, abort);
    host.download(uri, storageBytes, abort.signal).then(
      (bytes) => {
        if (!abort.signal.aborted) received(instance, bytes, uri.split('/').at(-1) || 'software');
      },
      (error) => {
        const told = error instanceof DownloadFailure ? downloadResults[error.result] : undefined;
        if (!abort.signal.aborted) show(instance, states.initial, told ?? connectionLost);
      },
    );
  };
  const install = (instance: ObjectInstance): void => {
    if (numberOf(objects.value(instance, 7)) !== states.delivered)
      throw new Refusal(codes.methodNotAllowed, 'no package was delivered');
    host.after('software installation', installMs, () => {
      if (fault === 'updateFailed') show(instance, states.delivered, installFailed);
      else show(instance, states.installed, results.installed);
    });
  };

  objects.add(softwareObject, undefined, {
    created: (instance) => {
      clear(instance);
      if (!instance.resources.has(8)) objects.set(instance, 8, boolean(false));
    },
    deleted: (instance) => downloads.get(instance)?.abort(),
    write: (instance, id, value) => {
      if (id !== 2 && id !== 3) return false;
      begin(instance);
      if (id === 2) received(instance, bytesOf(value) ?? new Uint8Array(), 'software');
      else fetch(instance, textOf(value) ?? '');
      return true;
    },
    execute: (instance, id) => {
      if (id === 4) install(instance);
      else if (id === 6) clear(instance);
      else if (id === 10 || id === 11) {
        if (numberOf(objects.value(instance, 7)) !== states.installed)
          throw new Refusal(codes.methodNotAllowed, 'the software is not installed');
        if (isTrue(objects.value(instance, 12)) !== (id === 10))
          objects.set(instance, 12, boolean(id === 10));
      } else throw new Refusal(codes.methodNotAllowed, `the device cannot execute resource ${id}`);
    },
  });
  objects.addInstance(softwareObject, 0, {
    0: string(''),
    1: string(''),
    7: integer(states.initial),
    8: boolean(false),
    9: integer(results.initial),
    12: boolean(false),
  });
}
