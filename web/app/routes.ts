import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { claimToken, keepClaimToken, tokenIn } from './claim-token.ts';
import { ErrorInFrame, NotFoundScreen } from './failure-screens.tsx';
import { deploymentQuery, sessionQuery, sessionsQuery } from './queries.ts';
import { safePath } from './safe-path.ts';
import { Shell } from './shell.tsx';

/** Every screen of the app: its path, what must be known before it is drawn, and the file that draws it. */

interface Context {
  queryClient: QueryClient;
}

interface Ask {
  context: Context;
}

const root = createRootRouteWithContext<Context>()({
  loader: ({ context }: Ask) =>
    Promise.all([context.queryClient.ensureQueryData(deploymentQuery), context.queryClient.ensureQueryData(sessionQuery)]),
  component: Shell,
  errorComponent: ErrorInFrame,
  notFoundComponent: NotFoundScreen,
});

/** For screens that make no sense to somebody who is signed in. */
async function onlyStrangers({ context }: Ask): Promise<void> {
  if (await context.queryClient.ensureQueryData(sessionQuery)) throw redirect({ to: '/home', replace: true });
}

const signUp = createRoute({
  getParentRoute: () => root,
  path: '/sign-up',
  loader: onlyStrangers,
  component: lazyRouteComponent(() => import('./screens/sign-up.tsx'), 'SignUpScreen'),
});

const checkMail = createRoute({
  getParentRoute: () => root,
  path: '/sign-up/check-mail',
  component: lazyRouteComponent(() => import('./screens/check-mail.tsx'), 'CheckMailScreen'),
});

interface SignInSearch {
  to?: string;
  notice?: 'signed-out';
}

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: ({ to, notice }: Record<string, unknown>): SignInSearch => {
    const path = safePath(to);
    return { ...(path === null ? {} : { to: path }), ...(notice === 'signed-out' ? { notice } : {}) };
  },
  loader: onlyStrangers,
  component: lazyRouteComponent(() => import('./screens/sign-in.tsx'), 'SignInScreen'),
});

const home = createRoute({
  getParentRoute: () => root,
  path: '/home',
  loader: async ({ context, location }) => {
    const session = await context.queryClient.ensureQueryData(sessionQuery);
    if (session === null) throw redirect({ to: '/sign-in', search: { to: location.href }, replace: true });
    void context.queryClient.prefetchQuery(sessionsQuery);
    return session;
  },
  component: lazyRouteComponent(() => import('./screens/home.tsx'), 'HomeScreen'),
});

const operator = createRoute({
  getParentRoute: () => root,
  path: '/operator',
  beforeLoad: ({ location }) => {
    const token = tokenIn(location.hash);
    if (token === null) return;
    keepClaimToken(token);
    throw redirect({ to: '/operator', hash: '', replace: true });
  },
  loader: () => claimToken(),
  component: lazyRouteComponent(() => import('./screens/operator.tsx'), 'OperatorScreen'),
});

export const routeTree = root.addChildren([signUp, checkMail, signIn, home, operator]);
