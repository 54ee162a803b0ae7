/** A regular expression as a tree. */
export type PatternNode =
  | { readonly kind: 'letter'; readonly fits: (codePoint: number) => boolean }
  | { readonly kind: 'start' | 'end' }
  | { readonly kind: 'sequence' | 'choice'; readonly parts: readonly PatternNode[] }
  | {
      readonly kind: 'repeat';
      readonly part: PatternNode;
      readonly least: number;
      /** Undefined: as often as one likes. */
      readonly most: number | undefined;
    };

/** What is wrong with a regular expression. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

type Letters = (codePoint: number) => boolean;

const maxDepth = 20;
const classes: Readonly<Record<string, Letters>> = {
  d: within('0', '9'),
  w: either(within('a', 'z'), within('A', 'Z'), within('0', '9'), within('_', '_')),
  s: (point) => /\s/.test(String.fromCodePoint(point)),
};
const controls: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/**
 * Reads the regular part of regular expressions: letters, `.` (any letter), `[a-z]`, `[^a-z]`, `\d \w \s \D \W \S`,
 * `( )`, `(?: )`, `|`, `* + ? {2} {2,} {2,3}`, `^` and `$`; `\` takes any other sign as it is. What looks ahead or
 * back is not regular.
 * @throws PatternError
 */
export function parsePattern(source: string, maxSteps: number): PatternNode {
  return new PatternParser(source, maxSteps).parse();
}

class PatternParser {
  private readonly letters: readonly string[];
  private readonly maxSteps: number;
  private at = 0;

  constructor(source: string, maxSteps: number) {
    this.letters = [...source];
    this.maxSteps = maxSteps;
  }

  parse(): PatternNode {
    const whole = this.choice(0);
    if (this.at < this.letters.length) throw new PatternError(') closes nothing; write \\) for the sign');
    return whole.node;
  }

  private choice(depth: number): Part {
    const parts = [this.sequence(depth)];
    while (this.take('|')) parts.push(this.sequence(depth));
    const [only] = parts;
    return parts.length === 1 && only ? only : this.joined('choice', parts);
  }

  private sequence(depth: number): Part {
    const parts: Part[] = [];
    while (this.at < this.letters.length && !['|', ')'].includes(this.letters[this.at] as string))
      parts.push(this.repeated(this.atom(depth)));
    return this.joined('sequence', parts);
  }

  private joined(kind: 'sequence' | 'choice', parts: readonly Part[]): Part {
    const steps = parts.reduce((sum, part) => sum + part.steps, kind === 'choice' ? 1 : 0);
    return this.counted({ kind, parts: parts.map(({ node }) => node) }, steps);
  }

  private repeated(part: Part): Part {
    const times = this.times();
    if (!times) return part;
    const { least, most } = times;
    if (most !== undefined && most < least)
      throw new PatternError(`{${least},${most}} wants more than it allows`);
    const node = this.counted(
      { kind: 'repeat', part: part.node, least, most },
      (part.steps + 1) * Math.max(least + (most === undefined ? 1 : 0), most ?? 0, 1),
    );
    const again = this.letters[this.at];
    if (again !== undefined && '*+?'.includes(again))
      throw new PatternError(`${again} repeats what is repeated already; put it between ( and )`);
    return node;
  }

  private times(): { readonly least: number; readonly most: number | undefined } | undefined {
    if (this.take('*')) return { least: 0, most: undefined };
    if (this.take('+')) return { least: 1, most: undefined };
    if (this.take('?')) return { least: 0, most: 1 };
    if (this.letters[this.at] !== '{') return undefined;
    const form = /^\{(\d{1,9})(,(\d{1,9})?)?\}/.exec(this.letters.slice(this.at, this.at + 24).join(''));
    if (!form)
      throw new PatternError('after { comes a number of times, as in {2} or {2,3}; write \\{ for the sign');
    this.at += form[0].length;
    const least = Number(form[1]);
    if (form[2] === undefined) return { least, most: least };
    return { least, most: form[3] === undefined ? undefined : Number(form[3]) };
  }

