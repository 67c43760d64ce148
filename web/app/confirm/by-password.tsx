import { useSuspenseQuery } from '@tanstack/react-query';
import { z } from 'zod/mini';
import { presentedPassword } from '../../../src/api/accounts.ts';
import { atField, isProblem } from '../../client/problem.ts';
import { Button } from '../../ui/button.tsx';
import { PasswordField } from '../../ui/password-field.tsx';
import { OwnerField } from '../forms/account-fields.tsx';
import { ProblemCallout } from '../forms/problem-callout.tsx';
import { useForm } from '../forms/use-form.ts';
import { messages } from '../messages.ts';
import { sessionQuery } from '../queries.ts';
import type { ProofFormProps } from './confirm-forms.tsx';

const shape = z.strictObject({ password: presentedPassword });

/** Confirms with the password, for accounts without a second factor. */
export function ByPassword({ give }: ProofFormProps) {
  const email = useSuspenseQuery(sessionQuery).data?.user.email ?? '';
  const { formProps, errors, busy, problem } = useForm({
    shape,
    read: (form) => ({ password: form.get('password') }),
    send: (proof) =>
      give(proof).catch((error: unknown) => {
        throw isProblem(error, 'wrong-credentials') ? atField(error, 'password') : error;
      }),
  });
  return (
    <form className="fc-form" {...formProps}>
      {problem && <ProblemCallout error={problem} />}
      <OwnerField email={email} />
      <PasswordField
        label={messages.fields.password}
        name="password"
        autoComplete="current-password"
        error={errors['password']}
      />
      <Button type="submit" look="primary" wide busy={busy ? messages.checkMail.busy : undefined}>
        {messages.checkMail.submit}
      </Button>
    </form>
  );
}
