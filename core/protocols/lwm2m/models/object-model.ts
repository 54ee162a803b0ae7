import type { DataType } from '../value.ts';

export type ResourceOperation = 'READ' | 'WRITE' | 'EXECUTE';

/** A resource of an object, as the registry of OMA or an XML file describes it. */
export interface ResourceModel {
  readonly id: number;
  readonly name: string;
  readonly type: DataType;
  /** Whether it has instances. */
  readonly multiple: boolean;
  readonly mandatory: boolean;
  /** What a server may do with it; undefined where the public set does not say: the device decides. */
  readonly operations: readonly ResourceOperation[] | undefined;
  /** Values allowed, as the definition writes it: "0..255", "16,32,48". */
  readonly range?: string;
  readonly units?: string;
  readonly description: string;
}

/** An object in one version. */
export interface ObjectModel {
  readonly id: number;
  /** As in "1.1". */
  readonly version: string;
  /** The version of LwM2M that it was written for. */
  readonly lwm2mVersion: string;
  readonly name: string;
  readonly multiple: boolean;
  readonly mandatory: boolean;
  readonly description: string;
  /** By id. */
  readonly resources: readonly ResourceModel[];
  /** The URN by which it was defined, for a model that was imported with one. */
  readonly urn?: string;
}

/** The letters of OMA for operations. */
export const operationLetters: Readonly<Record<string, ResourceOperation>> = {
  R: 'READ',
  W: 'WRITE',
  E: 'EXECUTE',
};
