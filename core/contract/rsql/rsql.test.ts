import { describe, expect, it } from 'vitest';
import fc from '../../testing/properties.ts';
import { rsqlExpressions, rsqlValues, withoutOffsets } from '../../testing/rsql-arbitraries.ts';
import type { RsqlExpression, RsqlOperator, RsqlValue } from './ast.ts';
import { defaultRsqlLimits, parseRsql } from './parse.ts';
import { printRsql } from './print.ts';
import { RsqlError } from './rsql-error.ts';

const is = (selector: string, operator: RsqlOperator, ...values: (string | RsqlValue)[]): RsqlExpression => ({
  kind: 'comparison',
  selector,
  operator,
  values: values.map((value) => (typeof value === 'string' ? [value] : value)),
});
const and = (...operands: RsqlExpression[]): RsqlExpression => ({ kind: 'and', operands });
const or = (...operands: RsqlExpression[]): RsqlExpression => ({ kind: 'or', operands });
const [a, b, c] = [is('a', '==', '1'), is('b', '==', '2'), is('c', '==', '3')];

describe('reads', () => {
  it.each<[string, RsqlExpression]>([
    // The example of manual 5.3.2.1.
    [
      'groupPath==/France;tags==demo;connector==lwm2m or (connector==x-connector)',
      or(
        and(is('groupPath', '==', '/France'), is('tags', '==', 'demo'), is('connector', '==', 'lwm2m')),
        is('connector', '==', 'x-connector'),
      ),
    ],
    // The example of facts 6.
    ['tag=in=(site-a,site-b)', is('tag', '=in=', 'site-a', 'site-b')],
    ['a==1;b==2,c==3', or(and(a, b), c)],
    ['a==1,b==2;c==3', or(a, and(b, c))],
    ['a==1;(b==2,c==3)', and(a, or(b, c))],
    ['a==1 and b==2 or c==3', or(and(a, b), c)],
    ['a==1 AND (b==2 OR c==3)', and(a, or(b, c))],
    ['(a==1)and(b==2)', and(a, b)],
    ['((a==1))', a],
    ['  a == 1 ; b=="2"  ', and(a, b)],
    ['a==1;(b==2;c==3)', and(a, and(b, c))],
    ['a!=x', is('a', '!=', 'x')],
    ['a=IN=(1, 2 ,3)', is('a', '=in=', '1', '2', '3')],
    ['a=out=1', is('a', '=out=', '1')],
    [
      'a<1;a<=2;a>3;a>=4',
      and(is('a', '=lt=', '1'), is('a', '=le=', '2'), is('a', '=gt=', '3'), is('a', '=ge=', '4')),
    ],
    ['a=lt=1,a=le=2', or(is('a', '=lt=', '1'), is('a', '=le=', '2'))],
    ['a=re=^lyon-.*\\d$', is('a', '=re=', '^lyon-.*\\d$')],
    ["a=re='^(\\\\d|x)*$'", is('a', '=re=', '^(\\d|x)*$')],
    ["a=q='free text'", is('a', '=q=', 'free text')],
    ['a==val*', is('a', '==', ['val', ''])],
    ['a==*', is('a', '==', ['', ''])],
    ['a==*x*', is('a', '==', ['', 'x', ''])],
    ["a=='my sensor*'", is('a', '==', ['my sensor', ''])],
    ["a=='2 \\* 3'", is('a', '==', '2 * 3')],
    [`a=='it\\'s',b=="\\"\\\\"`, or(is('a', '==', "it's"), is('b', '==', '"\\'))],
    ["a==''", is('a', '==', '')],
    ['a==or', is('a', '==', 'or')],
    ['and==or and or==and', and(is('and', '==', 'or'), is('or', '==', 'and'))],
    ['a==\\x', is('a', '==', '\\x')],
    ["'property.my key'==x", is('property.my key', '==', 'x')],
    ['id==urn:lo:nsid:a:b', is('id', '==', 'urn:lo:nsid:a:b')],
    ['created=gt=2026-01-01T00:00:00+01:00', is('created', '=gt=', '2026-01-01T00:00:00+01:00')],
  ])('%s', (text, tree) => {
    expect(withoutOffsets(parseRsql(text))).toEqual(tree);
    expect(withoutOffsets(parseRsql(printRsql(tree)))).toEqual(tree);
  });
});

describe('refuses, with the position', () => {
  it.each([
    ['', 1, 'expected the name of a field or (, but it ends'],
    ['   ', 4, 'it ends'],
    ['a', 2, 'expected an operator'],
    ['a=', 2, 'expected an operator'],
    ['a=1', 2, 'expected an operator (== != =in='],
    ['a=rex=x', 2, 'no operator is called =rex='],
    ['a=re=(x)', 6, 'expected a pattern after =re=, which stands between'],
    ['a=re=', 6, 'expected a value after =re=, but it ends'],
    ["b==1;a=re='(x'", 11, 'the pattern after =re= cannot be used: a ( has no )'],
    ['a==', 4, 'expected a value after ==, but it ends'],
    ['a==;b==1', 4, 'expected a value after ==, but found ";"'],
    ['a==1;', 6, 'expected the name of a field or (, but it ends'],
    ['a==1 and', 9, 'expected the name of a field or (, but it ends'],
    ['a==1 b==2', 6, 'expected ; or , or and, or, or the end, but found "b"'],
    ['a==1)', 5, 'found ")"'],
    ['(a==1', 6, 'expected ) for the parenthesis opened at character 1'],
    ['a==1;(b==2', 11, 'opened at character 6'],
    ['()', 2, 'expected the name of a field'],
    ['a=in=()', 7, 'expected a value after =in='],
    ['a=in=(1,2', 10, 'the list opened at character 6'],
    ['a=in=(1;2)', 8, 'expected , or )'],
    ["a=='x", 4, "the text that begins with ' has no end"],
    ["a=='x\\'", 4, 'has no end'],
    ['a==b=c', 5, "put a text that holds this character between ' and '"],
    ["''==a", 3, 'expected the name of a field'],
    ['==a', 1, 'expected the name of a field'],
  ])('%j', (text, character, reason) => {
    const error = failureOf(text);
    expect(error.offset).toBe(character - 1);
    expect(error.message).toContain(`at character ${character}: `);
    expect(error.message).toContain(reason);
  });
});

