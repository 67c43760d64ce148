import { useEffect } from 'react';
import { Callout } from '../../ui/callout.tsx';
import { tellProved } from '../confirm/confirmed-elsewhere.ts';
import { words } from '../messages.ts';
import { Page } from '../shell/page.tsx';

const say = words.proved;

/** Where a provider leads back to after fresh proof, beside the tab that asked for it. */
export function ProvedScreen() {
  useEffect(tellProved, []);
  return (
    <Page title={say.title} narrow>
      <Callout tone="good" role="status">
        <p>{say.text}</p>
      </Callout>
    </Page>
  );
}
