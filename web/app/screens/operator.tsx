import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { claimShape, userAnswer } from '../../../src/accounts/shapes.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { KeyValue } from '../../ui/key-value.tsx';
import { AccountFields } from '../account-fields.tsx';
import { call } from '../api.ts';
import { Page } from '../page.tsx';
import { ProblemCallout } from '../problem-callout.tsx';
import { isProblem } from '../problem.ts';
import { deploymentQuery } from '../queries.ts';
import { useArrive } from '../use-arrive.ts';
import { useForm } from '../use-form.ts';
import { words } from '../words.ts';

const say = words.operator;
const route = getRouteApi('/operator');

export function OperatorScreen() {
  const token = route.useLoaderData();
  return (
    <Page title={say.title} lead={token !== null && <p>{say.lead}</p>} narrow>
      {token === null ? <NoToken title={say.noTokenTitle} /> : <ClaimForm key={token} token={token} />}
    </Page>
  );
}

function ClaimForm({ token }: { token: string }) {
  const { origin, passwordMinLength: minLength } = useSuspenseQuery(deploymentQuery).data;
  const queryClient = useQueryClient();
  const arrive = useArrive();
  const { formProps, errors, busy, problem } = useForm({
    shape: claimShape({ minLength }),
    read: (form) => ({ token, name: form.get('name'), email: form.get('email'), password: form.get('password') }),
    send: async (body) => {
      await call({ method: 'POST', path: '/api/operators/claim', body, answer: userAnswer });
      await queryClient.invalidateQueries(deploymentQuery);
      await arrive(null);
    },
  });
  if (isProblem(problem, 'gone')) return <NoToken title={say.overTitle} />;
  return (
    <>
      <KeyValue facts={[{ label: say.origin, value: origin }]} />
      <form className="fc-card fc-form" {...formProps}>
        {problem && <ProblemCallout error={problem} />}
        <AccountFields errors={errors} minLength={minLength} />
        <Button type="submit" look="primary" wide busy={busy ? say.busy : undefined}>{say.submit}</Button>
      </form>
    </>
  );
}

function NoToken({ title }: { title: string }) {
  return <EmptyState title={title} way={<code className="fc-code fc-pick">{say.command}</code>}>{say.noToken}</EmptyState>;
}
