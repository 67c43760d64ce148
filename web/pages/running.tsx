import type { Step, StepState } from '../../src/api/trust.ts';
import { Icon, type IconName } from '../ui/icon.tsx';
import { messages } from './messages.ts';

const t = messages.running;

export interface RunningPageProps {
  /** The run of this process; empty if another process runs the checks. */
  steps: readonly Step[];
}

/**
 * Shown while the checks run: the results so far, and that the reader does not need to wait. The
 * page is updated until the run is done: in place by `follow-run.js`, by reloading without scripts.
 */
export function RunningPage({ steps }: RunningPageProps) {
  const done = steps.filter(({ state }) => state !== 'waiting' && state !== 'under way').length;
  return (
    <div className="fc-page">
      <header className="fc-stack">
        <h1>{t.title}</h1>
        <p>{t.wait}</p>
      </header>
      <div className="fc-stack" id="run">
        {steps.length === 0 ? (
          <p role="status">{t.elsewhere}</p>
        ) : (
          <>
            <div className="fc-progress" role="status">
              <progress max={steps.length} value={done} aria-label={t.title} />
              <p className="fc-muted">{t.done(done, steps.length)}</p>
            </div>
            <ol className="fc-run-steps">
              {steps.map((step) => (
                <RunStep key={step.title} {...step} />
              ))}
            </ol>
          </>
        )}
      </div>
      <p>
        <a href="/security">{t.back}</a>
      </p>
    </div>
  );
}

const icons: Record<StepState, IconName> = {
  waiting: 'waiting',
  'under way': 'in-progress',
  stands: 'verified',
  true: 'verified',
  false: 'failing',
  'not-applicable': 'not-applicable',
  unknown: 'unverified',
  error: 'unverified',
};

function RunStep({ title, state }: Step) {
  return (
    <li
      className={`fc-run-step fc-run-${icons[state]}`}
      aria-current={state === 'under way' ? 'step' : undefined}
    >
      <Icon name={icons[state]} />
      <span>{title}</span>
      <span className="fc-muted fc-small">{t.states[state]}</span>
    </li>
  );
}
