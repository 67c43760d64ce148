import type { ReactNode } from 'react';

/** Why a list is empty, and the next step. */
export function EmptyState({
  title,
  children,
  way,
}: {
  title: string;
  children: ReactNode;
  way?: ReactNode;
}) {
  return (
    <div className="fc-empty">
      <p className="fc-empty-title">{title}</p>
      <p>{children}</p>
      {way !== undefined && <div className="fc-row">{way}</div>}
    </div>
  );
}
