import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider, createRouter } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { z } from 'zod/mini';
import { sessionQuery } from './queries.ts';
import { makeQueryClient } from './query-client.ts';
import { routeTree } from './routes.ts';
import { ErrorScreen, LoadingScreen } from './shell/failure-screens.tsx';
import { focusHeadingAfterNavigation } from './shell/focus-heading.ts';

// zod would test whether it may compile code from strings. The Content-Security-Policy forbids that
// and would report the attempt.
z.config({ jitless: true });

const queryClient = makeQueryClient({ onSignedOut: toSignIn });

const router = createRouter({
  routeTree,
  context: { queryClient },
  defaultErrorComponent: ErrorScreen,
  defaultPendingComponent: LoadingScreen,
  defaultPreload: 'intent',
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

/**
 * The session has ended: the user signs in and returns to the current page. Every request that was
 * under way reports it; from the second on, the user is at sign-in, which is no page to return to.
 */
function toSignIn(): void {
  queryClient.setQueryData(sessionQuery.queryKey, null);
  const { href, pathname } = router.history.location;
  if (pathname === '/sign-in') return;
  void router.navigate({ to: '/sign-in', search: { to: href } });
}

focusHeadingAfterNavigation(router);

const container = document.getElementById('app');
if (container) {
  createRoot(container).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  );
}
