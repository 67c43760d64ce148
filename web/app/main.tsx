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

// zod would try whether it may compile code from strings; the content policy forbids it and would report the try.
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

/** The session ended under the page, wherever it was noticed: back to where one signs in, and from there to here again. */
function toSignIn(): void {
  queryClient.setQueryData(sessionQuery.queryKey, null);
  void router.navigate({ to: '/sign-in', search: { to: router.state.location.href } });
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
