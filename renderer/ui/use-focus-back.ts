import { type RefObject, useLayoutEffect, useRef } from 'react';

/**
 * For a button that is disabled while it is busy, and loses the focus by that: gives it back, unless it went
 * elsewhere meanwhile. Whoever uses the keyboard goes on from where he was.
 */
export function useFocusBack(busy: boolean): RefObject<HTMLButtonElement | null> {
  const button = useRef<HTMLButtonElement>(null);
  const hadFocus = useRef(false);
  useLayoutEffect(() => {
    if (busy) {
      hadFocus.current = document.activeElement === button.current;
      return;
    }
    if (hadFocus.current && document.activeElement === document.body) button.current?.focus();
    hadFocus.current = false;
  }, [busy]);
  return button;
}
