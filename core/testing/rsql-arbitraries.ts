import { type RsqlExpression, type RsqlValue, rsqlOperators, takesList } from '../contract/rsql/ast.ts';
import fc from './properties.ts';

/** Any expression over the given selectors and values, as a tree that can be written. */
export function rsqlExpressions(
  selectors: fc.Arbitrary<string>,
  values: fc.Arbitrary<RsqlValue>,
): fc.Arbitrary<RsqlExpression> {
  const comparison = fc.tuple(selectors, fc.constantFrom(...rsqlOperators)).chain(([selector, operator]) =>
    fc.array(values, { minLength: 1, maxLength: takesList(operator) ? 4 : 1 }).map(
      (list): RsqlExpression => ({
        kind: 'comparison',
        selector,
        operator,
        values: operator === '=re=' ? [[escapedPattern(list[0]?.join('') ?? '')]] : list,
      }),
    ),
  );
  const { tree } = fc.letrec<{ tree: RsqlExpression; junction: RsqlExpression }>((tie) => ({
    tree: fc.oneof({ maxDepth: 4, depthSize: 'small' }, comparison, tie('junction')),
    junction: fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      operands: fc.array(tie('tree'), { minLength: 2, maxLength: 3 }),
    }),
  }));
  return tree;
}

/** A pattern that finds this text. */
export const escapedPattern = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** A text with up to two wildcards. */
export const rsqlValues = (texts: fc.Arbitrary<string>): fc.Arbitrary<RsqlValue> =>
  fc.array(texts, { minLength: 1, maxLength: 3 }) as unknown as fc.Arbitrary<RsqlValue>;

/** The tree without what only its text has: where its parts stood. */
export function withoutOffsets(expression: RsqlExpression): RsqlExpression {
  if (expression.kind !== 'comparison')
    return { kind: expression.kind, operands: expression.operands.map(withoutOffsets) };
  const { kind, selector, operator, values } = expression;
  return { kind, selector, operator, values };
}
