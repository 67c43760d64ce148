import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { buttonClass } from '../../ui/button-class.ts';
import { Button } from '../../ui/button.tsx';
import { messages } from '../messages.ts';
import { sessionQuery } from '../queries.ts';
import { MailboxHint } from '../session/mailbox-hint.tsx';
import {
  forgetPending,
  keepPending,
  readPending,
  type PendingChallenge,
} from '../session/pending-challenge.ts';
import { AddressForm, CompletionForm } from '../session/recovery-forms.tsx';
import { keepAddress, keptAddress } from '../session/typed-address.ts';
import { useHeadingFocus } from '../shell/focus-heading.ts';
import { Page } from '../shell/page.tsx';

const t = messages.recovery;

/**
 * Resets a password by email: the address, then the code and the new password, then the
 * confirmation.
 */
export function RecoveryScreen() {
  const { pending, isSet, keep, leave, finish } = useRecovery();
  useHeadingFocus(isSet ? 'set' : pending === null ? 'address' : 'code');
  if (isSet) return <PasswordIsSet />;
  if (pending === null) return <AskForCode onSent={keep} />;
  return (
    <Page title={t.title} narrow>
      <div className="fc-card fc-form">
        <p>{t.sentTo(pending.email)}</p>
        <MailboxHint address={pending.email} />
        <CompletionForm pending={pending} onSent={keep} onDone={finish} />
      </div>
      <div className="fc-stack fc-stack-tight fc-aside">
        <p>{messages.checkMail.help}</p>
        <Button look="quiet" onPress={leave}>
          {t.otherAddress}
        </Button>
      </div>
    </Page>
  );
}

function useRecovery() {
  const queryClient = useQueryClient();
  const [pending, setPending] = useState(awaitedHere);
  const [isSet, setIsSet] = useState(false);

  function keep(next: PendingChallenge) {
    keepAddress(next.email);
    keepPending(next);
    setPending(next);
  }

  function leave() {
    forgetPending(['recover']);
    setPending(null);
  }

  /** If this browser was signed in to the account, its session has ended. */
  async function finish() {
    forgetPending(['recover']);
    await queryClient.invalidateQueries(sessionQuery);
    setIsSet(true);
  }

  return { pending, isSet, keep, leave, finish };
}

/** The challenge that this tab waits for, unless the URL names another address. */
function awaitedHere(): PendingChallenge | null {
  const pending = readPending('recover');
  const address = keptAddress();
  if (pending !== null && address === '') keepAddress(pending.email);
  return pending !== null && (address === '' || address === pending.email) ? pending : null;
}

function AskForCode({ onSent }: { onSent: (pending: PendingChallenge) => void }) {
  return (
    <Page title={t.title} lead={<p>{t.lead}</p>} narrow>
      <AddressForm email={keptAddress()} onSent={onSent} />
      <p className="fc-aside">
        {t.known} <Link to="/sign-in">{messages.nav.signIn}</Link>
      </p>
    </Page>
  );
}

function PasswordIsSet() {
  return (
    <Page title={t.doneTitle} lead={<p>{t.done}</p>} narrow>
      <Link to="/sign-in" className={buttonClass('primary', true)}>
        {messages.nav.signIn}
      </Link>
    </Page>
  );
}
