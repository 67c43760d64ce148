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
import { messages } from '../messages.ts';
import { deploymentQuery } from '../queries.ts';
import { useArrive } from '../session/use-arrive.ts';
import { useHeadingFocus } from '../shell/focus-heading.ts';
import { Page } from '../shell/page.tsx';

const t = messages.operator;
const route = getRouteApi('/operator');

export function OperatorScreen() {
  const { token, isOpen } = route.useLoaderData();
  if (token === null) return <NoToken title={t.noTokenTitle} />;
  return isOpen ? <ClaimForm key={token} token={token} /> : <NoToken title={t.expiredTitle} />;
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
  const isExpired = isProblem(problem, 'gone');
  useHeadingFocus(isExpired ? 'over' : 'ask');
  if (isExpired) return <NoToken title={t.expiredTitle} />;
  return (
    <Page title={t.title} lead={<p>{t.lead}</p>} narrow>
      <KeyValue facts={[{ label: t.origin, value: origin }]} />
      <form className="fc-card fc-form" {...formProps}>
        {problem && <ProblemCallout error={problem} />}
        <AccountFields errors={errors} minLength={minLength} />
        <Button type="submit" look="primary" wide busy={busy ? t.busy : undefined}>
          {t.submit}
        </Button>
      </form>
    </Page>
  );
}

function NoToken({ title }: { title: string }) {
  return (
    <Page title={title} lead={<p>{t.noToken}</p>} narrow>
      <code className="fc-code fc-pick">{t.command}</code>
    </Page>
  );
}
