import { numberOf } from '../contract/rsql/field-facts.ts';
import { asciiLowerCase, type Order, type Resolved, type ValueTest } from '../contract/rsql/resolve.ts';
import type { RsqlField } from './field.ts';

/** True when the item passes. The same as {@link compileRsql}, without a database. */
export function evaluateRsql<Item>(expression: Resolved<RsqlField<Item>>, item: Item): boolean {
  if (expression.kind !== 'comparison') {
    const { kind, operands } = expression;
    const accepts = (operand: Resolved<RsqlField<Item>>): boolean => evaluateRsql(operand, item);
    return kind === 'and' ? operands.every(accepts) : operands.some(accepts);
  }
  const { field, tests, canonicalTests = tests, negated } = expression;
  const found =
    field.values(item).some((value) => tests.some((test) => passes(value, test))) ||
    field.canonicalValues?.(item).some((value) => canonicalTests.some((test) => passes(value, test)));
  return (found ?? false) !== negated;
}

function passes(value: string | number, test: ValueTest): boolean {
  switch (test.test) {
    case 'any':
      return true;
    case 'in':
      return test.values.includes(value);
    case 'ends': {
      const text = String(value);
      const { start, end } = test;
      return text.length >= start.length + end.length && text.startsWith(start) && text.endsWith(end);
    }
    case 'contains':
      return String(value).includes(test.text);
    case 'pattern':
      return test.pattern.matches(String(value));
    case 'below':
      return value === test.path || String(value).startsWith(`${test.path}/`);
    case 'order': {
      const compared = test.asNumber ? numberOf(String(value)) : value;
      return compared !== undefined && inOrder(compared, test.operator, test.value);
    }
    case 'words': {
      const text = asciiLowerCase(String(value));
      return test.words.some((word) => text.includes(word));
    }
  }
}

function inOrder(left: string | number, operator: Order, right: string | number): boolean {
  const order =
    typeof left === 'number' && typeof right === 'number'
      ? left - right
      : compareCodePoints(String(left), String(right));
  switch (operator) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}

/** The order of texts in databases, which differs from that of UTF-16 above U+FFFF. */
function compareCodePoints(left: string, right: string): number {
  const a = [...left];
  const b = [...right];
  for (let index = 0; index < a.length && index < b.length; index++) {
    const difference = (a[index]?.codePointAt(0) ?? 0) - (b[index]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
