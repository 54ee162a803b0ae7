import type { Generator, GpsPath } from '../../core/contract/generators.ts';
import { Lwm2mPath } from '../../core/protocols/lwm2m/path.ts';
import { type DataType, type Lwm2mValue, valueFromJson } from '../../core/protocols/lwm2m/value.ts';
import { journeyAlong } from '../generators/gps-path.ts';
import type { Sfc32 } from '../generators/sfc32.ts';
import type { ValueMaker } from '../generators/turn.ts';
import { valueMaker } from '../generators/value-maker.ts';
import type { DeviceObjects } from './device-objects.ts';
import { float, isMultiple, time } from './resource-value.ts';

interface Source {
  readonly path: Lwm2mPath;
  readonly type: DataType;
  readonly make: ValueMaker;
  made: number;
}

export interface GeneratedValuesParts {
  readonly objects: DeviceObjects;
  readonly endpointName: string;
  readonly random: Sfc32;
  readonly periodS: number;
  readonly generators: ReadonlyMap<string, Generator>;
  readonly location: GpsPath | undefined;
  /** The platform's time in milliseconds. */
  readonly now: () => number;
  /** Whether sensors, and where the device is, stand still. */
  readonly isLocked: () => boolean;
}

/** The values of a device that change by themselves. */
export class GeneratedValues {
  private readonly parts: GeneratedValuesParts;
  private readonly sources = new Map<string, Source>();
  private readonly memory: Float64Array;
  private readonly journey: ReturnType<typeof journeyAlong> | undefined;
  private moves: boolean;
  private turns = 0;

  constructor(parts: GeneratedValuesParts) {
    this.parts = parts;
    this.memory = new Float64Array(parts.generators.size).fill(Number.NaN);
    this.journey = parts.location && journeyAlong(parts.location);
    this.moves = this.journey !== undefined;
    let slot = 0;
    for (const [text, generator] of parts.generators) {
      const path = Lwm2mPath.parse(text);
      const model = parts.objects.findResource(path.objectId ?? 0, path.resourceId ?? 0);
      if (model)
        this.sources.set(text, { path, type: model.type, make: valueMaker(generator, slot), made: 0 });
      slot += 1;
    }
  }

  /** The next value of each. */
  next(): void {
    const { isLocked, objects } = this.parts;
    for (const source of this.sources.values()) this.make(source);
    if (this.moves && !isLocked()) this.move();
    objects.measure();
    this.turns += 1;
  }

  /** The next values of what is at or below a path. */
  measure(path: Lwm2mPath): void {
    for (const source of this.sources.values()) if (source.path.startsWith(path)) this.make(source);
  }

  has(path: string): boolean {
    return this.sources.has(path) || (this.moves && locationPaths.includes(path));
  }

  /** Lets a value stay as it is set from now on. */
  hold(path: string): void {
    this.sources.delete(path);
    if (locationPaths.includes(path)) this.moves = false;
  }

  private make(source: Source): void {
    if ((source.path.objectId ?? 0) >= firstOther && this.parts.isLocked()) return;
    const { objects, endpointName: device, random, periodS, now } = this.parts;
    source.made += 1;
    const turn = { n: source.made, elapsedS: (source.made - 1) * periodS, device, timeMs: now(), random };
    const made = source.make({ ...turn, memory: this.memory });
    const value = valueFromJson(source.type, asTyped(source.type, made));
    if (value) setFirst(objects, source.path, value);
  }

  private move(): void {
    const { objects, periodS, now, location } = this.parts;
    const instance = objects.findInstance(6, 0);
    if (!instance || !this.journey || !location) return;
    const { lat, lon } = this.journey(this.turns * periodS);
    objects.set(instance, 0, float(lat));
    objects.set(instance, 1, float(lon));
    objects.set(instance, 6, float(location.speedMPerS));
    objects.set(instance, 5, time(now()));
  }
}

/** The objects of sensors, behind those of the device itself. */
const firstOther = 10;
const locationPaths = ['/6/0/0', '/6/0/1', '/6/0/5', '/6/0/6'];

/** Generators make numbers with decimals, and any text; a whole number has none. */
function asTyped(type: DataType, made: string | number | boolean): string | number | boolean {
  const isWhole = type === 'INTEGER' || type === 'UNSIGNED_INTEGER' || type === 'TIME';
  return isWhole && typeof made === 'number' ? Math.round(made) : made;
}

/** Of a resource with instances the first one changes. */
function setFirst(objects: DeviceObjects, path: Lwm2mPath, value: Lwm2mValue): void {
  const [objectId = 0, instanceId = 0, resourceId = 0] = path.ids;
  const instance = objects.findInstance(objectId, instanceId);
  if (!instance) return;
  const before = instance.resources.get(resourceId);
  const isMany = objects.findResource(objectId, resourceId)?.multiple === true;
  if (!isMany) objects.set(instance, resourceId, value);
  else objects.set(instance, resourceId, new Map(before && isMultiple(before) ? before : []).set(0, value));
}
