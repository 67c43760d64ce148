import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { z } from 'zod/mini';
import {
  recoveryCodesAnswer,
  totpEnrolmentAnswer,
  type FactorsView,
  type addedAnswer,
} from '../../../src/api/two-factor.ts';
import { call } from '../../client/api.ts';
import { hasPasskeys } from '../../client/passkeys.ts';
import { Button } from '../../ui/button.tsx';
import { ActDialog, type Act } from '../forms/act-dialog.tsx';
import { useAsking, type Asking } from '../forms/asking.ts';
import { ProblemCallout } from '../forms/problem-callout.tsx';
import { messages } from '../messages.ts';
import { factorsQuery, sessionQuery, sessionsQuery } from '../queries.ts';
import { AddApp, type Enrolment } from './add-app.tsx';
import { AddPasskey } from './add-passkey.tsx';
import { FactorRow } from './factor-row.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';

const t = messages.factors;

/** The action in progress; there is one at a time. */
type Step =
  | { is: 'list' }
  | { is: 'app'; enrolment: Enrolment }
  | { is: 'passkey' }
  | { is: 'codes'; codes: string[]; done: string };
const list: Step = { is: 'list' };

/**
 * Lists the second factors and adds, removes and replaces them. `onAdded` is called when a factor
 * was added and the user has saved the recovery codes.
 */
export function Factors({ onAdded = () => undefined }: { onAdded?: () => void }) {
  const factors = useQuery(factorsQuery);
  const queryClient = useQueryClient();
  const { act, done, heading, ask, leave, report } = useAsking();
  const [step, setStep] = useState(list);

  function finish(sentence: string) {
    setStep(list);
    report(sentence);
  }

  /** What comes next takes the focus, which the dialog would keep as long as it is open. */
  function next(sentence: string) {
    if (!act?.next) return report(sentence);
    leave();
    act.next(sentence);
  }

  function keep(sentence: string) {
    finish(sentence);
    onAdded();
  }

  async function added({ factor, recoveryCodes: codes }: z.infer<typeof addedAnswer>) {
    await Promise.all(
      [factorsQuery, sessionQuery, sessionsQuery].map(({ queryKey }) =>
        queryClient.invalidateQueries({ queryKey }),
      ),
    );
    const sentence = t.added(factor.name);
    if (codes) return setStep({ is: 'codes', codes, done: sentence });
    keep(sentence);
  }

  return (
    <section className="fc-section" aria-labelledby="factors">
      <div className="fc-stack fc-stack-tight">
        <h2 id="factors" ref={heading} tabIndex={-1}>
          {t.title}
        </h2>
        <p className="fc-muted">{t.lead}</p>
      </div>
      <p className="fc-done" role="status">
        {done}
      </p>
      {factors.isPending && (
        <p className="fc-muted" role="status">
          {messages.loading}
        </p>
      )}
      {factors.error && (
        <ProblemCallout error={factors.error}>
          <Button onPress={() => void factors.refetch()}>{messages.tryAgain}</Button>
        </ProblemCallout>
      )}
      {factors.data && step.is === 'list' && (
        <Listed factors={factors.data} ask={ask} onStep={setStep} />
      )}
      {factors.data && step.is === 'app' && (
        <AddApp
          enrolment={step.enrolment}
          isFirst={factors.data.items.length === 0}
          onAdded={added}
          onLeave={() => finish('')}
        />
      )}
      {factors.data && step.is === 'passkey' && (
        <AddPasskey count={factors.data.items.length} onAdded={added} onLeave={() => finish('')} />
      )}
      {step.is === 'codes' && <RecoveryCodes codes={step.codes} onKept={() => keep(step.done)} />}
      {act && <ActDialog act={act} onDone={next} onClose={leave} />}
    </section>
  );
}

interface ListedProps {
  factors: FactorsView;
  ask: Asking['ask'];
  onStep: (step: Step) => void;
}

function Listed({ factors: { items, recoveryCodesLeft }, ask, onStep }: ListedProps) {
  const beginApp = useMutation({
    mutationFn: () =>
      call({ method: 'POST', path: '/api/factors/totp', answer: totpEnrolmentAnswer }),
    onSuccess: (enrolment) => onStep({ is: 'app', enrolment }),
  });
  return (
    <>
      {items.length > 0 && (
        <>
          <ul className="fc-devices">
            {items.map((factor) => (
              <FactorRow key={factor.id} factor={factor} isLast={items.length === 1} ask={ask} />
            ))}
          </ul>
          <CodesLeft left={recoveryCodesLeft} ask={ask} onStep={onStep} />
        </>
      )}
      {beginApp.error && <ProblemCallout error={beginApp.error} />}
      {!hasPasskeys() && <p className="fc-muted">{t.noPasskeys}</p>}
      <div className="fc-row">
        {hasPasskeys() && <Button onPress={() => onStep({ is: 'passkey' })}>{t.addPasskey}</Button>}
        <Button
          busy={beginApp.isPending ? messages.act.busy : undefined}
          onPress={() => beginApp.mutate()}
        >
          {t.addApp}
        </Button>
      </div>
    </>
  );
}

interface CodesLeftProps {
  left: number;
  ask: Asking['ask'];
  onStep: (step: Step) => void;
}

/** New recovery codes invalidate the previous ones, so the user is asked before. */
function CodesLeft({ left, ask, onStep }: CodesLeftProps) {
  const codes = useRef<string[]>([]);
  const renewal: Act = {
    title: t.renewTitle,
    text: t.renewText(left),
    submit: t.renew,
    danger: true,
    async run() {
      const answer = await call({
        method: 'POST',
        path: '/api/factors/recovery-codes',
        answer: recoveryCodesAnswer,
      });
      codes.current = answer.recoveryCodes;
    },
    done: t.renewed,
    next: (done) => onStep({ is: 'codes', codes: codes.current, done }),
  };
  return (
    <p className="fc-row">
      <span>{t.codesLeft(left)}</span>
      <Button look="quiet" onPress={() => ask(renewal)}>
        {t.renew}
      </Button>
    </p>
  );
}
