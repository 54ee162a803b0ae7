import type { Generator } from '../../core/contract/generators.ts';
import type { ResourceModel } from '../../core/protocols/lwm2m/models/object-model.ts';
import type { Lwm2mValue } from '../../core/protocols/lwm2m/value.ts';
import type { Sfc32 } from '../generators/sfc32.ts';
import { instancesOf, type ResourceValue } from './resource-value.ts';

/** What a resource holds that nobody has said anything of. */
export function defaultValue(model: ResourceModel, random: Sfc32, nowMs: number): ResourceValue | undefined {
  const value = singleDefault(model, random, nowMs);
  return value && model.multiple ? instancesOf(value) : value;
}

/**
 * How the value of a resource changes that nobody has said anything of; undefined: not at all. What a server can only read
 * is measured by the device, and changes.
 */
export function defaultGenerator({ type, operations, range, name }: ResourceModel): Generator | undefined {
  if (!operations?.includes('READ') || operations.includes('WRITE') || isBound(name)) return undefined;
  if (type === 'BOOLEAN') return { kind: 'enum', values: [false, false, false, true], order: 'random' };
  if (type !== 'FLOAT' && type !== 'INTEGER' && type !== 'UNSIGNED_INTEGER') return undefined;
  const [min, max] = limitsOf(range);
  const span = max - min;
  const decimals = type === 'FLOAT' ? 2 : 0;
  return {
    kind: 'randomWalk',
    start: min + span / 4,
    step: Math.max(span / 50, decimals === 0 ? 1 : 0.01),
    min,
    max,
    decimals,
  };
}

/** What a sensor could measure, and what it has: they follow from other values. */
const isBound = (name: string): boolean => /^(Min|Max)(imum)? (Measured|Range) Value$/i.test(name);

const widest = 1e9;

function limitsOf(range: string | undefined): [number, number] {
  const [, least, most] = /^\s*(-?[\d.]+?)\.\.(-?[\d.]+)\s*$/.exec(range ?? '') ?? [];
  const [min, max] = [Number(least ?? 0), Number(most ?? 100)];
  return min < max && Math.abs(min) <= widest && Math.abs(max) <= widest ? [min, max] : [0, 100];
}

function singleDefault(
  { type, range, name, units }: ResourceModel,
  random: Sfc32,
  nowMs: number,
): Lwm2mValue | undefined {
  const [min, max] = limitsOf(range);
  switch (type) {
    case 'STRING':
      return { type, value: units ?? name };
    case 'INTEGER':
    case 'UNSIGNED_INTEGER':
      return { type, value: Math.round(/^Max/.test(name) ? max : min) };
    case 'FLOAT':
      return { type, value: /^Max/.test(name) ? max : min };
    case 'BOOLEAN':
      return { type, value: false };
    case 'TIME':
      return { type, value: Math.floor(nowMs / 1000) };
    case 'OPAQUE':
      return { type, value: Uint8Array.from({ length: 8 }, () => random.uint32() & 0xff) };
    case 'OBJLNK':
      return { type, value: { objectId: 65_535, instanceId: 65_535 } };
    case 'CORELNK':
      return { type, value: '</>' };
    case 'NONE':
      return undefined;
  }
}
