import { useState, type ComponentType } from 'react';
import type { z } from 'zod/mini';
import type { FactorProof } from '../../../src/api/two-factor.ts';
import type { requestAnswer } from '../../client/passkeys.ts';
import { Button } from '../../ui/button.tsx';
import { messages } from '../messages.ts';
import { lastFactor } from '../session/last-factor.ts';
import { ByCode } from './by-code.tsx';
import { ByPasskey } from './by-passkey.tsx';
import { ByPassword } from './by-password.tsx';
import { byProvider } from './by-provider.tsx';
import { ByRecoveryCode } from './by-recovery-code.tsx';
import type { ProofMethod } from './confirmation.ts';

export type Proof = FactorProof | { password: string };

/** What every method of re-authentication receives. */
export interface ProofFormProps {
  /** Sends the proof; rejects if it was not accepted. */
  give: (proof: Proof) => Promise<void>;
  passkeyOptions: () => Promise<z.infer<typeof requestAnswer>>;
}

const forms: Record<ProofMethod, ComponentType<ProofFormProps>> = {
  password: ByPassword,
  totp: ByCode,
  passkey: ByPasskey,
  'recovery-code': ByRecoveryCode,
  google: byProvider('google'),
  github: byProvider('github'),
};

/**
 * Shows one method of re-authentication at a time, the one that was used last first. Buttons lead
 * to the others.
 */
export function ProofForms({
  methods,
  ...props
}: ProofFormProps & { methods: readonly ProofMethod[] }) {
  const [chosen, setChosen] = useState(
    () => methods.find((method) => method === lastFactor()) ?? methods[0],
  );
  const [others, setOthers] = useState(false);
  if (chosen === undefined) return null;
  const Form = forms[chosen];

  function choose(method: ProofMethod) {
    setChosen(method);
    setOthers(true);
  }

  return (
    <div className="fc-form" ref={others ? focusFirst : undefined} key={chosen}>
      <p>{messages.verification.how[chosen]}</p>
      <Form {...props} />
      {methods.length > 1 && (
        <ul className="fc-stack fc-stack-tight">
          {methods
            .filter((method) => method !== chosen)
            .map((method) => (
              <li key={method}>
                <Button look="quiet" onPress={() => choose(method)}>
                  {messages.verification.instead[method]}
                </Button>
              </li>
            ))}
        </ul>
      )}
    </div>
  );
}

/**
 * After a change of method the focus moves on, because the button that was pressed has disappeared.
 */
function focusFirst(form: HTMLElement | null): void {
  form?.querySelector<HTMLElement>('input:not([hidden]), button, a')?.focus();
}
