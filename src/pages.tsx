import { ApiReferencePage } from '../web/pages/docs.tsx';
import { LandingPage } from '../web/pages/landing.tsx';
import { ProblemPage, ProblemsPage } from '../web/pages/problems.tsx';
import { words } from '../web/pages/words.ts';
import { words as uiWords } from '../web/ui/words.ts';
import { page, type Frame } from './http/page.tsx';
import { isProblemName, Problem, problems } from './problems.ts';
import type { Services, Signed } from './services.ts';

/** Pages that belong to no feature. */

export async function landing({ store, frame }: Pick<Services, 'store'> & { frame: Frame }, who: Signed | null): Promise<Response> {
  const hasOperator = await store.hasOperator();
  return page(frame, { title: uiWords.brand, signedIn: who !== null }, <LandingPage signedInAs={who?.account.name ?? null} hasOperator={hasOperator} />);
}

export function apiReference({ frame }: { frame: Frame }, document: Parameters<typeof ApiReferencePage>[0]['document']): Response {
  return page(frame, { title: words.docs.tab }, <ApiReferencePage document={document} />);
}

export function problemsByName({ frame }: { frame: Frame }): Response {
  return page(frame, { title: words.problems.title }, <ProblemsPage problems={problems} />);
}

/** @throws Problem `not-found` */
export function problemByName({ frame }: { frame: Frame }, name: string): Response {
  if (!isProblemName(name)) throw new Problem('not-found');
  return page(frame, { title: words.problems.one(name) }, <ProblemPage name={name} {...problems[name]} />);
}
