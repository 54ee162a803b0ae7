// @vitest-environment happy-dom
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startI18n } from '../../../i18n/i18n.ts';
import FilterArea from './filter-area.tsx';

const onFilter = vi.fn();

/** The area over a list without devices, so that nothing is asked of a platform. */
function show(filter: string): { rerender: (filter: string) => void } {
  const queries = new QueryClient({ defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY } } });
  queries.setQueryData(['devices', 'propertyNames'], ['site']);
  queries.setQueryData(['groups', 'list'], []);
  for (const counted of ['tags', 'property.site']) queries.setQueryData(['devices', 'values', counted], []);
  const area = (shown: string) => (
    <MantineProvider env="test">
      <QueryClientProvider client={queries}>
        <FilterArea filter={shown} onFilter={onFilter} onClose={() => undefined} />
      </QueryClientProvider>
    </MantineProvider>
  );
  const { rerender } = render(area(filter));
  return { rerender: (next) => rerender(area(next)) };
}

const field = (name: string): HTMLInputElement =>
  screen.getByLabelText<HTMLInputElement>(name, { selector: 'input, textarea' });
const type = (name: string, value: string): void => {
  fireEvent.change(field(name), { target: { value } });
};
const settled = (): void => act(() => void vi.advanceTimersByTime(1000));

beforeEach(() => {
  vi.useFakeTimers();
  onFilter.mockClear();
  startI18n();
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

test('shows the filter as fields, and tells a change when typing is over', () => {
  show('name==pump*');
  expect(field('Field of condition 1').value).toBe('name');
  expect(field('Value of condition 1').value).toBe('pump*');
  type('Value of condition 1', "it's");
  expect(onFilter).not.toHaveBeenCalled();
  settled();
  expect(onFilter.mock.calls).toEqual([["name=='it\\'s'"]]);
});

test('a group within the filter stands in parentheses', () => {
  show('name==a');
  fireEvent.click(screen.getByText('Group'));
  type('Field of condition 2.1', 'property.site');
  type('Value of condition 2.1', 'north');
  const [, add] = screen.getAllByText('Condition');
  fireEvent.click(add as HTMLElement);
  type('Field of condition 2.2', 'id');
  type('Value of condition 2.2', '*7');
  settled();
  expect(onFilter).toHaveBeenLastCalledWith('name==a;(property.site==north,id==*7)');
  fireEvent.click(screen.getByLabelText('Remove group 2'));
  settled();
  expect(onFilter).toHaveBeenLastCalledWith('name==a');
});

test('text that does not fit is marked and never told', () => {
  show('name==a');
  fireEvent.click(screen.getByLabelText('As RSQL'));
  type('Filter in RSQL', 'name==a;nosuch==1');
  settled();
  expect(onFilter).not.toHaveBeenCalled();
  expect(document.querySelector('mark')?.textContent).toBe('nosuch==1');
  expect(field('Filter in RSQL').getAttribute('aria-invalid')).toBe('true');
  type('Filter in RSQL', 'name==a;id==1');
  settled();
  expect(onFilter).toHaveBeenLastCalledWith('name==a;id==1');
});

test('what cannot be read begins as text, and nothing of it is lost', () => {
  show('name==(a');
  expect(field('Filter in RSQL').value).toBe('name==(a');
  expect(screen.getByLabelText<HTMLInputElement>('By fields').disabled).toBe(true);
});

test('the same filter in another order does not disturb what is being built', () => {
  const { rerender } = show('property.site==north');
  fireEvent.click(screen.getByText('Condition'));
  type('Field of condition 2', 'tags');
  type('Value of condition 2', 'pump');
  settled();
  expect(onFilter).toHaveBeenLastCalledWith('property.site==north;tags==pump');
  fireEvent.click(screen.getByText('Condition'));
  rerender('tags==pump;property.site==north');
  expect(field('Field of condition 1').value).toBe('property.site');
  expect(field('Field of condition 3').value).toBe('');
  rerender('name==x');
  expect(field('Field of condition 1').value).toBe('name');
});
