/** Bytes from `start` to before `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

const single = /^bytes[ \t]*=[ \t]*(?:(\d{1,15})[ \t]*-[ \t]*(\d{0,15})|-[ \t]*(\d{1,15}))[ \t]*$/i;

/**
 * Reads a header `Range` (RFC 9110, 14.1.2).
 * @returns `whole` when there is none, or one that need not be followed: another unit, several ranges, or one that
 *   cannot be read; `unsatisfiable` when it lies outside
 */
export function readRange(header: string | undefined, size: number): ByteRange | 'whole' | 'unsatisfiable' {
  const found = header === undefined ? undefined : single.exec(header.trim());
  if (!found) return 'whole';
  const [, first, last, suffix] = found;
  if (suffix !== undefined) {
    const count = Math.min(Number(suffix), size);
    return count === 0 ? 'unsatisfiable' : { start: size - count, end: size };
  }
  const start = Number(first);
  const end = last === '' ? size : Math.min(Number(last) + 1, size);
  // A last byte before the first makes it no range at all.
  if (last !== '' && Number(last) < start) return 'whole';
  return start >= size ? 'unsatisfiable' : { start, end };
}
