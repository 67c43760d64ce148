import { useState } from 'react';
import { z } from 'zod/mini';
import { call } from '../../client/api.ts';
import { Button } from '../../ui/button.tsx';
import { LinkButton } from '../../ui/link-button.tsx';
import { type Act, ActDialog } from '../forms/act-dialog.tsx';
import { messages } from '../messages.ts';

const t = messages.deletion;

const close: Act = {
  title: t.confirmTitle,
  text: t.confirmText,
  submit: t.submit,
  danger: true,
  run: async () => {
    await call({
      method: 'DELETE',
      path: '/api/account',
      answer: z.object({ erasedAt: z.string() }),
    });
    // A full page load, so that no data of the user stays in memory.
    window.location.assign('/sign-in?notice=closing');
    // Until the page has loaded, stop sending requests: the session has ended.
    await new Promise(() => undefined);
  },
  done: '',
};

/** Exports the user’s data, and deletes the account. */
export function Leaving() {
  const [asked, setAsked] = useState(false);
  return (
    <section className="fc-section" aria-labelledby="leaving">
      <div className="fc-stack fc-stack-tight">
        <h2 id="leaving">{t.title}</h2>
        <p className="fc-muted">{t.lead}</p>
      </div>
      <p className="fc-row">
        <LinkButton href="/api/account/export" download="flowcept-account.json">
          {t.download}
        </LinkButton>
        <Button look="danger" onPress={() => setAsked(true)}>
          {t.open}
        </Button>
      </p>
      {asked && (
        <ActDialog act={close} onDone={() => setAsked(false)} onClose={() => setAsked(false)} />
      )}
    </section>
  );
}
