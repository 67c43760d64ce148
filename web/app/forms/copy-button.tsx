import { useState, type ReactNode } from 'react';
import { Button } from '../../ui/button.tsx';
import { messages } from '../messages.ts';

/** Puts a text on the clipboard, and says so; where the browser does not let it, the text stands beside to be marked. */
export function CopyButton({ text, children }: { text: string; children: ReactNode }) {
  const [said, setSaid] = useState('');
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setSaid(messages.copied),
      () => setSaid(messages.notCopied),
    );
  return (
    <>
      <Button onPress={() => void copy()}>{children}</Button>
      <span className="fc-done" role="status">
        {said}
      </span>
    </>
  );
}
