import type { DeviceObjects } from '../device-objects.ts';
import { instancesOf, integer, isMultiple, numberOf, string } from '../resource-value.ts';

const lockWipeObject = 8;
const results = {
  none: 0,
  partlyLocked: 1,
  locked: 2,
  unlocked: 3,
  wiped: 4,
  partlyFailed: 5,
  wipeFailed: 8,
};
const parts = ['sensors', 'display'];
const items = ['log', 'user data'];

/** Adds Lock and Wipe: its parts can be locked, and what it keeps can be wiped; names that it does not have fail. */
export function addLockWipeObject(objects: DeviceObjects): void {
  objects.add(lockWipeObject, undefined, {
    written: (instance, ids) => {
      if (!ids.includes(0)) return;
      const state = numberOf(objects.value(instance, 0));
      const targets = textsOf(objects.value(instance, 1));
      const result =
        state === 0
          ? results.unlocked
          : state === 2
            ? results.locked
            : targets.length > 0 && targets.every((target) => parts.includes(target))
              ? results.partlyLocked
              : results.partlyFailed;
      objects.set(instance, 5, integer(result));
    },
    execute: (instance) => {
      const targets = textsOf(objects.value(instance, 4));
      const there = textsOf(objects.value(instance, 2));
      const isDone = targets.length > 0 && targets.every((target) => there.includes(target));
      if (isDone) {
        const left = there.filter((item) => !targets.includes(item)).map(string);
        objects.set(instance, 2, instancesOf(...left));
      }
      objects.set(instance, 5, integer(isDone ? results.wiped : results.wipeFailed));
    },
  });
  objects.addInstance(lockWipeObject, 0, {
    0: integer(0),
    1: instancesOf(),
    2: instancesOf(...items.map(string)),
    4: instancesOf(),
    5: integer(results.none),
  });
}

function textsOf(value: ReturnType<DeviceObjects['value']>): string[] {
  if (!value || !isMultiple(value)) return [];
  return [...value.values()].flatMap((each) => (each.type === 'STRING' ? [each.value] : []));
}
