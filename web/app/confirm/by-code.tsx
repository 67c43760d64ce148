import { useMutation } from '@tanstack/react-query';
import { messages } from '../messages.ts';
import { CodeEntry } from '../session/code-entry.tsx';
import type { ProofFormProps } from './confirm-forms.tsx';
import { wrongAnswer } from './wrong-answer.ts';

/** Confirms with a code of the authenticator app. */
export function ByCode({ give }: ProofFormProps) {
  const { mutate, isPending, error } = useMutation({
    mutationFn: (code: string) => give({ method: 'totp', code }),
  });
  return (
    <CodeEntry
      label={messages.verification.code}
      onWhole={mutate}
      busy={isPending}
      error={error}
      wrong={wrongAnswer(error)}
    />
  );
}
