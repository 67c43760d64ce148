import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { buttonClass } from '../../ui/button-class.ts';
import { Callout } from '../../ui/callout.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { messages } from '../messages.ts';
import { CodeForm } from '../session/code-form.tsx';
import { MailboxHint } from '../session/mailbox-hint.tsx';
import { keepPending, readPending, type PendingChallenge } from '../session/pending-challenge.ts';
import { ResendCode } from '../session/resend-code.tsx';
import { Page } from '../shell/page.tsx';

const t = messages.checkMail;

export function CheckMailScreen() {
  const [pending, setPending] = useState(() => readPending('verify-email'));
  const [over, setOver] = useState(false);
  if (pending === null) return <NothingAwaited />;
  const address = pending.challenge.sentTo ?? pending.email;
  const keep = (next: PendingChallenge) => {
    keepPending(next);
    setPending(next);
  };
  return (
    <Page title={t.title} narrow>
      <div className="fc-card fc-form">
        <p>{t.sentTo(address)}</p>
        <MailboxHint address={address} />
        {over ? (
          <Over />
        ) : (
          <>
            <CodeForm
              key={pending.challenge.expiresAt}
              pending={pending}
              onOver={() => setOver(true)}
            />
            <ResendCode pending={pending} onSent={keep} onOver={() => setOver(true)} />
          </>
        )}
      </div>
      {!over && (
        <p className="fc-aside">
          {t.help} <Link to="/sign-up">{t.changeAddress}</Link>
        </p>
      )}
    </Page>
  );
}

function Over() {
  return (
    <>
      <Callout tone="warn" role="alert" title={t.expiredTitle}>
        <p>{t.expired}</p>
      </Callout>
      <Link to="/sign-up" className={buttonClass('primary', true)}>
        {t.startAgain}
      </Link>
    </>
  );
}

function NothingAwaited() {
  return (
    <Page title={t.title} narrow>
      <EmptyState
        title={t.noneTitle}
        way={
          <>
            <Link to="/sign-up" className={buttonClass('primary')}>
              {messages.nav.signUp}
            </Link>
            <Link to="/sign-in" className={buttonClass('plain')}>
              {messages.nav.signIn}
            </Link>
          </>
        }
      >
        {t.none}
      </EmptyState>
    </Page>
  );
}
