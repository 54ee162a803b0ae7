import { createContext, use } from 'react';
import type { BenchObservationJson, BenchOperationJson } from '../../../core/contract/twin-bench.ts';
import type { OperationDraft } from './operation-draft.ts';
import type { TwinObject } from './twin-model.ts';

/** What the rows of a twin show and do. */
export interface TwinScene {
  readonly objects: readonly TwinObject[];
  /** What goes on or has just failed, by the path of its row. */
  readonly operations: ReadonlyMap<string, BenchOperationJson>;
  readonly observations: readonly BenchObservationJson[];
  /** When the device notifies, by path. */
  readonly conditions: ReadonlyMap<string, string>;
  readonly selected: ReadonlySet<string>;
  readonly mayAsk: boolean;
  readonly find: string;
  readonly onlyReported: boolean;
  readonly toggle: (path: string) => void;
  readonly read: (path: string) => void;
  readonly discover: (path: string) => void;
  readonly observe: (path: string) => void;
  readonly stop: (observation: BenchObservationJson) => void;
  readonly deleteInstance: (path: string) => void;
  readonly openForm: (draft: Partial<OperationDraft>) => void;
  readonly openOperation: (id: string) => void;
  readonly openPath: (path: string) => void;
}

export const TwinContext = createContext<TwinScene | undefined>(undefined);

export function useTwin(): TwinScene {
  const scene = use(TwinContext);
  if (!scene) throw new Error('TwinContext is missing');
  return scene;
}
