import { useMutation } from '@tanstack/react-query';
import { useRef, useState, type SubmitEvent } from 'react';
import { userAnswer } from '../../src/accounts/shapes.ts';
import { Button } from '../ui/button.tsx';
import { CodeField } from '../ui/code-field.tsx';
import { call } from './api.ts';
import { isCodeOver, triesLeft } from './code-problems.ts';
import type { PendingChallenge } from './pending-challenge.ts';
import { ProblemCallout } from './problem-callout.tsx';
import { useArrive } from './use-arrive.ts';
import { words } from './words.ts';

const say = words.checkMail;

interface CodeFormProps {
  pending: PendingChallenge;
  /** No code of this challenge will be taken any more. */
  onOver: () => void;
}

/** Takes the code, and sends it by itself as soon as it is whole. */
export function CodeForm({ pending, onOver }: CodeFormProps) {
  const [code, setCode] = useState('');
  const [short, setShort] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const verify = useVerify(pending, { onOver, onWrong: () => input.current?.select() });

  function type(digits: string) {
    setCode(digits);
    setShort(false);
    if (digits.length === 6 && digits !== code) send(digits);
  }

  function send(digits: string) {
    if (!verify.isPending) verify.mutate(digits);
  }

  function onSubmit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    if (code.length === 6) return send(code);
    setShort(true);
    input.current?.focus();
  }

  const wrong = wrongSentence(verify.error);
  return (
    <form className="fc-form" onSubmit={onSubmit} noValidate>
      {verify.error && wrong === undefined && <ProblemCallout error={verify.error} />}
      <CodeField label={say.code} value={code} onChange={type} inputRef={input} error={short ? say.incomplete : wrong} />
      <Button type="submit" look="primary" wide busy={verify.isPending || verify.isSuccess ? say.busy : undefined}>{say.submit}</Button>
    </form>
  );
}

function useVerify({ challenge, to }: PendingChallenge, { onOver, onWrong }: { onOver: () => void; onWrong: () => void }) {
  const arrive = useArrive();
  const path = `/api/challenges/${encodeURIComponent(challenge.id)}/verify`;
  return useMutation({
    mutationFn: (code: string) => call({ method: 'POST', path, body: { code }, answer: userAnswer }),
    onSuccess: () => arrive(to),
    onError: (error) => (isCodeOver(error) ? onOver() : onWrong()),
  });
}

function wrongSentence(error: Error | null): string | undefined {
  const left = error === null ? undefined : triesLeft(error);
  return left === undefined ? undefined : say.wrong(left);
}
