import { twinContentFormats, twinMetadataNames } from '../../../core/contract/twin.ts';
import type { BenchOperationJson, BenchOperationRequest } from '../../../core/contract/twin-bench.ts';
import type { ContentFormat, DraftCondition, MetadataName, OperationDraft } from './operation-draft.ts';

/** The body that an operation was made with. */
export function requestOf(operation: BenchOperationJson): BenchOperationRequest {
  const { type, paths, values, writeMode, argument, contextToken, options, policy } = operation;
  return {
    type,
    ...{ paths, values, writeMode, argument, contextToken, options },
    ...(policy?.attempts !== undefined && { policy }),
  };
}

/** A form that asks for the same. Values are as they were written: bytes in Base64, times in seconds. */
export function draftOf(operation: BenchOperationJson): Partial<OperationDraft> {
  const { type, paths, values = [], writeMode = 'UPDATE', argument = '', contextToken = '' } = operation;
  const formats = operation.options?.lwm2m?.contentFormat;
  const format = (name: unknown): ContentFormat | undefined =>
    twinContentFormats.find((each) => each === name);
  const [first] = values;
  return {
    ...{ type, writeMode, argument, contextToken },
    paths: paths ?? (first ? [first.path] : []),
    values: values.flatMap(({ path, value }) => (value === undefined ? [] : [{ path, text: String(value) }])),
    conditions: conditionsOf(first?.metadata ?? []),
    attempts: operation.policy?.attempts === undefined ? '' : String(operation.policy.attempts),
    ...{ requestFormat: format(formats?.request), responseFormat: format(formats?.response) },
  };
}

function conditionsOf(metadata: readonly { name: string; value?: string | number | null | undefined }[]) {
  const conditions: Partial<Record<MetadataName, DraftCondition>> = {};
  for (const name of twinMetadataNames) {
    const given = metadata.find((each) => each.name === name);
    if (!given) continue;
    const { value } = given;
    conditions[name] = value == null ? { change: 'unset', text: '' } : { change: 'set', text: String(value) };
  }
  return conditions;
}
