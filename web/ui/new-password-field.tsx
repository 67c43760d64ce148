import { useState } from 'react';
import { PasswordField } from './password-field.tsx';
import { PasswordHint } from './password-hint.tsx';
import { SuggestPassphrase } from './suggest-passphrase.tsx';
import { words } from './words.ts';

interface NewPasswordFieldProps {
  label: string;
  name: string;
  minLength: number;
  error?: string | undefined;
}

/** A password that is being set: what is asked of it, how it looks so far, and a good one for whoever has none in mind. */
export function NewPasswordField({ label, name, minLength, error }: NewPasswordFieldProps) {
  const [typed, setTyped] = useState('');
  return (
    <PasswordField
      label={label}
      name={name}
      autoComplete="new-password"
      hint={words.password.rule(minLength)}
      error={error}
      onType={setTyped}
      below={(fill) => (
        <>
          <PasswordHint password={typed} minLength={minLength} />
          <SuggestPassphrase minLength={minLength} onMade={fill} />
        </>
      )}
    />
  );
}
