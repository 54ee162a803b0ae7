import type { RsqlComparison, RsqlExpression, RsqlOperator, RsqlValue } from './ast.ts';
import { type FieldFacts, type FieldTable, numberOf } from './field-facts.ts';
import { type Pattern, readPattern } from './pattern.ts';
import { printValue } from './print.ts';
import { RsqlError } from './rsql-error.ts';

/** What one value must be. */
export type ValueTest =
  | { readonly test: 'any' }
  | { readonly test: 'in'; readonly values: readonly (string | number)[] }
  /** Begins with one text and ends with another, which do not overlap. */
  | { readonly test: 'ends'; readonly start: string; readonly end: string }
  | { readonly test: 'contains'; readonly text: string }
  /** Some part of the text fits. */
  | { readonly test: 'pattern'; readonly pattern: Pattern }
  /** A path, or one below it. */
  | { readonly test: 'below'; readonly path: string }
  /** Text by code points. `asNumber`: only what is a number, by size. */
  | {
      readonly test: 'order';
      readonly operator: Order;
      readonly value: string | number;
      readonly asNumber: boolean;
    }
  /** Contains one of these, whatever the case of the letters A to Z. They are in lower case. */
  | { readonly test: 'words'; readonly words: readonly string[] };

export type Order = '<' | '<=' | '>' | '>=';

/** A comparison whose field is found and whose values are read: some value of the field passes one of the tests. */
export interface ResolvedComparison<Field> {
  readonly kind: 'comparison';
  readonly field: Field;
  readonly tests: readonly ValueTest[];
  /** The same for the values that stand in their canonical form; undefined where there are none. */
  readonly canonicalTests?: readonly ValueTest[] | undefined;
  /** No value of the field may pass. */
  readonly negated: boolean;
}
export interface ResolvedJunction<Field> {
  readonly kind: 'and' | 'or';
  readonly operands: readonly Resolved<Field>[];
}
export type Resolved<Field> = ResolvedComparison<Field> | ResolvedJunction<Field>;

const orders: Partial<Record<RsqlOperator, Order>> = {
  '=lt=': '<',
  '=le=': '<=',
  '=gt=': '>',
  '=ge=': '>=',
};

/**
 * Checks an expression against the fields there are.
 * @throws RsqlError when a field is not known, or an operator or value does not fit it
 */
export function resolveRsql<Field extends FieldFacts>(
  expression: RsqlExpression,
  fields: FieldTable<Field>,
): Resolved<Field> {
  if (expression.kind !== 'comparison') {
    return {
      kind: expression.kind,
      operands: expression.operands.map((operand) => resolveRsql(operand, fields)),
    };
  }
  const field = fields.find(expression.selector);
  if (!field) throw fault(expression, `no field is called ${expression.selector}; there are ${fields.names}`);
  const negated = expression.operator === '!=' || expression.operator === '=out=';
  const { canonical } = field;
  const canonicalTests = canonical && testsOf(inForm(expression, canonical), field);
  return { kind: 'comparison', field, tests: testsOf(expression, field), canonicalTests, negated };
}

/** A pattern stays as it is: its letters need not be letters of the value. */
const inForm = (comparison: RsqlComparison, canonical: (text: string) => string): RsqlComparison =>
  comparison.operator === '=re='
    ? comparison
    : {
        ...comparison,
        values: comparison.values.map(([first, ...rest]) => [canonical(first), ...rest.map(canonical)]),
      };

