import { useSuspenseQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { signUpShape } from '../../../src/api/accounts.ts';
import { challengeAnswer } from '../../../src/api/challenges.ts';
import { call } from '../../client/api.ts';
import { Button } from '../../ui/button.tsx';
import { AccountFields } from '../forms/account-fields.tsx';
import { ProblemCallout } from '../forms/problem-callout.tsx';
import { useForm } from '../forms/use-form.ts';
import { messages } from '../messages.ts';
import { deploymentQuery } from '../queries.ts';
import { keepPending, readPending, resendAfter } from '../session/pending-challenge.ts';
import { ProviderLinks } from '../session/provider-links.tsx';
import { Page } from '../shell/page.tsx';

const t = messages.signUp;

export function SignUpScreen() {
  const { passwordMinLength: minLength } = useSuspenseQuery(deploymentQuery).data;
  const navigate = useNavigate();
  const before = readPending('verify-email');
  const { formProps, errors, busy, problem } = useForm({
    shape: signUpShape({ minLength }),
    read: (form) => ({
      name: form.get('name'),
      email: form.get('email'),
      password: form.get('password'),
    }),
    send: async (body) => {
      const { challenge } = await call({
        method: 'POST',
        path: '/api/sign-up',
        body,
        answer: challengeAnswer,
      });
      keepPending({
        challenge,
        name: body.name,
        email: body.email,
        resendAt: Date.now() + resendAfter,
        to: null,
      });
      await navigate({ to: '/sign-up/check-mail' });
    },
  });
  return (
    <Page title={t.title} narrow>
      <form className="fc-card fc-form" {...formProps}>
        {problem && <ProblemCallout error={problem} />}
        <AccountFields
          errors={errors}
          minLength={minLength}
          name={before?.name}
          email={before?.email}
        />
        <Button type="submit" look="primary" wide busy={busy ? t.busy : undefined}>
          {t.submit}
        </Button>
      </form>
      <ProviderLinks to={null} />
      <p className="fc-aside">
        {t.haveOne} <Link to="/sign-in">{t.signIn}</Link>
      </p>
    </Page>
  );
}
