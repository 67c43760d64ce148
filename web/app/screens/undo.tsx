import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import type { z } from 'zod/mini';
import { undoAnswer } from '../../../src/api/accounts.ts';
import {
  undoLeaves,
  undoPromise,
  undoSince,
  undoTaken,
  undoTakenSteps,
} from '../../../src/api/undo.ts';
import { call } from '../../client/api.ts';
import { isProblem } from '../../client/problem.ts';
import { buttonClass } from '../../ui/button-class.ts';
import { Button } from '../../ui/button.tsx';
import { Callout } from '../../ui/callout.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Time } from '../../ui/time.tsx';
import { ProblemCallout } from '../forms/problem-callout.tsx';
import { messages } from '../messages.ts';
import { sessionQuery } from '../queries.ts';
import { useHeadingFocus } from '../shell/focus-heading.ts';
import { Page } from '../shell/page.tsx';

const t = messages.undo;
const route = getRouteApi('/undo');
type Undone = z.infer<typeof undoAnswer>;

/**
 * The page behind the link of every notice. Opening it changes nothing, because mail programs open
 * links, too.
 */
export function UndoScreen() {
  const token = route.useLoaderData();
  if (token === null) return <NoWay title={t.noTokenTitle}>{t.noToken}</NoWay>;
  return <Undo key={token} token={token} />;
}

function Undo({ token }: { token: string }) {
  const queryClient = useQueryClient();
  const [everyProvider, setEveryProvider] = useState(false);
  const undo = useMutation({
    mutationFn: () =>
      call({
        method: 'POST',
        path: '/api/account/undo',
        body: { token, everyProvider },
        answer: undoAnswer,
      }),
    onSuccess: () => queryClient.invalidateQueries(sessionQuery),
  });
  const isExpired = isProblem(undo.error, 'gone');
  useHeadingFocus(isExpired ? 'over' : undo.isSuccess ? 'done' : 'ask');
  if (isExpired) return <NoWay title={t.expiredTitle}>{t.expired}</NoWay>;
  if (undo.isSuccess) return <Secured undone={undo.data} />;
  return (
    <Page
      title={t.title}
      lead={
        <>
          <p>{t.lead}</p>
          <p>{undoSince}</p>
        </>
      }
      narrow
    >
      <div className="fc-stack">
        <p>{t.does}</p>
        <ul className="fc-sentences">
          {Object.values(undoPromise).map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      </div>
      <Checkbox
        label={t.everyProvider}
        checked={everyProvider}
        onChange={({ target }) => setEveryProvider(target.checked)}
      />
      <Leaves />
      {undo.error && <ProblemCallout error={undo.error} />}
      <Button
        look="danger"
        wide
        busy={undo.isPending ? t.busy : undefined}
        onPress={() => undo.mutate()}
      >
        {t.submit}
      </Button>
      <p className="fc-aside">{t.wasMe}</p>
    </Page>
  );
}

/** What the link does not undo. */
function Leaves() {
  return (
    <Callout title={t.leavesTitle}>
      <ul className="fc-sentences">
        {undoLeaves.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </Callout>
  );
}

function Secured({ undone: { doneToOthers, address } }: { undone: Undone }) {
  const isTaken = address === 'taken';
  return (
    <Page
      title={isTaken ? t.takenTitle : t.doneTitle}
      lead={<p>{isTaken ? t.taken : t.done}</p>}
      narrow
    >
      {isTaken && (
        <Callout tone="warn" title={t.nextTitle}>
          <p>{undoTaken}</p>
          <ol className="fc-sentences">
            {undoTakenSteps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        </Callout>
      )}
      {doneToOthers.length > 0 && (
        <Callout tone="warn" title={t.toOthersTitle}>
          <ul className="fc-sentences">
            {doneToOthers.map(({ at, summary }) => (
              <li key={`${at} ${summary}`}>
                {summary} · <Time at={at} />
              </li>
            ))}
          </ul>
          <p>{t.toOthers}</p>
        </Callout>
      )}
      <Link to="/recovery" className={buttonClass('primary', true)}>
        {isTaken ? t.resetOther : t.resetPassword}
      </Link>
    </Page>
  );
}

function NoWay({ title, children }: { title: string; children: string }) {
  return (
    <Page title={t.title} narrow>
      <EmptyState
        title={title}
        way={
          <Link to="/recovery" className={buttonClass('primary')}>
            {t.resetPassword}
          </Link>
        }
      >
        {children}
      </EmptyState>
    </Page>
  );
}
