import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { z } from 'zod/mini';
import { passwordChangeShape } from '../../../src/api/accounts.ts';
import { call } from '../../client/api.ts';
import { atField, isProblem } from '../../client/problem.ts';
import { Button } from '../../ui/button.tsx';
import { NewPasswordField } from '../../ui/new-password-field.tsx';
import { PasswordField } from '../../ui/password-field.tsx';
import { OwnerField } from '../forms/account-fields.tsx';
import { ProblemCallout } from '../forms/problem-callout.tsx';
import { useForm } from '../forms/use-form.ts';
import { messages } from '../messages.ts';
import { deploymentQuery, factorsQuery, sessionQuery, sessionsQuery } from '../queries.ts';
import { keepAddress } from '../session/typed-address.ts';

const t = messages.account;
const done = z.object({});

interface Owner {
  email: string;
}

/**
 * Changes the password. Afterwards the fields are empty and the heading says whether it succeeded.
 */
export function ChangePassword({ email }: Owner) {
  const [changes, setChanges] = useState(0);
  const heading = useRef<HTMLHeadingElement>(null);

  function report() {
    setChanges((count) => count + 1);
    heading.current?.focus();
  }

  return (
    <section className="fc-section" aria-labelledby="password">
      <div className="fc-stack fc-stack-tight">
        <h2 id="password" ref={heading} tabIndex={-1}>
          {t.password}
        </h2>
        <p className="fc-muted">{t.passwordLead}</p>
      </div>
      <p className="fc-done" role="status">
        {changes > 0 && t.changed}
      </p>
      <PasswordForm key={changes} email={email} onChanged={report} />
      <p className="fc-aside">
        {t.forgot}{' '}
        <Link to="/recovery" onClick={() => keepAddress(email)}>
          {t.reset}
        </Link>
      </p>
    </section>
  );
}

function PasswordForm({ email, onChanged }: Owner & { onChanged: () => void }) {
  const { passwordMinLength: minLength } = useSuspenseQuery(deploymentQuery).data;
  const queryClient = useQueryClient();
  const { formProps, errors, busy, problem } = useForm({
    shape: passwordChangeShape({ minLength }),
    read: (form) => ({ current: form.get('current'), next: form.get('next') }),
    send: async (body) => {
      try {
        await call({ method: 'POST', path: '/api/account/password', body, answer: done });
      } catch (error) {
        throw isProblem(error, 'wrong-credentials') ? atField(error, 'current') : error;
      }
      await Promise.all(
        [sessionQuery, sessionsQuery, factorsQuery].map(({ queryKey }) =>
          queryClient.invalidateQueries({ queryKey }),
        ),
      );
      onChanged();
    },
  });
  return (
    <form className="fc-card fc-form" {...formProps}>
      {problem && <ProblemCallout error={problem} />}
      <OwnerField email={email} />
      <PasswordField
        label={t.current}
        name="current"
        autoComplete="current-password"
        error={errors['current']}
      />
      <NewPasswordField
        label={messages.fields.newPassword}
        name="next"
        minLength={minLength}
        error={errors['next']}
      />
      <div>
        <Button type="submit" busy={busy ? t.changing : undefined}>
          {t.change}
        </Button>
      </div>
    </form>
  );
}
