import { useMutation } from '@tanstack/react-query';
import { CodeEntry } from '../code-entry.tsx';
import { words } from '../words.ts';
import type { ProofFormProps } from './proof-forms.tsx';
import { wrongProof } from './wrong-proof.ts';

/** The code that an authenticator app shows. */
export function ByCode({ give }: ProofFormProps) {
  const { mutate, isPending, error } = useMutation({
    mutationFn: (code: string) => give({ method: 'totp', code }),
  });
  return (
    <CodeEntry
      label={words.proof.code}
      onWhole={mutate}
      busy={isPending}
      error={error}
      wrong={wrongProof(error)}
    />
  );
}
