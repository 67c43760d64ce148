import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { factorRecoveryAnswer } from '../../../src/api/two-factor.ts';
import { call } from '../../client/api.ts';
import { buttonClass } from '../../ui/button-class.ts';
import { Button } from '../../ui/button.tsx';
import { Time } from '../../ui/time.tsx';
import { ProblemCallout } from '../forms/problem-callout.tsx';
import { messages } from '../messages.ts';
import { forgetFactorDue, type FactorDue } from '../session/factor-due.ts';
import { useHeadingFocus } from '../shell/focus-heading.ts';
import { Page } from '../shell/page.tsx';

const t = messages.lostFactors;

/**
 * For a user who has lost every second factor: what will happen, who is notified, and the button
 * that starts the recovery.
 */
export function LostFactors({
  due: { challenge },
  onBack,
}: {
  due: FactorDue;
  onBack: () => void;
}) {
  const asking = useMutation({
    mutationFn: () =>
      call({
        method: 'POST',
        path: '/api/recovery/factors',
        body: { challenge },
        answer: factorRecoveryAnswer,
      }),
  });
  useHeadingFocus(asking.isSuccess ? 'waiting' : 'lost');
  if (asking.isSuccess) return <Waiting opensAt={asking.data.opensAt} />;
  return (
    <Page title={t.title} lead={<p>{t.lead}</p>} narrow>
      <ol className="fc-steps">
        {t.steps.map((step) => (
          <li key={step}>
            <p>{step}</p>
          </li>
        ))}
      </ol>
      {asking.error && <ProblemCallout error={asking.error} />}
      <Button
        look="primary"
        wide
        busy={asking.isPending ? messages.act.busy : undefined}
        onPress={() => asking.mutate()}
      >
        {t.submit}
      </Button>
      <p className="fc-aside">
        <Button look="quiet" onPress={onBack}>
          {t.back}
        </Button>
      </p>
    </Page>
  );
}

function Waiting({ opensAt }: { opensAt: string }) {
  return (
    <Page
      title={t.waitingTitle}
      lead={
        <p>
          {t.signInFrom}{' '}
          <strong>
            <Time at={opensAt} />
          </strong>
        </p>
      }
      narrow
    >
      <ul className="fc-stack fc-stack-tight">
        {t.until.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      <Link to="/sign-in" className={buttonClass('primary', true)} onClick={forgetFactorDue}>
        {t.done}
      </Link>
    </Page>
  );
}
