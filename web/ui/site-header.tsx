import type { ReactNode } from 'react';
import { Brand } from './brand.tsx';
import { messages } from './messages.ts';

/** The header of every page, in the app and outside it. The caller passes the links. */
export function SiteHeader({ home = '/', children }: { home?: string; children: ReactNode }) {
  return (
    <header className="fc-header">
      <a className="fc-skip" href="#main">
        {messages.skip}
      </a>
      <div className="fc-bar">
        <Brand href={home} />
        <nav className="fc-nav" aria-label={messages.mainNav}>
          {children}
        </nav>
      </div>
    </header>
  );
}
