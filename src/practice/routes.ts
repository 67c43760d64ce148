import { Hono } from 'hono';
import { later } from '../clock.ts';
import { isLoopbackAddress } from '../http/client-address.ts';
import { signOfProxy, type Peer } from '../http/client.ts';
import type { Frame } from '../http/page.tsx';
import type { Delivery } from '../mail/delivery.ts';
import { Problem } from '../problems.ts';
import type { Services } from '../services.ts';
import { practiceGithub } from './github.ts';
import { practiceGoogle } from './google.ts';
import { practiceMailbox } from './mailbox.tsx';

type Dependencies = Pick<Services, 'config' | 'store' | 'keyring' | 'clock' | 'log'> & {
  delivery: Delivery;
  frame: Frame;
};

/** The pages of the stand-ins. They show mail to whoever asks, and let anybody be anybody, so only this machine may ask. */
export function practicePages(deps: Dependencies): Hono<{ Bindings: Peer }> {
  const pages = new Hono<{ Bindings: Peer }>().basePath('/practice');
  const warn = warning(deps);
  /* Asked by `fetch`, not mounted: what it throws must reach the server that asks, which answers it as any other refusal. */
  pages.onError((error) => {
    throw error;
  });
  pages.notFound(() => {
    throw new Problem('not-found');
  });
  pages.use(async ({ req, env, notFound }, next) => {
    const sign = signOfProxy(req.raw, env);
    if (sign !== null) warn(sign);
    return sign === null && isLoopbackAddress(env.address) ? next() : notFound();
  });
  if (deps.config.mail.kind === 'practice')
    pages.get('/mailbox', ({ req }) => practiceMailbox(deps, req.raw));
  if (deps.config.google?.practice) pages.route('/google', practiceGoogle(deps));
  if (deps.config.github?.practice) pages.route('/github', practiceGithub(deps));
  return pages;
}

/** Milliseconds between two warnings, however many requests come. */
const quietFor = 60_000;

/** Whoever runs this server learns that it is published, which it must not be while sandbox pages show codes. */
function warning({ clock, log }: Pick<Services, 'clock' | 'log'>): (because: string) => void {
  let next = new Date(0);
  return (because) => {
    const now = clock.now();
    if (now < next) return;
    next = later(now, quietFor);
    log.warn(
      { because },
      'A request for a sandbox page came through a proxy and was answered 404. A server with sandbox pages is for its own machine: set PUBLIC_URL before it is published.',
    );
  };
}
