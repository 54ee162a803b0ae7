import type { DeviceObjects } from '../device-objects.ts';
import { instancesOf, integer, isMultiple, numberOf, string } from '../resource-value.ts';

const lockWipeObject = 8;

/** Values of /8/0/0 and /8/0/5 (LwM2M Lock and Wipe 1.0). */
const states = { unlocked: 0, partlyLocked: 1, locked: 2 } as const;
const results = {
  none: 0,
  partlyLocked: 1,
  locked: 2,
  unlocked: 3,
  wiped: 4,
  partlyLockFailed: 5,
  wipeFailed: 8,
} as const;

/** What the result is of a state that was reached. */
const done: Readonly<Record<number, number>> = {
  [states.unlocked]: results.unlocked,
  [states.partlyLocked]: results.partlyLocked,
  [states.locked]: results.locked,
};

/** What can be locked by its name: values of sensors then stand still, and software is left as it is. */
const parts = ['sensors', 'software'] as const;
export type LockedPart = (typeof parts)[number];

/** What of the device is locked now. */
export interface Locks {
  has(part: LockedPart): boolean;
}

/**
 * Adds Lock and Wipe. Names that the device does not have fail, and nothing is locked or wiped then.
 * @param wipes what can be wiped, by its name
 */
export function addLockWipeObject(
  objects: DeviceObjects,
  wipes: Readonly<Record<string, () => void>>,
): Locks {
  let locked: readonly string[] = [];
  let asked: number | undefined;
  objects.add(lockWipeObject, undefined, {
    // The state changes only when the device can do that.
    write: (_, id, value) => {
      if (id === 0) asked = numberOf(value);
      return id === 0;
    },
    written: (instance) => {
      if (asked === undefined) return;
      const state = asked;
      asked = undefined;
      const targets = textsOf(objects.value(instance, 1));
      const isPart = targets.length > 0 && targets.every((target) => parts.some((part) => part === target));
      if (state === states.partlyLocked && !isPart) {
        objects.set(instance, 5, integer(results.partlyLockFailed));
        return;
      }
      locked = state === states.locked ? parts : state === states.partlyLocked ? targets : [];
      objects.set(instance, 5, integer(done[state] ?? results.unlocked));
      objects.set(instance, 0, integer(state));
    },
    execute: (instance) => {
      const targets = textsOf(objects.value(instance, 4));
      const isKnown = targets.length > 0 && targets.every((target) => Object.hasOwn(wipes, target));
      if (isKnown) for (const target of targets) wipes[target]?.();
      objects.set(instance, 5, integer(isKnown ? results.wiped : results.wipeFailed));
    },
  });
  objects.addInstance(lockWipeObject, 0, {
    0: integer(states.unlocked),
    1: instancesOf(),
    2: instancesOf(...Object.keys(wipes).map(string)),
    4: instancesOf(),
    5: integer(results.none),
  });
  return { has: (part) => locked.includes(part) };
}

function textsOf(value: ReturnType<DeviceObjects['value']>): string[] {
  if (!value || !isMultiple(value)) return [];
  return [...value.values()].flatMap((each) => (each.type === 'STRING' ? [each.value] : []));
}
