import type { ReactElement } from 'react';
import { ApiReferencePage } from '../web/pages/docs.tsx';
import { LandingPage } from '../web/pages/landing.tsx';
import { messages } from '../web/pages/messages.ts';
import { ProblemPage, ProblemsPage } from '../web/pages/problems.tsx';
import { messages as uiMessages } from '../web/ui/messages.ts';
import { conditional, publicDocument, type Representation } from './http/conditional.ts';
import { page, pageDocument, sendPage, type PageLayout, type Reader } from './http/page.tsx';
import { isProblemName, Problem, problems } from './problems.ts';
import type { Services, Principal } from './services.ts';

/** Pages that belong to no feature. */
export interface Pages {
  landing(request: Request, principal: Principal | null): Promise<Response>;
  apiReference(request: Request, reader: Reader): Promise<Response>;
  /** The description that the reference is made of. */
  openapi(request: Request): Promise<Response>;
  problems(request: Request, reader: Reader): Promise<Response>;
  /** @throws Problem `not-found` */
  problem(request: Request, name: string, reader: Reader): Promise<Response>;
}

interface Parts extends Pick<Services, 'store'> {
  layout: PageLayout;
  describe: () => Promise<Parameters<typeof ApiReferencePage>[0]['document']>;
}

export function makePages({ store, layout, describe }: Parts): Pages {
  const kept = new Map<string, Representation>();
  const once = (name: string, make: () => Representation): Representation => {
    const document = kept.get(name) ?? make();
    kept.set(name, document);
    return document;
  };
  /** Sends a page that is made on first use, once for signed-in readers and once for others. */
  const sendKept = (
    request: Request,
    { name, title, signedIn }: Reader & { name: string; title: string },
    content: ReactElement,
  ) =>
    sendPage(
      request,
      once(`${name} ${signedIn}`, () => pageDocument(layout, { title, signedIn }, content)),
      { signedIn },
    );
  return {
    async landing(request, principal) {
      const hasOperator = await store.hasOperator();
      // It names who is signed in: not to be kept, and not to be compressed.
      if (principal)
        return page(
          layout,
          { title: uiMessages.brand, signedIn: true },
          <LandingPage signedInAs={principal.account.name} hasOperator={hasOperator} />,
        );
      return sendKept(
        request,
        { name: `landing ${hasOperator}`, title: uiMessages.brand, signedIn: false },
        <LandingPage signedInAs={null} hasOperator={hasOperator} />,
      );
    },
    async apiReference(request, reader) {
      const description = await describe();
      return sendKept(
        request,
        { name: 'docs', title: messages.docs.tab, ...reader },
        <ApiReferencePage document={description} />,
      );
    },
    async openapi(request) {
      const description = await describe();
      return conditional(
        request,
        once('openapi', () => publicDocument(JSON.stringify(description), 'application/json')),
        { cacheControl: 'no-cache' },
      );
    },
    problems: (request, reader) =>
      sendKept(
        request,
        { name: 'problems', title: messages.problems.title, ...reader },
        <ProblemsPage problems={problems} />,
      ),
    async problem(request, name, reader) {
      if (!isProblemName(name)) throw new Problem('not-found');
      return sendKept(
        request,
        { name: `problem ${name}`, title: messages.problems.one(name), ...reader },
        <ProblemPage name={name} {...problems[name]} />,
      );
    },
  };
}
