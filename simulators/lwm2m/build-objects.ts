import type { Generator } from '../../core/contract/generators.ts';
import type { Lwm2mFleetTemplate } from '../../core/contract/simulators.ts';
import type { ObjectModels } from '../../core/protocols/lwm2m/models/object-models.ts';
import { Sfc32 } from '../generators/sfc32.ts';
import { defaultGenerator } from './default-values.ts';
import { DeviceObjects } from './device-objects.ts';
import { GeneratedValues } from './generated-values.ts';
import type { DeviceHost } from './objects/device-host.ts';
import { addDeviceObject } from './objects/device-object.ts';
import type { FirmwareImage } from './objects/firmware.ts';
import { addFirmwareObject } from './objects/firmware-object.ts';
import { addLockWipeObject } from './objects/lock-wipe-object.ts';
import { addMonitoringObject, addStatisticsObject } from './objects/network-objects.ts';
import { addOtherObject, resetSensors } from './objects/other-object.ts';
import { addServerAccount, type FirstAccount } from './objects/server-account.ts';
import { addSoftwareObject } from './objects/software-object.ts';
import { float, time } from './resource-value.ts';

/** What a device has, as it leaves the factory. */
export interface BuiltObjects {
  readonly objects: DeviceObjects;
  readonly generated: GeneratedValues;
}

const accessControlObject = 2;
const locationObject = 6;

/** The whole numbers that go into the random values of a device, for its parts. */
const valuesPart = 0x1000_0000;

/** How standard objects change by themselves where the template says nothing. */
const standardGenerators: Readonly<Record<string, Generator>> = {
  '/3/0/9': { kind: 'randomWalk', start: 90, step: 1, min: 5, max: 100, decimals: 0 },
  '/3/0/10': { kind: 'randomWalk', start: 192, step: 8, min: 16, max: 256, decimals: 0 },
  '/4/0/2': { kind: 'randomWalk', start: -92, step: 3, min: -120, max: -60, decimals: 0 },
  '/4/0/6': { kind: 'randomWalk', start: 5, step: 3, min: 0, max: 100, decimals: 0 },
};

/** Notre-Dame de Paris, where a device is that does not move. */
const standing = { lat: 48.853, lon: 2.3499 };

/** @param installed another firmware is in place */
export function buildObjects(
  template: Lwm2mFleetTemplate,
  models: ObjectModels,
  host: DeviceHost,
  account: FirstAccount,
  installed: (image: FirmwareImage) => void,
): BuiltObjects {
  const objects = new DeviceObjects(models);
  const random = new Sfc32(template.seed, valuesPart + host.number);
  addServerAccount(objects, host, account);
  // With one server nobody needs it; a bootstrap may fill it (LwM2M Core 1.1.1, 8.1).
  objects.add(accessControlObject, host.version);
  addDeviceObject(objects, host, account.binding);
  addMonitoringObject(objects, host);
  const firmware = addFirmwareObject(objects, host, installed);
  objects.add(locationObject, undefined);
  objects.addInstance(locationObject, 0, {
    0: float(standing.lat),
    1: float(standing.lon),
    3: float(5),
    5: time(host.now()),
    6: float(0),
  });
  addStatisticsObject(objects, host);
  const locks = addLockWipeObject(objects, {
    'sensor data': () => resetSensors(objects),
    software: () => software.wipe(),
    firmware: () => firmware.reset(),
  });
  const software = addSoftwareObject(objects, host, () => locks.has('software'));
  for (const { id, instances } of template.objects)
    addOtherObject(objects, id, instances, random, host.now());
  const generated = new GeneratedValues({
    ...{ objects, random, endpointName: host.endpointName, now: host.now, location: template.location },
    periodS: template.periodMs / 1000,
    generators: generatorsOf(template, objects),
    isLocked: () => locks.has('sensors'),
  });
  generated.next();
  resetSensors(objects);
  return { objects, generated };
}

function generatorsOf({ objects: others, values }: Lwm2mFleetTemplate, objects: DeviceObjects) {
  const generators = new Map<string, Generator>(Object.entries(standardGenerators));
  for (const { id } of others) {
    const { model, instances } = objects.object(id);
    for (const instanceId of instances.keys()) {
      for (const resource of model.resources) {
        const generator = defaultGenerator(resource);
        if (generator) generators.set(`/${id}/${instanceId}/${resource.id}`, generator);
      }
    }
  }
  for (const [path, generator] of Object.entries(values)) generators.set(path, generator);
  return generators;
}
