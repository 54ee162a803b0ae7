/** What a tree needs to know of a line to be walked. */
export interface WalkedLine {
  /** From 1. */
  readonly level: number;
  /** Lines right below it, shown or not. */
  readonly children: number;
  readonly open: boolean;
}

/** What a key does in a tree: which line gets the focus, or which one opens or closes. Both are places in the list. */
export type TreeMove = { readonly focus: number } | { readonly toggle: number };

/** The moves of a tree view as the ARIA practices have them. @returns undefined for a key that means nothing here */
export function treeMove(key: string, active: number, lines: readonly WalkedLine[]): TreeMove | undefined {
  const line = lines[active];
  if (!line) return undefined;
  switch (key) {
    case 'ArrowDown':
      return { focus: Math.min(active + 1, lines.length - 1) };
    case 'ArrowUp':
      return { focus: Math.max(active - 1, 0) };
    case 'Home':
      return { focus: 0 };
    case 'End':
      return { focus: lines.length - 1 };
    case 'ArrowRight':
      if (line.children === 0) return undefined;
      return line.open ? { focus: active + 1 } : { toggle: active };
    case 'ArrowLeft': {
      if (line.children > 0 && line.open) return { toggle: active };
      const parent = lines.findLastIndex(({ level }, index) => index < active && level < line.level);
      return parent < 0 ? undefined : { focus: parent };
    }
    default:
      return undefined;
  }
}
