import { expect, test } from 'vitest';
import {
  type RsqlExpression,
  type RsqlValue,
  rsqlOperators,
  takesList,
} from '../../../../core/contract/rsql/ast.ts';
import { parseRsql } from '../../../../core/contract/rsql/parse.ts';
import { printRsql } from '../../../../core/contract/rsql/print.ts';
import fc from '../../../../core/testing/properties.ts';
import {
  changeNode,
  isComplete,
  newComparison,
  newJunction,
  toExpression,
  toTree,
  toValue,
  typedValue,
} from './filter-tree.ts';

const textOf = fc.oneof(
  fc.string(),
  fc.string({ unit: fc.constantFrom('*', '\\', "'", '"', ',', ';', '(', ' ', 'a') }),
);
const value = fc.array(textOf, { minLength: 1, maxLength: 3 }) as unknown as fc.Arbitrary<RsqlValue>;
/** A pattern made of the values' signs as they are. */
const pattern = (values: readonly RsqlValue[]): string =>
  (values[0]?.join('') ?? '').replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
const comparison = fc
  .record({
    selector: fc.string({ minLength: 1 }),
    operator: fc.constantFrom(...rsqlOperators),
    values: fc.array(value, { minLength: 1, maxLength: 3 }),
  })
  .map(
    ({ selector, operator, values }): RsqlExpression => ({
      kind: 'comparison',
      selector,
      operator,
      values: operator === '=re=' ? [[pattern(values)]] : takesList(operator) ? values : values.slice(0, 1),
    }),
  );
const { expression } = fc.letrec<{ expression: RsqlExpression; junction: RsqlExpression }>((tie) => ({
  expression: fc.oneof({ maxDepth: 3 }, comparison, tie('junction')),
  junction: fc.record({
    kind: fc.constantFrom('and', 'or'),
    operands: fc.array(tie('expression'), { minLength: 2, maxLength: 3 }),
  }),
}));

const withoutOffsets = (given: RsqlExpression): unknown =>
  JSON.parse(JSON.stringify(given, (name, inner) => (name === 'offset' ? undefined : inner)));

test('what is built from an expression says the same expression', () => {
  fc.assert(
    fc.property(expression, (given) => {
      expect(toExpression(toTree(given))).toEqual(given);
    }),
  );
});

test('what is built, printed and read again by the platform is the same', () => {
  fc.assert(
    fc.property(expression, (given) => {
      const printed = printRsql(toExpression(toTree(given)) ?? given);
      const again = toExpression(toTree(parseRsql(printed)));
      expect(again && withoutOffsets(again)).toEqual(withoutOffsets(given));
    }),
  );
});

test('a typed value keeps its wildcards, and its stars that are none', () => {
  fc.assert(
    fc.property(value, (parts) => {
      expect(toValue(typedValue(parts))).toEqual(parts);
    }),
  );
  expect(toValue('a*')).toEqual(['a', '']);
  expect(toValue('a\\*')).toEqual(['a*']);
});

test('what is not complete is left out, and a group of one is what it holds', () => {
  const whole = { ...newComparison(), selector: 'name', values: ['x'] };
  expect(isComplete(newComparison())).toBe(false);
  expect(toExpression(newJunction('or', newComparison(), newJunction('and', whole)))).toEqual({
    kind: 'comparison',
    selector: 'name',
    operator: '==',
    values: [['x']],
  });
  expect(toExpression(newJunction('and'))).toBeUndefined();
});

test('a node is changed or taken out where it stands', () => {
  const inner = newComparison();
  const tree = newJunction('and', newJunction('or', inner, newComparison()));
  const named = changeNode(tree, inner.key, (node) => ({ ...node, selector: 'id' }) as typeof inner);
  expect(JSON.stringify(named)).toContain('"selector":"id"');
  const [group] = changeNode(tree, inner.key, () => undefined).operands;
  expect(group).toMatchObject({ kind: 'or', operands: [{ kind: 'comparison' }] });
  expect(changeNode(tree, tree.key, () => newJunction('or')).kind).toBe('or');
});
