import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { userAnswer } from '../../../src/api/accounts.ts';
import { call } from '../../client/api.ts';
import { requestAnswer } from '../../client/passkeys.ts';
import { buttonClass } from '../../ui/button-class.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { LostFactors } from '../account/lost-factors.tsx';
import { ProofForms, type Proof } from '../confirm/confirm-forms.tsx';
import { messages } from '../messages.ts';
import { isCodeOver } from '../session/code-problems.ts';
import { forgetFactorDue, readFactorDue, type FactorDue } from '../session/factor-due.ts';
import { keepLastFactor } from '../session/last-factor.ts';
import { useArrive } from '../session/use-arrive.ts';
import { useReopening } from '../session/use-reopening.ts';
import { useHeadingFocus } from '../shell/focus-heading.ts';
import { Page } from '../shell/page.tsx';

const t = messages.secondFactor;

export function SecondFactorScreen() {
  const [due] = useState(readFactorDue);
  const [lost, setLost] = useState(false);
  useHeadingFocus(lost ? 'lost' : 'due');
  if (due === null) return <NoneDue />;
  return lost ? (
    <LostFactors due={due} onBack={() => setLost(false)} />
  ) : (
    <GiveFactor due={due} onLost={() => setLost(true)} />
  );
}

function GiveFactor({ due, onLost }: { due: FactorDue; onLost: () => void }) {
  const finish = useFinish(due);
  return (
    <Page title={t.title} narrow>
      <div className="fc-card fc-form">
        <ProofForms
          methods={due.methods}
          give={finish}
          passkeyOptions={() => passkeyOptions(due)}
        />
      </div>
      <details className="fc-more">
        <summary>{t.lost}</summary>
        <ul className="fc-stack fc-stack-tight">
          {t.lostOptions.map((option) => (
            <li key={option}>{option}</li>
          ))}
        </ul>
        <Button onPress={onLost}>{t.noneLeft}</Button>
      </details>
      <p className="fc-aside">
        <Link to="/sign-in" onClick={forgetFactorDue}>
          {t.other}
        </Link>
      </p>
    </Page>
  );
}

function passkeyOptions({ challenge }: FactorDue) {
  return call({
    method: 'POST',
    path: '/api/sign-in/second-factor/passkey/options',
    body: { challenge },
    answer: requestAnswer,
  });
}

/** Completes the sign-in. When no attempt is left it starts over and says why. */
function useFinish({ challenge, to }: FactorDue) {
  const arrive = useArrive();
  const navigate = useNavigate();
  const reopen = useReopening();
  return async (proof: Proof) => {
    try {
      await call({
        method: 'POST',
        path: '/api/sign-in/second-factor',
        body: { challenge, ...proof },
        answer: userAnswer,
      });
    } catch (error) {
      if (!isCodeOver(error)) return reopen(error);
      forgetFactorDue();
      await navigate({
        to: '/sign-in',
        search: { notice: 'factor-over', ...(to !== null && { to }) },
      });
      return;
    }
    if ('method' in proof) keepLastFactor(proof.method);
    await arrive(to);
  };
}

function NoneDue() {
  return (
    <Page title={t.title} narrow>
      <EmptyState
        title={t.noneTitle}
        way={
          <Link to="/sign-in" className={buttonClass('primary')}>
            {messages.nav.signIn}
          </Link>
        }
      >
        {t.none}
      </EmptyState>
    </Page>
  );
}
