import { codes } from '../../../core/protocols/coap/codes.ts';
import type { Sfc32 } from '../../generators/sfc32.ts';
import { defaultValue } from '../default-values.ts';
import type { DeviceObjects, ObjectInstance } from '../device-objects.ts';
import { Refusal } from '../refusal.ts';
import { float, numberOf } from '../resource-value.ts';

/** Resources that the sensors of IPSO share: the value, its extremes, and what sets those back. */
const sensor = { value: 5700, minimum: 5601, maximum: 5602, reset: 5605 } as const;

/** Adds an object of the model with values of their own for all its resources. */
export function addOtherObject(
  objects: DeviceObjects,
  objectId: number,
  instances: number,
  random: Sfc32,
  nowMs: number,
): void {
  const object = objects.add(objectId, undefined, {
    execute: (instance, id) => {
      if (id !== sensor.reset || !instance.resources.has(sensor.minimum)) return;
      const value = numberOf(objects.value(instance, sensor.value));
      if (value === undefined) return;
      objects.set(instance, sensor.minimum, float(value));
      objects.set(instance, sensor.maximum, float(value));
    },
    created: (instance) => fill(instance),
  });
  const fill = (instance: ObjectInstance): void => {
    for (const resource of object.model.resources) {
      if (instance.resources.has(resource.id)) continue;
      const value = defaultValue(resource, random, nowMs);
      if (value) instance.resources.set(resource.id, value);
    }
  };
  if (!object.model.multiple && instances > 1)
    throw new Refusal(codes.badRequest, `object ${objectId} has one instance only`);
  for (let id = 0; id < instances; id++) fill(objects.addInstance(objectId, id));
}

/** Lets the extremes of sensors begin with what they measure now. */
export function resetSensors(objects: DeviceObjects): void {
  for (const { model, behaviour, instances } of objects.all()) {
    if (model.id <= 9) continue;
    for (const instance of instances.values()) behaviour.execute?.(instance, sensor.reset, '');
  }
}

/** The extremes of a sensor follow its value. */
export function followSensor(objects: DeviceObjects, instance: ObjectInstance, resourceId: number): void {
  const value = resourceId === sensor.value ? numberOf(objects.value(instance, sensor.value)) : undefined;
  if (value === undefined) return;
  const minimum = numberOf(instance.resources.get(sensor.minimum));
  const maximum = numberOf(instance.resources.get(sensor.maximum));
  if (minimum !== undefined && value < minimum) objects.set(instance, sensor.minimum, float(value));
  if (maximum !== undefined && value > maximum) objects.set(instance, sensor.maximum, float(value));
}
