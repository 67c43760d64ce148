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
import { words } from '../messages.ts';
import { sessionQuery } from '../queries.ts';
import { useHeadingFocus } from '../shell/focus-heading.ts';
import { Page } from '../shell/page.tsx';

const say = words.undo;
const route = getRouteApi('/undo');
type Undone = z.infer<typeof undoAnswer>;

/** Behind the link of every notice. Opening it changes nothing: mail programs open links, too. */
export function UndoScreen() {
  const token = route.useLoaderData();
  if (token === null) return <NoWay title={say.noTokenTitle}>{say.noToken}</NoWay>;
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
  const isOver = isProblem(undo.error, 'gone');
  useHeadingFocus(isOver ? 'over' : undo.isSuccess ? 'done' : 'ask');
  if (isOver) return <NoWay title={say.overTitle}>{say.over}</NoWay>;
  if (undo.isSuccess) return <Secured undone={undo.data} />;
  return (
    <Page
      title={say.title}
      lead={
        <>
          <p>{say.lead}</p>
          <p>{undoSince}</p>
        </>
      }
      narrow
    >
      <div className="fc-stack">
        <p>{say.does}</p>
        <ul className="fc-sentences">
          {Object.values(undoPromise).map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      </div>
      <Checkbox
        label={say.everyProvider}
        checked={everyProvider}
        onChange={({ target }) => setEveryProvider(target.checked)}
      />
      <Leaves />
      {undo.error && <ProblemCallout error={undo.error} />}
      <Button
        look="danger"
        wide
        busy={undo.isPending ? say.busy : undefined}
        onPress={() => undo.mutate()}
      >
        {say.submit}
      </Button>
      <p className="fc-aside">{say.wasMe}</p>
    </Page>
  );
}

/** What an undo does not reach. */
function Leaves() {
  return (
    <Callout title={say.leavesTitle}>
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
      title={isTaken ? say.takenTitle : say.doneTitle}
      lead={<p>{isTaken ? say.taken : say.done}</p>}
      narrow
    >
      {isTaken && (
        <Callout tone="warn" title={say.nextTitle}>
          <p>{undoTaken}</p>
          <ol className="fc-sentences">
            {undoTakenSteps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        </Callout>
      )}
      {doneToOthers.length > 0 && (
        <Callout tone="warn" title={say.toOthersTitle}>
          <ul className="fc-sentences">
            {doneToOthers.map(({ at, summary }) => (
              <li key={`${at} ${summary}`}>
                {summary} · <Time at={at} />
              </li>
            ))}
          </ul>
          <p>{say.toOthers}</p>
        </Callout>
      )}
      <Link to="/recovery" className={buttonClass('primary', true)}>
        {isTaken ? say.recoverOther : say.goOn}
      </Link>
    </Page>
  );
}

function NoWay({ title, children }: { title: string; children: string }) {
  return (
    <Page title={say.title} narrow>
      <EmptyState
        title={title}
        way={
          <Link to="/recovery" className={buttonClass('primary')}>
            {say.goOn}
          </Link>
        }
      >
        {children}
      </EmptyState>
    </Page>
  );
}
