import type { DataType } from '../value.ts';
import { type ObjectModel, operationLetters, type ResourceModel } from './object-model.ts';

/** A resource in `public-models.json`; what is false or empty is absent. */
export interface CompactResource {
  readonly id: number;
  readonly name: string;
  readonly type: DataType;
  readonly multiple?: boolean;
  readonly mandatory?: boolean;
  /** Letters of OMA: "RW"; empty for none, absent when the registry's package does not tell. */
  readonly operations?: string;
  readonly range?: string;
  readonly units?: string;
  /** The first version of the object that has it. */
  readonly since?: string;
  readonly description: string;
}

/** An object in `public-models.json`. */
export interface CompactObject {
  readonly id: number;
  readonly version: string;
  /** Versions that are known, the newest last; only `version` when absent. */
  readonly versions?: readonly string[];
  readonly lwm2mVersion: string;
  readonly name: string;
  readonly multiple?: boolean;
  readonly mandatory?: boolean;
  readonly description: string;
  readonly resources: readonly CompactResource[];
}

/** Orders versions such as "1.2" and "1.10". */
export function compareVersions(one: string, other: string): number {
  const [major = 0, minor = 0] = one.split('.').map(Number);
  const [otherMajor = 0, otherMinor = 0] = other.split('.').map(Number);
  return major - otherMajor || minor - otherMinor;
}

const resourceModel = (compact: CompactResource): ResourceModel => ({
  id: compact.id,
  name: compact.name,
  type: compact.type,
  multiple: compact.multiple ?? false,
  mandatory: compact.mandatory ?? false,
  operations:
    compact.operations === undefined
      ? undefined
      : [...compact.operations].flatMap((letter) => operationLetters[letter] ?? []),
  ...(compact.range !== undefined && { range: compact.range }),
  ...(compact.units !== undefined && { units: compact.units }),
  description: compact.description,
});

/** The models of an object, one for each version that is known, the newest last. */
export function expandModel(compact: CompactObject): ObjectModel[] {
  return (compact.versions ?? [compact.version]).map((version) => ({
    id: compact.id,
    version,
    lwm2mVersion: compact.lwm2mVersion,
    name: compact.name,
    multiple: compact.multiple ?? false,
    mandatory: compact.mandatory ?? false,
    description: compact.description,
    resources: compact.resources
      .filter(({ since = '1.0' }) => compareVersions(since, version) <= 0)
      .map(resourceModel),
  }));
}
