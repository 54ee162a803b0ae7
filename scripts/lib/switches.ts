// Finds switches over a closed set of values that leave one out. The compiler itself notices only where a value
// must be returned, and the linter's own rule does not understand computed types.
import ts from 'typescript';
import type { Inspection } from './flow.ts';

/** The single values a type consists of, or undefined when it is open, like `string`. */
function closedSet(type: ts.Type): ts.Type[] | undefined {
  const parts = type.isUnion() ? type.types : [type];
  const single = ts.TypeFlags.Unit;
  return parts.every((part) => (part.flags & single) !== 0) ? parts : undefined;
}

export const openSwitches: Inspection = (node, checker) => {
  if (!ts.isSwitchStatement(node)) return [];
  // `switch (true)` is a chain of conditions.
  if (node.expression.kind === ts.SyntaxKind.TrueKeyword) return [];
  const { clauses } = node.caseBlock;
  if (clauses.some(ts.isDefaultClause)) return [];
  const values = closedSet(checker.getTypeAtLocation(node.expression));
  if (values === undefined) return [];
  const handled = new Set(
    clauses.filter(ts.isCaseClause).map(({ expression }) => {
      const type = checker.getTypeAtLocation(expression);
      return checker.typeToString(checker.getBaseConstraintOfType(type) ?? type);
    }),
  );
  const missing = values.map((value) => checker.typeToString(value)).filter((name) => !handled.has(name));
  return missing.length > 0 ? [{ node, what: `the switch leaves out ${missing.join(', ')}` }] : [];
};
