import { useEffect, useRef, type RefObject } from 'react';
import { Field } from './field.tsx';

interface CodeFieldProps {
  label: string;
  value: string;
  onChange: (digits: string) => void;
  hint?: string | undefined;
  error?: string | undefined;
  inputRef?: RefObject<HTMLInputElement | null>;
}

const length = 6;

/**
 * One field for the whole code, so that the browser can fill it in and "123 456" can be pasted. It
 * takes the focus, because it is the only purpose of its screens.
 */
export function CodeField({ label, value, onChange, hint, error, inputRef }: CodeFieldProps) {
  const ownRef = useRef<HTMLInputElement>(null);
  const input = inputRef ?? ownRef;
  useEffect(() => input.current?.focus(), [input]);
  return (
    <Field label={label} hint={hint} error={error}>
      {(wiring) => (
        <input
          {...wiring}
          ref={input}
          className="fc-input fc-input-code"
          type="text"
          name="code"
          inputMode="numeric"
          autoComplete="one-time-code"
          spellCheck={false}
          required
          value={value}
          onChange={(event) => onChange(event.target.value.replaceAll(/\D/g, '').slice(0, length))}
        />
      )}
    </Field>
  );
}
