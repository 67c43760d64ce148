import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { z } from 'zod/mini';
import { presentedPassword } from '../../../src/accounts/shapes.ts';
import { currentSession } from '../../../src/sessions/shapes.ts';
import { Button } from '../../ui/button.tsx';
import { Callout } from '../../ui/callout.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { PasswordField } from '../../ui/password-field.tsx';
import { OwnerField } from '../account-fields.tsx';
import { call } from '../api.ts';
import { ProblemCallout } from '../problem-callout.tsx';
import { type ApiProblem, atField, isProblem } from '../problem.ts';
import { sessionQuery } from '../queries.ts';
import { useForm } from '../use-form.ts';
import { words } from '../words.ts';
import { operatorsKey } from './queries.ts';

const say = words.operators;
const byPassword = z.object({ password: presentedPassword });
const noProof = z.object({ password: z.optional(z.string()) });
const confirmed = z.object({ session: currentSession });

export interface Act {
  title: string;
  /** What it does, and what goes by it. */
  text: string;
  submit: string;
  danger?: boolean;
  run: () => Promise<unknown>;
  /** How it went, in a sentence. */
  done: string;
}

interface ActDialogProps {
  act: Act;
  onDone: (sentence: string) => void;
  onClose: () => void;
}

/** Asks once more before something is done. Where fresh proof is wanted it is asked for right here, and then it goes on. */
export function ActDialog({ act, onDone, onClose }: ActDialogProps) {
  const queryClient = useQueryClient();
  const email = useSuspenseQuery(sessionQuery).data?.user.email ?? '';
  const [proof, setProof] = useState(false);
  const password = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (proof) password.current?.focus();
  }, [proof]);
  const { formProps, errors, busy, problem } = useForm<{ password?: string | undefined }>({
    shape: proof ? byPassword : noProof,
    read: (form) => (proof ? { password: form.get('password') } : {}),
    send: async (given) => {
      if (given.password !== undefined) await prove(given.password);
      try {
        await act.run();
      } catch (error) {
        if (!isProblem(error, 'confirmation-required') || !takesPassword(error)) throw error;
        setProof(true);
        return;
      }
      await queryClient.invalidateQueries({ queryKey: operatorsKey });
      onDone(act.done);
    },
  });
  return (
    <Dialog title={act.title} onClose={onClose}>
      <p>{act.text}</p>
      <form className="fc-form" {...formProps}>
        {problem && <ProblemCallout error={problem} />}
        {proof && (
          <>
            <Callout role="status"><p>{say.proof}</p></Callout>
            <OwnerField email={email} />
            <PasswordField label={words.fields.password} name="password" autoComplete="current-password" error={errors['password']} inputRef={password} />
          </>
        )}
        <div className="fc-row">
          <Button type="submit" look={act.danger ? 'danger' : 'primary'} busy={busy ? say.busy : undefined}>{act.submit}</Button>
          <Button onPress={onClose}>{say.cancel}</Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Of an account with a second factor only that counts, and what cannot help is not asked for. */
function takesPassword({ members }: ApiProblem): boolean {
  return Array.isArray(members['methods']) && members['methods'].includes('password');
}

async function prove(password: string): Promise<void> {
  try {
    await call({ method: 'POST', path: '/api/session/confirm', body: { password }, answer: confirmed });
  } catch (error) {
    throw isProblem(error, 'wrong-credentials') ? atField(error, 'password') : error;
  }
}
