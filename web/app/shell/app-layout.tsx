import type { ReactNode } from 'react';
import { Callout } from '../../ui/callout.tsx';
import { SandboxBanner } from '../../ui/sandbox-banner.tsx';
import { SiteFooter } from '../../ui/site-footer.tsx';
import { SiteHeader } from '../../ui/site-header.tsx';
import { messages } from '../messages.ts';
import { useOnline } from './use-online.ts';

interface AppLayoutProps {
  /** The links of the signed-in user; without them, the links that always work. */
  nav?: ReactNode;
  sandbox?: readonly string[];
  children: ReactNode;
}

/** The layout around every screen, even if nothing could be loaded. */
export function AppLayout({ nav, sandbox = [], children }: AppLayoutProps) {
  const online = useOnline();
  return (
    <>
      <SiteHeader>{nav ?? <a href="/security">{messages.nav.security}</a>}</SiteHeader>
      <SandboxBanner sandbox={sandbox} />
      <main className="fc-main" id="main">
        {!online && (
          <Callout tone="warn" role="status">
            <p>{messages.offline}</p>
          </Callout>
        )}
        {children}
      </main>
      <SiteFooter />
    </>
  );
}
