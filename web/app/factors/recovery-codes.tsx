import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { CopyButton } from '../forms/copy-button.tsx';
import { words } from '../messages.ts';
import { useFocusAtStart } from './use-focus-at-start.ts';

const say = words.factors;

/** The codes, shown this once: on goes only who says that they are kept. */
export function RecoveryCodes({ codes, onKept }: { codes: string[]; onKept: () => void }) {
  const heading = useFocusAtStart();
  const [kept, setKept] = useState(false);
  const text = codes.join('\n');
  return (
    <div className="fc-card fc-form fc-to-print">
      <h3 ref={heading} tabIndex={-1}>
        {say.codesTitle}
      </h3>
      <p>{say.codesLead}</p>
      <ol className="fc-recovery-codes" aria-label={say.codesTitle}>
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ol>
      <div className="fc-row">
        <CopyButton text={text}>{say.copy}</CopyButton>
        <Button onPress={() => download(text)}>{say.download}</Button>
        <Button onPress={() => window.print()}>{say.print}</Button>
      </div>
      <Checkbox
        label={say.kept}
        checked={kept}
        onChange={(event) => setKept(event.target.checked)}
      />
      <div>
        <Button look={kept ? 'primary' : 'plain'} off={!kept} onPress={onKept}>
          {say.goOn}
        </Button>
      </div>
    </div>
  );
}

function download(text: string): void {
  const url = URL.createObjectURL(new Blob([`${text}\n`], { type: 'text/plain' }));
  const link = Object.assign(document.createElement('a'), {
    href: url,
    download: say.file(window.location.hostname),
  });
  link.click();
  URL.revokeObjectURL(url);
}