function testsOf(comparison: RsqlComparison, field: FieldFacts): ValueTest[] {
  const { operator, values, selector } = comparison;
  const order = orders[operator];
  if (order) {
    if (field.type === 'flag' || field.type === 'choice' || field.type === 'path')
      throw fault(comparison, `${selector} has no order; use == or !=`);
    const value = plainValue(comparison, field, values[0] as RsqlValue);
    const number = field.type === 'label' ? numberOf(String(value)) : undefined;
    return [{ test: 'order', operator: order, value: number ?? value, asNumber: number !== undefined }];
  }
  if (operator === '=q=') {
    if (field.type !== 'text' && field.type !== 'label')
      throw fault(comparison, `${selector} is no text to search; use == or !=`);
    const words = asciiLowerCase(String(plainValue(comparison, field, values[0] as RsqlValue)));
    return [{ test: 'words', words: words.split(/\s+/).filter((word) => word !== '') }];
  }
  const isText = field.type === 'text' || field.type === 'label' || field.type === 'path';
  if (operator === '=re=') {
    if (!isText) throw fault(comparison, `${selector} is no text that a pattern could fit; use == or !=`);
    return [{ test: 'pattern', pattern: readPattern((values[0] as RsqlValue)[0], comparison.offset) }];
  }
  const exact = values.filter((value) => !isText || value.length === 1);
  const tests = values
    .filter((value) => !exact.includes(value))
    .map((value) => patternTest(comparison, field, value));
  if (exact.length > 0)
    tests.push({ test: 'in', values: exact.map((value) => plainValue(comparison, field, value)) });
  return tests;
}

function patternTest(comparison: RsqlComparison, { type }: FieldFacts, value: RsqlValue): ValueTest {
  const [start, ...rest] = value;
  const end = rest.at(-1) ?? '';
  if (rest.length === 1) {
    if (type === 'path' && end === '' && /^\/?$/.test(start)) return { test: 'any' };
    if (type === 'path' && end === '' && start.endsWith('/'))
      return { test: 'below', path: absolutePath(start.slice(0, -1)) };
    if (start === '' && end === '') return { test: 'any' };
    return { test: 'ends', start: type === 'path' && start !== '' ? absolutePath(start) : start, end };
  }
  const [middle = ''] = rest;
  if (rest.length === 2 && start === '' && end === '')
    return middle === '' ? { test: 'any' } : { test: 'contains', text: middle };
  throw fault(
    comparison,
    `${printValue(value)} has wildcards where none can be; allowed are text, text*, *text, *text* and one * within the text`,
  );
}

/** A value without wildcards in the form that the field's values have. */
function plainValue(
  comparison: RsqlComparison,
  { type, choices = [] }: FieldFacts,
  value: RsqlValue,
): string | number {
  const { selector, operator } = comparison;
  const [text] = value;
  if (value.length > 1)
    throw fault(
      comparison,
      `${selector}${operator} takes no wildcard; write \\* between ' and ' for the character *`,
    );
  switch (type) {
    case 'text':
    case 'label':
      return text;
    case 'path':
      return absolutePath(text);
    case 'time': {
      const timeMs = parseTime(text);
      if (timeMs === undefined)
        throw fault(
          comparison,
          `${selector} is compared with a time such as 2026-03-01T12:00:00Z, not ${text}`,
        );
      return timeMs;
    }
    case 'flag':
      if (text === 'true' || text === 'false') return text === 'true' ? 1 : 0;
      throw fault(comparison, `${selector} is true or false, not ${text}`);
    case 'choice':
      if (choices.includes(text)) return text;
      throw fault(comparison, `${selector} is one of ${choices.join(', ')}, not ${text}`);
  }
}

const absolutePath = (path: string): string => (path.startsWith('/') ? path : `/${path}`);

/** Milliseconds of a date, or of a date and time (ISO 8601); UTC when it names no zone. */
function parseTime(text: string): number | undefined {
  const form = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?$/.exec(text);
  if (!form) return undefined;
  const timeMs = Date.parse(form[1] !== undefined && form[4] === undefined ? `${text}Z` : text);
  return Number.isNaN(timeMs) ? undefined : timeMs;
}

/** As SQL's lower() does everywhere: other letters have more than one lower case. */
export function asciiLowerCase(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

const fault = ({ offset }: RsqlComparison, reason: string): RsqlError => new RsqlError(reason, offset);
