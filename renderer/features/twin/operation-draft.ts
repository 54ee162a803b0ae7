import { type twinContentFormats, twinMetadataNames, type WriteMode } from '../../../core/contract/twin.ts';
import {
  type BenchOperationRequest,
  type BenchOperationType,
  benchOperationRequest,
} from '../../../core/contract/twin-bench.ts';
import { type Problems, problemsOf } from '../../ui/form-problems.ts';
import { resourceAt, type TwinObject } from './twin-model.ts';
import { type ValueProblem, writeValue } from './twin-value.ts';

export type ContentFormat = (typeof twinContentFormats)[number];
export type MetadataName = (typeof twinMetadataNames)[number];

/** A value to write, as it is typed. */
export interface DraftValue {
  readonly path: string;
  readonly text: string;
}

/** What is done with a condition of notifications: `keep` leaves it as it is. */
export interface DraftCondition {
  readonly change: 'keep' | 'set' | 'unset';
  readonly text: string;
}

/** An operation as its form holds it. */
export interface OperationDraft {
  readonly type: BenchOperationType;
  /** One, except for READ. */
  readonly paths: readonly string[];
  readonly values: readonly DraftValue[];
  readonly writeMode: WriteMode;
  readonly argument: string;
  readonly conditions: Readonly<Partial<Record<MetadataName, DraftCondition>>>;
  readonly attempts: string;
  readonly contextToken: string;
  readonly requestFormat: ContentFormat | undefined;
  readonly responseFormat: ContentFormat | undefined;
}

export const emptyDraft: OperationDraft = {
  ...{ type: 'READ', paths: [], values: [], writeMode: 'UPDATE', argument: '', conditions: {} },
  ...{ attempts: '', contextToken: '', requestFormat: undefined, responseFormat: undefined },
};

export interface CheckedDraft {
  readonly request: BenchOperationRequest;
  /** By the path in the request, in the words of the contract. */
  readonly problems: Problems;
  /** Of the values, by their place in the list. */
  readonly valueProblems: ReadonlyMap<number, ValueProblem>;
}

const takesValues = (type: BenchOperationType): boolean => type === 'WRITE' || type === 'CREATE';

/** The request that a draft makes, and what of it does not fit. @param needed the text for what is missing */
export function checkDraft(
  draft: OperationDraft,
  objects: readonly TwinObject[],
  needed: string,
): CheckedDraft {
  const { type, paths, writeMode, argument, contextToken, requestFormat, responseFormat } = draft;
  const valueProblems = new Map<number, ValueProblem>();
  const values = draft.values.map(({ path, text }, index) => {
    const model = resourceAt(objects, path);
    const written = writeValue(model?.type, text, model?.range);
    if ('value' in written) return { path, value: written.value };
    valueProblems.set(index, written.problem);
    return { path };
  });
  const attempts = draft.attempts.trim();
  const asked = {
    ...(requestFormat && { request: requestFormat }),
    ...(responseFormat && { response: responseFormat }),
  };
  const isMetadata = type === 'WRITE-METADATA';
  const request = {
    type,
    ...(!isMetadata && { paths: [...paths] }),
    ...(takesValues(type) && values.length > 0 && { values }),
    ...(isMetadata && { values: [{ path: paths[0] ?? '', metadata: conditionsOf(draft) }] }),
    ...(type === 'WRITE' && { writeMode }),
    ...(type === 'EXECUTE' && argument !== '' && { argument }),
    ...(contextToken !== '' && { contextToken }),
    ...(Object.keys(asked).length > 0 && { options: { lwm2m: { contentFormat: asked } } }),
    ...(attempts !== '' && { policy: { attempts: Number(attempts) } }),
  } as BenchOperationRequest;
  const problems = problemsOf(benchOperationRequest, request, needed);
  if (!takesValues(type)) valueProblems.clear();
  if (paths.length === 0 && !isMetadata) problems.set('paths', needed);
  if (type === 'WRITE' && values.length === 0) problems.set('values', needed);
  return { request, problems, valueProblems };
}

const conditionsOf = ({ conditions }: OperationDraft) =>
  twinMetadataNames.flatMap((name) => {
    const { change = 'keep', text = '' } = conditions[name] ?? {};
    if (change === 'keep') return [];
    return [change === 'unset' ? { name } : { name, value: text.trim() === '' ? Number.NaN : Number(text) }];
  });

/** True when the compatible API has it; the others go to a call of ours. */
export const isCompatible = ({ type, argument }: Pick<BenchOperationRequest, 'type' | 'argument'>): boolean =>
  !['CREATE', 'DELETE', 'DISCOVER'].includes(type) && !argument;
