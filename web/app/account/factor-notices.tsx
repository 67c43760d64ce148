import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { z } from 'zod/mini';
import type { FactorsView } from '../../../src/api/two-factor.ts';
import { call, noAnswer } from '../../client/api.ts';
import { buttonClass } from '../../ui/button-class.ts';
import { Button } from '../../ui/button.tsx';
import { Callout } from '../../ui/callout.tsx';
import { Time } from '../../ui/time.tsx';
import { ProblemCallout } from '../forms/problem-callout.tsx';
import { messages } from '../messages.ts';
import { factorsQuery, sessionQuery } from '../queries.ts';
import { store, stored } from '../shell/browser-storage.ts';
import { focusElement } from '../shell/focus-element.ts';
import { useHeadingFocus } from '../shell/focus-heading.ts';

const t = messages.lostFactors;

/** Notices about the user’s second factors, shown on every screen. */
export function FactorNotices() {
  const recovery = useQuery(factorsQuery).data?.recovery;
  const required = useQuery(sessionQuery).data?.secondFactor;
  return (
    <>
      {recovery && <Recovery {...recovery} />}
      {required && !required.enrolmentRequired && <Required from={required.from} />}
    </>
  );
}

function Recovery({ opensAt, usedAt, stoppedAt }: NonNullable<FactorsView['recovery']>) {
  const [stoppedHere, setStoppedHere] = useState('');
  if (usedAt !== null) return <Removed />;
  return stoppedAt === null ? (
    <Waiting opensAt={opensAt} onStopped={() => setStoppedHere(opensAt)} />
  ) : (
    <Stopped at={stoppedAt} takesFocus={stoppedHere === opensAt} />
  );
}

function Waiting({ opensAt, onStopped }: { opensAt: string; onStopped: () => void }) {
  const queryClient = useQueryClient();
  const stop = useMutation({
    mutationFn: () => call({ method: 'DELETE', path: '/api/recovery/factors', answer: noAnswer }),
    onSuccess: onStopped,
    onSettled: () => queryClient.invalidateQueries({ queryKey: factorsQuery.queryKey }),
  });
  return (
    <Callout tone="danger" role="alert" title={t.bannerTitle}>
      <p>
        {t.banner} <Time at={opensAt} />
      </p>
      <p>{t.bannerAdvice}</p>
      {stop.error && <ProblemCallout error={stop.error} />}
      <div>
        <Button
          look="danger"
          busy={stop.isPending ? messages.act.busy : undefined}
          onPress={() => stop.mutate()}
        >
          {t.stop}
        </Button>
      </div>
    </Callout>
  );
}

const dismissedKey = 'stopped-recovery-dismissed';

/**
 * Shown until the password is changed. Dismissing it counts in this browser alone, so an intruder
 * elsewhere cannot hide it from the account owner. It takes the focus, because the button that
 * cancelled the recovery has just disappeared.
 */
function Stopped({ at, takesFocus }: { at: string; takesFocus: boolean }) {
  const [dismissed, setDismissed] = useState(() =>
    stored('localStorage', dismissedKey, z.string()),
  );
  useHeadingFocus(dismissed ?? 'shown');
  if (dismissed === at) return null;
  const dismiss = () => {
    store('localStorage', dismissedKey, at);
    setDismissed(at);
  };
  return (
    <Callout
      tone="danger"
      role="status"
      title={t.stoppedTitle}
      ref={takesFocus ? focusElement : undefined}
    >
      <p>
        {t.stopped} <Time at={at} />
      </p>
      <p>{t.stoppedAdvice}</p>
      <div className="fc-row">
        <Link to="/account" hash="password" className={buttonClass('plain')}>
          {t.changePassword}
        </Link>
        <Button look="quiet" onPress={dismiss}>
          {t.dismiss}
        </Button>
      </div>
    </Callout>
  );
}

function Removed() {
  return (
    <Callout tone="warn" role="status" title={t.removedTitle}>
      <p>{t.removed}</p>
      <Link to="/account" hash="factors" className={buttonClass('plain')}>
        {t.addAgain}
      </Link>
    </Callout>
  );
}

function Required({ from }: { from: string }) {
  return (
    <Callout tone="warn" role="status" title={messages.addFactor.soonTitle}>
      <p>
        {messages.addFactor.soon} <Time at={from} />
      </p>
      <Link to="/account" hash="factors" className={buttonClass('plain')}>
        {t.addAgain}
      </Link>
    </Callout>
  );
}
