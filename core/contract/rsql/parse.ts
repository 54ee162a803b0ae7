import { type RsqlExpression, type RsqlOperator, type RsqlValue, rsqlOperators, takesList } from './ast.ts';
import { readPattern } from './pattern.ts';
import { RsqlError } from './rsql-error.ts';

export interface RsqlLimits {
  /** Most characters of an expression. */
  readonly rsqlMaxCharacters: number;
  /** Most parentheses within one another. */
  readonly rsqlMaxDepth: number;
  /** Most comparisons of an expression. */
  readonly rsqlMaxComparisons: number;
  /** Most values of all its comparisons together. */
  readonly rsqlMaxValues: number;
  /** Most steps of a pattern of `=re=`: a letter is one, and `{3}` takes three times as many. */
  readonly rsqlMaxPatternSteps: number;
}

export const defaultRsqlLimits: RsqlLimits = {
  rsqlMaxCharacters: 4000,
  rsqlMaxDepth: 32,
  rsqlMaxComparisons: 50,
  rsqlMaxValues: 500,
  rsqlMaxPatternSteps: 200,
};

const shortOperators: Readonly<Record<string, RsqlOperator>> = {
  '<': '=lt=',
  '<=': '=le=',
  '>': '=gt=',
  '>=': '=ge=',
};
const junctionWords = { and: ';', or: ',' } as const;

/**
 * Reads RSQL: `;` or `and` binds more tightly than `,` or `or`, and parentheses more than both. A value that
 * holds spaces or any of `"'();,=!~<>` stands between `'` or `"`, where `\` takes the next character as it is.
 * `*` in a value is a wildcard, except after `=re=`, where the value is a pattern.
 * @throws RsqlError with the position of what does not fit
 */
export function parseRsql(text: string, limits: RsqlLimits = defaultRsqlLimits): RsqlExpression {
  return new Parser(text, limits).parse();
}

class Parser {
  private readonly text: string;
  private readonly limits: RsqlLimits;
  private at = 0;
  private comparisons = 0;
  private values = 0;

  constructor(text: string, limits: RsqlLimits) {
    this.text = text;
    this.limits = limits;
  }

  parse(): RsqlExpression {
    const { rsqlMaxCharacters } = this.limits;
    if (this.text.length > rsqlMaxCharacters) {
      throw new RsqlError(
        `must have at most ${rsqlMaxCharacters} characters (setting rsqlMaxCharacters)`,
        undefined,
      );
    }
    const whole = this.junction('or', 0);
    if (this.at < this.text.length) throw this.unexpected('; or , or and, or, or the end');
    return whole;
  }

  private junction(kind: 'and' | 'or', depth: number): RsqlExpression {
    const operand = (): RsqlExpression =>
      kind === 'or' ? this.junction('and', depth) : this.constraint(depth);
    const first = operand();
    const operands = [first];
    while (this.takesJunction(kind)) operands.push(operand());
    return operands.length === 1 ? first : { kind, operands };
  }

