import { codes } from '../../../core/protocols/coap/codes.ts';
import type { Sfc32 } from '../../generators/sfc32.ts';
import { defaultValue } from '../default-values.ts';
import type { DeviceObjects, ObjectInstance } from '../device-objects.ts';
import { Refusal } from '../refusal.ts';
import { float, numberOf, string } from '../resource-value.ts';

/** Resources that the sensors of IPSO share: the value, its extremes, and what sets those back. */
const sensor = { value: 5700, minimum: 5601, maximum: 5602, reset: 5605, units: 5701 } as const;

/** Units of what the sensors of IPSO measure (RFC 8428, 12.1), by object. */
const sensorUnits: Readonly<Record<number, string>> = {
  ...{ 3301: 'lx', 3303: 'Cel', 3304: '%RH', 3308: 'Cel', 3313: 'm/s2', 3314: 'T', 3315: 'Pa', 3316: 'V' },
  ...{ 3317: 'A', 3318: 'Hz', 3319: 'm', 3320: '%', 3321: 'm', 3322: 'kg', 3323: 'Pa', 3324: 'dB' },
  ...{ 3325: 'ppm', 3326: 'pH', 3327: 'S/m', 3328: 'W', 3330: 'm', 3331: 'Wh', 3334: 'rad/s', 3346: '1/s' },
};

const unitsOf = (objectId: number, resourceId: number) =>
  resourceId === sensor.units && sensorUnits[objectId] !== undefined
    ? string(sensorUnits[objectId])
    : undefined;

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
    changed: (instance, id) => followSensor(objects, instance, id),
  });
  const fill = (instance: ObjectInstance): void => {
    for (const resource of object.model.resources) {
      if (instance.resources.has(resource.id)) continue;
      const value = unitsOf(object.model.id, resource.id) ?? defaultValue(resource, random, nowMs);
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
function followSensor(objects: DeviceObjects, instance: ObjectInstance, resourceId: number): void {
  const value = resourceId === sensor.value ? numberOf(objects.value(instance, sensor.value)) : undefined;
  if (value === undefined) return;
  const minimum = numberOf(instance.resources.get(sensor.minimum));
  const maximum = numberOf(instance.resources.get(sensor.maximum));
  if (minimum !== undefined && value < minimum) objects.set(instance, sensor.minimum, float(value));
  if (maximum !== undefined && value > maximum) objects.set(instance, sensor.maximum, float(value));
}
