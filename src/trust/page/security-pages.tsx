import { ClaimPage } from '../../../web/pages/claim.tsx';
import { messages } from '../../../web/pages/messages.ts';
import { RunningPage } from '../../../web/pages/running.tsx';
import { SecurityPage } from '../../../web/pages/security.tsx';
import { turnOf } from '../../../web/ui/time-words.ts';
import type { Client } from '../../http/client.ts';
import type { Representation } from '../../http/conditional.ts';
import { page, pageDocument, sendPage, type PageLayout } from '../../http/page.tsx';
import { Problem } from '../../problems.ts';
import type { Services, Principal } from '../../services.ts';
import { runForOperator } from '../runs/run-for-operator.ts';
import { keptDocument } from './cached-document.ts';

type Dependencies = Pick<Services, 'trust' | 'clock'> & { layout: PageLayout };

/** How the page that waits for a run is updated; without scripts, by a reload every two seconds. */
const live = { script: '/follow-run.js', reloadAfter: 2 };

/** The public security page. For an operator it has a button that starts a run. */
export async function securityPage(
  { trust, clock, layout }: Dependencies,
  request: Request,
  principal: Principal | null,
): Promise<Response> {
  const [current, running, intro] = await Promise.all([
    trust.current(),
    trust.isRunning(),
    trust.intro(),
  ]);
  const now = clock.now();
  const signedIn = principal !== null;
  const run = running ? 'running' : principal?.account.operator ? 'offered' : 'hidden';
  const document = keptDocument(current, { name: `security ${signedIn} ${run}`, now }, () =>
    agingPage(
      pageDocument(
        layout,
        { title: messages.security.title, signedIn },
        <SecurityPage view={current.view} intro={intro} run={run} now={now} />,
      ),
      now,
    ),
  );
  return sendPage(request, document, { signedIn });
}

/** @throws Problem `not-found` */
export async function claimPage(
  { trust, clock, layout }: Dependencies,
  request: Request,
  id: string,
  principal: Principal | null,
): Promise<Response> {
  const current = await trust.current();
  const { view } = current;
  const claim = view.claims.find((candidate) => candidate.id === id);
  if (!claim) throw new Problem('not-found');
  const now = clock.now();
  const signedIn = principal !== null;
  const document = keptDocument(current, { name: `claim ${id} ${signedIn}`, now }, () =>
    agingPage(
      pageDocument(
        layout,
        { title: claim.statement, signedIn },
        <ClaimPage view={view} claim={claim} now={now} />,
      ),
      now,
    ),
  );
  return sendPage(request, document, { signedIn });
}

/** Returns a new version of the page when the first of its printed ages changes. */
function agingPage(
  document: Representation,
  now: Date,
): { document: Representation; until: number } {
  const printed = new TextDecoder()
    .decode(document.bytes)
    .matchAll(/<time datetime="([^"]+)" title=/gi);
  return { document, until: Math.min(...[...printed].map(([, at = '']) => turnOf(at, now))) };
}

/** Starts a run from the page’s button, for browsers without JavaScript. Protected like `POST /api/trust/run`. */
export async function runFromPage(
  services: Pick<Services, 'trust' | 'limiter' | 'store' | 'clock'>,
  principal: Principal | null,
  client: Client,
): Promise<Response> {
  await services.limiter.consume('run-checks', { key: client.network });
  if (!principal) throw new Problem('not-signed-in');
  if (!principal.account.operator) throw new Problem('forbidden');
  await runForOperator(services, principal, client);
  return seeOther('/security/run');
}

/** Shows the progress of a run, also without JavaScript, and redirects to the security page when it is finished. */
export async function runningPage(
  { trust, layout }: Dependencies,
  principal: Principal | null,
): Promise<Response> {
  if (!(await trust.isRunning())) return seeOther('/security');
  return page(
    layout,
    { title: messages.running.title, signedIn: principal !== null, live },
    <RunningPage steps={trust.steps()} />,
  );
}

function seeOther(path: string): Response {
  return new Response(null, { status: 303, headers: { Location: path } });
}
