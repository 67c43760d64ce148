import type { Ref } from 'react';
import { Field } from './field.tsx';

interface CodeFieldProps {
  label: string;
  value: string;
  onChange: (digits: string) => void;
  hint?: string | undefined;
  error?: string | undefined;
  inputRef?: Ref<HTMLInputElement>;
}

const length = 6;

/** One field for the whole code, so that the system can fill it and "123 456" can be pasted. */
export function CodeField({ label, value, onChange, hint, error, inputRef }: CodeFieldProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(wiring) => (
        <input
          {...wiring}
          ref={inputRef}
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
