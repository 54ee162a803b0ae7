import { describe, expect, it } from 'vitest';
import { parseWindowState, placeWindow, type Rectangle, type WindowState } from './window-state.ts';

const main: Rectangle = { x: 0, y: 25, width: 1440, height: 875 };
const right: Rectangle = { x: 1440, y: 0, width: 1920, height: 1080 };
const at = (x: number, y: number, width = 1000, height = 700): WindowState => ({
  bounds: { x, y, width, height },
  maximized: false,
});

describe('placeWindow', () => {
  it('opens in the middle of the main display the first time', () => {
    expect(placeWindow(undefined, [main, right])).toEqual({ x: 40, y: 25, width: 1360, height: 875 });
  });

  it('opens where it was, on any display', () => {
    expect(placeWindow(at(100, 50), [main, right])).toEqual(at(100, 50).bounds);
    expect(placeWindow(at(2000, 200), [main, right])).toEqual(at(2000, 200).bounds);
  });

  it('comes back to the middle, with its size, when the display is gone', () => {
    expect(placeWindow(at(2000, 200), [main])).toEqual({ x: 220, y: 113, width: 1000, height: 700 });
  });

  it.each([
    ['above', at(100, -400)],
    ['below', at(100, 880)],
    ['left of', at(-950, 100)],
    ['under the bar of', at(100, -10)],
  ])('comes back when its title bar is %s the displays', (_where, state) => {
    expect(placeWindow(state, [main]).y).toBe(113);
  });

  it('is never larger than its display, nor too small to use', () => {
    expect(placeWindow(at(0, 25, 5000, 4000), [main])).toMatchObject({ width: 1440, height: 875 });
    expect(placeWindow(at(0, 25, 10, 10), [main])).toMatchObject({ width: 720, height: 480 });
    const tiny = { x: 0, y: 0, width: 640, height: 400 };
    expect(placeWindow(undefined, [tiny])).toEqual(tiny);
  });

  it('opens somewhere without any display', () => {
    expect(placeWindow(at(0, 0), [])).toMatchObject({ width: 1000, height: 700 });
  });
});

describe('parseWindowState', () => {
  it('reads what was written', () => {
    const state = { ...at(-5, 7), maximized: true };
    expect(parseWindowState(JSON.stringify(state))).toEqual(state);
  });

  it.each(['', '{', 'null', '{"bounds":{"x":"0"}}', '{"bounds":{"x":0,"y":0,"width":1e9,"height":5}}'])(
    'takes %j for none',
    (text) => {
      expect(parseWindowState(text)).toBeUndefined();
    },
  );
});
