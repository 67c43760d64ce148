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

/** A password that is being set: what is asked of it, how it looks so far, and a good one for whoever has none in mind. */
export function NewPasswordField({ label, name, minLength, error }: NewPasswordFieldProps) {
  const [typed, setTyped] = useState('');
  const input = useRef<HTMLInputElement>(null);

  /** By an event like a keystroke's, so that the form and password managers hear of it too. */
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
