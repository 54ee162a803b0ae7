import { z } from 'zod';

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const side = z.int().min(1).max(100_000);
const place = z.int().min(-100_000).max(100_000);

const windowState = z.object({
  bounds: z.object({ x: place, y: place, width: side, height: side }),
  maximized: z.boolean(),
});

/** Where the window was: its place when not maximised, and whether it was. */
export type WindowState = z.infer<typeof windowState>;

export const smallest = { width: 720, height: 480 } as const;
const usual = { width: 1360, height: 880 } as const;
/** As much of the title bar must be on a display for a hand to grab it. */
const grip = { width: 120, height: 40 } as const;

/** The state in the text of its file; undefined for anything else, which is no reason not to start. */
export function parseWindowState(text: string): WindowState | undefined {
  try {
    return windowState.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

const limit = (wanted: number, least: number, most: number): number =>
  Math.min(Math.max(wanted, Math.min(least, most)), most);

function overlap(a: Rectangle, b: Rectangle): { width: number; height: number } {
  return {
    width: Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x),
    height: Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y),
  };
}

/**
 * Where to open the window.
 * @param workAreas of all displays, the main one first, without bars and docks
 */
export function placeWindow(state: WindowState | undefined, workAreas: readonly Rectangle[]): Rectangle {
  const [main = { x: 0, y: 0, ...usual }] = workAreas;
  if (state) {
    const { bounds } = state;
    const titleBar = { ...bounds, height: grip.height };
    const area = workAreas.find((candidate) => {
      const { width, height } = overlap(titleBar, candidate);
      return width >= Math.min(grip.width, bounds.width) && height >= grip.height;
    });
    if (area) {
      return {
        x: bounds.x,
        y: bounds.y,
        width: limit(bounds.width, smallest.width, area.width),
        height: limit(bounds.height, smallest.height, area.height),
      };
    }
  }
  const wanted = state?.bounds ?? usual;
  const width = limit(wanted.width, smallest.width, main.width);
  const height = limit(wanted.height, smallest.height, main.height);
  return {
    x: main.x + Math.round((main.width - width) / 2),
    y: main.y + Math.round((main.height - height) / 2),
    width,
    height,
  };
}
