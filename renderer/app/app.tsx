import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useEffect, useMemo } from 'react';
import { ErrorBoundary } from 'react-error-boundary';
import { createQueryClient } from '../api/query-client.ts';
import { useSession } from '../session/session-store.ts';
import { preloadViews, router } from './router.tsx';
import { SignInPage } from './sign-in-page.tsx';
import { cssVariables, theme } from './theme.ts';
import { ViewCrash } from './view-crash.tsx';

export function App({ root }: { root: HTMLElement }) {
  const { phase, session } = useSession();
  // What one key was shown is not for the next.
  const key = session?.key;
  const queries = useMemo(() => (key === undefined ? createQueryClient() : createQueryClient()), [key]);
  useEffect(() => {
    root.dataset.appState = phase === 'opening' ? 'loading' : phase === 'signedIn' ? 'ready' : 'signed-out';
  }, [phase, root]);
  useEffect(() => {
    if (phase !== 'signedIn') return undefined;
    // After what the first view needs.
    const timer = setTimeout(preloadViews, 1500);
    return () => clearTimeout(timer);
  }, [phase]);
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <QueryClientProvider client={queries}>
        <ErrorBoundary fallbackRender={({ error }) => <ViewCrash error={error} />}>
          {phase === 'signedIn' && <RouterProvider router={router} />}
          {phase === 'signedOut' && <SignInPage />}
        </ErrorBoundary>
      </QueryClientProvider>
    </MantineProvider>
  );
}
