import { deviceFilterTable } from '../contract/device-filter-fields.ts';
import { invalidParameter } from '../contract/invalid-parameter.ts';
import type { RsqlExpression, RsqlValue } from '../contract/rsql/ast.ts';
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
 * A parameter of its own for a field: `name=mySensor*`. `*` is a wildcard; a text in quotation marks is meant as it is
 * (manual 5.3.2.1).
 * @throws PlatformError `api.invalidParameter`
 */
export function readDevicePattern(selector: string, text: string, place: string): RsqlExpression {
  const exact = /^"(.*)"$/s.exec(text)?.[1];
  if (exact !== undefined) return deviceHas(selector, [exact], place);
  const values = [text.split('*') as unknown as RsqlValue];
  return checked(place, () => ({ kind: 'comparison', selector, operator: '==', values }));
}

/**
 * The field has exactly one of these values.
 * @throws PlatformError `api.invalidParameter`
 */
export function deviceHas(selector: string, values: readonly string[], place: string): RsqlExpression {
  const exact = values.map((value): RsqlValue => [value]);
  return checked(place, () => ({ kind: 'comparison', selector, operator: '=in=', values: exact }));
}

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
