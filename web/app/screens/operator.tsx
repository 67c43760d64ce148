import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { claimShape, userAnswer } from '../../../src/api/accounts.ts';
import { call } from '../../client/api.ts';
import { isProblem } from '../../client/problem.ts';
import { Button } from '../../ui/button.tsx';
import { KeyValue } from '../../ui/key-value.tsx';
import { AccountFields } from '../forms/account-fields.tsx';
import { ProblemCallout } from '../forms/problem-callout.tsx';
import { useForm } from '../forms/use-form.ts';
import { words } from '../messages.ts';
import { deploymentQuery } from '../queries.ts';
import { useArrive } from '../session/use-arrive.ts';
import { useHeadingFocus } from '../shell/focus-heading.ts';
import { Page } from '../shell/page.tsx';

const say = words.operator;
const route = getRouteApi('/operator');

export function OperatorScreen() {
  const token = route.useLoaderData();
  return token === null ? (
    <NoToken title={say.noTokenTitle} />
  ) : (
    <ClaimForm key={token} token={token} />
  );
}

function ClaimForm({ token }: { token: string }) {
  const { origin, passwordMinLength: minLength } = useSuspenseQuery(deploymentQuery).data;
  const queryClient = useQueryClient();
  const arrive = useArrive();
  const { formProps, errors, busy, problem } = useForm({
    shape: claimShape({ minLength }),
    read: (form) => ({
      token,
      name: form.get('name'),
      email: form.get('email'),
      password: form.get('password'),
    }),
    send: async (body) => {
      await call({ method: 'POST', path: '/api/operators/claim', body, answer: userAnswer });
      await queryClient.invalidateQueries(deploymentQuery);
      await arrive(null);
    },
  });
  const isOver = isProblem(problem, 'gone');
  useHeadingFocus(isOver ? 'over' : 'ask');
  if (isOver) return <NoToken title={say.overTitle} />;
  return (
    <Page title={say.title} lead={<p>{say.lead}</p>} narrow>
      <KeyValue facts={[{ label: say.origin, value: origin }]} />
      <form className="fc-card fc-form" {...formProps}>
        {problem && <ProblemCallout error={problem} />}
        <AccountFields errors={errors} minLength={minLength} />
        <Button type="submit" look="primary" wide busy={busy ? say.busy : undefined}>
          {say.submit}
        </Button>
      </form>
    </Page>
  );
}

function NoToken({ title }: { title: string }) {
  return (
    <Page title={title} lead={<p>{say.noToken}</p>} narrow>
      <code className="fc-code fc-pick">{say.command}</code>
    </Page>
  );
}
