import { useElementSize, useMergedRef } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import { usePreferences } from '../../app/preferences.ts';
import { useText } from '../../i18n/use-text.ts';
import { MapControls } from './map-controls.tsx';
import { MapGround } from './map-ground.tsx';
import type { MapProps } from './map-props.ts';
import { atPixel, inWorld, type MapView, movedBy, type Point, toPixel, zoomedBy } from './mercator.ts';
import { useWheel } from './use-wheel.ts';
import './map.css';

/** How far an arrow key moves the map. */
const keyPixels = 64;
/** A pointer that moves less has clicked. */
const clickPixels = 4;

const moves: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -keyPixels, y: 0 },
  ArrowRight: { x: keyPixels, y: 0 },
  ArrowUp: { x: 0, y: -keyPixels },
  ArrowDown: { x: 0, y: keyPixels },
};
const zooms: Readonly<Record<string, number>> = { '+': 1, '=': 1, '-': -1, _: -1 };

interface Drag {
  readonly from: Point;
  readonly view: MapView;
  readonly moved: boolean;
}

export default function WorldMap({ label, view, start, onView, onPick, wheel, children }: MapProps) {
  const t = useText('map');
  const language = usePreferences((state) => state.language);
  const { ref: sizeRef, width, height } = useElementSize<HTMLDivElement>();
  const size = { width, height };
  const known = width > 0 && height > 0;
  const shown = known ? inWorld(view ?? start(size), size) : undefined;
  const [drag, setDrag] = useState<Drag>();
  const wheelRef = useWheel(wheel === true, (steps, at) => shown && go(zoomedBy(shown, size, steps, at)));
  const ref = useMergedRef(sizeRef, wheelRef);
  const go = (next: MapView): void => onView(next, { width, height });

  // biome-ignore lint/correctness/useExhaustiveDependencies: the numbers say whether the view is another
  useEffect(() => {
    if (shown) onView(shown, { width, height });
  }, [shown?.lat, shown?.lon, shown?.zoom, width, height]);

  const onKeyDown = (event: React.KeyboardEvent): void => {
    // What stands on the map has keys of its own.
    if (event.target !== event.currentTarget || !shown || event.ctrlKey || event.metaKey) return;
    const [move, zoom] = [moves[event.key], zooms[event.key]];
    if (move) go(movedBy(shown, size, move));
    else if (zoom !== undefined) go(zoomedBy(shown, size, zoom));
    else if (event.key === 'Enter' && onPick) onPick(shown);
    else return;
    event.preventDefault();
  };
  const onPointerMove = (event: React.PointerEvent): void => {
    if (!drag) return;
    const by = { x: drag.from.x - event.clientX, y: drag.from.y - event.clientY };
    if (!drag.moved && Math.hypot(by.x, by.y) < clickPixels) return;
    setDrag({ ...drag, moved: true });
    go(movedBy(drag.view, size, by));
  };
  const onPointerUp = (event: React.PointerEvent): void => {
    setDrag(undefined);
    if (!drag || drag.moved || !onPick || !shown) return;
    const { left, top } = event.currentTarget.getBoundingClientRect();
    onPick(atPixel(shown, size, { x: event.clientX - left, y: event.clientY - top }));
  };
  return (
    <div
      ref={ref}
      className={onPick ? 'map map-picks' : 'map'}
      role="application"
      aria-label={label}
      aria-description={onPick ? t('keysPick') : t('keys')}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move it
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      {shown && (
        <>
          <div
            className={drag?.moved ? 'map-surface map-dragged' : 'map-surface'}
            onPointerDown={(event) => {
              if (event.button !== 0) return;
              event.currentTarget.setPointerCapture(event.pointerId);
              setDrag({ from: { x: event.clientX, y: event.clientY }, view: shown, moved: false });
            }}
            onPointerMove={onPointerMove}
            onPointerUp={onPointerUp}
            onPointerCancel={() => setDrag(undefined)}
          >
            <MapGround view={shown} size={size} language={language} />
          </div>
          <div className="map-over">{children?.((place) => toPixel(shown, size, place), size)}</div>
          {onPick && <div className="map-cross" aria-hidden />}
          <MapControls
            view={shown}
            onZoom={(steps) => go(zoomedBy(shown, size, steps))}
            onStart={() => go(inWorld(start(size), size))}
          />
        </>
      )}
    </div>
  );
}
