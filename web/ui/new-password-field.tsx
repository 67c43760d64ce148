import { useRef, useState } from 'react';
import { messages } from './messages.ts';
import { PasswordField } from './password-field.tsx';
import { PasswordHint } from './password-hint.tsx';
import { SuggestPassphrase } from './suggest-passphrase.tsx';

interface NewPasswordFieldProps {
  label: string;
  name: string;
  minLength: number;
  error?: string | undefined;
}

/**
 * A field for a new password: the requirements, an assessment of what was typed, and a suggestion.
 */
export function NewPasswordField({ label, name, minLength, error }: NewPasswordFieldProps) {
  const [typed, setTyped] = useState('');
  const input = useRef<HTMLInputElement>(null);

  /** Dispatches an input event, so that the form and password managers notice the change, too. */
  function fill(password: string) {
    if (!input.current) return;
    input.current.value = password;
    input.current.dispatchEvent(new Event('input', { bubbles: true }));
  }

  return (
    <div className="fc-field">
      <PasswordField
        label={label}
        name={name}
        autoComplete="new-password"
        hint={messages.password.rule(minLength)}
        error={error}
        onType={setTyped}
        inputRef={input}
      />
      <PasswordHint password={typed} minLength={minLength} />
      <SuggestPassphrase minLength={minLength} typed={typed} onMade={fill} />
    </div>
  );
}
