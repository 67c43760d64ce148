import { factorProof } from '../../../src/api/two-factor.ts';
import { atField, isProblem } from '../../client/problem.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { ProblemCallout } from '../forms/problem-callout.tsx';
import { useForm } from '../forms/use-form.ts';
import { messages } from '../messages.ts';
import type { ProofFormProps } from './confirm-forms.tsx';
import { wrongAnswer } from './wrong-answer.ts';

/** Confirms with a recovery code. */
export function ByRecoveryCode({ give }: ProofFormProps) {
  const { formProps, errors, busy, problem } = useForm({
    shape: factorProof,
    read: (form) => ({ method: 'recovery-code', code: form.get('code') }),
    send: (proof) =>
      give(proof).catch((error: unknown) => {
        throw isProblem(error, 'wrong-code') ? atField(error, 'code', wrongAnswer(error)) : error;
      }),
  });
  return (
    <form className="fc-form" {...formProps}>
      {problem && <ProblemCallout error={problem} />}
      <Field
        label={messages.verification.recoveryCode}
        hint={messages.verification.recoveryHint}
        error={errors['code']}
      >
        {(wiring) => (
          <Input
            {...wiring}
            name="code"
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            required
          />
        )}
      </Field>
      <Button type="submit" look="primary" wide busy={busy ? messages.checkMail.busy : undefined}>
        {messages.checkMail.submit}
      </Button>
    </form>
  );
}
