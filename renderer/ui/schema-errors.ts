import type { z } from 'zod';

/** What does not fit the schema of the API, by the first part of its path: the first fault of each field. */
export function schemaErrors(schema: z.ZodType, body: unknown): Readonly<Record<string, string>> {
  const checked = schema.safeParse(body);
  if (checked.success) return {};
  const errors: Record<string, string> = {};
  for (const { path, message } of checked.error.issues) errors[String(path[0] ?? '')] ??= message;
  return errors;
}
