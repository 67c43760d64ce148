import { useMutation } from '@tanstack/react-query';
import { Button } from '../../ui/button.tsx';
import { presentPasskey } from '../passkeys.ts';
import { ProblemCallout } from '../problem-callout.tsx';
import { words } from '../words.ts';
import type { ProofFormProps } from './proof-forms.tsx';

/** One of the account's passkeys: the browser asks for it. */
export function ByPasskey({ give, passkeyOptions }: ProofFormProps) {
  const { mutate, isPending, error } = useMutation({
    mutationFn: async () => {
      const { options } = await passkeyOptions();
      await give({ method: 'passkey', response: await presentPasskey(options) });
    },
  });
  return (
    <>
      {error && <ProblemCallout error={error} />}
      <Button
        look="primary"
        wide
        busy={isPending ? words.passkey.waiting : undefined}
        onPress={() => mutate()}
      >
        {words.passkey.use}
      </Button>
    </>
  );
}
