import { useBlocker } from '@tanstack/react-router';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { CopyButton } from '../forms/copy-button.tsx';
import { messages } from '../messages.ts';
import { useFocusAtStart } from './use-focus-at-start.ts';

const t = messages.factors;

/**
 * Shows the recovery codes, once. The user continues by confirming that they are saved, and is asked
 * before leaving without that.
 */
export function RecoveryCodes({ codes, onKept }: { codes: string[]; onKept: () => void }) {
  const heading = useFocusAtStart();
  const [kept, setKept] = useState(false);
  useBlocker({
    shouldBlockFn: () => !kept && !window.confirm(t.leaveCodes),
    enableBeforeUnload: !kept,
  });
  const text = codes.join('\n');
  return (
    <div className="fc-card fc-form fc-to-print">
      <h3 ref={heading} tabIndex={-1}>
        {t.codesTitle}
      </h3>
      <p>{t.codesLead}</p>
      <ol className="fc-recovery-codes" aria-label={t.codesTitle}>
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ol>
      <div className="fc-row">
        <CopyButton text={text}>{t.copy}</CopyButton>
        <Button onPress={() => download(text)}>{t.download}</Button>
        <Button onPress={() => window.print()}>{t.print}</Button>
      </div>
      <Checkbox
        label={t.saved}
        checked={kept}
        onChange={(event) => setKept(event.target.checked)}
      />
      <div>
        <Button look={kept ? 'primary' : 'plain'} off={!kept} onPress={onKept}>
          {t.continue}
        </Button>
      </div>
    </div>
  );
}

function download(text: string): void {
  const url = URL.createObjectURL(new Blob([`${text}\n`], { type: 'text/plain' }));
  const link = Object.assign(document.createElement('a'), {
    href: url,
    download: t.file(window.location.hostname),
  });
  link.click();
  URL.revokeObjectURL(url);
}
