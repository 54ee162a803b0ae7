import { describe, expect, it } from 'vitest';
import fc from '../../testing/properties.ts';
import { Pattern } from './pattern.ts';
import { PatternError } from './pattern-syntax.ts';

describe('a pattern', () => {
  it.each([
    ['lyon', 'a lyon b', true],
    ['^lyon$', 'a lyon', false],
    ['^lyon-\\d+$', 'lyon-042', true],
    ['^lyon-\\d+$', 'lyon-', false],
    ['^(?:a|bc)*$', 'abcbca', true],
    ['^(?:a|bc)*$', 'abb', false],
    ['^a{2,3}$', 'aaa', true],
    ['^a{2,3}$', 'aaaa', false],
    ['^a{2}$', 'a', false],
    ['^a{2,}$', 'aaaaa', true],
    ['[^a-z_-]', 'a-b_c', false],
    ['[a\\]-]', ']', true],
    ['^.$', '\u{1F600}', true],
    ['a|', 'x', true],
    ['', '', true],
    ['^$', 'x', false],
    ['\\.', 'x', false],
  ])('%j against %j: %j', (source, text, fits) => {
    expect(new Pattern(source).matches(text)).toBe(fits);
  });

  it.each([
    ['(a', 'a ( has no )'],
    ['a)', ') closes nothing'],
    ['[a', 'a [ has no ]'],
    ['*a', 'nothing before *'],
    ['a**', '* repeats what is repeated already'],
    ['a{3,2}', '{3,2} wants more than it allows'],
    ['a{x}', 'after { comes a number'],
    ['(?=a)', 'nothing looks ahead or back'],
    ['(a)\\1', '\\1 has no meaning here'],
    ['\\', 'it ends with \\'],
    ['[z-a]', 'the range z-a is the wrong way round'],
    ['(((((((((((((((((((((a)))))))))))))))))))))', 'at most 20 parentheses'],
    ['(a{100}){100}', 'more than 200 steps (setting rsqlMaxPatternSteps)'],
    ['(){999999999}', 'more than 200 steps'],
  ])('%j is refused', (source, reason) => {
    expect(() => new Pattern(source, 200)).toThrow(PatternError);
    expect(() => new Pattern(source, 200)).toThrow(reason);
  });

  it('takes as many steps as were counted, and no more', () => {
    fc.assert(
      fc.property(patterns, (source) => {
        const counted = [...Array(400).keys()].find((most) => accepts(source, most));
        if (counted === undefined) return;
        const { steps } = new Pattern(source) as unknown as { steps: unknown[] };
        // The step that ends every pattern is not counted.
        expect(steps.length - 1).toBeLessThanOrEqual(counted);
      }),
    );
  });

  it('finds what the regular expressions of JavaScript find', () => {
    fc.assert(
      fc.property(patterns, texts, (source, text) => {
        expect(new Pattern(source).matches(text)).toBe(new RegExp(source, 'su').test(text));
      }),
      { numRuns: 3000 },
    );
  });

  it('does not lose itself in a pattern that makes others slow', () => {
    // Backtracking takes 2^40 steps for this.
    expect(new Pattern('^(a+)+$').matches(`${'a'.repeat(40)}b`)).toBe(false);
  });
});

function accepts(source: string, maxSteps: number): boolean {
  try {
    new Pattern(source, maxSteps);
    return true;
  } catch {
    return false;
  }
}

const texts = fc
  .array(fc.constantFrom('a', 'b', 'c', '1', ' ', '-', 'é', '\u{1F600}', '\n'), { maxLength: 8 })
  .map((letters) => letters.join(''));
const atom = fc.constantFrom('a', 'b', '1', '.', '[ab]', '[^a-c]', '\\d', '\\W', '\\s', '^', '$', 'é');
const { pattern: patterns } = fc.letrec<{ pattern: string; group: string }>((tie) => ({
  pattern: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    atom,
    fc.tuple(tie('pattern'), tie('pattern')).map(([left, right]) => left + right),
    fc.tuple(tie('pattern'), tie('pattern')).map(([left, right]) => `${left}|${right}`),
    fc
      .tuple(tie('pattern'), fc.constantFrom('*', '+', '?', '{2}', '{1,}', '{0,2}', '{0}'))
      .map(([inner, times]) => `(?:${inner})${times}`),
    tie('group'),
  ),
  group: tie('pattern').map((inner) => `(${inner})`),
}));
