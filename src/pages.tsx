import { ApiReferencePage } from '../web/pages/docs.tsx';
import { LandingPage } from '../web/pages/landing.tsx';
import { messages } from '../web/pages/messages.ts';
import { ProblemPage, ProblemsPage } from '../web/pages/problems.tsx';
import { messages as uiMessages } from '../web/ui/messages.ts';
import { conditional, publicDocument, type Representation } from './http/conditional.ts';
import { page, pageDocument, sendPage, type PageLayout } from './http/page.tsx';
import { isProblemName, Problem, problems } from './problems.ts';
import type { Services, Principal } from './services.ts';

/** Pages that belong to no feature. Those that are the same for all users are made once, when they are first asked for. */
export interface Pages {
  landing(request: Request, principal: Principal | null): Promise<Response>;
  apiReference(request: Request, reader: Reader): Promise<Response>;
  /** The description that the reference is made of. */
  openapi(request: Request): Promise<Response>;
  problems(request: Request, reader: Reader): Promise<Response>;
  /** @throws Problem `not-found` */
  problem(request: Request, name: string, reader: Reader): Promise<Response>;
}

interface Reader {
  signedIn: boolean;
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
      const document = once(`landing ${hasOperator}`, () =>
        pageDocument(
          layout,
          { title: uiMessages.brand },
          <LandingPage signedInAs={null} hasOperator={hasOperator} />,
        ),
      );
      return sendPage(request, document, { signedIn: false });
    },
    async apiReference(request, { signedIn }) {
      const description = await describe();
      const document = once(`docs ${signedIn}`, () =>
        pageDocument(
          layout,
          { title: messages.docs.tab, signedIn },
          <ApiReferencePage document={description} />,
        ),
      );
      return sendPage(request, document, { signedIn });
    },
    async openapi(request) {
      const description = await describe();
      return conditional(
        request,
        once('openapi', () => publicDocument(JSON.stringify(description), 'application/json')),
        { cacheControl: 'no-cache' },
      );
    },
    async problems(request, { signedIn }) {
      const document = once(`problems ${signedIn}`, () =>
        pageDocument(
          layout,
          { title: messages.problems.title, signedIn },
          <ProblemsPage problems={problems} />,
        ),
      );
      return sendPage(request, document, { signedIn });
    },
    async problem(request, name, { signedIn }) {
      if (!isProblemName(name)) throw new Problem('not-found');
      const document = once(`problem ${name} ${signedIn}`, () =>
        pageDocument(
          layout,
          { title: messages.problems.one(name), signedIn },
          <ProblemPage name={name} {...problems[name]} />,
        ),
      );
      return sendPage(request, document, { signedIn });
    },
  };
}
