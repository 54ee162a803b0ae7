import {
  type CampaignAction,
  type CampaignJson,
  type CreateCampaignRequest,
  createCampaignRequest,
  type UpdateCampaignRequest,
  valueFields,
} from '../../../../core/contract/campaigns.ts';
import type { ConfigType } from '../../../../core/contract/configuration.ts';
import { problemsOf } from '../../../ui/form-problems.ts';
import { jsonFault } from '../../../ui/json-fault.ts';
import { type ParameterDraft, parameterValue } from '../../configuration/parameter-value.ts';
import { readFilter } from '../../devices/filter/check-filter.ts';

export interface ParameterRow extends ParameterDraft {
  readonly row: number;
}

interface AnyDraft {
  /** Stays with the operation while others come and go around it. */
  readonly key: number;
  readonly maxRetry: string | number;
}

/** An operation that is edited as the API takes it. */
export interface RawDraft extends AnyDraft {
  readonly action: Exclude<CampaignAction, 'configure'>;
  /** 0: a command as older clients write it. */
  readonly version: number;
  /** The definition as JSON, without its `maxRetry`. */
  readonly text: string;
}

export interface ConfigureDraft extends AnyDraft {
  readonly action: 'configure';
  readonly parameters: readonly ParameterRow[];
}

export type OperationDraft = RawDraft | ConfigureDraft;

/** A campaign as the form holds it. */
export interface CampaignForm {
  readonly name: string;
  readonly description: string;
  readonly by: 'filter' | 'list';
  readonly filter: string;
  /** Ids with spaces, commas or line ends between. */
  readonly ids: string;
  readonly operations: readonly OperationDraft[];
  /** ISO 8601; empty: at once. */
  readonly start: string;
  /** The same; empty: none. */
  readonly end: string;
  readonly dynamic: boolean;
}

let lastKey = 0;
export const nextKey = (): number => ++lastKey;

const firstCommand = JSON.stringify({ request: { connector: 'mqtt', value: { req: '', arg: {} } } }, null, 2);
export const newCommand = (text = firstCommand): RawDraft => ({
  ...{ action: 'command', key: nextKey(), version: 1, maxRetry: 0 },
  text,
});
const firstResource = JSON.stringify({ resourceId: '', targetVersion: '' }, null, 2);
export const newResource = (): RawDraft => ({
  ...{ action: 'resource', key: nextKey(), version: 1, maxRetry: 0 },
  text: firstResource,
});
/** True for an operation that is as the form made it: what it lacks is no fault yet. */
export const isUntouched = ({ text }: RawDraft): boolean => text === firstCommand || text === firstResource;
export const newParameter = (): ParameterRow => ({ row: nextKey(), key: '', type: 'STRING', text: '' });
export const newConfigure = (): ConfigureDraft => ({
  ...{ action: 'configure', key: nextKey(), maxRetry: 0 },
  parameters: [newParameter()],
});

export const emptyForm = (filter = ''): CampaignForm => ({
  ...{ name: '', description: '', by: 'filter', ids: '', start: '', end: '', dynamic: false },
  filter,
  operations: [newCommand()],
});

export function toForm(campaign: CampaignJson): CampaignForm {
  const { name, description = '', planning, target, operations, options } = campaign;
  return {
    name,
    description,
    by: target.idList ? 'list' : 'filter',
    filter: target.filterQuery ?? '',
    ids: (target.idList ?? []).join('\n'),
    operations: operations.map(toDraft),
    start: planning.startDate,
    end: planning.endDate ?? '',
    dynamic: options.dynamicallyAddEligibleDevice,
  };
}

function toDraft({ action, version, definition }: CampaignJson['operations'][number]): OperationDraft {
  const { maxRetry = 0, assetParameters = {}, ...rest } = definition;
  const any = { key: nextKey(), maxRetry: Number(maxRetry) };
  if (action !== 'configure') return { ...any, action, version, text: JSON.stringify(rest, null, 2) };
  const parameters = Object.entries(assetParameters as Record<string, { type: ConfigType }>);
  return {
    ...any,
    action,
    parameters: parameters.map(([key, parameter]) => {
      const value = (parameter as Record<string, unknown>)[valueFields[parameter.type]];
      return { row: nextKey(), key, type: parameter.type, text: String(value ?? '') };
    }),
  };
}

/** The ids that are named, each once, in their order. */
export const idsOf = (text: string): string[] => [
  ...new Set(text.split(/[\s,;]+/).filter((id) => id !== '')),
];

