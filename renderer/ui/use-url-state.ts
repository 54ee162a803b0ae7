import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';

export type UrlState = Readonly<Record<string, string | undefined>>;

/**
 * Filters and tabs of a view, kept in the address so that the view can be shared. An empty text or undefined
 * takes a name out. Typing replaces the address, a choice (`push`) adds to the history.
 */
export function useUrlState(): [UrlState, (change: UrlState, options?: { push?: boolean }) => void] {
  const search = useSearch({ strict: false }) as UrlState;
  const navigate = useNavigate();
  const set = useCallback(
    (change: UrlState, options: { push?: boolean } = {}) => {
      void navigate({
        to: '.',
        search: (before: UrlState) => withoutEmpty({ ...before, ...change }),
        replace: !options.push,
      } as never);
    },
    [navigate],
  );
  return [search, set];
}

function withoutEmpty(state: UrlState): UrlState {
  return Object.fromEntries(Object.entries(state).filter(([, value]) => value !== undefined && value !== ''));
}
