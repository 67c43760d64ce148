import { useEffect, useRef, useState, type RefObject } from 'react';
import { Field } from './field.tsx';
import { messages } from './messages.ts';

interface PasswordFieldProps {
  label: string;
  name: string;
  autoComplete: 'current-password' | 'new-password';
  hint?: string | undefined;
  error?: string | undefined;
  onType?: (typed: string) => void;
  inputRef?: RefObject<HTMLInputElement | null>;
}

/** Pasting is allowed, and the user can show the password. */
export function PasswordField({
  label,
  name,
  autoComplete,
  hint,
  error,
  onType,
  inputRef,
}: PasswordFieldProps) {
  const [shown, setShown] = useState(false);
  const ownRef = useRef<HTMLInputElement>(null);
  const input = inputRef ?? ownRef;
  useHiddenOnSubmit(input, setShown);
  return (
    <Field label={label} hint={hint} error={error}>
      {(wiring) => (
        <div className="fc-password">
          <input
            {...wiring}
            ref={input}
            className="fc-input"
            type={shown ? 'text' : 'password'}
            name={name}
            autoComplete={autoComplete}
            autoCapitalize="none"
            spellCheck={false}
            required
            onInput={(event) => onType?.(event.currentTarget.value)}
          />
          <button
            type="button"
            className="fc-password-toggle"
            aria-label={shown ? messages.password.hideIt : messages.password.showIt}
            onClick={() => setShown(!shown)}
          >
            {shown ? messages.password.hide : messages.password.show}
          </button>
        </div>
      )}
    </Field>
  );
}

/** Browsers remember the values of `text` fields; they must not remember a password. */
function useHiddenOnSubmit(
  input: { current: HTMLInputElement | null },
  setShown: (shown: boolean) => void,
) {
  useEffect(() => {
    const form = input.current?.form;
    const hide = () => setShown(false);
    form?.addEventListener('submit', hide);
    return () => form?.removeEventListener('submit', hide);
  }, [input, setShown]);
}
