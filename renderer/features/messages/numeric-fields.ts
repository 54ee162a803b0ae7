import type { DataMessage } from '../../api/data-message.ts';

export interface FieldSeries {
  /** Path in the value: `temp`, `gps.speed`. */
  readonly path: string;
  /** Seconds since the epoch, ascending. */
  readonly times: readonly number[];
  readonly values: readonly number[];
}

const deepest = 4;

function visit(
  node: unknown,
  path: string,
  depth: number,
  tell: (path: string, value: number) => void,
): void {
  if (typeof node === 'number' && Number.isFinite(node)) tell(path, node);
  if (typeof node !== 'object' || node === null || Array.isArray(node) || depth >= deepest) return;
  for (const [name, field] of Object.entries(node)) {
    visit(field, path === '' ? name : `${path}.${name}`, depth + 1, tell);
  }
}

/** Paths of the numbers in a value. */
export function numericPaths(value: unknown): string[] {
  const paths: string[] = [];
  visit(value, '', 0, (path) => paths.push(path));
  return paths;
}

/** The numbers of messages over time, one series for each field, in the order in which they first appear. */
export function numericFields(messages: readonly DataMessage[]): FieldSeries[] {
  const sorted = messages.toSorted((a, b) =>
    a.timestamp < b.timestamp ? -1 : a.timestamp > b.timestamp ? 1 : 0,
  );
  const fields = new Map<string, { times: number[]; values: number[] }>();
  for (const message of sorted) {
    const seconds = Date.parse(message.timestamp) / 1000;
    visit(message.value, '', 0, (path, value) => {
      const field = fields.get(path) ?? { times: [], values: [] };
      fields.set(path, field);
      field.times.push(seconds);
      field.values.push(value);
    });
  }
  return [...fields].map(([path, { times, values }]) => ({ path, times, values }));
}
