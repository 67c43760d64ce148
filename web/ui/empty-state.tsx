import type { ReactNode } from 'react';

/** Why there is nothing here, and the way on. */
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
