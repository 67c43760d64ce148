import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { z } from 'zod/mini';
import { currentSession } from '../../../src/api/sessions.ts';
import { callOnce } from '../../client/api.ts';
import { requestAnswer } from '../../client/passkeys.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { messages } from '../messages.ts';
import { sessionQuery } from '../queries.ts';
import { ProofForms, type Proof } from './confirm-forms.tsx';
import type { Asked } from './confirmation.ts';
import { whenProved } from './confirmed-elsewhere.ts';

const t = messages.reauthentication;
const confirmed = z.object({ session: currentSession });

/** Asks for re-authentication in place. Afterwards the interrupted action continues by itself. */
export function StepUp({ asked }: { asked: Asked }) {
  const queryClient = useQueryClient();
  useEffect(() => whenProved(asked.given), [asked]);
  async function give(proof: Proof) {
    await callOnce({
      method: 'POST',
      path: '/api/session/confirm',
      body: proof,
      answer: confirmed,
    });
    asked.given();
    await queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey });
  }
  return (
    <Dialog title={t.title} onClose={asked.givenUp}>
      <p className="fc-muted">{t.lead}</p>
      {asked.methods.length === 0 ? (
        <p>{t.none}</p>
      ) : (
        <ProofForms methods={asked.methods} give={give} passkeyOptions={passkeyOptions} />
      )}
      <div>
        <Button onPress={asked.givenUp}>{messages.act.cancel}</Button>
      </div>
    </Dialog>
  );
}

function passkeyOptions() {
  return callOnce({
    method: 'POST',
    path: '/api/session/confirm/passkey/options',
    body: {},
    answer: requestAnswer,
  });
}
