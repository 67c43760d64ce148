import { factorProof } from '../../../src/two-factor/shapes.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { ProblemCallout } from '../problem-callout.tsx';
import { atField, isProblem } from '../problem.ts';
import { useForm } from '../use-form.ts';
import { words } from '../words.ts';
import type { ProofFormProps } from './proof-forms.tsx';
import { wrongProof } from './wrong-proof.ts';

/** One of the codes that were kept for the day when the device is lost. */
export function ByRecoveryCode({ give }: ProofFormProps) {
  const { formProps, errors, busy, problem } = useForm({
    shape: factorProof,
    read: (form) => ({ method: 'recovery-code', code: form.get('code') }),
    send: (proof) =>
      give(proof).catch((error: unknown) => {
        throw isProblem(error, 'wrong-code') ? atField(error, 'code', wrongProof(error)) : error;
      }),
  });
  return (
    <form className="fc-form" {...formProps}>
      {problem && <ProblemCallout error={problem} />}
      <Field
        label={words.proof.recoveryCode}
        hint={words.proof.recoveryHint}
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
      <Button type="submit" look="primary" wide busy={busy ? words.checkMail.busy : undefined}>
        {words.checkMail.submit}
      </Button>
    </form>
  );
}
