import { useMutation } from '@tanstack/react-query';
import { presentPasskey } from '../../client/passkeys.ts';
import { Button } from '../../ui/button.tsx';
import { ProblemCallout } from '../forms/problem-callout.tsx';
import { messages } from '../messages.ts';
import type { ProofFormProps } from './confirm-forms.tsx';

/** Confirms with one of the account’s passkeys, which the browser asks for. */
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
        busy={isPending ? messages.passkey.waiting : undefined}
        onPress={() => mutate()}
      >
        {messages.passkey.use}
      </Button>
    </>
  );
}
