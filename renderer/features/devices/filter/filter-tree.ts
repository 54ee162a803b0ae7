import {
  type RsqlExpression,
  type RsqlOperator,
  type RsqlValue,
  takesList,
} from '../../../../core/contract/rsql/ast.ts';

/** A comparison as it is being built: it may still lack its field or its values. */
export interface ComparisonNode {
  readonly kind: 'comparison';
  readonly key: number;
  readonly selector: string;
  readonly operator: RsqlOperator;
  /** With `*` for any text; `\*` and `\\` stand for these characters themselves. A pattern of `=re=` as it is. */
  readonly values: readonly string[];
}

/** All of these, or any of these. It may be empty. */
export interface JunctionNode {
  readonly kind: 'and' | 'or';
  readonly key: number;
  readonly operands: readonly FilterNode[];
}

export type FilterNode = ComparisonNode | JunctionNode;

let lastKey = 0;
const nextKey = (): number => ++lastKey;

export const newComparison = (): ComparisonNode => ({
  kind: 'comparison',
  key: nextKey(),
  selector: '',
  operator: '==',
  values: [],
});
export const newJunction = (kind: 'and' | 'or', ...operands: FilterNode[]): JunctionNode => ({
  kind,
  key: nextKey(),
  operands,
});

/** The value as it is typed. */
export const typedValue = (parts: RsqlValue): string =>
  parts.map((part) => part.replace(/[\\*]/g, '\\$&')).join('*');

/** What was typed, cut at its wildcards. */
export function toValue(typed: string): RsqlValue {
  const parts: [string, ...string[]] = [''];
  for (let at = 0; at < typed.length; at++) {
    const letter = typed.charAt(at);
    if (letter === '*') parts.push('');
    else parts[parts.length - 1] += letter === '\\' ? typed.charAt(++at) : letter;
  }
  return parts;
}

/** A tree to edit, always with a junction at its top. */
export function toTree(expression: RsqlExpression | undefined): JunctionNode {
  if (!expression) return newJunction('and', newComparison());
  const node = toNode(expression);
  return node.kind === 'comparison' ? newJunction('and', node) : node;
}

function toNode(expression: RsqlExpression): FilterNode {
  if (expression.kind !== 'comparison') {
    return newJunction(expression.kind, ...expression.operands.map(toNode));
  }
  const { selector, operator, values } = expression;
  const typed = operator === '=re=' ? values.map(([pattern]) => pattern) : values.map(typedValue);
  return { kind: 'comparison', key: nextKey(), selector, operator, values: typed };
}

/** What of the tree is complete; undefined when nothing is. */
export function toExpression(node: FilterNode): RsqlExpression | undefined {
  if (node.kind === 'comparison') return isComplete(node) ? toComparison(node) : undefined;
  const operands = node.operands.flatMap((operand) => toExpression(operand) ?? []);
  return operands.length > 1 ? { kind: node.kind, operands } : operands[0];
}

export const toComparison = ({ selector, operator, values }: ComparisonNode) => ({
  kind: 'comparison' as const,
  selector,
  operator,
  values: (takesList(operator) ? values : values.slice(0, 1)).map(
    operator === '=re=' ? (typed): RsqlValue => [typed] : toValue,
  ),
});

export const isComplete = ({ selector, values }: ComparisonNode): boolean =>
  selector !== '' && values.length > 0;

/** The tree with the node of this key changed, or without it when `change` gives nothing. */
export function changeNode<Node extends FilterNode>(
  tree: Node,
  key: number,
  change: (node: FilterNode) => FilterNode | undefined,
): Node {
  if (tree.kind === 'comparison') return tree;
  const operands = tree.operands.flatMap((operand) =>
    operand.key === key ? (change(operand) ?? []) : [changeNode(operand, key, change)],
  );
  const changed = { ...tree, operands };
  return (tree.key === key ? (change(tree) ?? tree) : changed) as Node;
}
