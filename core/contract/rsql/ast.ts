/** Operators of RSQL as they are written (manual 5.3.2.1; facts 5 and 6). `<`, `<=`, `>`, `>=` are read as well. */
export const rsqlOperators = [
  '==',
  '!=',
  '=in=',
  '=out=',
  '=re=',
  '=lt=',
  '=le=',
  '=gt=',
  '=ge=',
  '=q=',
] as const;
export type RsqlOperator = (typeof rsqlOperators)[number];

/**
 * A value, cut at its wildcards: `['mySensor', '']` is `mySensor*`, and `['a*b']` is the text `a*b` without a
 * wildcard, which is written `'a\*b'`.
 */
export type RsqlValue = readonly [string, ...string[]];

export interface RsqlComparison {
  readonly kind: 'comparison';
  readonly selector: string;
  readonly operator: RsqlOperator;
  /** One value, or for `=in=` and `=out=` at least one. That of `=re=` is a pattern, in which nothing is a wildcard. */
  readonly values: readonly RsqlValue[];
  /** Where it begins in the text that was parsed, from 0. */
  readonly offset?: number;
}

/** Two operands or more. */
export interface RsqlJunction {
  readonly kind: 'and' | 'or';
  readonly operands: readonly RsqlExpression[];
}

/** A filter expression in the form of a tree. */
export type RsqlExpression = RsqlComparison | RsqlJunction;

export const takesList = (operator: RsqlOperator): boolean => operator === '=in=' || operator === '=out=';

/** A text, a selector or a value without wildcards, that stands without quotation marks. */
export const bareText = /^[^"'();,=!~<>\s]+$/;
