import { useSuspenseQuery } from '@tanstack/react-query';
import { Link, getRouteApi, useNavigate } from '@tanstack/react-router';
import { signInAnswer, signInShape } from '../../../src/api/accounts.ts';
import { challengeAnswer } from '../../../src/api/challenges.ts';
import { providerNames } from '../../../src/api/providers.ts';
import { call } from '../../client/api.ts';
import { isProblem } from '../../client/problem.ts';
import { Button } from '../../ui/button.tsx';
import { Callout } from '../../ui/callout.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { PasswordField } from '../../ui/password-field.tsx';
import { EmailField } from '../forms/account-fields.tsx';
import { ProblemCallout } from '../forms/problem-callout.tsx';
import { useForm } from '../forms/use-form.ts';
import { messages } from '../messages.ts';
import { deploymentQuery, sessionQuery } from '../queries.ts';
import { keepFactorDue } from '../session/factor-due.ts';
import { PasskeySignIn } from '../session/passkey-sign-in.tsx';
import { keepPending } from '../session/pending-challenge.ts';
import { ProviderLinks } from '../session/provider-links.tsx';
import { ProviderProblem } from '../session/provider-problem.tsx';
import { keepAddress, keptAddress } from '../session/typed-address.ts';
import { useArrive } from '../session/use-arrive.ts';
import { useReopening } from '../session/use-reopening.ts';
import { Page } from '../shell/page.tsx';

const t = messages.signIn;
const route = getRouteApi('/sign-in');

export function SignInScreen() {
  const { to, notice, problem: failed, provider, purpose: wanted } = route.useSearch();
  const isSignedIn = useSuspenseQuery(sessionQuery).data !== null;
  const { hasOperator } = useSuspenseQuery(deploymentQuery).data;
  const { formProps, errors, busy, problem } = useSignInForm(to ?? null);
  const purpose = wanted ?? 'sign-in';
  const failure = failed && provider && (
    <ProviderProblem problem={failed} provider={provider} purpose={purpose} to={to ?? null} />
  );
  if (failure && isSignedIn)
    return (
      <Page title={messages.providers.titles[purpose](providerNames[provider])} narrow>
        {failure}
      </Page>
    );
  return (
    <Page
      title={t.title}
      lead={to !== undefined && !failed && <p className="fc-muted">{t.again}</p>}
      narrow
    >
      {notice !== undefined && !problem && (
        <Callout tone={notice === 'signed-out' ? 'good' : 'warn'} role="status">
          <p>{t.notices[notice]}</p>
        </Callout>
      )}
      {failure}
      {!hasOperator && <NoOperator />}
      <form className="fc-card fc-form" {...formProps}>
        {problem && <ProblemCallout error={problem} />}
        <EmailField
          error={errors['email']}
          email={keptAddress()}
          autoComplete="username webauthn"
        />
        <PasswordField
          label={messages.fields.password}
          name="password"
          autoComplete="current-password"
          error={errors['password']}
        />
        <Checkbox label={t.stay} name="stay" />
        <Button type="submit" look="primary" wide busy={busy ? t.busy : undefined}>
          {t.submit}
        </Button>
      </form>
      <PasskeySignIn to={to ?? null} />
      <ProviderLinks to={to ?? null} />
      <p className="fc-aside">
        <Link to="/recovery" onClick={() => keepAddress(addressIn(formProps.ref.current))}>
          {t.forgot}
        </Link>
      </p>
      <p className="fc-aside">
        {t.newHere} <Link to="/sign-up">{t.signUp}</Link>
      </p>
    </Page>
  );
}

/** The address as typed so far. It is passed on to the next screen. */
function addressIn(form: HTMLFormElement | null): string {
  const typed = form ? new FormData(form).get('email') : '';
  return typeof typed === 'string' ? typed : '';
}

function useSignInForm(to: string | null) {
  const arrive = useArrive();
  const navigate = useNavigate();
  const reopen = useReopening();
  return useForm({
    shape: signInShape,
    read: (form) => ({
      email: form.get('email'),
      password: form.get('password'),
      stay: form.get('stay') === 'on',
    }),
    send: async (body) => {
      try {
        const answer = await call({
          method: 'POST',
          path: '/api/sign-in',
          body,
          answer: signInAnswer,
        });
        if ('challenge' in answer) {
          keepFactorDue({ challenge: answer.challenge.id, methods: answer.methods, to });
          await navigate({ to: '/sign-in/second-factor' });
          return;
        }
      } catch (error) {
        const open = isProblem(error, 'email-unverified')
          ? challengeAnswer.safeParse(error.members)
          : null;
        if (!open?.success) return reopen(error);
        keepPending({
          challenge: open.data.challenge,
          name: '',
          email: body.email,
          resendAt: 0,
          to,
        });
        await navigate({ to: '/sign-up/check-mail' });
        return;
      }
      await arrive(to);
    },
  });
}

function NoOperator() {
  return (
    <Callout tone="warn" title={t.noOperatorTitle}>
      <p>
        {t.noOperator} <code className="fc-code">{messages.operator.command}</code>
      </p>
    </Callout>
  );
}
