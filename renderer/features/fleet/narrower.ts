import type { RsqlComparison, RsqlExpression, RsqlValue } from '../../../core/contract/rsql/ast.ts';
import { parseRsql } from '../../../core/contract/rsql/parse.ts';
import { printRsql } from '../../../core/contract/rsql/print.ts';
import { RsqlError } from '../../../core/contract/rsql/rsql-error.ts';
import { type DeviceFilters, deviceQuery } from '../devices/devices-api.ts';

/** The filter that lets through what another does, of which the field has the value. */
export const narrower = (rsql: string, selector: string, value: string): string =>
  joined(rsql, [comparisonOf(selector, [value])]);

/** Parameters of a list of devices that are a field with a value, and the field in RSQL. */
const selectors: Readonly<Record<string, string>> = {
  id: 'id',
  name: 'name',
  groupPath: 'groupPath',
  'interfaces.status': 'interfaces.status',
  connectors: 'connector',
};

/** All filters of a list of devices as one in RSQL, which the map and the figures take. */
export function rsqlOf(filters: DeviceFilters): string {
  const query = deviceQuery(filters);
  const fields = Object.entries(selectors).flatMap(([parameter, selector]) => {
    const pattern = query[parameter];
    return typeof pattern === 'string' ? [comparisonOf(selector, pattern.split('*'))] : [];
  });
  const tags = (filters.tags ?? '').split(',').filter((tag) => tag !== '');
  return joined(filters.filter ?? '', [...fields, ...tags.map((tag) => comparisonOf('tags', [tag]))]);
}

/** @param parts the value, cut at its wildcards */
const comparisonOf = (selector: string, parts: readonly string[]): RsqlComparison => ({
  kind: 'comparison',
  selector,
  operator: '==',
  values: [parts as unknown as RsqlValue],
});

function joined(rsql: string, comparisons: readonly RsqlComparison[]): string {
  const given = rsql === '' ? [] : operandsOf(rsql);
  // What cannot be read stays as it is: whoever wrote it is told where the fault is.
  if (given === undefined) return rsql;
  const operands = [...given, ...comparisons];
  const [first] = operands;
  if (!first) return '';
  return printRsql(operands.length === 1 ? first : { kind: 'and', operands });
}

function operandsOf(rsql: string): readonly RsqlExpression[] | undefined {
  try {
    const expression = parseRsql(rsql);
    return expression.kind === 'and' ? expression.operands : [expression];
  } catch (error) {
    if (error instanceof RsqlError) return undefined;
    throw error;
  }
}
