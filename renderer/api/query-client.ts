import { QueryClient } from '@tanstack/react-query';
import { ApiError } from './client.ts';

/** Server state. What changes by itself is refreshed by live events, so nothing is asked for on focus. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        refetchOnWindowFocus: false,
        // Only what may pass by itself; a refusal stays one.
        retry: (count, error) => count < 2 && error instanceof ApiError && [0, 503].includes(error.status),
        retryDelay: (attempt) => 300 * 2 ** attempt,
      },
    },
  });
}
