import { useMutation, useSuspenseQuery } from '@tanstack/react-query';
import { useRef, useState, type RefObject } from 'react';
import { z } from 'zod/mini';
import { completionShape, recoveryShape } from '../../../src/api/accounts.ts';
import { challengeAnswer } from '../../../src/api/challenges.ts';
import { call } from '../../client/api.ts';
import { ApiProblem, atField } from '../../client/problem.ts';
import { Button } from '../../ui/button.tsx';
import { Callout } from '../../ui/callout.tsx';
import { CodeField } from '../../ui/code-field.tsx';
import { NewPasswordField } from '../../ui/new-password-field.tsx';
import { EmailField, OwnerField } from '../forms/account-fields.tsx';
import { ProblemCallout } from '../forms/problem-callout.tsx';
import { useForm } from '../forms/use-form.ts';
import { messages } from '../messages.ts';
import { deploymentQuery } from '../queries.ts';
import { isCodeOver, triesLeft } from './code-problems.ts';
import { resendAfter, type PendingChallenge } from './pending-challenge.ts';
import { ResendCode } from './resend-code.tsx';

const t = messages.recovery;
const done = z.object({});

async function askForCode(email: string): Promise<PendingChallenge> {
  const { challenge } = await call({
    method: 'POST',
    path: '/api/recovery',
    body: { email },
    answer: challengeAnswer,
  });
  return { challenge, name: '', email, resendAt: Date.now() + resendAfter, to: null };
}

interface OnSent {
  onSent: (pending: PendingChallenge) => void;
}

/** Step one: the email address. */
export function AddressForm({ email, onSent }: OnSent & { email: string }) {
  const { formProps, errors, busy, problem } = useForm({
    shape: recoveryShape,
    read: (form) => ({ email: form.get('email') }),
    send: async (body) => onSent(await askForCode(body.email)),
  });
  return (
    <form className="fc-card fc-form" {...formProps}>
      {problem && <ProblemCallout error={problem} />}
      <EmailField error={errors['email']} email={email} />
      <Button type="submit" look="primary" wide busy={busy ? t.sending : undefined}>
        {t.send}
      </Button>
    </form>
  );
}

interface CompletionProps extends OnSent {
  pending: PendingChallenge;
  onDone: () => Promise<void>;
}

/**
 * Step two: the code and the new password. The form keeps what was typed when the code is sent
 * again.
 */
export function CompletionForm({ pending, onSent, onDone }: CompletionProps) {
  const { passwordMinLength: minLength } = useSuspenseQuery(deploymentQuery).data;
  const [code, setCode] = useState('');
  const [notice, setNotice] = useState('');
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const { formProps, errors, clear, busy, problem } = useForm({
    shape: completionShape({ minLength }),
    read: (form) => ({
      challenge: pending.challenge.id,
      code: form.get('code'),
      password: form.get('password'),
    }),
    send: async (body) => {
      try {
        await call({ method: 'POST', path: '/api/recovery/complete', body, answer: done });
      } catch (error) {
        if (isCodeOver(error)) return setOver(true);
        throw atCode(error, input);
      }
      await onDone();
    },
  });

  function type(digits: string) {
    setCode(digits);
    clear('code');
  }

  function startOver(next: PendingChallenge) {
    type('');
    setOver(false);
    setNotice(t.again);
    input.current?.focus();
    onSent(next);
  }

  return (
    <>
      <form className="fc-form" {...formProps}>
        {problem && <ProblemCallout error={problem} />}
        {over && <CodeOver email={pending.email} onSent={startOver} />}
        <p className="fc-done" role="status">
          {notice}
        </p>
        <CodeField
          label={messages.checkMail.code}
          value={code}
          onChange={type}
          inputRef={input}
          error={errors['code']}
        />
        <OwnerField email={pending.email} />
        <NewPasswordField
          label={messages.fields.newPassword}
          name="password"
          minLength={minLength}
          error={errors['password']}
        />
        <p className="fc-muted">{t.ends}</p>
        <Button
          type="submit"
          look={over ? 'plain' : 'primary'}
          wide
          off={over}
          busy={busy ? t.busy : undefined}
        >
          {t.submit}
        </Button>
      </form>
      {!over && (
        <ResendCode
          key={pending.challenge.id}
          pending={pending}
          onSent={onSent}
          onOver={() => setOver(true)}
        />
      )}
    </>
  );
}

/** The code field shows a wrong code as its own error, and selects it. */
function atCode(error: unknown, input: RefObject<HTMLInputElement | null>): unknown {
  const left = triesLeft(error);
  if (left === undefined || !(error instanceof ApiProblem)) return error;
  input.current?.select();
  return atField(error, 'code', messages.checkMail.wrong(left));
}

function CodeOver({ email, onSent }: OnSent & { email: string }) {
  const ask = useMutation({ mutationFn: () => askForCode(email), onSuccess: onSent });
  return (
    <>
      <Callout tone="warn" role="alert" title={messages.checkMail.expiredTitle}>
        <p>{t.expired}</p>
      </Callout>
      {ask.error && <ProblemCallout error={ask.error} />}
      <Button
        look="primary"
        wide
        busy={ask.isPending ? messages.checkMail.resending : undefined}
        onPress={() => ask.mutate()}
      >
        {messages.checkMail.resend}
      </Button>
    </>
  );
}
