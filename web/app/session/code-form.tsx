import { useMutation } from '@tanstack/react-query';
import { userAnswer } from '../../../src/api/accounts.ts';
import { call } from '../../client/api.ts';
import { messages } from '../messages.ts';
import { CodeEntry } from './code-entry.tsx';
import { isCodeOver, triesLeft } from './code-problems.ts';
import type { PendingChallenge } from './pending-challenge.ts';
import { useArrive } from './use-arrive.ts';

const t = messages.checkMail;

interface CodeFormProps {
  pending: PendingChallenge;
  /** The challenge accepts no further code. */
  onOver: () => void;
}

/** Asks for the code that verifies an email address. */
export function CodeForm({ pending, onOver }: CodeFormProps) {
  const { mutate, isPending, isSuccess, error } = useVerify(pending, onOver);
  return (
    <CodeEntry
      label={t.code}
      onWhole={mutate}
      busy={isPending || isSuccess}
      error={error}
      wrong={wrongSentence(error)}
    />
  );
}

function useVerify({ challenge, to }: PendingChallenge, onOver: () => void) {
  const arrive = useArrive();
  const path = `/api/challenges/${encodeURIComponent(challenge.id)}/verify`;
  return useMutation({
    mutationFn: (code: string) =>
      call({ method: 'POST', path, body: { code }, answer: userAnswer }),
    onSuccess: () => arrive(to),
    onError: (error) => {
      if (isCodeOver(error)) onOver();
    },
  });
}

function wrongSentence(error: Error | null): string | undefined {
  const left = error === null ? undefined : triesLeft(error);
  return left === undefined ? undefined : t.wrong(left);
}
