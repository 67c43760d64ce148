import { useEffect, useRef, useState, type SubmitEvent } from 'react';
import { Button } from '../../ui/button.tsx';
import { CodeField } from '../../ui/code-field.tsx';
import { ProblemCallout } from '../forms/problem-callout.tsx';
import { messages } from '../messages.ts';

const t = messages.checkMail;

interface CodeEntryProps {
  label: string;
  onWhole: (code: string) => void;
  busy: boolean;
  /** The result of the last code. */
  error: Error | null;
  /** The message, if the code itself was wrong. */
  wrong: string | undefined;
  submit?: string;
}

/** Takes six digits and submits them by itself. */
export function CodeEntry({
  label,
  onWhole,
  busy,
  error,
  wrong,
  submit = t.submit,
}: CodeEntryProps) {
  const [code, setCode] = useState('');
  const [short, setShort] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (error !== null) input.current?.select();
  }, [error]);

  function type(digits: string) {
    setCode(digits);
    setShort(false);
    if (digits.length === 6 && digits !== code) give(digits);
  }

  function give(digits: string) {
    if (!busy) onWhole(digits);
  }

  function onSubmit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    if (code.length === 6) return give(code);
    setShort(true);
    input.current?.focus();
  }

  return (
    <form className="fc-form" onSubmit={onSubmit} noValidate>
      {error !== null && wrong === undefined && <ProblemCallout error={error} />}
      <CodeField
        label={label}
        value={code}
        onChange={type}
        inputRef={input}
        error={short ? t.incomplete : wrong}
      />
      <Button type="submit" look="primary" wide busy={busy ? t.busy : undefined}>
        {submit}
      </Button>
    </form>
  );
}
