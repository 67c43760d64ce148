import { useState } from 'react';
import { Button } from './button.tsx';
import { messages } from './messages.ts';

interface SuggestPassphraseProps {
  minLength: number;
  /** The current value. The suggestion’s message disappears when the user changes it. */
  typed: string;
  onMade: (passphrase: string) => void;
}

/** Suggests random words, generated on this device. The list of words is loaded on demand. */
export function SuggestPassphrase({ minLength, typed, onMade }: SuggestPassphraseProps) {
  const [made, setMade] = useState('');
  const [failed, setFailed] = useState(false);
  const stands = made !== '' && made === typed;

  async function suggest() {
    try {
      const { makePassphrase } = await import('./passphrase.ts');
      const passphrase = makePassphrase(minLength);
      setMade(passphrase);
      setFailed(false);
      onMade(passphrase);
    } catch {
      setFailed(true);
    }
  }

  return (
    <div className="fc-password-suggest">
      <Button look="quiet" onPress={() => void suggest()}>
        {stands ? messages.password.suggestAgain : messages.password.suggest}
      </Button>
      {stands && (
        <p>
          <code className="fc-code fc-pick">{made}</code>
        </p>
      )}
      <p className="fc-hint" role="status">
        {failed ? messages.password.notSuggested : stands && messages.password.suggested}
      </p>
    </div>
  );
}
