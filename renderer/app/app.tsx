import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useMemo } from 'react';
import { ErrorBoundary } from 'react-error-boundary';
import { createQueryClient } from '../api/query-client.ts';
import { useSession } from '../session/session-store.ts';
import { loadLogin, preloadViews, router } from './router.tsx';
import { cssVariables, theme } from './theme.ts';
import { ViewCrash } from './view-crash.tsx';

const LoginPage = lazy(loadLogin);

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
          {phase === 'signedIn' && <RouterProvider key={session?.tenantId} router={router} />}
          {phase === 'signedOut' && (
            <Suspense fallback={null}>
              <LoginPage />
            </Suspense>
          )}
        </ErrorBoundary>
      </QueryClientProvider>
    </MantineProvider>
  );
}
