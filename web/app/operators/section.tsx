import type { UseInfiniteQueryResult, UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ActDialog } from '../forms/act-dialog.tsx';
import type { Asking } from '../forms/asking.ts';
import { ProblemCallout } from '../forms/problem-callout.tsx';
import { messages } from '../messages.ts';

interface SectionProps {
  title: string;
  lead: string;
  empty: { title: string; text: string };
  /** What is above the list, such as a search. */
  tools?: ReactNode;
  query: Pick<UseQueryResult, 'isPending' | 'error' | 'refetch'>;
  /** The number of rows, once it is known. */
  count: number | undefined;
  asking: Asking;
  children: ReactNode;
}

/**
 * A section of the operators’ screen: a list, the action that waits for confirmation, and the
 * result of the last one.
 */
export function Section({
  title,
  lead,
  empty,
  tools,
  query,
  count,
  asking,
  children,
}: SectionProps) {
  const { act, done, heading, leave, report } = asking;
  return (
    <section className="fc-operators" aria-labelledby="section">
      <div className="fc-stack fc-stack-tight">
        <h2 id="section" ref={heading} tabIndex={-1}>
          {title}
        </h2>
        <p className="fc-muted">{lead}</p>
      </div>
      {tools}
      <p className="fc-done" role="status">
        {done}
      </p>
      {query.isPending && (
        <p className="fc-muted" role="status">
          {messages.loading}
        </p>
      )}
      {query.error && (
        <ProblemCallout error={query.error}>
          <Button onPress={() => void query.refetch()}>{messages.tryAgain}</Button>
        </ProblemCallout>
      )}
      {count === 0 && !query.error && <EmptyState title={empty.title}>{empty.text}</EmptyState>}
      {count !== undefined && count > 0 && children}
      {act && <ActDialog act={act} onDone={report} onClose={leave} />}
    </section>
  );
}

/** The button for the next page of a list, if there is one. */
export function More({
  query,
}: {
  query: Pick<UseInfiniteQueryResult, 'hasNextPage' | 'isFetchingNextPage' | 'fetchNextPage'>;
}) {
  if (!query.hasNextPage) return null;
  return (
    <div>
      <Button
        busy={query.isFetchingNextPage ? messages.loading : undefined}
        onPress={() => void query.fetchNextPage()}
      >
        {messages.operators.more}
      </Button>
    </div>
  );
}
