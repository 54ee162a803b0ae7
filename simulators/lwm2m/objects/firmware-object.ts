import { firmwareProtocols } from '../../../core/contract/simulated-lwm2m.ts';
import { codes } from '../../../core/protocols/coap/codes.ts';
import type { DeviceObjects } from '../device-objects.ts';
import { Refusal } from '../refusal.ts';
import { bytesOf, instancesOf, integer, numberOf, string, textOf, time } from '../resource-value.ts';
import type { DeviceHost } from './device-host.ts';
import { type FirmwareImage, FirmwareUpdate } from './firmware.ts';

const firmwareObject = 5;
const pushAndPull = 2;

/** Adds Firmware Update. @param installed the device restarts with it */
export function addFirmwareObject(
  objects: DeviceObjects,
  host: DeviceHost,
  installed: (image: FirmwareImage) => void,
): FirmwareUpdate {
  // 1.0 has no Cancel.
  const version = host.version === '1.0' ? '1.0' : '1.1';
  const update = new FirmwareUpdate(host.firmware, {
    after: host.after,
    download: host.download,
    changed: show,
    installed,
  });
  objects.add(firmwareObject, version, {
    deleted: () => update.reset(),
    begins: (_, id) => {
      if (id === 0) update.packageBegins();
    },
    write: (_, id, value) => {
      if (id === 0) update.writePackage(bytesOf(value) ?? new Uint8Array());
      else if (id === 1) update.writeUri(textOf(value) ?? '');
      return id === 0 || id === 1;
    },
    execute: (_, id) => {
      if (id === 2) update.update();
      else if (id === 10) update.cancel();
      else throw new Refusal(codes.methodNotAllowed, `the device cannot execute resource ${id}`);
    },
  });
  const instance = objects.addInstance(firmwareObject, 0, {
    1: string(''),
    3: integer(update.state),
    5: integer(update.result),
    6: string(''),
    7: string(''),
    8: instancesOf(...host.firmware.protocols.map((each) => integer(firmwareProtocols.indexOf(each)))),
    9: integer(pushAndPull),
    11: version === '1.1' ? integer(1) : undefined,
    12: version === '1.1' ? time(host.now()) : undefined,
  });
  return update;

  function show({ state, result, packageUri, image }: FirmwareUpdate): void {
    const isOther = numberOf(objects.value(instance, 3)) !== state;
    if (version === '1.1' && isOther) objects.set(instance, 12, time(host.now()));
    objects.set(instance, 1, string(packageUri));
    objects.set(instance, 6, string(image?.name ?? ''));
    objects.set(instance, 7, string(image?.version ?? ''));
    // The result first: whoever is told of the state finds it.
    objects.set(instance, 5, integer(result));
    objects.set(instance, 3, integer(state));
  }
}
