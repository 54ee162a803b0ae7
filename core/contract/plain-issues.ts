import type { z } from 'zod';

/** What a type is called to people who know JSON. */
const typeNames: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
};

/** Texts for what the schemas have no text of their own for; given to the validator with the value. */
export const plainIssues: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type': {
      if (issue.input === undefined) return 'is needed';
      // In a query also a parameter that is given twice.
      if (Array.isArray(issue.input)) return 'must be a single value, and given once';
      return `must be ${typeNames[issue.expected] ?? issue.expected}`;
    }
    case 'too_small':
      if (issue.origin === 'string' && Number(issue.minimum) === 1) return 'must not be empty';
      return undefined;
    default:
      return undefined;
  }
};
