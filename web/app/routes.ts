import {
  createRootRouteWithContext,
  createRoute,
  notFound,
  redirect,
} from '@tanstack/react-router';
import { activityKinds, activitySpans } from '../../src/api/accounts.ts';
import { flowProblems, flowPurposes, providers } from '../../src/api/providers.ts';
import type { ActivityFilters } from './activity/activity-filters.tsx';
import {
  activityQuery,
  deploymentQuery,
  connectedQuery,
  sessionQuery,
  sessionsQuery,
} from './queries.ts';
import { isClaimOpen } from './session/claim-link.ts';
import { isCodeOver } from './session/code-problems.ts';
import { factorDueIn, keepFactorDue } from './session/factor-due.ts';
import { ErrorInFrame, NotFoundScreen } from './shell/failure-screens.tsx';
import { lazyScreen } from './shell/lazy-screen.ts';
import { keptToken } from './shell/link-token.ts';
import {
  type Context,
  type Ask,
  onlyStrangers,
  onlySignedIn,
  onlyFree,
  takeToken,
} from './shell/route-guards.ts';
import { safePath } from './shell/safe-path.ts';
import { notices, type SignInSearch, type OperatorsSearch, oneOf } from './shell/search-params.ts';
import { Shell } from './shell/shell.tsx';

/** Every screen of the app: its path, what is loaded before it renders, and its file. */

const root = createRootRouteWithContext<Context>()({
  loader: ({ context }: Ask) =>
    Promise.all([
      context.queryClient.ensureQueryData(deploymentQuery),
      context.queryClient.ensureQueryData(sessionQuery),
    ]),
  component: Shell,
  errorComponent: ErrorInFrame,
  notFoundComponent: NotFoundScreen,
});
const signUp = createRoute({
  getParentRoute: () => root,
  path: '/sign-up',
  loader: onlyStrangers,
  component: lazyScreen(() => import('./screens/sign-up.tsx'), 'SignUpScreen'),
});

const checkMail = createRoute({
  getParentRoute: () => root,
  path: '/sign-up/check-mail',
  component: lazyScreen(() => import('./screens/check-mail.tsx'), 'CheckMailScreen'),
});
const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  // Each key is set, even to undefined: the router keeps the keys of the URL that are left out.
  validateSearch: ({
    to,
    notice,
    problem,
    provider,
    purpose,
  }: Record<string, unknown>): SignInSearch => ({
    to: safePath(to) ?? undefined,
    notice: oneOf(notices, notice),
    problem: oneOf(flowProblems, problem),
    provider: oneOf(providers, provider),
    purpose: oneOf(flowPurposes, purpose),
  }),
  loaderDeps: ({ search: { problem } }) => ({ problem }),
  loader: async (ask) => (ask.deps.problem ? undefined : onlyStrangers(ask)),
  component: lazyScreen(() => import('./screens/sign-in.tsx'), 'SignInScreen'),
});

function backIfOver(error: unknown): never {
  throw isCodeOver(error)
    ? redirect({ to: '/sign-in', search: { notice: 'factor-over' }, replace: true })
    : error;
}

const secondFactor = createRoute({
  getParentRoute: () => root,
  path: '/sign-in/second-factor',
  beforeLoad: async ({ location }) => {
    const due = await factorDueIn(location.hash).catch(backIfOver);
    if (due === null) return;
    keepFactorDue(due);
    throw redirect({ to: '/sign-in/second-factor', hash: '', replace: true });
  },
  component: lazyScreen(() => import('./screens/second-factor.tsx'), 'SecondFactorScreen'),
});

const reopen = createRoute({
  getParentRoute: () => root,
  path: '/sign-in/reopen',
  validateSearch: ({ erasedAt }: Record<string, unknown>): { erasedAt?: string | undefined } => ({
    erasedAt:
      typeof erasedAt === 'string' && !Number.isNaN(Date.parse(erasedAt)) ? erasedAt : undefined,
  }),
  beforeLoad: takeToken('/sign-in/reopen'),
  loader: () => keptToken('/sign-in/reopen'),
  component: lazyScreen(() => import('./screens/reopen.tsx'), 'ReopenScreen'),
});

