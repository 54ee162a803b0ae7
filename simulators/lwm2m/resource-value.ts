import type { ResourceRecord } from '../../core/protocols/lwm2m/content.ts';
import type { ResourceModel } from '../../core/protocols/lwm2m/models/object-model.ts';
import { Lwm2mPath } from '../../core/protocols/lwm2m/path.ts';
import type { Lwm2mValue } from '../../core/protocols/lwm2m/value.ts';

/** What a resource holds: a value, or one for each of its instances. */
export type ResourceValue = Lwm2mValue | Map<number, Lwm2mValue>;

export const isMultiple = (value: ResourceValue): value is Map<number, Lwm2mValue> => value instanceof Map;

/** The values of a resource with their paths. */
export function recordsOf(path: Lwm2mPath, value: ResourceValue): ResourceRecord[] {
  if (!isMultiple(value)) return [{ path, value }];
  return [...value].map(([id, each]) => ({ path: Lwm2mPath.of(...path.ids, id), value: each }));
}

/** A value for the instances 0, 1 and so on of a resource. */
export const instancesOf = (...values: readonly Lwm2mValue[]): Map<number, Lwm2mValue> =>
  new Map(values.map((value, index) => [index, value] as const));

export const string = (value: string): Lwm2mValue => ({ type: 'STRING', value });
export const integer = (value: number): Lwm2mValue => ({ type: 'INTEGER', value });
export const unsigned = (value: number): Lwm2mValue => ({ type: 'UNSIGNED_INTEGER', value });
export const boolean = (value: boolean): Lwm2mValue => ({ type: 'BOOLEAN', value });
export const float = (value: number): Lwm2mValue => ({ type: 'FLOAT', value });
export const opaque = (value: Uint8Array): Lwm2mValue => ({ type: 'OPAQUE', value });
/** @param timeMs since 1970 */
export const time = (timeMs: number): Lwm2mValue => ({ type: 'TIME', value: Math.floor(timeMs / 1000) });

/** The number that a value stands for; undefined for what is none. */
export function numberOf(value: ResourceValue | undefined): number | undefined {
  if (value === undefined || isMultiple(value)) return undefined;
  switch (value.type) {
    case 'INTEGER':
    case 'UNSIGNED_INTEGER':
    case 'TIME':
    case 'FLOAT':
      return Number(value.value);
    default:
      return undefined;
  }
}

export function textOf(value: ResourceValue | undefined): string | undefined {
  return value !== undefined && !isMultiple(value) && value.type === 'STRING' ? value.value : undefined;
}

export function bytesOf(value: ResourceValue | undefined): Uint8Array | undefined {
  return value !== undefined && !isMultiple(value) && value.type === 'OPAQUE' ? value.value : undefined;
}

export const isTrue = (value: ResourceValue | undefined): boolean =>
  value !== undefined && !isMultiple(value) && value.type === 'BOOLEAN' && value.value;

/** Why a value is outside of what its definition allows; undefined when it is not. */
export function rangeProblem({ range, name }: ResourceModel, value: Lwm2mValue): string | undefined {
  if (range === undefined) return undefined;
  const measured =
    value.type === 'STRING'
      ? value.value.length
      : value.type === 'OPAQUE'
        ? value.value.length
        : numberOf(value);
  if (measured === undefined) return undefined;
  const allowed = range.split(',').some((part) => {
    const [, least, most] = /^\s*(-?[\d.]+?)(?:\.\.(-?[\d.]+))?\s*$/.exec(part) ?? [];
    // What is written in another way is for people.
    if (least === undefined) return true;
    return most === undefined
      ? measured === Number(least)
      : measured >= Number(least) && measured <= Number(most);
  });
  return allowed ? undefined : `${name} must be within ${range}`;
}
