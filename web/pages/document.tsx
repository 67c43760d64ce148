import type { ReactNode } from 'react';
import { messages as uiWords } from '../ui/messages.ts';
import { SandboxBanner } from '../ui/sandbox-banner.tsx';
import { SiteFooter } from '../ui/site-footer.tsx';
import { SiteHeader } from '../ui/site-header.tsx';
import { messages } from './messages.ts';

export interface DocumentProps {
  title: string;
  /** The URL of the app’s own stylesheet. */
  stylesheet: string;
  /** The services that are simulated. */
  sandbox: readonly string[];
  /** Whether the reader is signed in. */
  signedIn: boolean;
  /** A page that is updated: the script that does so, and the seconds until a reload without it. */
  live?: { script: string; reloadAfter: number } | undefined;
  children: ReactNode;
}

/**
 * A complete page that needs no session and no script: no external resource, no `style=`. The
 * caller prepends `<!doctype html>`.
 */
export function Document({ title, stylesheet, sandbox, signedIn, live, children }: DocumentProps) {
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{title === uiWords.brand ? title : messages.title(title)}</title>
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href={stylesheet} />
        {live && (
          <>
            <script src={live.script} defer />
            <noscript>
              <meta httpEquiv="refresh" content={String(live.reloadAfter)} />
            </noscript>
          </>
        )}
      </head>
      <body className="fc-public">
        <SiteHeader>
          <a href="/security">{uiWords.security}</a>
          {signedIn ? <a href="/home">{uiWords.home}</a> : <a href="/sign-in">{uiWords.signIn}</a>}
        </SiteHeader>
        <SandboxBanner sandbox={sandbox} />
        <main className="fc-main" id="main">
          {children}
        </main>
        <SiteFooter />
      </body>
    </html>
  );
}
