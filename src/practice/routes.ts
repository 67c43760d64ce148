import { Hono } from 'hono';
import { isLocal, type Peer } from '../http/client.ts';
import type { Frame } from '../http/page.tsx';
import type { Delivery } from '../mail/delivery.ts';
import type { Services } from '../services.ts';
import { practiceGithub } from './github.ts';
import { practiceGoogle } from './google.ts';
import { practiceMailbox } from './mailbox.tsx';

type Dependencies = Pick<Services, 'config' | 'store' | 'keyring' | 'clock'> & { delivery: Delivery; frame: Frame };

/** The pages of the stand-ins. They show mail to whoever asks, and let anybody be anybody, so only this machine may ask. */
export function practicePages(deps: Dependencies): Hono<{ Bindings: Peer }> {
  const pages = new Hono<{ Bindings: Peer }>();
  pages.use(({ req, env, notFound }, next) => (isLocal(req.raw, env) ? next() : Promise.resolve(notFound())));
  if (deps.config.mail.kind === 'practice') pages.get('/mailbox', ({ req }) => practiceMailbox(deps, req.raw));
  if (deps.config.google?.practice) pages.route('/google', practiceGoogle(deps));
  if (deps.config.github?.practice) pages.route('/github', practiceGithub(deps));
  return pages;
}
