import { useState, type ReactNode } from 'react';
import { ApiProblem } from '../../client/problem.ts';
import { Callout } from '../../ui/callout.tsx';
import { helpFor } from '../../ui/problem-help.ts';
import { messages } from '../messages.ts';
import { useCountdown } from './use-countdown.ts';

interface ProblemCalloutProps {
  error: unknown;
  /** The way on, where the page itself does not already offer it. */
  children?: ReactNode;
}

/** What failed, in a sentence; what to do; how long to wait; the id that the log carries. */
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

/** Counts in silence: a screen reader hears the first number only. */
function Wait({ seconds }: { seconds: number }) {
  const [until] = useState(() => Date.now() + seconds * 1000);
  const left = useCountdown(until);
  return <p aria-live="off">{left > 0 ? messages.wait(left) : messages.waited}</p>;
}