/** The body of the call that makes the campaign; not checked yet. */
export function toBody(form: CampaignForm) {
  const { start: startDate, end: endDate } = form;
  return {
    name: form.name.trim(),
    ...(form.description !== '' && { description: form.description }),
    ...((startDate || endDate) && {
      planning: { ...(startDate && { startDate }), ...(endDate && { endDate }) },
    }),
    targets: form.by === 'filter' ? { filterQuery: form.filter } : { idList: idsOf(form.ids) },
    operations: form.operations.map(toOperation),
    ...(form.by === 'filter' && form.dynamic && { options: { dynamicallyAddEligibleDevice: true } }),
  };
}

function toOperation(draft: OperationDraft) {
  const maxRetry = draft.maxRetry === '' ? 0 : draft.maxRetry;
  if (draft.action !== 'configure') {
    const { action, version } = draft;
    return { action, version, definition: { ...objectOf(draft.text), maxRetry } };
  }
  const assetParameters = Object.fromEntries(
    draft.parameters.map(({ key, type, text }) => [
      key,
      { type, [valueFields[type]]: parameterValue({ type, text }) },
    ]),
  );
  return { action: draft.action, version: 1, definition: { assetParameters, maxRetry } };
}

/** The object that a text holds; an empty one when it holds none. */
export function objectOf(text: string): Record<string, unknown> {
  if (jsonFault(text) !== undefined) return {};
  const value: unknown = JSON.parse(text);
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

interface FormWords {
  /** For what is missing. */
  readonly needed: string;
  readonly filterNeeded: string;
  /** For a key that stands in an earlier row already. */
  readonly twice: string;
  readonly notJson: string;
  readonly isOver: string;
}

/** What does not fit, by the path of the value in the body; of parameters, by their row. */
export function formProblems(form: CampaignForm, nowMs: number, words: FormWords): Map<string, string> {
  const problems = problemsOf(createCampaignRequest, toBody(form), words.needed);
  // One of the two is asked for; the schema names both when it is missing.
  problems.delete(form.by === 'filter' ? 'targets.idList' : 'targets.filterQuery');
  if (form.by === 'filter' && form.filter === '') problems.set('targets.filterQuery', words.filterNeeded);
  const fault = filterFault(form);
  if (fault !== undefined) problems.set('targets.filterQuery', fault);
  if (Date.parse(form.end) <= nowMs) problems.set('planning.endDate', words.isOver);
  for (const [index, draft] of form.operations.entries()) {
    const at = `operations.${index}`;
    if (draft.action !== 'configure') {
      if (jsonFault(draft.text) !== undefined) problems.set(`${at}.definition`, words.notJson);
      else if (lacksRequest(draft)) problems.set(`${at}.definition.request.value.req`, words.needed);
      continue;
    }
    const seen = new Set<string>();
    for (const { key, row } of draft.parameters) {
      if (seen.has(key)) problems.set(`${at}.twice.${row}`, words.twice);
      seen.add(key);
    }
  }
  return problems;
}

/** True for a command over MQTT that names no request: no device could take it. */
function lacksRequest({ action, version, text }: RawDraft): boolean {
  if (action !== 'command' || version !== 1) return false;
  const { request } = objectOf(text) as { request?: { connector?: unknown; value?: { req?: unknown } } };
  return request?.connector === 'mqtt' && request.value?.req === '';
}

function filterFault({ by, filter }: CampaignForm): string | undefined {
  if (by !== 'filter') return undefined;
  const read = readFilter(filter);
  return 'fault' in read ? read.fault.message : undefined;
}

/** The checked body; undefined while something does not fit. */
export function checkedBody(form: CampaignForm): CreateCampaignRequest | undefined {
  const checked = createCampaignRequest.safeParse(toBody(form));
  return checked.success ? checked.data : undefined;
}

/**
 * The body of the call that changes a campaign into what the form says: only what is different.
 * @param now the platform's time, ISO 8601: what `at once` means for a campaign that is there already
 */
export function changeOf(campaign: CampaignJson, form: CampaignForm, now: string): UpdateCampaignRequest {
  const before = toBody(toForm(campaign));
  const after = toBody(form);
  const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
  const change: Record<string, unknown> = {};
  if (before.name !== after.name) change.name = after.name;
  if (form.description !== (campaign.description ?? '')) change.description = form.description || null;
  const planning = {
    ...(before.planning?.startDate !== after.planning?.startDate && {
      startDate: after.planning?.startDate ?? now,
    }),
    ...(before.planning?.endDate !== after.planning?.endDate && {
      endDate: after.planning?.endDate ?? null,
    }),
  };
  if (Object.keys(planning).length > 0) change.planning = planning;
  if (!isSame(before.targets, after.targets)) change.targets = after.targets;
  if (!isSame(before.operations, after.operations)) change.operations = after.operations;
  const dynamic = after.options !== undefined;
  if (dynamic !== campaign.options.dynamicallyAddEligibleDevice) {
    change.options = { dynamicallyAddEligibleDevice: dynamic };
  }
  return change as UpdateCampaignRequest;
}
