import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, getRouteApi } from '@tanstack/react-router';
import { z } from 'zod/mini';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { buttonClass } from '../../ui/button-class.ts';
import { call } from '../api.ts';
import { useHeadingFocus } from '../focus-heading.ts';
import { Page } from '../page.tsx';
import { ProblemCallout } from '../problem-callout.tsx';
import { isProblem } from '../problem.ts';
import { sessionQuery } from '../queries.ts';
import { words } from '../words.ts';

const say = words.undo;
const route = getRouteApi('/undo');
const done = z.object({});

/** Behind the link of every notice. Opening it changes nothing: mail programs open links, too. */
export function UndoScreen() {
  const token = route.useLoaderData();
  if (token === null) return <NoWay title={say.noTokenTitle}>{say.noToken}</NoWay>;
  return <Undo key={token} token={token} />;
}

function Undo({ token }: { token: string }) {
  const queryClient = useQueryClient();
  const undo = useMutation({
    mutationFn: () => call({ method: 'POST', path: '/api/account/undo', body: { token }, answer: done }),
    onSuccess: () => queryClient.invalidateQueries(sessionQuery),
  });
  const isOver = isProblem(undo.error, 'gone');
  useHeadingFocus(isOver ? 'over' : undo.isSuccess ? 'done' : 'ask');
  if (isOver) return <NoWay title={say.overTitle}>{say.over}</NoWay>;
  if (undo.isSuccess) return <Secured />;
  return (
    <Page title={say.title} lead={<p>{say.lead}</p>} narrow>
      <ol className="fc-steps">
        {say.steps.map((step) => <li key={step}><p>{step}</p></li>)}
      </ol>
      {undo.error && <ProblemCallout error={undo.error} />}
      <Button look="danger" wide busy={undo.isPending ? say.busy : undefined} onPress={() => undo.mutate()}>{say.submit}</Button>
      <p className="fc-aside">{say.wasMe}</p>
    </Page>
  );
}

function Secured() {
  return (
    <Page title={say.doneTitle} lead={<p>{say.done}</p>} narrow>
      <Link to="/recovery" className={buttonClass('primary', true)}>{say.goOn}</Link>
    </Page>
  );
}

function NoWay({ title, children }: { title: string; children: string }) {
  return (
    <Page title={say.title} narrow>
      <EmptyState title={title} way={<Link to="/recovery" className={buttonClass('primary')}>{say.goOn}</Link>}>{children}</EmptyState>
    </Page>
  );
}
