import { PatternError, type PatternNode, parsePattern } from './pattern-syntax.ts';
import { RsqlError } from './rsql-error.ts';

/** One step of a compiled pattern; steps are named by their index. */
type Step =
  | { readonly step: 'letter'; readonly fits: (codePoint: number) => boolean; readonly next: number }
  | { readonly step: 'fork'; readonly next: readonly number[] }
  | { readonly step: 'start' | 'end'; readonly next: number }
  | { readonly step: 'found' };

/**
 * A regular expression, as `=re=` takes it. It is followed in all its ways at once, letter by letter (Thompson's
 * construction), so no pattern and no text make it slow out of proportion: at most steps times letters.
 */
export class Pattern {
  readonly source: string;
  private readonly steps: Step[] = [];
  private readonly first: number;

  /**
   * @param maxSteps most steps that the pattern may have; each letter has one, and `{3}` takes three times as many
   * @throws PatternError
   */
  constructor(source: string, maxSteps = Number.POSITIVE_INFINITY) {
    this.source = source;
    const tree = parsePattern(source, maxSteps);
    this.first = this.add(tree, this.put({ step: 'found' }));
  }

  /** True when some part of the text fits; `^` and `$` are its ends. */
  matches(text: string): boolean {
    const letters = [...text];
    let reached = new Set<number>();
    for (let at = 0; at <= letters.length; at++) {
      // A match may begin at any letter.
      if (this.reach(this.first, at, letters.length, reached)) return true;
      const letter = letters[at]?.codePointAt(0);
      if (letter === undefined) return false;
      const after = new Set<number>();
      for (const index of reached) {
        const step = this.steps[index];
        if (step?.step !== 'letter' || !step.fits(letter)) continue;
        if (this.reach(step.next, at + 1, letters.length, after)) return true;
      }
      reached = after;
    }
    return false;
  }

  /** Adds a step, and those that follow without a letter. @returns true when the whole pattern has been passed */
  private reach(from: number, at: number, length: number, reached: Set<number>): boolean {
    const open = [from];
    for (let index = open.pop(); index !== undefined; index = open.pop()) {
      if (reached.has(index)) continue;
      const step = this.steps[index] as Step;
      if (step.step === 'found') return true;
      if (step.step === 'start' && at !== 0) continue;
      if (step.step === 'end' && at !== length) continue;
      reached.add(index);
      if (step.step === 'fork') open.push(...step.next);
      else if (step.step !== 'letter') open.push(step.next);
    }
    return false;
  }

  /** Compiles a part, after which it goes on at `next`. @returns its first step */
  private add(node: PatternNode, next: number): number {
    switch (node.kind) {
      case 'letter':
        return this.put({ step: 'letter', fits: node.fits, next });
      case 'start':
      case 'end':
        return this.put({ step: node.kind, next });
      case 'sequence':
        return node.parts.reduceRight((after, part) => this.add(part, after), next);
      case 'choice':
        return this.put({ step: 'fork', next: node.parts.map((part) => this.add(part, next)) });
      case 'repeat':
        return this.addRepeat(node, next);
    }
  }

  private addRepeat({ part, least, most }: PatternNode & { kind: 'repeat' }, next: number): number {
    let first = next;
    if (most === undefined) {
      const loop: number[] = [next];
      first = this.put({ step: 'fork', next: loop });
      loop.push(this.add(part, first));
    } else {
      for (let time = least; time < most; time++)
        first = this.put({ step: 'fork', next: [next, this.add(part, first)] });
    }
    for (let time = 0; time < least; time++) first = this.add(part, first);
    return first;
  }

  private put(step: Step): number {
    return this.steps.push(step) - 1;
  }
}

/**
 * The pattern of a comparison.
 * @param offset where it, or its comparison, begins in the expression
 * @throws RsqlError
 */
export function readPattern(source: string, offset: number | undefined, maxSteps?: number): Pattern {
  try {
    return new Pattern(source, maxSteps);
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    throw new RsqlError(`the pattern after =re= cannot be used: ${error.message}`, offset);
  }
}