  private atom(depth: number): Part {
    const letter = this.next() as string;
    switch (letter) {
      case '(':
        return this.group(depth);
      case '[':
        return this.letter(this.set());
      case '.':
        return this.letter(() => true);
      case '^':
        return this.counted({ kind: 'start' }, 1);
      case '$':
        return this.counted({ kind: 'end' }, 1);
      case '\\':
        return this.letter(this.escape());
      case '*':
      case '+':
      case '?':
      case '{':
        throw new PatternError(
          `there is nothing before ${letter} that it could repeat; write \\${letter} for the sign`,
        );
      default:
        return this.letter(within(letter, letter));
    }
  }

  private group(depth: number): Part {
    if (depth >= maxDepth)
      throw new PatternError(`at most ${maxDepth} parentheses may stand within one another`);
    if (this.take('?') && !this.take(':'))
      throw new PatternError('(? is known in the form (?: only: nothing looks ahead or back');
    const inner = this.choice(depth + 1);
    if (!this.take(')')) throw new PatternError('a ( has no )');
    return inner;
  }

  private set(): Letters {
    const negated = this.take('^');
    const members: Letters[] = [];
    while (!this.take(']')) {
      const from = this.member();
      if (typeof from !== 'string' || this.letters[this.at] !== '-' || this.letters[this.at + 1] === ']') {
        members.push(typeof from === 'string' ? within(from, from) : from);
        continue;
      }
      this.at += 1;
      const to = this.member();
      if (typeof to !== 'string') throw new PatternError('a range in [ ] ends with a letter');
      if (pointOf(to) < pointOf(from))
        throw new PatternError(`the range ${from}-${to} is the wrong way round`);
      members.push(within(from, to));
    }
    const any = either(...members);
    return negated ? (point) => !any(point) : any;
  }

  private member(): string | Letters {
    const letter = this.next();
    if (letter === undefined) throw new PatternError('a [ has no ]');
    return letter === '\\' ? this.escaped() : letter;
  }

  private escape(): Letters {
    const escaped = this.escaped();
    return typeof escaped === 'string' ? within(escaped, escaped) : escaped;
  }

  private escaped(): string | Letters {
    const letter = this.next();
    if (letter === undefined) throw new PatternError('it ends with \\');
    const known = classes[letter];
    if (known) return known;
    const opposite = classes[letter.toLowerCase()];
    if (opposite) return (point) => !opposite(point);
    const control = controls[letter];
    if (control === undefined && /[A-Za-z0-9]/.test(letter))
      throw new PatternError(
        `\\${letter} has no meaning here; there are \\d \\w \\s \\D \\W \\S \\n \\r \\t`,
      );
    return control ?? letter;
  }

  private letter(fits: Letters): Part {
    return this.counted({ kind: 'letter', fits }, 1);
  }

  private counted(node: PatternNode, steps: number): Part {
    if (steps > this.maxSteps)
      throw new PatternError(`it takes more than ${this.maxSteps} steps (setting rsqlMaxPatternSteps)`);
    return { node, steps };
  }

  private next(): string | undefined {
    return this.letters[this.at++];
  }

  private take(letter: string): boolean {
    if (this.letters[this.at] !== letter) return false;
    this.at += 1;
    return true;
  }
}

/** A part, and how many steps it takes at most. */
interface Part {
  readonly node: PatternNode;
  readonly steps: number;
}

function pointOf(letter: string): number {
  return letter.codePointAt(0) as number;
}

function within(from: string, to: string): Letters {
  const [first, last] = [pointOf(from), pointOf(to)];
  return (point) => point >= first && point <= last;
}

function either(...some: readonly Letters[]): Letters {
  return (point) => some.some((fits) => fits(point));
}
