import type { DeviceObjects, ObjectInstance } from '../device-objects.ts';
import { instancesOf, integer, numberOf, string } from '../resource-value.ts';
import { reviewErrors, watchedOfNetwork } from './device-errors.ts';
import type { DeviceHost } from './device-host.ts';

const monitoringObject = 4;
const statisticsObject = 7;
const [start, period] = [6, 8];
/** NB-IoT in the table of bearers (LwM2M Core 1.1.1, E.5). */
const bearer = 7;

/** Adds Connectivity Monitoring; its addresses are those that the device really has. */
export function addMonitoringObject(objects: DeviceObjects, host: DeviceHost): void {
  objects.add(monitoringObject, host.version, {
    read: (_, id) => {
      const address = id === 4 ? host.address() : undefined;
      return address === undefined ? undefined : instancesOf(string(address));
    },
    changed: (_, id) => {
      if (watchedOfNetwork.includes(id)) reviewErrors(objects);
    },
  });
  objects.addInstance(monitoringObject, 0, {
    0: integer(bearer),
    1: instancesOf(integer(bearer)),
    2: integer(-92),
    3: integer(2),
    4: instancesOf(string('0.0.0.0')),
    6: integer(1),
    7: instancesOf(string('iot.simulated')),
    8: integer(12_345),
    9: integer(1),
    10: integer(208),
  });
}

/** Adds Connectivity Statistics: what the device's own socket has sent and received, from Start to Stop. */
export function addStatisticsObject(objects: DeviceObjects, host: DeviceHost): void {
  let collects = false;
  let ends: { cancel(): void } | undefined;
  const keep = (instance: ObjectInstance): void => {
    for (const [id, value] of Object.entries(measured(host))) objects.set(instance, Number(id), value);
  };
  const stop = (instance: ObjectInstance): void => {
    ends?.cancel();
    if (collects) keep(instance);
    collects = false;
  };
  objects.add(statisticsObject, undefined, {
    deleted: stop,
    read: (_, id) => (collects ? measured(host)[id] : undefined),
    measured: (instance) => {
      if (collects) keep(instance);
    },
    execute: (instance, id) => {
      stop(instance);
      if (id !== start) return;
      host.clearTraffic();
      collects = true;
      const periodS = numberOf(objects.value(instance, period)) ?? 0;
      if (periodS > 0) ends = host.after('connectivity statistics', periodS * 1000, () => stop(instance));
    },
  });
  const nothing = integer(0);
  objects.addInstance(statisticsObject, 0, {
    ...{ 0: nothing, 1: nothing, 2: nothing, 3: nothing, 4: nothing, 5: nothing, 8: nothing },
  });
}

function measured(host: DeviceHost): Readonly<Record<number, ReturnType<typeof integer>>> {
  const { sentBytes, receivedBytes, messages, largestBytes } = host.traffic();
  return {
    2: integer(Math.round(sentBytes / 1000)),
    3: integer(Math.round(receivedBytes / 1000)),
    4: integer(largestBytes),
    5: integer(messages === 0 ? 0 : Math.round((sentBytes + receivedBytes) / messages)),
  };
}
