import type { z } from 'zod';

/** What a type is called to people who know JSON. */
const typeNames: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
  undefined: 'left out',
  never: 'left out',
};

/** Forms of texts that schemas know by name. */
const formats: Readonly<Record<string, string>> = {
  datetime: 'must be a date and time such as 2030-01-01T10:00:00Z',
  date: 'must be a date such as 2030-01-01',
  duration: 'must be a duration such as PT10M',
  email: 'must be an e-mail address',
  url: 'must be a URL',
  uuid: 'must be a UUID',
  ipv4: 'must be an IPv4 address',
  ipv6: 'must be an IPv6 address',
  base64: 'must be Base64',
};

type RawIssue = Parameters<z.core.$ZodErrorMap>[0];

/**
 * Texts for what the schemas have no text of their own for; given to the validator with the value. Each says what must
 * be there, so that the reader knows what to do.
 */
export const plainIssues: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return 'is needed';
      return `must be ${typeNames[issue.expected] ?? issue.expected}${Array.isArray(issue.input) ? ', not a list' : ''}`;
    case 'invalid_value':
      return missing(issue, oneOf(issue.values));
    case 'invalid_union':
      return missing(issue, ofUnion(issue));
    case 'too_small':
      return bound(issue.origin, 'least', Number(issue.minimum), issue.inclusive !== false);
    case 'too_big':
      return bound(issue.origin, 'most', Number(issue.maximum), issue.inclusive !== false);
    case 'invalid_format':
      return formats[issue.format] ?? `must have the form ${issue.pattern ?? issue.format}`;
    case 'unrecognized_keys': {
      const names = issue.keys.map((name) => JSON.stringify(name.slice(0, 80))).join(', ');
      return `must not hold ${names}, which ${issue.keys.length === 1 ? 'is' : 'are'} not known here`;
    }
    case 'invalid_key':
      return `the name ${issue.issues.map(({ message }) => message).join(', ')}`;
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    default:
      return undefined;
  }
};

/** The same for queries, where a parameter that is given twice comes as a list. */
export const plainQueryIssues: z.core.$ZodErrorMap = (issue) =>
  issue.code === 'invalid_type' && Array.isArray(issue.input)
    ? 'must be a single value, and given once'
    : plainIssues(issue);

function missing(issue: RawIssue, text: string): string {
  if (issue.input !== undefined) return text;
  return text === 'is needed' ? text : `is needed; ${text}`;
}

function oneOf(values: readonly unknown[]): string {
  const shown = values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
  return shown.length === 1 ? `must be ${shown[0]}` : `must be one of ${shown.join(', ')}`;
}

function bound(origin: string, side: 'least' | 'most', count: number, inclusive: boolean): string {
  switch (origin) {
    case 'string':
      if (side === 'least' && count === 1) return 'must not be empty';
      return `must have at ${side} ${count} characters`;
    case 'array':
    case 'set':
      if (side === 'least' && count === 1) return 'must not be empty';
      return `must hold at ${side} ${count}`;
    default:
      if (inclusive) return `must be at ${side} ${count}`;
      return side === 'least' ? `must be more than ${count}` : `must be less than ${count}`;
  }
}

/** What each choice lacks, or, where a field tells the choices apart, what that field may be. */
function ofUnion(issue: Extract<RawIssue, { code: 'invalid_union' }>): string {
  if (issue.discriminator !== undefined) {
    const { options } = issue as { readonly options?: readonly unknown[] };
    return options ? oneOf(options) : 'must be one of the kinds there are';
  }
  const choices = issue.errors.map((issues) =>
    issues.map(({ path, message }) => [...path.map(String), message].join(' ')).join(' and '),
  );
  const [first = 'must be of another type', ...others] = [...new Set(choices)];
  return [first, ...others.map((other) => other.replace(/^must be /, ''))].join(', or ');
}
