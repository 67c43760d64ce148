import { useQuery } from '@tanstack/react-query';
import { Link, Outlet } from '@tanstack/react-router';
import { Suspense, lazy } from 'react';
import { Button } from '../../ui/button.tsx';
import { FactorNotices } from '../account/factor-notices.tsx';
import { useAsked } from '../confirm/confirmation.ts';
import { ProblemCallout } from '../forms/problem-callout.tsx';
import { messages } from '../messages.ts';
import { deploymentQuery, sessionQuery } from '../queries.ts';
import { AppLayout } from './app-layout.tsx';
import { Tabs } from './tabs.tsx';
import { useSignOut } from './use-sign-out.ts';

const StepUp = lazy(async () => ({
  default: (await import('../confirm/confirm-dialog.tsx')).StepUp,
}));

/** The layout with the links of the signed-in user. */
export function Shell() {
  const deployment = useQuery(deploymentQuery).data;
  const session = useQuery(sessionQuery).data;
  const signOut = useSignOut();
  const asked = useAsked();
  const busy = signOut.isPending ? messages.nav.signingOut : undefined;
  const nav = session ? (
    <>
      <Tabs />
      {session.user.operator && (
        <Link
          to="/operators"
          search={{ part: 'accounts' }}
          activeOptions={{ includeSearch: false }}
          activeProps={{ 'aria-current': 'page' }}
        >
          {messages.nav.operators}
        </Link>
      )}
      <a href="/security">{messages.nav.security}</a>
      <Button look="quiet" busy={busy} onPress={() => signOut.mutate()}>
        {messages.nav.signOut}
      </Button>
    </>
  ) : (
    <>
      <a href="/security">{messages.nav.security}</a>
      <Link to="/sign-in" activeProps={{ 'aria-current': 'page' }}>
        {messages.nav.signIn}
      </Link>
    </>
  );
  return (
    <AppLayout nav={nav} sandbox={deployment?.sandbox ?? []}>
      {signOut.error && <ProblemCallout error={signOut.error} />}
      {session && <FactorNotices />}
      <Outlet />
      {asked && (
        <Suspense>
          <StepUp asked={asked} />
        </Suspense>
      )}
    </AppLayout>
  );
}