const proved = createRoute({
  getParentRoute: () => root,
  path: '/proved',
  loader: onlySignedIn,
  component: lazyScreen(() => import('./screens/proved.tsx'), 'ProvedScreen'),
});

const home = createRoute({
  getParentRoute: () => root,
  path: '/home',
  loader: async (ask) => {
    const session = await onlyFree(ask);
    void ask.context.queryClient.prefetchQuery(sessionsQuery);
    return session;
  },
  component: lazyScreen(() => import('./screens/home.tsx'), 'HomeScreen'),
});

const addFactor = createRoute({
  getParentRoute: () => root,
  path: '/add-factor',
  validateSearch: ({ to }: Record<string, unknown>): { to?: string | undefined } => ({
    to: safePath(to) ?? undefined,
  }),
  loader: onlySignedIn,
  component: lazyScreen(() => import('./screens/add-factor.tsx'), 'AddFactorScreen'),
});

const account = createRoute({
  getParentRoute: () => root,
  path: '/account',
  loader: async (ask) => {
    const session = await onlySignedIn(ask);
    void ask.context.queryClient.prefetchQuery(sessionsQuery);
    void ask.context.queryClient.prefetchQuery(connectedQuery);
    return session;
  },
  component: lazyScreen(() => import('./screens/account.tsx'), 'AccountScreen'),
});

const activity = createRoute({
  getParentRoute: () => root,
  path: '/activity',
  validateSearch: ({ kind, days }: Record<string, unknown>): ActivityFilters => ({
    kind: oneOf(activityKinds, kind),
    days: oneOf(activitySpans, days),
  }),
  loaderDeps: ({ search }) => search,
  loader: async (ask) => {
    const session = await onlySignedIn(ask);
    void ask.context.queryClient.prefetchInfiniteQuery(activityQuery(ask.deps));
    return session;
  },
  component: lazyScreen(() => import('./screens/activity.tsx'), 'ActivityScreen'),
});

const recovery = createRoute({
  getParentRoute: () => root,
  path: '/recovery',
  component: lazyScreen(() => import('./screens/recovery.tsx'), 'RecoveryScreen'),
});

const undo = createRoute({
  getParentRoute: () => root,
  path: '/undo',
  beforeLoad: takeToken('/undo'),
  loader: () => keptToken('/undo'),
  component: lazyScreen(() => import('./screens/undo.tsx'), 'UndoScreen'),
});

const operator = createRoute({
  getParentRoute: () => root,
  path: '/operator',
  beforeLoad: takeToken('/operator'),
  loader: async () => {
    const token = keptToken('/operator');
    return { token, isOpen: token !== null && (await isClaimOpen(token)) };
  },
  component: lazyScreen(() => import('./screens/operator.tsx'), 'OperatorScreen'),
});
/** For operators alone; for other users the page does not exist. */
const operators = createRoute({
  getParentRoute: () => root,
  path: '/operators',
  validateSearch: ({ part, search, state }: Record<string, unknown>): OperatorsSearch => {
    const shown = oneOf(['limits', 'mail', 'factors', 'settings', 'audit-log'], part) ?? 'accounts';
    return {
      part: shown,
      search: shown === 'accounts' && typeof search === 'string' ? search : undefined,
      state:
        shown === 'mail'
          ? (oneOf(['queued', 'sent', 'kept', 'dropped'], state) ?? 'queued')
          : undefined,
    };
  },
  loader: async (ask) => {
    const session = await onlyFree(ask);
    if (!session.user.operator) throw notFound();
  },
  component: lazyScreen(() => import('./screens/operators.tsx'), 'OperatorsScreen'),
});

export const routeTree = root.addChildren([
  signUp,
  checkMail,
  signIn,
  secondFactor,
  reopen,
  proved,
  recovery,
  undo,
  home,
  addFactor,
  account,
  activity,
  operator,
  operators,
]);
