import { type FocusEvent, type UIEvent, useEffect, useRef, useState } from 'react';

const afterMoveMs = 1500;

/**
 * When a list that grows at its top must stand still: while it is scrolled away from the top, while somebody
 * aims at a row or walks the rows by keyboard. A pointer that only rests there holds nothing.
 */
export function useHold(onHold: ((held: boolean) => void) | undefined, rowHeight: number) {
  const [scrolled, setScrolled] = useState(false);
  const [aimed, setAimed] = useState(false);
  const [walked, setWalked] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const held = scrolled || aimed || walked;
  useEffect(() => onHold?.(held), [held, onHold]);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      onHold?.(false);
    },
    [onHold],
  );
  if (!onHold) return {};
  return {
    onScroll: (event: UIEvent<HTMLElement>) => setScrolled(event.currentTarget.scrollTop > rowHeight / 2),
    onPointerMove: () => {
      clearTimeout(timer.current);
      timer.current = setTimeout(() => setAimed(false), afterMoveMs);
      setAimed(true);
    },
    onPointerLeave: () => {
      clearTimeout(timer.current);
      setAimed(false);
    },
    onFocus: (event: FocusEvent<HTMLElement>) => {
      if (event.target.dataset.index !== undefined) setWalked(event.target.matches(':focus-visible'));
    },
    onBlur: (event: FocusEvent<HTMLElement>) => {
      if (!event.currentTarget.contains(event.relatedTarget)) setWalked(false);
    },
  };
}
