import type { ReactNode } from 'react';

export function Badge({ children, accent = false }: { children: ReactNode; accent?: boolean }) {
  return <span className={accent ? 'fc-badge fc-badge-accent' : 'fc-badge'}>{children}</span>;
}
