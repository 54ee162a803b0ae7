import { bareText, type RsqlExpression, type RsqlValue, takesList } from './ast.ts';

/** The expression as text that {@link parseRsql} reads as the same tree. */
export function printRsql(expression: RsqlExpression): string {
  if (expression.kind === 'comparison') {
    const { selector, operator, values } = expression;
    const printed = values.map(printValue).join(',');
    return `${printText(selector)}${operator}${takesList(operator) ? `(${printed})` : printed}`;
  }
  const { kind, operands } = expression;
  return operands
    .map((operand) => {
      const binds = operand.kind === 'comparison' || (kind === 'or' && operand.kind === 'and');
      return binds ? printRsql(operand) : `(${printRsql(operand)})`;
    })
    .join(kind === 'and' ? ';' : ',');
}

const printText = (text: string): string => (isBare(text) ? text : `'${escaped(text)}'`);

/** The value as it is written in an expression. */
export function printValue(parts: RsqlValue): string {
  const isText = parts.length === 1;
  if (parts.every((part) => (part === '' ? !isText : isBare(part)))) return parts.join('*');
  return `'${parts.map(escaped).join('*')}'`;
}

const isBare = (text: string): boolean => bareText.test(text) && !text.includes('*');
const escaped = (text: string): string => text.replace(/['\\*]/g, '\\$&');
