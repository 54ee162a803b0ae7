import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ErrorState, LoadingState } from './view-states.tsx';

/** The four states of a view: loading, failed, and what `children` make of the data, empty or full. */
export function QueryView<Data>(props: {
  query: Pick<UseQueryResult<Data>, 'data' | 'isError' | 'error' | 'refetch'>;
  rows?: number;
  /** Where to go when it failed. */
  way?: ReactNode;
  children: (data: Data) => ReactNode;
}) {
  const { query, rows } = props;
  // Old data is better than none: it stays while a refresh fails, and the connection state tells why.
  if (query.data !== undefined) return props.children(query.data);
  if (query.isError) {
    return <ErrorState error={query.error} onRetry={() => void query.refetch()} way={props.way} />;
  }
  return <LoadingState {...(rows === undefined ? {} : { rows })} />;
}