  private takesJunction(kind: 'and' | 'or'): boolean {
    this.skipSpace();
    return (
      this.take(junctionWords[kind]) ||
      this.match(kind === 'and' ? /and(?=[\s('"]|$)/iy : /or(?=[\s('"]|$)/iy) !== undefined
    );
  }

  private constraint(depth: number): RsqlExpression {
    this.skipSpace();
    const opening = this.at;
    if (!this.take('(')) return this.comparison();
    const { rsqlMaxDepth } = this.limits;
    if (depth >= rsqlMaxDepth) {
      throw new RsqlError(
        `at most ${rsqlMaxDepth} parentheses may stand within one another (setting rsqlMaxDepth)`,
        opening,
      );
    }
    const inner = this.junction('or', depth + 1);
    this.skipSpace();
    if (!this.take(')'))
      throw this.unexpected(`) for the parenthesis opened at character ${opening + 1}, or and, or`);
    return inner;
  }

  private comparison(): RsqlExpression {
    const offset = this.at;
    this.count('comparisons', 'rsqlMaxComparisons');
    const selector = this.quoted()?.join('*') ?? this.match(/[^"'();,=!~<>\s]+/y);
    if (selector === undefined || selector === '') throw this.unexpected('the name of a field or (');
    this.skipSpace();
    const operator = this.operator();
    this.skipSpace();
    return { kind: 'comparison', selector, operator, values: this.valuesOf(operator), offset };
  }

  private operator(): RsqlOperator {
    const start = this.at;
    const written = this.match(/==|!=|=[a-z-]*=|[<>]=?/iy);
    if (written === undefined) throw this.unexpected(`an operator (${rsqlOperators.join(' ')})`);
    const operator = shortOperators[written] ?? written.toLowerCase();
    const known = rsqlOperators.find((each) => each === operator);
    if (known) return known;
    throw new RsqlError(`no operator is called ${written}; there are ${rsqlOperators.join(' ')}`, start);
  }

  private valuesOf(operator: RsqlOperator): RsqlValue[] {
    if (operator === '=re=') return [this.pattern()];
    if (!takesList(operator)) return [this.value(operator)];
    const opening = this.at;
    // A single value without parentheses is a list of one, as in other implementations of RSQL.
    if (!this.take('(')) return [this.value(operator)];
    const list: RsqlValue[] = [];
    do {
      this.skipSpace();
      list.push(this.value(operator));
      this.skipSpace();
    } while (this.take(','));
    if (!this.take(')')) throw this.unexpected(`, or ) for the list opened at character ${opening + 1}`);
    return list;
  }

  private pattern(): RsqlValue {
    const start = this.at;
    if (/[(),;]/.test(this.text[start] ?? ''))
      throw this.unexpected("a pattern after =re=, which stands between ' and ' when it holds one of (),;");
    const source = this.value('=re=').join('*');
    readPattern(source, start, this.limits.rsqlMaxPatternSteps);
    return [source];
  }

  private value(operator: RsqlOperator): RsqlValue {
    this.count('values', 'rsqlMaxValues');
    const quoted = this.quoted();
    if (quoted) return quoted;
    const bare = this.match(/[^"'();,=!~<>\s]+/y);
    if (bare === undefined) throw this.unexpected(`a value after ${operator}`);
    return bare.split('*') as unknown as RsqlValue;
  }

  /** A text between quotation marks, cut at its wildcards. */
  private quoted(): RsqlValue | undefined {
    const mark = this.text[this.at];
    if (mark !== "'" && mark !== '"') return undefined;
    const parts: [string, ...string[]] = [''];
    for (let next = this.at + 1; next < this.text.length; next++) {
      const letter = this.text[next] as string;
      if (letter === mark) {
        this.at = next + 1;
        return parts;
      }
      if (letter === '*') parts.push('');
      else parts[parts.length - 1] += letter === '\\' ? (this.text[++next] ?? '') : letter;
    }
    throw new RsqlError(`the text that begins with ${mark} has no end`, this.at);
  }

  private count(what: 'comparisons' | 'values', limit: 'rsqlMaxComparisons' | 'rsqlMaxValues'): void {
    this[what] += 1;
    if (this[what] <= this.limits[limit]) return;
    throw new RsqlError(`at most ${this.limits[limit]} ${what} are allowed (setting ${limit})`, this.at);
  }

  private take(letter: string): boolean {
    if (this.text[this.at] !== letter) return false;
    this.at += 1;
    return true;
  }

  /** @param sticky a pattern that begins to look at `lastIndex` */
  private match(sticky: RegExp): string | undefined {
    sticky.lastIndex = this.at;
    const found = sticky.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  private skipSpace(): void {
    this.match(/\s+/y);
  }

  private unexpected(wanted: string): RsqlError {
    const found = this.at < this.text.length ? `found ${JSON.stringify(this.text[this.at])}` : 'it ends';
    const quote = /[=!~<>]/.test(this.text[this.at] ?? '')
      ? "; put a text that holds this character between ' and '"
      : '';
    return new RsqlError(`expected ${wanted}, but ${found}${quote}`, this.at);
  }
}
