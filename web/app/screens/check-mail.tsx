import { useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Callout } from '../../ui/callout.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Icon } from '../../ui/icon.tsx';
import { buttonClass } from '../../ui/button-class.ts';
import { CodeForm } from '../code-form.tsx';
import { Page } from '../page.tsx';
import { keepPending, readPending, type PendingChallenge } from '../pending-challenge.ts';
import { deploymentQuery } from '../queries.ts';
import { ResendCode } from '../resend-code.tsx';
import { words } from '../words.ts';

const say = words.checkMail;

export function CheckMailScreen() {
  const [pending, setPending] = useState(readPending);
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
            <CodeForm key={pending.challenge.expiresAt} pending={pending} onOver={() => setOver(true)} />
            <ResendCode pending={pending} onSent={keep} onOver={() => setOver(true)} />
          </>
        )}
      </div>
      {!over && <p className="fc-aside">{say.help} <Link to="/sign-up">{say.changeAddress}</Link></p>}
    </Page>
  );
}

/** In practice mode the mail is one click away. */
function MailboxHint({ address }: { address: string }) {
  const { practice } = useSuspenseQuery(deploymentQuery).data;
  if (!practice.includes('mail')) return null;
  return (
    <p>
      <a className="fc-target" href={`/practice/mailbox?to=${encodeURIComponent(address)}`} target="_blank" rel="noopener">
        {say.practice} <Icon name="outside" /><span className="fc-hidden"> ({say.practiceHint})</span>
      </a>
    </p>
  );
}

function Over() {
  return (
    <>
      <Callout tone="warn" role="alert" title={say.overTitle}><p>{say.over}</p></Callout>
      <Link to="/sign-up" className={buttonClass('primary', true)}>{say.startAgain}</Link>
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
            <Link to="/sign-up" className={buttonClass('primary')}>{words.nav.signUp}</Link>
            <Link to="/sign-in" className={buttonClass('plain')}>{words.nav.signIn}</Link>
          </>
        }
      >
        {say.none}
      </EmptyState>
    </Page>
  );
}
