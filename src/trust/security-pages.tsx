import { ClaimPage } from '../../web/pages/claim.tsx';
import { SecurityPage } from '../../web/pages/security.tsx';
import { page, type Frame } from '../http/page.tsx';
import { Problem } from '../problems.ts';
import type { Services, Signed } from '../services.ts';

const reloadEvery = 2;

/** The public security page. An operator is offered a run; while one is under way the page reloads by itself. */
export async function securityPage({ trust, frame }: Pick<Services, 'trust'> & { frame: Frame }, who: Signed | null): Promise<Response> {
  const [view, running] = await Promise.all([trust.view(), trust.isRunning()]);
  const run = running ? 'running' : who?.account.operator ? 'offered' : 'hidden';
  return page(
    frame,
    { title: 'Security', ...(running && { refreshSeconds: reloadEvery }) },
    <SecurityPage view={view} intro={trust.intro} run={run} />,
  );
}

/** @throws Problem `not-found` */
export async function claimPage({ trust, frame }: Pick<Services, 'trust'> & { frame: Frame }, id: string): Promise<Response> {
  const view = await trust.view();
  const claim = view.claims.find((candidate) => candidate.id === id);
  if (!claim) throw new Problem('not-found');
  return page(frame, { title: claim.statement }, <ClaimPage view={view} claim={claim} />);
}

/** The page's own button, for browsers without script; guarded like `POST /api/trust/run`. */
export async function runFromPage({ trust, limiter }: Pick<Services, 'trust' | 'limiter'>, who: Signed | null, network: string): Promise<Response> {
  await limiter.take('run-checks', network);
  if (!who) throw new Problem('not-signed-in');
  if (!who.account.operator) throw new Problem('forbidden');
  await trust.request('operator');
  return new Response(null, { status: 303, headers: { Location: '/security' } });
}