describe('limits', () => {
  const limits = {
    ...defaultRsqlLimits,
    rsqlMaxCharacters: 60,
    rsqlMaxDepth: 3,
    rsqlMaxComparisons: 4,
    rsqlMaxValues: 5,
    rsqlMaxPatternSteps: 6,
  };
  it.each([
    ['a==1;b==2;c==3;d==4', undefined],
    [`a==${'x'.repeat(57)}`, undefined],
    ['(((a==1)))', undefined],
    ['a=re=^abcd$', undefined],
    [
      'a=re=^abcde$',
      'at character 6: the pattern after =re= cannot be used: it takes more than 6 steps (setting rsqlMaxPatternSteps)',
    ],
    ['a=in=(1,2,3,4,5)', undefined],
    [`a==${'x'.repeat(58)}`, 'at most 60 characters (setting rsqlMaxCharacters)'],
    [
      '((((a==1))))',
      'at character 4: at most 3 parentheses may stand within one another (setting rsqlMaxDepth)',
    ],
    [
      'a==1;b==2;c==3;d==4;e==5',
      'at character 21: at most 4 comparisons are allowed (setting rsqlMaxComparisons)',
    ],
    ['a=in=(1,2,3,4,5,6)', 'at most 5 values are allowed (setting rsqlMaxValues)'],
  ])('%s', (text, message) => {
    if (message === undefined) expect(parseRsql(text, limits)).toBeDefined();
    else expect(failureOf(text, limits).message).toContain(message);
  });

  it('hold on the deepest and longest that fits in a request', () => {
    const deep = `${'('.repeat(100_000)}a==1${')'.repeat(100_000)}`;
    const characters = { ...defaultRsqlLimits, rsqlMaxCharacters: 1_000_000 };
    expect(failureOf(deep, characters).message).toContain('rsqlMaxDepth');
    expect(failureOf('a==1,'.repeat(100_000), characters).message).toContain('rsqlMaxComparisons');
    expect(failureOf(`a=in=(${'1,'.repeat(100_000)}1)`, characters).message).toContain('rsqlMaxValues');
  });
});

describe('any expression', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 8 }),
    fc.stringMatching(/^[ '"\\*();,=!~<>a]{0,6}$/),
  );
  const trees = rsqlExpressions(
    texts.filter((text) => text !== ''),
    rsqlValues(texts),
  );
  const boundless = {
    rsqlMaxCharacters: 1e6,
    rsqlMaxDepth: 1000,
    rsqlMaxComparisons: 1e6,
    rsqlMaxValues: 1e6,
    rsqlMaxPatternSteps: 1e4,
  };

  it('reads as what it was when written', () => {
    fc.assert(
      fc.property(trees, (tree) => {
        const text = printRsql(tree);
        const read = parseRsql(text, boundless);
        expect(withoutOffsets(read)).toEqual(tree);
        expect(printRsql(read)).toBe(text);
      }),
      { numRuns: 1000 },
    );
  });

  it('and any text is read, or refused at a place within it', () => {
    const fragments = fc.constantFrom(
      'a',
      '==',
      '=in=',
      '=re=',
      '(',
      ')',
      ';',
      ',',
      "'",
      '"',
      '\\',
      '*',
      ' and ',
      ' or ',
      '=',
      '!',
      ' ',
      'x',
    );
    const anyText = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fragments, { maxLength: 30 }).map((parts) => parts.join('')),
      fc.tuple(trees, fc.nat(), fragments).map(([tree, at, fragment]) => {
        const text = printRsql(tree);
        const cut = at % (text.length + 1);
        return text.slice(0, cut) + fragment + text.slice(cut + 1);
      }),
    );
    fc.assert(
      fc.property(anyText, (text) => {
        let tree: RsqlExpression;
        try {
          tree = parseRsql(text, boundless);
        } catch (error) {
          expect(error).toBeInstanceOf(RsqlError);
          expect((error as RsqlError).offset).toBeGreaterThanOrEqual(0);
          expect((error as RsqlError).offset).toBeLessThanOrEqual(text.length);
          return;
        }
        expect(withoutOffsets(parseRsql(printRsql(tree), boundless))).toEqual(withoutOffsets(tree));
      }),
      { numRuns: 2000 },
    );
  });
});

function failureOf(text: string, limits = defaultRsqlLimits): RsqlError {
  try {
    parseRsql(text, limits);
  } catch (error) {
    if (error instanceof RsqlError) return error;
    throw error;
  }
  throw new Error(`was read: ${text}`);
}
