import { useState } from 'react';
import { Button } from './button.tsx';
import { words } from './words.ts';

type State = 'none' | 'made' | 'failed';

const sentences: Record<State, string> = { none: '', made: words.password.suggested, failed: words.password.notSuggested };

/** Fills in words at random, made on this device. The words are fetched only when somebody asks. */
export function SuggestPassphrase({ minLength, onMade }: { minLength: number; onMade: (passphrase: string) => void }) {
  const [state, setState] = useState<State>('none');

  async function suggest() {
    try {
      const { makePassphrase } = await import('./passphrase.ts');
      onMade(makePassphrase(minLength));
      setState('made');
    } catch {
      setState('failed');
    }
  }

  return (
    <div className="fc-password-suggest">
      <Button look="quiet" onPress={() => void suggest()}>{state === 'made' ? words.password.suggestAgain : words.password.suggest}</Button>
      <p className="fc-hint" role="status">{sentences[state]}</p>
    </div>
  );
}
