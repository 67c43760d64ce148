import { ClaimPage } from '../../web/pages/claim.tsx';
import { RunningPage } from '../../web/pages/running.tsx';
import { SecurityPage } from '../../web/pages/security.tsx';
import type { Client } from '../http/endpoint.ts';
import { words } from '../../web/pages/words.ts';
import { page, type Frame } from '../http/page.tsx';
import { Problem } from '../problems.ts';
import type { Services, Signed } from '../services.ts';
import { runForOperator } from './run-for-operator.ts';

type Dependencies = Pick<Services, 'trust'> & { frame: Frame };

/** Seconds between two looks of the page that waits for a run. */
const lookAgain = '2';

/** The public security page. An operator is offered a run. */
export async function securityPage({ trust, frame }: Dependencies, who: Signed | null): Promise<Response> {
  const [view, running, intro] = await Promise.all([trust.view(), trust.isRunning(), trust.intro()]);
  const run = running ? 'running' : who?.account.operator ? 'offered' : 'hidden';
  return page(frame, { title: words.security.title, signedIn: who !== null }, <SecurityPage view={view} intro={intro} run={run} />);
}

/** @throws Problem `not-found` */
export async function claimPage({ trust, frame }: Dependencies, id: string, who: Signed | null): Promise<Response> {
  const view = await trust.view();
  const claim = view.claims.find((candidate) => candidate.id === id);
  if (!claim) throw new Problem('not-found');
  return page(frame, { title: claim.statement, signedIn: who !== null }, <ClaimPage view={view} claim={claim} />);
}

/** The page's own button, for browsers without script; guarded like `POST /api/trust/run`. */
export async function runFromPage(
  services: Pick<Services, 'trust' | 'limiter' | 'store' | 'clock'>,
  who: Signed | null,
  client: Client,
): Promise<Response> {
  await services.limiter.take('run-checks', { who: client.network });
  if (!who) throw new Problem('not-signed-in');
  if (!who.account.operator) throw new Problem('forbidden');
  await runForOperator(services, who, client);
  return seeOther('/security/run');
}

/** Waits with whoever asked for a run, and leads back to the security page when it is done. Progress without script. */
export async function runningPage({ trust, frame }: Dependencies, who: Signed | null): Promise<Response> {
  if (!(await trust.isRunning())) return seeOther('/security');
  const headers = new Headers({ Refresh: lookAgain });
  return page(frame, { title: words.running.title, signedIn: who !== null, headers }, <RunningPage steps={trust.steps()} />);
}

function seeOther(path: string): Response {
  return new Response(null, { status: 303, headers: { Location: path } });
}
