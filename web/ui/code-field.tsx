import { useEffect, useRef, useState, type RefObject } from 'react';
import { readDigits } from './digits.ts';
import { Field } from './field.tsx';
import { messages } from './messages.ts';

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
  const [ignored, setIgnored] = useState('');
  const input = inputRef ?? ownRef;
  useEffect(() => input.current?.focus(), [input]);

  function type(text: string) {
    const read = readDigits(text, length);
    setIgnored(read.ignored);
    onChange(read.digits);
  }

  return (
    <Field label={label} hint={hint} error={error}>
      {(wiring) => (
        <>
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
            onChange={(event) => type(event.target.value)}
          />
          <p className="fc-hint" role="status">
            {ignored !== '' && messages.code.ignored(ignored)}
          </p>
        </>
      )}
    </Field>
  );
}
