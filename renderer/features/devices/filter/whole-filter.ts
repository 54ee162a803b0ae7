import { connectorNames, interfaceStatuses } from '../../../../core/contract/connectors.ts';
import { deviceFilterFieldOf } from '../../../../core/contract/device-filter-fields.ts';
import type { RsqlComparison, RsqlExpression, RsqlValue } from '../../../../core/contract/rsql/ast.ts';
import { parseRsql } from '../../../../core/contract/rsql/parse.ts';
import { printRsql } from '../../../../core/contract/rsql/print.ts';
import { RsqlError } from '../../../../core/contract/rsql/rsql-error.ts';

/** The filters of a list of devices: some that have a field of their own, and RSQL for all others. */
export interface DeviceFilters {
  /** A part of the name, or of the id when it has a colon; with `*`, the whole of it. */
  readonly text?: string | undefined;
  /** Path of a group; with `/*` those below it as well. */
  readonly group?: string | undefined;
  /** Tags that a device must have, with commas between. */
  readonly tags?: string | undefined;
  readonly status?: string | undefined;
  readonly connector?: string | undefined;
  /** RSQL, beside all of these. */
  readonly filter?: string | undefined;
}

export const filterNames = ['text', 'group', 'tags', 'status', 'connector', 'filter'] as const;

/** All of the filters as one in RSQL. One that cannot be read stays alone: whoever wrote it is told where the fault is. */
export function wholeFilter({ filter = '', ...fields }: DeviceFilters): string {
  const rest = operandsOf(filter);
  return rest === undefined ? filter : print([...comparisonsOf(fields), ...rest]);
}

/** The same filter with all that has a field of its own in that field: {@link wholeFilter} of it is equal in meaning. */
export function splitFilter(rsql: string): DeviceFilters {
  const operands = operandsOf(rsql);
  if (operands === undefined) return { filter: rsql };
  const fields: Record<string, string> = {};
  const rest = operands.filter((operand) => {
    const [name, value] = fieldOf(operand) ?? [];
    if (name === undefined || value === undefined) return true;
    const before = fields[name];
    if (before !== undefined && name !== 'tags') return true;
    fields[name] = before === undefined ? value : `${before},${value}`;
    return false;
  });
  return rest.length === 0 ? fields : { ...fields, filter: print(rest) };
}

/** The filter with further conditions that must hold as well. */
export function narrowed(rsql: string, comparisons: readonly RsqlComparison[]): string {
  const operands = operandsOf(rsql);
  return operands === undefined ? rsql : print([...operands, ...comparisons]);
}

/** @param parts the value, cut at its wildcards */
export const comparisonOf = (selector: string, parts: readonly string[]): RsqlComparison => ({
  kind: 'comparison',
  selector,
  operator: '==',
  values: [parts as unknown as RsqlValue],
});

function comparisonsOf({ text, group, tags = '', status, connector }: DeviceFilters): RsqlComparison[] {
  const given = (selector: string, pattern: string | undefined): RsqlComparison[] =>
    pattern === undefined || pattern === '' ? [] : [comparisonOf(selector, pattern.split('*'))];
  return [
    ...given(isOfId(text) ? 'id' : 'name', text && patternOf(text)),
    ...given('groupPath', group),
    ...tags.split(',').flatMap((tag) => (tag === '' ? [] : [comparisonOf('tags', [tag])])),
    ...given('interfaces.status', status),
    ...given('connector', connector),
  ];
}

/** A text with a colon is looked for in ids. */
const isOfId = (text = ''): boolean => text.includes(':');
/** A text without a star is looked for anywhere. */
const patternOf = (text: string): string => (text.includes('*') ? text : `*${text}*`);

/** The field that says what the condition says, and nothing else. */
function fieldOf(operand: RsqlExpression): readonly [keyof DeviceFilters, string] | undefined {
  if (operand.kind !== 'comparison' || operand.operator !== '==') return undefined;
  const parts = operand.values[0] ?? [''];
  const pattern = parts.join('*');
  const selector = deviceFilterFieldOf(operand.selector);
  const candidates = {
    name: ['text', plainText(pattern)],
    id: ['text', plainText(pattern)],
    groupPath: ['group', pattern],
    tags: ['tags', pattern],
    'interfaces.status': ['status', pattern],
    connector: ['connector', pattern],
  } as const;
  if (selector === undefined || !Object.hasOwn(candidates, selector)) return undefined;
  const [name, value] = candidates[selector as keyof typeof candidates];
  // A choice of the list, or it could not be shown there.
  if (name === 'status' && !interfaceStatuses.some((status) => status === value)) return undefined;
  if (name === 'connector' && !connectorNames.some((known) => known === value)) return undefined;
  const [again, ...more] = comparisonsOf({ [name]: value });
  const isSame =
    again?.selector === selector && more.length === 0 && sameParts(again.values[0] ?? [''], parts);
  return isSame ? [name, value] : undefined;
}

/** `*pump*` is how `pump` is written. */
const plainText = (pattern: string): string => /^\*([^*]+)\*$/.exec(pattern)?.[1] ?? pattern;

const sameParts = (one: RsqlValue, other: RsqlValue): boolean =>
  one.length === other.length && one.every((part, index) => part === other[index]);

function print(operands: readonly RsqlExpression[]): string {
  const [first] = operands;
  if (!first) return '';
  return printRsql(operands.length === 1 ? first : { kind: 'and', operands });
}

function operandsOf(rsql: string): readonly RsqlExpression[] | undefined {
  if (rsql.trim() === '') return [];
  try {
    const expression = parseRsql(rsql);
    return expression.kind === 'and' ? expression.operands : [expression];
  } catch (error) {
    if (error instanceof RsqlError) return undefined;
    throw error;
  }
}
