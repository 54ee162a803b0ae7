import type { ResourceRecord } from '../protocols/lwm2m/content.ts';
import { comparePaths, Lwm2mPath } from '../protocols/lwm2m/path.ts';
import { type JsonValue, type ValueType, valueToJson } from '../protocols/lwm2m/value.ts';

/** A value as it is kept: what JSON can hold of it, and when it was so. */
export interface StoredValue {
  readonly type: ValueType;
  readonly json: JsonValue;
  readonly timestampMs: number;
}

/** Values of one object instance; `5`, or `25/0` for an instance of a resource. */
export type InstanceValues = ReadonlyMap<string, StoredValue>;

/** Which instance: `3/0`. */
export type InstanceKey = string;

export interface ValueLimits {
  /** Most values that are kept of one device. */
  readonly twinMaxValues: number;
  /** Most bytes of one value that is kept, as JSON. */
  readonly twinMaxValueBytes: number;
}

/** What a device has reported changed in these instances; some values were not kept, and why. */
export interface ValueChange {
  readonly changed: ReadonlySet<InstanceKey>;
  readonly problems: readonly string[];
}

/** The last values that one device has reported (manual 7.8.5). */
export class ReportedValues {
  private readonly instances = new Map<InstanceKey, Map<string, StoredValue>>();
  private count = 0;

  /** Takes up an instance as the store has it. */
  load(key: InstanceKey, values: InstanceValues): void {
    this.instances.set(key, new Map(values));
    this.count += values.size;
  }

  keys(): InstanceKey[] {
    return [...this.instances.keys()];
  }

  instance(key: InstanceKey): InstanceValues {
    return this.instances.get(key) ?? new Map();
  }

  find(path: Lwm2mPath): StoredValue | undefined {
    const [objectId, instanceId, ...within] = path.ids;
    return this.instances.get(`${objectId}/${instanceId}`)?.get(within.join('/'));
  }

  /**
   * @param covers what the device has told in whole: what was there and is not among the values is gone
   * @param nowMs time of values without one
   */
  apply(
    records: readonly ResourceRecord[],
    covers: readonly Lwm2mPath[],
    nowMs: number,
    limits: ValueLimits,
  ): ValueChange {
    const changed = new Set<InstanceKey>();
    const problems: string[] = [];
    for (const path of covers) this.clear(path, new Set(records.map((each) => String(each.path))), changed);
    for (const { path, value, timestampMs } of byTime(records, nowMs)) {
      const [objectId, instanceId, ...within] = path.ids;
      const key = `${objectId}/${instanceId}`;
      const name = within.join('/');
      const known = this.instances.get(key)?.get(name);
      // Of before what is known; a clock that was ahead, the device's or the platform's, holds up nothing.
      if (known && known.timestampMs > timestampMs && known.timestampMs <= nowMs) continue;
      const json = valueToJson(value);
      const problem = this.problemOf(path, json, known !== undefined, limits);
      if (problem !== undefined) {
        problems.push(problem);
        continue;
      }
      this.put(key, name, { type: value.type, json, timestampMs });
      changed.add(key);
    }
    return { changed, problems };
  }

  /** Forgets the instances that are not among these. */
  keepOnly(kept: ReadonlySet<InstanceKey>): InstanceKey[] {
    const gone = this.keys().filter((key) => !kept.has(key));
    for (const key of gone) {
      this.count -= this.instances.get(key)?.size ?? 0;
      this.instances.delete(key);
    }
    return gone;
  }

  private problemOf(
    path: Lwm2mPath,
    json: JsonValue,
    known: boolean,
    { twinMaxValues, twinMaxValueBytes }: ValueLimits,
  ): string | undefined {
    const bytes = typeof json === 'string' ? Buffer.byteLength(json) : 0;
    if (bytes > twinMaxValueBytes)
      return `${path}: ${bytes} bytes; at most ${twinMaxValueBytes} are kept (setting twinMaxValueBytes)`;
    if (!known && this.count >= twinMaxValues)
      return `${path}: ${twinMaxValues} values of the device are kept, the most (setting twinMaxValues)`;
    return undefined;
  }

  private put(key: InstanceKey, name: string, value: StoredValue): void {
    let values = this.instances.get(key);
    if (!values) {
      values = new Map();
      this.instances.set(key, values);
    }
    if (!values.has(name)) this.count++;
    values.set(name, value);
  }

  private clear(covered: Lwm2mPath, except: ReadonlySet<string>, changed: Set<InstanceKey>): void {
    for (const [key, values] of this.instances) {
      for (const name of [...values.keys()]) {
        const path = pathOf(key, name);
        if (!path.startsWith(covered) || except.has(String(path))) continue;
        values.delete(name);
        this.count--;
        changed.add(key);
      }
      if (values.size === 0) this.instances.delete(key);
    }
  }
}

/** The newest last. @param nowMs time of those without one */
function byTime(records: readonly ResourceRecord[], nowMs: number) {
  const timed = records.map(({ path, value, timestampMs = nowMs }) => ({ path, value, timestampMs }));
  return timed.sort((one, other) => one.timestampMs - other.timestampMs);
}

export const pathOf = (key: InstanceKey, name: string): Lwm2mPath => Lwm2mPath.parse(`/${key}/${name}`);

/** Values of an instance with their paths, in order. */
export function sortedValues(key: InstanceKey, values: InstanceValues) {
  return [...values]
    .map(([name, value]) => ({ path: pathOf(key, name), value }))
    .sort((one, other) => comparePaths(one.path, other.path));
}

/** The text of a value as the views of the twin have it (manual 7.8.3.2): a boolean is 0 or 1. */
export const reportedText = ({ json }: Pick<StoredValue, 'json'>): string =>
  typeof json === 'boolean' ? (json ? '1' : '0') : String(json);
