import type { z } from 'zod';
import { plainIssues } from '../../core/contract/plain-issues.ts';
import { faultText } from '../i18n/fault-text.ts';

/** What does not fit in a form, by the path of the value in the body: `staticLocation.lat`. */
export type Problems = ReadonlyMap<string, string>;

/** What {@link plainIssues} says of a value that is not there. */
const missing = 'is needed';

/**
 * What a schema of the API would not take, each to be shown at its field.
 * @param needed the text for a value that is missing; for all else the contract has texts of its own
 */
export function problemsOf(schema: z.ZodType, body: unknown, needed: string): Map<string, string> {
  const problems = new Map<string, string>();
  const checked = schema.safeParse(body, { error: plainIssues });
  if (checked.success) return problems;
  for (const issue of checked.error.issues) {
    const path = issue.path.join('.');
    // Of a record's key, what is wrong with it stands one level deeper.
    const message = issue.code === 'invalid_key' ? issue.issues[0]?.message : issue.message;
    const text = message === missing ? needed : faultText(message ?? issue.message);
    if (!problems.has(path)) problems.set(path, text);
  }
  return problems;
}

/** The first problem at a path or below it, for a field that holds a list. */
export function problemBelow(problems: Problems, path: string): string | undefined {
  for (const [at, text] of problems) if (at === path || at.startsWith(`${path}.`)) return text;
  return undefined;
}
