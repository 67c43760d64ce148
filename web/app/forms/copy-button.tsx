import { useState, type ReactNode } from 'react';
import { Button } from '../../ui/button.tsx';
import { messages } from '../messages.ts';

/**
 * Copies a text to the clipboard and says so. If the browser does not allow that, the text is shown
 * for selection.
 */
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
