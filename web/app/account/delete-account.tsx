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
    // Loaded anew, so that nothing of the person stays in memory.
    window.location.assign('/sign-in?notice=closing');
    // Until then nothing more is asked of the server, where nobody is signed in any more.
    await new Promise(() => undefined);
  },
  done: '',
};

/** What is held on a person, to take along; and the way out. */
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
