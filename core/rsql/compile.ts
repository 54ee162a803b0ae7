import { type RawBuilder, sql } from 'kysely';
import type { Resolved, ValueTest } from '../contract/rsql/resolve.ts';
import type { FieldColumns, RsqlField } from './field.ts';

type Condition = RawBuilder<boolean>;

/** The expression as a condition of SQL in which every value is a parameter. */
export function compileRsql<Item>(expression: Resolved<RsqlField<Item>>): Condition {
  if (expression.kind !== 'comparison') return joined(expression.kind, expression.operands.map(compileRsql));
  const { field, tests, canonicalTests = tests, negated } = expression;
  const anyOf = (wanted: readonly ValueTest[]) => (columns: FieldColumns) =>
    joined(
      'or',
      wanted.map((test) => compileTest(columns, test)),
    );
  const found = field.where({ tests, fits: anyOf(tests), fitsCanonical: anyOf(canonicalTests) });
  return negated ? sql<boolean>`not ${found}` : found;
}

const always = sql<boolean>`1 = 1`;
const never = sql<boolean>`1 = 0`;

function compileTest({ value, number = value }: FieldColumns, test: ValueTest): Condition {
  switch (test.test) {
    case 'any':
      return always;
    case 'in':
      return test.values.length === 1
        ? sql<boolean>`${value} = ${test.values[0]}`
        : sql<boolean>`${value} in (${sql.join(test.values)})`;
    case 'ends':
      return endsTest(value, test.start, test.end);
    case 'contains':
      return contains(value, test.text);
    case 'pattern':
      return sql<boolean>`regexp_like(${value}, ${test.pattern.source})`;
    case 'below':
      return sql<boolean>`(${value} = ${test.path} or ${endsTest(value, `${test.path}/`, '')})`;
    case 'order':
      return sql<boolean>`${test.asNumber ? number : value} ${sql.raw(test.operator)} ${test.value}`;
    case 'words': {
      const lower = sql`lower(${value})`;
      return joined(
        'or',
        test.words.map((word) => contains(lower, word)),
      );
    }
  }
}

/** By parts of the text and not by LIKE: that minds the letter case in one database and not in the next. */
function endsTest(column: RawBuilder<unknown>, start: string, end: string): Condition {
  if (end === '') {
    // A range, since an index serves it.
    const after = nextText(start);
    if (after === undefined) return sql<boolean>`${column} >= ${start}`;
    return sql<boolean>`(${column} >= ${start} and ${column} < ${after})`;
  }
  const endsRight = sql<boolean>`substr(${column}, length(${column}) - length(${end}) + 1) = ${end}`;
  if (start === '') return sql<boolean>`(length(${column}) >= length(${end}) and ${endsRight})`;
  return sql<boolean>`(length(${column}) >= length(${start}) + length(${end})
    and substr(${column}, 1, length(${start})) = ${start} and ${endsRight})`;
}

const contains = (column: RawBuilder<unknown>, text: string): Condition =>
  sql<boolean>`replace(${column}, ${text}, '') <> ${column}`;

/** The first text that comes after all that begin with this one; undefined when there is none. */
function nextText(start: string): string | undefined {
  const points = [...start].map((letter) => letter.codePointAt(0) as number);
  for (let point = points.pop(); point !== undefined; point = points.pop()) {
    // Halves of surrogate pairs are no characters.
    if (point < 0x10ffff) return String.fromCodePoint(...points, point === 0xd7ff ? 0xe000 : point + 1);
  }
  return undefined;
}

/** Halves within halves: databases limit how deep conditions stand within one another. */
function joined(kind: 'and' | 'or', conditions: readonly Condition[]): Condition {
  const [only] = conditions;
  if (only === undefined) return kind === 'and' ? always : never;
  if (conditions.length === 1) return only;
  const half = conditions.length >> 1;
  const [left, right] = [joined(kind, conditions.slice(0, half)), joined(kind, conditions.slice(half))];
  return kind === 'and' ? sql<boolean>`(${left} and ${right})` : sql<boolean>`(${left} or ${right})`;
}
