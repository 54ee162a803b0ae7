/** The row that a key leads to from the active one; undefined for a key that does not move. */
export function nextRow(
  key: string,
  at: { readonly active: number; readonly rows: number; readonly page: number },
): number | undefined {
  const last = at.rows - 1;
  if (last < 0) return undefined;
  const within = (index: number): number => Math.min(last, Math.max(0, index));
  switch (key) {
    case 'ArrowDown':
      return within(at.active + 1);
    case 'ArrowUp':
      return within(at.active - 1);
    case 'PageDown':
      return within(at.active + at.page);
    case 'PageUp':
      return within(at.active - at.page);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return undefined;
  }
}
