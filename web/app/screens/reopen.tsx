import { useMutation } from '@tanstack/react-query';
import { Link, getRouteApi } from '@tanstack/react-router';
import { z } from 'zod/mini';
import { call } from '../../client/api.ts';
import { buttonClass } from '../../ui/button-class.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Time } from '../../ui/time.tsx';
import { ProblemCallout } from '../forms/problem-callout.tsx';
import { messages } from '../messages.ts';
import { useHeadingFocus } from '../shell/focus-heading.ts';
import { Page } from '../shell/page.tsx';

const t = messages.restore;
const route = getRouteApi('/sign-in/reopen');

/** Restores an account that is scheduled for deletion, for a user who can sign in to it. */
export function ReopenScreen() {
  const token = route.useLoaderData();
  const { erasedAt } = route.useSearch();
  const opening = useMutation({
    mutationFn: () =>
      call({ method: 'POST', path: '/api/account/reopen', body: { token }, answer: z.object({}) }),
  });
  useHeadingFocus(opening.isSuccess ? 'done' : 'ask');
  const signIn = (
    <Link to="/sign-in" className={buttonClass('primary')}>
      {messages.nav.signIn}
    </Link>
  );
  if (opening.isSuccess)
    return (
      <Page title={t.doneTitle} narrow>
        <p>{t.done}</p>
        <div>{signIn}</div>
      </Page>
    );
  if (token === null || erasedAt === undefined)
    return (
      <Page title={t.title} narrow>
        <EmptyState title={t.noTokenTitle} way={signIn}>
          {t.noToken}
        </EmptyState>
      </Page>
    );
  return (
    <Page title={t.title} narrow>
      <div className="fc-card fc-form">
        <p>
          {t.text} <Time at={erasedAt} />
        </p>
        {opening.error && <ProblemCallout error={opening.error} />}
        <Button
          look="primary"
          wide
          busy={opening.isPending ? t.busy : undefined}
          onPress={() => opening.mutate()}
        >
          {t.submit}
        </Button>
      </div>
      <p className="fc-aside">
        <Link to="/sign-in">{messages.secondFactor.other}</Link>
      </p>
    </Page>
  );
}
