import type { ReactNode } from 'react';
import type { MapView, Place, Point, Size } from './mercator.ts';

export interface MapProps {
  /** Says in words what is shown. */
  readonly label: string;
  /** What to show; without it, what `start` says. */
  readonly view: MapView | undefined;
  /** The view to begin with, once it is known how large the map is. */
  readonly start: (size: Size) => MapView;
  /** When the user moves it, and when it takes another size. */
  readonly onView: (view: MapView, size: Size) => void;
  /** Given: a click picks a place, and so does Enter, the one in the middle. */
  readonly onPick?: ((place: Place) => void) | undefined;
  /** The wheel zooms even when the map has not the focus: for a map that fills its view. */
  readonly wheel?: boolean;
  /** What stands on the map. @param toPixel where a place is in it */
  readonly children?: (toPixel: (place: Place) => Point, size: Size) => ReactNode;
}
