import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { emailChangeShape, userAnswer } from '../../../src/api/accounts.ts';
import { challengeAnswer } from '../../../src/api/challenges.ts';
import { call } from '../../client/api.ts';
import { Button } from '../../ui/button.tsx';
import { EmailField } from '../forms/account-fields.tsx';
import { ProblemCallout } from '../forms/problem-callout.tsx';
import { useForm } from '../forms/use-form.ts';
import { messages } from '../messages.ts';
import { sessionQuery } from '../queries.ts';
import { CodeEntry } from '../session/code-entry.tsx';
import { isCodeOver, triesLeft } from '../session/code-problems.ts';
import { MailboxHint } from '../session/mailbox-hint.tsx';
import { resendAfter, type PendingChallenge } from '../session/pending-challenge.ts';
import { ResendCode } from '../session/resend-code.tsx';

const t = messages.changeEmail;

/**
 * Changes the email address of the account: asks for the new one, then for the code that was sent
 * to it.
 */
export function ChangeEmail() {
  const [pending, setPending] = useState<PendingChallenge | null>(null);
  const [done, setDone] = useState('');
  const heading = useRef<HTMLHeadingElement>(null);

  function end(sentence: string) {
    setPending(null);
    setDone(sentence);
    heading.current?.focus();
  }

  return (
    <section className="fc-section" aria-labelledby="move">
      <div className="fc-stack fc-stack-tight">
        <h2 id="move" ref={heading} tabIndex={-1}>
          {t.title}
        </h2>
        <p className="fc-muted">{t.lead}</p>
      </div>
      <p className="fc-done" role="status">
        {done}
      </p>
      {pending === null ? (
        <NewAddress onSent={setPending} />
      ) : (
        <Proof pending={pending} onSent={setPending} onEnd={end} />
      )}
    </section>
  );
}

function NewAddress({ onSent }: { onSent: (pending: PendingChallenge) => void }) {
  const { formProps, errors, busy, problem } = useForm({
    shape: emailChangeShape,
    read: (form) => ({ email: form.get('email') }),
    send: async (body) => {
      const { challenge } = await call({
        method: 'POST',
        path: '/api/account/email',
        body,
        answer: challengeAnswer,
      });
      onSent({
        challenge,
        name: '',
        email: body.email,
        resendAt: Date.now() + resendAfter,
        to: null,
      });
    },
  });
  return (
    <form className="fc-card fc-form" {...formProps}>
      {problem && <ProblemCallout error={problem} />}
      <EmailField error={errors['email']} email="" />
      <div>
        <Button type="submit" busy={busy ? t.sending : undefined}>
          {t.send}
        </Button>
      </div>
    </form>
  );
}

interface ProofProps {
  pending: PendingChallenge;
  onSent: (pending: PendingChallenge) => void;
  onEnd: (sentence: string) => void;
}

function Proof({ pending, onSent, onEnd }: ProofProps) {
  const queryClient = useQueryClient();
  const { challenge, email } = pending;
  const over = () => onEnd(t.expired);
  const { mutate, isPending, error } = useMutation({
    mutationFn: (code: string) =>
      call({
        method: 'POST',
        path: `/api/challenges/${encodeURIComponent(challenge.id)}/verify`,
        body: { code },
        answer: userAnswer,
      }),
    onSuccess: async ({ user }) => {
      await queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey });
      onEnd(t.done(user.email));
    },
    onError: (failure) => {
      if (isCodeOver(failure)) over();
    },
  });
  const left = error === null ? undefined : triesLeft(error);
  return (
    <div className="fc-card fc-form">
      <p>{messages.checkMail.sentTo(challenge.sentTo ?? email)}</p>
      <MailboxHint address={challenge.sentTo ?? email} />
      <CodeEntry
        key={challenge.expiresAt}
        label={messages.checkMail.code}
        onWhole={mutate}
        busy={isPending}
        error={error}
        wrong={left === undefined ? undefined : messages.checkMail.wrong(left)}
      />
      <ResendCode pending={pending} onSent={onSent} onOver={over} />
      <Button look="quiet" onPress={() => onEnd('')}>
        {t.keep}
      </Button>
    </div>
  );
}
