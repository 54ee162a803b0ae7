import { useCallback, useEffect, useRef } from 'react';
import type { Point } from './mercator.ts';

const stepsPerPixel = 1 / 400;
/** Touch pads report a pinch as a wheel with the control key, in smaller numbers. */
const stepsPerPinchedPixel = 1 / 100;
const pixelsPerLine = 16;

/**
 * Steps of zoom by the wheel over an element. Pages scroll by the wheel too, so an element that does not fill its
 * view (`always` is false) takes it only while it has the focus, or for a pinch.
 */
export function useWheel(always: boolean, onWheel: (steps: number, at: Point) => void) {
  const latest = useRef(onWheel);
  useEffect(() => {
    latest.current = onWheel;
  });
  return useCallback(
    (element: HTMLElement | null) => {
      if (!element) return undefined;
      const take = (event: WheelEvent): void => {
        if (!always && !event.ctrlKey && !element.contains(document.activeElement)) return;
        event.preventDefault();
        const { left, top } = element.getBoundingClientRect();
        const pixels =
          event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY : event.deltaY * pixelsPerLine;
        const steps = -pixels * (event.ctrlKey ? stepsPerPinchedPixel : stepsPerPixel);
        latest.current(steps, { x: event.clientX - left, y: event.clientY - top });
      };
      // React listens passively, and could not keep the page from scrolling.
      element.addEventListener('wheel', take, { passive: false });
      return () => element.removeEventListener('wheel', take);
    },
    [always],
  );
}
