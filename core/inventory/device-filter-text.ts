import { deviceFilterTable } from '../contract/device-filter-fields.ts';
import { invalidParameter } from '../contract/invalid-parameter.ts';
import type { RsqlComparison, RsqlExpression, RsqlValue } from '../contract/rsql/ast.ts';
import { parseRsql, type RsqlLimits } from '../contract/rsql/parse.ts';
import { resolveRsql } from '../contract/rsql/resolve.ts';
import { RsqlError } from '../contract/rsql/rsql-error.ts';

/**
 * A filter of devices in RSQL, with its fields and values checked.
 * @param place of the text in the request, for the error: `query.filterQuery`
 * @throws PlatformError `api.invalidParameter` with the position of what does not fit
 */
export function readDeviceFilter(text: string, place: string, limits: RsqlLimits): RsqlExpression {
  return checked(place, () => parseRsql(text, limits));
}

/**
 * A parameter of its own for a field: `name=mySensor*`. `*` is a wildcard.
 * @throws PlatformError `api.invalidParameter`
 */
export function readDevicePattern(selector: string, text: string, place: string): RsqlExpression {
  const values = [text.split('*') as unknown as RsqlValue];
  return checked(place, () => ({ kind: 'comparison', selector, operator: '==', values }));
}

/** The field has exactly this value. */
export const deviceHas = (selector: string, value: string): RsqlComparison => ({
  kind: 'comparison',
  selector,
  operator: '==',
  values: [[value]],
});

function checked(place: string, read: () => RsqlExpression): RsqlExpression {
  try {
    const expression = read();
    resolveRsql(expression, deviceFilterTable);
    return expression;
  } catch (error) {
    if (error instanceof RsqlError) throw invalidParameter(`${place}: ${error.message}`);
    throw error;
  }
}
