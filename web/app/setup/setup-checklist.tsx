import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { Prose } from '../../ui/prose.tsx';
import { ProblemCallout } from '../forms/problem-callout.tsx';
import { messages } from '../messages.ts';
import { deploymentQuery } from '../queries.ts';
import { setupQuery } from './setup-facts.ts';
import { setupSteps, type SetupId, type SetupState, type SetupStep } from './setup.ts';
import { keepSkipped, readSkipped } from './skipped-steps.ts';

const t = messages.setup;

/**
 * For operators: what to set up before others can rely on this deployment. It collapses when
 * nothing is left.
 */
export function SetupChecklist() {
  const { origin } = useSuspenseQuery(deploymentQuery).data;
  const facts = useQuery(setupQuery);
  return (
    <section className="fc-section" aria-labelledby="setup">
      <h2 id="setup">{t.title}</h2>
      {facts.isPending && (
        <p className="fc-muted" role="status">
          {t.looking}
        </p>
      )}
      {facts.error && (
        <ProblemCallout error={facts.error}>
          <Button onPress={() => void facts.refetch()}>{messages.tryAgain}</Button>
        </ProblemCallout>
      )}
      {facts.data && !facts.error && <Steps steps={setupSteps({ origin, ...facts.data })} />}
    </section>
  );
}

function Steps({ steps }: { steps: SetupStep[] }) {
  const [skipped, setSkipped] = useState(readSkipped);
  const left = steps.filter(({ id, state }) => state !== 'done' && !skipped.includes(id));
  const settled = steps.filter((step) => !left.includes(step));

  function set(ids: SetupId[]) {
    keepSkipped(ids);
    setSkipped(ids);
  }

  return (
    <>
      {left.length > 0 && (
        <ul className="fc-devices">
          {left.map((step) => (
            <Step
              key={step.id}
              step={step}
              state={step.state}
              way={t.skip}
              onWay={() => set([...skipped, step.id])}
            />
          ))}
        </ul>
      )}
      {settled.length > 0 && (
        <details className="fc-more">
          <summary>
            {left.length === 0 ? t.allSettled : t.settled(settled.length, steps.length)}
          </summary>
          <ul className="fc-devices fc-unfolded">
            {settled.map((step) =>
              step.state === 'done' ? (
                <Step key={step.id} step={step} state="done" />
              ) : (
                <Step
                  key={step.id}
                  step={step}
                  state="skipped"
                  way={t.unskip}
                  onWay={() => set(skipped.filter((id) => id !== step.id))}
                />
              ),
            )}
          </ul>
        </details>
      )}
    </>
  );
}

const icons: Record<SetupState | 'skipped', IconName> = {
  done: 'verified',
  open: 'waiting',
  unseen: 'unverified',
  skipped: 'not-applicable',
};

interface StepProps {
  step: SetupStep;
  state: SetupState | 'skipped';
  way?: string;
  onWay?: () => void;
}

function Step({ step: { id, text }, state, way, onWay }: StepProps) {
  const title = `setup-${id}`;
  return (
    <li className="fc-device" aria-labelledby={title}>
      <div className="fc-device-head">
        <h3 id={title}>{t.steps[id]}</h3>
        <span className={`fc-outcome fc-step-${state}`}>
          <Icon name={icons[state]} />
          {t.states[state]}
        </span>
      </div>
      <p className="fc-muted">
        <Prose text={text} />
      </p>
      {way !== undefined && (
        <Button look="quiet" describedBy={title} onPress={onWay}>
          {way}
        </Button>
      )}
    </li>
  );
}
