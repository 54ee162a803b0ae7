import type { DataMessage } from '../../api/data-message.ts';
import { byTimestamp } from './message-order.ts';

export interface FieldSeries {
  /** Path in the value: `temp`, `gps.speed`. */
  readonly path: string;
  /** Seconds since the epoch, ascending. */
  readonly times: readonly number[];
  readonly values: readonly number[];
}

const deepest = 4;

/** Tells every field that holds no further fields. */
function visit(
  node: unknown,
  path: string,
  depth: number,
  tell: (path: string, value: unknown) => void,
): void {
  if (typeof node !== 'object' || node === null || Array.isArray(node)) {
    tell(path, node);
    return;
  }
  if (depth >= deepest) return;
  for (const [name, field] of Object.entries(node)) {
    visit(field, path === '' ? name : `${path}.${name}`, depth + 1, tell);
  }
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

/** The fields of a value that cannot be charted: texts, switches, lists. */
export function otherFields(value: unknown): { readonly path: string; readonly text: string }[] {
  const fields: { path: string; text: string }[] = [];
  visit(value ?? {}, '', 0, (path, field) => {
    if (isNumber(field)) return;
    fields.push({ path, text: typeof field === 'string' ? field : JSON.stringify(field) });
  });
  return fields;
}

/** Paths of the numbers in a value. */
export function numericPaths(value: unknown): string[] {
  const paths: string[] = [];
  visit(value ?? {}, '', 0, (path, field) => {
    if (isNumber(field)) paths.push(path);
  });
  return paths;
}

/** The numbers of messages over time, one series for each field, in the order in which they first appear. */
export function numericFields(messages: readonly DataMessage[]): FieldSeries[] {
  const sorted = messages.toSorted(byTimestamp);
  const fields = new Map<string, { times: number[]; values: number[] }>();
  for (const message of sorted) {
    const seconds = Date.parse(message.timestamp) / 1000;
    visit(message.value ?? {}, '', 0, (path, value) => {
      if (!isNumber(value)) return;
      const field = fields.get(path) ?? { times: [], values: [] };
      fields.set(path, field);
      field.times.push(seconds);
      field.values.push(value);
    });
  }
  return [...fields].map(([path, { times, values }]) => ({ path, times, values }));
}
