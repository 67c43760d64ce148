import { useEffect } from 'react';
import { Callout } from '../../ui/callout.tsx';
import { tellProved } from '../confirm/confirmed-elsewhere.ts';
import { messages } from '../messages.ts';
import { Page } from '../shell/page.tsx';

const t = messages.confirmed;

/**
 * Where a provider returns to after re-authentication, in a tab beside the one that asked for it.
 */
export function ProvedScreen() {
  useEffect(tellProved, []);
  return (
    <Page title={t.title} narrow>
      <Callout tone="good" role="status">
        <p>{t.text}</p>
      </Callout>
    </Page>
  );
}
