import { Hono, type Context } from 'hono';
import { addMs, minute } from '../clock.ts';
import { isLoopbackAddress } from '../http/client-address.ts';
import { signOfProxy, type ConnectionInfo } from '../http/client.ts';
import type { PageLayout, Reader } from '../http/page.tsx';
import { notServed } from '../http/problem-answer.ts';
import type { Delivery } from '../mail/delivery.ts';
import { Problem } from '../problems.ts';
import type { Services } from '../services.ts';
import { mockGithub } from './github.ts';
import { mockGoogle } from './google.ts';
import { sandboxMailbox } from './mailbox.tsx';

type Env = { Bindings: ConnectionInfo };
type Dependencies = Pick<Services, 'config' | 'store' | 'keyring' | 'clock' | 'log'> & {
  delivery: Delivery;
  layout: PageLayout;
  /** Looks up whether the caller is signed in, for the header of a page. */
  readerOf: (context: Context<Env>) => Promise<Reader>;
};

/**
 * The pages of sandbox mode. They show any email and sign in as any person, so they only respond to requests from this
 * machine.
 */
export function sandboxPages(deps: Dependencies): Hono<Env> {
  const pages = new Hono<Env>().basePath('/sandbox');
  const warn = warning(deps);
  /*
   * Called by `fetch` instead of being mounted, so that errors reach the calling server, which handles them like any
   * other.
   */
  pages.onError((error) => {
    throw error;
  });
  pages.notFound(({ req }) => {
    throw notServed(pages.router, req.path);
  });
  pages.use(async ({ req, env }, next) => {
    const sign = signOfProxy(req.raw, env);
    if (sign !== null) warn(sign);
    if (sign !== null || !isLoopbackAddress(env.address)) throw new Problem('not-found');
    return next();
  });
  if (deps.config.mail.kind === 'sandbox')
    pages.get('/mailbox', async (context) =>
      sandboxMailbox(deps, context.req.raw, await deps.readerOf(context)),
    );
  if (deps.config.google?.sandbox) pages.route('/google', mockGoogle(deps));
  if (deps.config.github?.sandbox) pages.route('/github', mockGithub(deps));
  return pages;
}

/** Minimum milliseconds between two warnings. */
const quietFor = minute;

/**
 * Warns the operator that this server is reachable from other machines, which is unsafe while sandbox pages show codes.
 */
function warning({ clock, log }: Pick<Services, 'clock' | 'log'>): (because: string) => void {
  let next = new Date(0);
  return (because) => {
    const now = clock.now();
    if (now < next) return;
    next = addMs(now, quietFor);
    log.warn(
      { because },
      'A request for a sandbox page came through a proxy and got 404. Sandbox pages are only for this machine: set PUBLIC_URL before publishing this server.',
    );
  };
}
