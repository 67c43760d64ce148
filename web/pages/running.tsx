import type { Step, StepState } from '../../src/api/trust.ts';
import { Icon, type IconName } from '../ui/icon.tsx';
import { words } from './messages.ts';

const say = words.running;

export interface RunningPageProps {
  /** The run of this process; empty when it is another process's. */
  steps: readonly Step[];
}

/** Shown while the checks run: what came of each so far, and that one need not wait. The server reloads it until they are done. */
export function RunningPage({ steps }: RunningPageProps) {
  const done = steps.filter(({ state }) => state !== 'waiting' && state !== 'under way').length;
  return (
    <div className="fc-page">
      <header className="fc-stack">
        <h1>{say.title}</h1>
        <p>{say.wait}</p>
      </header>
      {steps.length === 0 ? (
        <p role="status">{say.elsewhere}</p>
      ) : (
        <>
          <div className="fc-progress" role="status">
            <progress max={steps.length} value={done} aria-label={say.title} />
            <p className="fc-muted">{say.done(done, steps.length)}</p>
          </div>
          <ol className="fc-run-steps">
            {steps.map((step) => (
              <RunStep key={step.title} {...step} />
            ))}
          </ol>
        </>
      )}
      <p>
        <a href="/security">{say.back}</a>
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
      <span className="fc-muted fc-small">{say.states[state]}</span>
    </li>
  );
}
