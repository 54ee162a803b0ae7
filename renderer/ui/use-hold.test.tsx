// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { useHold } from './use-hold.ts';

const onHold = vi.fn();
const held = () => onHold.mock.calls.at(-1)?.[0];

function List() {
  return <div data-testid="list" {...useHold(onHold, 32)} />;
}

beforeEach(() => {
  vi.useFakeTimers();
  onHold.mockClear();
  render(<List />);
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

test('a list away from its top is held until it is back there', () => {
  const list = screen.getByTestId('list');
  fireEvent.scroll(list, { target: { scrollTop: 100 } });
  expect(held()).toBe(true);
  fireEvent.scroll(list, { target: { scrollTop: 0 } });
  expect(held()).toBe(false);
});

test('somebody who aims holds the list; a pointer at rest does not', () => {
  const list = screen.getByTestId('list');
  fireEvent.pointerMove(list);
  expect(held()).toBe(true);
  act(() => vi.advanceTimersByTime(2000));
  expect(held()).toBe(false);
  fireEvent.pointerMove(list);
  fireEvent.pointerLeave(list);
  expect(held()).toBe(false);
});

test('nothing is held once the list is gone', () => {
  fireEvent.pointerMove(screen.getByTestId('list'));
  cleanup();
  expect(held()).toBe(false);
});
