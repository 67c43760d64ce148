import { useState, type ReactNode } from 'react';
import { ApiProblem } from '../../client/problem.ts';
import { Callout } from '../../ui/callout.tsx';
import { helpFor } from '../../ui/problem-help.ts';
import { messages } from '../messages.ts';
import { useCountdown } from './use-countdown.ts';

interface ProblemCalloutProps {
  error: unknown;
  /** The next step, if the page itself does not offer one. */
  children?: ReactNode;
}

/** What failed, what to do, how long to wait, and the request ID. */
export function ProblemCallout({ error, children }: ProblemCalloutProps) {
  const problem = error instanceof ApiProblem ? error : null;
  const help = problem === null ? null : helpFor(problem.kind);
  return (
    <Callout tone="danger" role="alert">
      <p>{problem === null ? messages.broken.text : problem.message}</p>
      {help !== null && problem?.errors.length === 0 && <p>{help.hint}</p>}
      {problem?.errors.map(({ path, message }) => (
        <p key={path}>{message}</p>
      ))}
      {problem?.retryAfter !== undefined && (
        <Wait key={problem.reference} seconds={problem.retryAfter} />
      )}
      {children}
      {problem !== null && problem.reference !== '' && (
        <p className="fc-small">
          {messages.reference} <code>{problem.reference}</code>
        </p>
      )}
    </Callout>
  );
}

/** Counts down silently: a screen reader announces the first number only. */
function Wait({ seconds }: { seconds: number }) {
  const [until] = useState(() => Date.now() + seconds * 1000);
  const left = useCountdown(until);
  return <p aria-live="off">{left > 0 ? messages.wait(left) : messages.waited}</p>;
}
