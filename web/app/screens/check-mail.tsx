import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { buttonClass } from '../../ui/button-class.ts';
import { Callout } from '../../ui/callout.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { words } from '../messages.ts';
import { CodeForm } from '../session/code-form.tsx';
import { MailboxHint } from '../session/mailbox-hint.tsx';
import { keepPending, readPending, type PendingChallenge } from '../session/pending-challenge.ts';
import { ResendCode } from '../session/resend-code.tsx';
import { Page } from '../shell/page.tsx';

const say = words.checkMail;

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
    <Page title={say.title} narrow>
      <div className="fc-card fc-form">
        <p>{say.sentTo(address)}</p>
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
          {say.help} <Link to="/sign-up">{say.changeAddress}</Link>
        </p>
      )}
    </Page>
  );
}

function Over() {
  return (
    <>
      <Callout tone="warn" role="alert" title={say.overTitle}>
        <p>{say.over}</p>
      </Callout>
      <Link to="/sign-up" className={buttonClass('primary', true)}>
        {say.startAgain}
      </Link>
    </>
  );
}

function NothingAwaited() {
  return (
    <Page title={say.title} narrow>
      <EmptyState
        title={say.noneTitle}
        way={
          <>
            <Link to="/sign-up" className={buttonClass('primary')}>
              {words.nav.signUp}
            </Link>
            <Link to="/sign-in" className={buttonClass('plain')}>
              {words.nav.signIn}
            </Link>
          </>
        }
      >
        {say.none}
      </EmptyState>
    </Page>
  );
}
