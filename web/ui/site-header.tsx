import type { ReactNode } from 'react';
import { Brand } from './brand.tsx';
import { messages } from './messages.ts';

/** The top of every page, in the app and outside of it; the links are the caller's. */
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
