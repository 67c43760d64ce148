import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { userAnswer } from '../../../src/accounts/shapes.ts';
import { Button } from '../../ui/button.tsx';
import { buttonClass } from '../../ui/button-class.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { call } from '../api.ts';
import { isCodeOver } from '../code-problems.ts';
import { forgetFactorDue, readFactorDue, type FactorDue } from '../factor-due.ts';
import { useHeadingFocus } from '../focus-heading.ts';
import { keepLastFactor } from '../last-factor.ts';
import { LostFactors } from '../lost-factors.tsx';
import { Page } from '../page.tsx';
import { requestAnswer } from '../passkeys.ts';
import { ProofForms, type Proof } from '../proof/proof-forms.tsx';
import { useArrive } from '../use-arrive.ts';
import { useReopening } from '../use-reopening.ts';
import { words } from '../words.ts';

const say = words.secondFactor;

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
    <Page title={say.title} narrow>
      <div className="fc-card fc-form">
        <ProofForms
          methods={due.methods}
          give={finish}
          passkeyOptions={() => passkeyOptions(due)}
        />
      </div>
      <details className="fc-more">
        <summary>{say.lost}</summary>
        <ul className="fc-stack fc-stack-tight">
          {say.lostWays.map((way) => (
            <li key={way}>{way}</li>
          ))}
        </ul>
        <Button onPress={onLost}>{say.noneLeft}</Button>
      </details>
      <p className="fc-aside">
        <Link to="/sign-in" onClick={forgetFactorDue}>
          {say.other}
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

/** Ends the sign-in. When no further try is taken it begins anew, and says why. */
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
    <Page title={say.title} narrow>
      <EmptyState
        title={say.noneTitle}
        way={
          <Link to="/sign-in" className={buttonClass('primary')}>
            {words.nav.signIn}
          </Link>
        }
      >
        {say.none}
      </EmptyState>
    </Page>
  );
}
