import { defaultRangeExtractor, type Range, useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import { type FocusEvent, type RefObject, useCallback, useState } from 'react';

/** Up to so many rows all exist; of more only those that can be seen, and the one with the focus. */
const mostPlainRows = 100;
const usualHeight = 33;
const overscan = 10;

/** A row that exists, or the room of those that do not. */
export type RowSlot =
  | { readonly index: number; readonly gap?: undefined }
  | { readonly index?: undefined; readonly gap: number };

export interface RowWindow {
  /** False when all rows exist. */
  readonly isPart: boolean;
  readonly slots: readonly RowSlot[];
  /** To be given to each row as its `ref`; rows have their index in `data-index`. */
  readonly measure: ((row: HTMLElement | null) => void) | undefined;
  /** Follow which row has the focus. */
  readonly onFocus: (event: FocusEvent) => void;
  readonly onBlur: (event: FocusEvent) => void;
}

/**
 * Which rows of a table are to exist, so that one of thousands is as quick as one of twenty. Rows may have any height, and
 * anything may stand above the table within what is scrolled. Tab walks all of them: what comes next exists already.
 */
export function useRowWindow(body: RefObject<HTMLElement | null>, count: number): RowWindow {
  const isPart = count > mostPlainRows;
  const [focused, setFocused] = useState<number>();
  const virtual = useVirtualizer<HTMLElement, HTMLElement>({
    count,
    enabled: isPart,
    overscan,
    estimateSize: () => usualHeight,
    getScrollElement: () => scrollerOf(body.current),
    observeElementOffset: (instance, tell) => observeOffset(instance, body, tell),
    scrollToFn: (offset, { adjustments = 0 }, { scrollElement }) => {
      if (!scrollElement || !body.current) return;
      const start = scrollElement.scrollTop - offsetWithin(scrollElement, body.current);
      scrollElement.scrollTo({ top: start + offset + adjustments });
    },
    rangeExtractor: useCallback(
      (range: Range) => {
        const shown = defaultRangeExtractor(range);
        if (focused === undefined || focused >= range.count || shown.includes(focused)) return shown;
        return [...shown, focused].sort((one, other) => one - other);
      },
      [focused],
    ),
  });
  return {
    isPart,
    slots: isPart ? slotsOf(virtual) : Array.from({ length: count }, (_, index) => ({ index })),
    measure: isPart ? virtual.measureElement : undefined,
    onFocus: ({ target }) => setFocused(rowOf(target)),
    onBlur: ({ currentTarget, relatedTarget }) => {
      if (!currentTarget.contains(relatedTarget)) setFocused(undefined);
    },
  };
}

function slotsOf(virtual: Virtualizer<HTMLElement, HTMLElement>): RowSlot[] {
  const slots: RowSlot[] = [];
  let reached = 0;
  for (const { index, start, end } of virtual.getVirtualItems()) {
    if (start > reached) slots.push({ gap: start - reached });
    slots.push({ index });
    reached = end;
  }
  const rest = virtual.getTotalSize() - reached;
  if (rest > 0) slots.push({ gap: rest });
  return slots;
}

/** How far the rows are scrolled beyond the top of what is to be seen of them. */
const offsetWithin = (scroller: HTMLElement, body: HTMLElement): number =>
  scroller.getBoundingClientRect().top - body.getBoundingClientRect().top;

function observeOffset(
  { scrollElement }: Virtualizer<HTMLElement, HTMLElement>,
  body: RefObject<HTMLElement | null>,
  tell: (offset: number, isScrolling: boolean) => void,
): (() => void) | undefined {
  if (!scrollElement) return undefined;
  const look = (): void => {
    if (body.current) tell(offsetWithin(scrollElement, body.current), false);
  };
  look();
  scrollElement.addEventListener('scroll', look, { passive: true });
  return () => scrollElement.removeEventListener('scroll', look);
}

/** What scrolls the rows: narrow pages scroll more at once than wide ones. */
function scrollerOf(element: HTMLElement | null): HTMLElement | null {
  for (let at = element?.parentElement; at; at = at.parentElement)
    if (/auto|scroll/.test(getComputedStyle(at).overflowY)) return at;
  return null;
}

function rowOf(target: EventTarget): number | undefined {
  const row = target instanceof Element ? target.closest<HTMLElement>('[data-index]') : null;
  return row ? Number(row.dataset.index) : undefined;
}
