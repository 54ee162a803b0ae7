// Finds promises that nobody awaits. The linter knows only the types of this repository's own files; this asks
// the compiler, which also knows those of Node and of the packages.
import ts from 'typescript';
import type { Inspection } from './flow.ts';

/**
 * What only looks like a promise (a reply or a query that can be awaited but need not be) has `then` and no
 * `catch`.
 * @param around types that this one is a part of: a type such as that of JSON contains itself.
 */
function isPromise(type: ts.Type, checker: ts.TypeChecker, around: readonly ts.Type[] = []): boolean {
  if (around.includes(type)) return false;
  const isPart = (part: ts.Type): boolean => isPromise(part, checker, [...around, type]);
  if (type.isUnion()) return type.types.some(isPart);
  if (checker.isArrayType(type) || checker.isTupleType(type)) {
    return checker.getTypeArguments(type as ts.TypeReference).some(isPart);
  }
  return type.getProperty('then') !== undefined && type.getProperty('catch') !== undefined;
}

/** `.catch(f)` and `.then(f, g)` handle the failure; `.finally(f)` passes it on. */
function isHandled(node: ts.Expression): boolean {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false;
  const { name, expression } = node.expression;
  if (name.text === 'catch') return node.arguments.length >= 1;
  if (name.text === 'then') return node.arguments.length >= 2;
  return name.text === 'finally' && isHandled(expression);
}

/** The expressions whose value the statement throws away. */
function droppedValues(node: ts.Expression): ts.Expression[] {
  if (ts.isParenthesizedExpression(node)) return droppedValues(node.expression);
  if (ts.isConditionalExpression(node)) {
    return [...droppedValues(node.whenTrue), ...droppedValues(node.whenFalse)];
  }
  if (!ts.isBinaryExpression(node)) return [node];
  const operator = node.operatorToken.kind;
  if (operator === ts.SyntaxKind.CommaToken)
    return [...droppedValues(node.left), ...droppedValues(node.right)];
  const chooses =
    operator === ts.SyntaxKind.AmpersandAmpersandToken ||
    operator === ts.SyntaxKind.BarBarToken ||
    operator === ts.SyntaxKind.QuestionQuestionToken;
  // An assignment keeps its value.
  return chooses ? droppedValues(node.right) : [];
}

export const droppedPromises: Inspection = (node, checker) => {
  if (!ts.isExpressionStatement(node)) return [];
  return droppedValues(node.expression)
    .filter((value) => !isHandled(value) && isPromise(checker.getTypeAtLocation(value), checker))
    .map((value) => ({ node: value, what: `nobody awaits ${value.getText().split('\n')[0]}` }));
};

/** An async function given where `() => void` is asked for: whoever calls it ignores the promise. */
export const ignoredPromises: Inspection = (node, checker) => {
  if (!ts.isArrowFunction(node) && !ts.isFunctionExpression(node)) return [];
  if (!returnsPromise(node, checker)) return [];
  const wanted = wantedTypes(node, checker);
  const ignored = wanted.length > 0 && wanted.every((type) => ignoresResult(type, checker));
  return ignored ? [{ node, what: 'the caller of this function ignores its promise' }] : [];
};

/** `() => work()` has a promise that is not declared, so the question is what it returns. */
function returnsPromise(node: ts.ArrowFunction | ts.FunctionExpression, checker: ts.TypeChecker): boolean {
  const signature = checker.getSignatureFromDeclaration(node);
  return signature !== undefined && isPromise(signature.getReturnType(), checker);
}

/** An argument is asked for by every overload: the compiler may settle on one that asks for `() => void`. */
function wantedTypes(node: ts.Expression, checker: ts.TypeChecker): ts.Type[] {
  const { parent } = node;
  const index = ts.isCallExpression(parent) ? parent.arguments.indexOf(node) : -1;
  const contextual = checker.getContextualType(node);
  if (!ts.isCallExpression(parent) || index < 0) return contextual ? [contextual] : [];
  const parameters = checker
    .getTypeAtLocation(parent.expression)
    .getCallSignatures()
    .flatMap((signature) => signature.parameters[index] ?? []);
  const types = parameters.map((parameter) => checker.getTypeOfSymbol(parameter));
  return contextual ? [...types, contextual] : types;
}

function ignoresResult(type: ts.Type, checker: ts.TypeChecker): boolean {
  const signatures = checker.getNonNullableType(type).getCallSignatures();
  const isVoid = (signature: ts.Signature): boolean =>
    (signature.getReturnType().flags & ts.TypeFlags.Void) !== 0;
  return signatures.length > 0 && signatures.every(isVoid);
}
