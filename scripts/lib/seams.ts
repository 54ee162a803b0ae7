// Finds code that takes time or chance from the machine. Such code cannot be driven by a virtual clock or a
// seeded random source, so both come through core/platform.
import ts from 'typescript';

export interface Finding {
  line: number;
  what: string;
}

/** Members of a global object that are time or chance. */
const members: Readonly<Record<string, readonly string[]>> = {
  Date: ['now'],
  performance: ['now', 'timeOrigin', 'mark', 'measure'],
  Math: ['random'],
  process: ['hrtime', 'uptime'],
  AbortSignal: ['timeout'],
};
const timers = ['setTimeout', 'setInterval'];
const chance = ['randomUUID', 'randomBytes', 'randomInt', 'randomFill', 'randomFillSync', 'getRandomValues'];
const closedModules = ['timers', 'timers/promises', 'perf_hooks'];
const globals = ['globalThis', 'global'];

const withoutPrefix = (module: string): string => module.replace(/^node:/, '');

/** `globalThis.Date` and `Date` are the same thing; other expressions have no name. */
function globalName(node: ts.Expression): string | undefined {
  if (ts.isIdentifier(node)) return node.text;
  const member = memberAccess(node);
  return member && globals.includes(globalName(member.object) ?? '') ? member.name : undefined;
}

function memberAccess(node: ts.Node): { object: ts.Expression; name: string } | undefined {
  if (ts.isPropertyAccessExpression(node)) return { object: node.expression, name: node.name.text };
  if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)) {
    return { object: node.expression, name: node.argumentExpression.text };
  }
  return undefined;
}

/** Names in this file that stand for the whole of node:crypto. */
function cryptoNames(source: ts.SourceFile): Set<string> {
  const names = new Set(['crypto', 'webcrypto']);
  for (const statement of source.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    if (withoutPrefix(statement.moduleSpecifier.text) !== 'crypto') continue;
    const clause = statement.importClause;
    if (clause?.name) names.add(clause.name.text);
    if (clause?.namedBindings && ts.isNamespaceImport(clause.namedBindings)) {
      names.add(clause.namedBindings.name.text);
    }
  }
  return names;
}

/** True for a name that is being declared or selected and not read as a global. */
function isOnlyAName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  if (ts.isTypeQueryNode(parent) || ts.isQualifiedName(parent)) return true;
  if (ts.isShorthandPropertyAssignment(parent)) return false;
  if (ts.isBindingElement(parent)) return parent.name === node || parent.propertyName === node;
  return 'name' in parent && parent.name === node;
}

function forbiddenImport(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
    const module = withoutPrefix(node.moduleSpecifier.text);
    return closedModules.includes(module) ? `import of ${module}` : undefined;
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    const [argument] = node.arguments;
    const module = argument && ts.isStringLiteralLike(argument) ? withoutPrefix(argument.text) : '';
    return closedModules.includes(module) ? `import of ${module}` : undefined;
  }
  if (ts.isImportSpecifier(node)) {
    const name = (node.propertyName ?? node.name).text;
    const declaration = node.parent.parent.parent;
    if (!ts.isImportDeclaration(declaration) || !ts.isStringLiteral(declaration.moduleSpecifier))
      return undefined;
    const fromCrypto = withoutPrefix(declaration.moduleSpecifier.text) === 'crypto';
    return fromCrypto && chance.includes(name) ? name : undefined;
  }
  return undefined;
}

function forbiddenMember(object: string, name: string, crypto: ReadonlySet<string>): boolean {
  if (crypto.has(object)) return chance.includes(name);
  return (members[object] ?? []).includes(name) || (globals.includes(object) && timers.includes(name));
}

/** `const { now } = Date` hides the global behind a local name. */
function destructured(node: ts.VariableDeclaration, crypto: ReadonlySet<string>): string | undefined {
  const object = node.initializer && globalName(node.initializer);
  if (object === undefined || !ts.isObjectBindingPattern(node.name)) return undefined;
  for (const element of node.name.elements) {
    const key = element.propertyName ?? element.name;
    if (ts.isIdentifier(key) && forbiddenMember(object, key.text, crypto)) return `${object}.${key.text}`;
  }
  return undefined;
}

function forbiddenUse(node: ts.Node, crypto: ReadonlySet<string>): string | undefined {
  const member = memberAccess(node);
  if (member) {
    const object = globalName(member.object);
    return object !== undefined && forbiddenMember(object, member.name, crypto)
      ? `${object}.${member.name}`
      : undefined;
  }
  if (ts.isVariableDeclaration(node)) return destructured(node, crypto);
  if (ts.isNewExpression(node) && globalName(node.expression) === 'Date') {
    return (node.arguments?.length ?? 0) === 0 ? 'new Date()' : undefined;
  }
  if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'Date') {
    return 'Date()';
  }
  if (ts.isIdentifier(node) && timers.includes(node.text) && !isOnlyAName(node)) return node.text;
  return forbiddenImport(node);
}

export function findSeamBreaks(path: string, text: string): Finding[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const crypto = cryptoNames(source);
  const findings: Finding[] = [];
  const visit = (node: ts.Node): void => {
    const what = forbiddenUse(node, crypto);
    if (what !== undefined) {
      findings.push({ line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1, what });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return findings;
}
