import { createHash } from 'node:crypto';
import { Hono } from 'hono';
import type { PageLayout } from '../http/page.tsx';
import { readForm } from '../http/read-body.ts';
import type { Services } from '../services.ts';
import { askConsent, giveConsent } from './consent.tsx';
import { openGrant, redeemCode, sealGrant, type MockPerson } from './grant.ts';

type Dependencies = Pick<Services, 'config' | 'store' | 'keyring' | 'clock'> & {
  layout: PageLayout;
};

/** A mock of GitHub: an OAuth 2.0 server and the two API calls that sign-in needs. */
export function mockGithub(deps: Dependencies): Hono {
  const github = new Hono();
  github.get('/login/oauth/authorize', ({ req }) => askConsent(deps, 'github', new URL(req.url)));
  github.get('/consent', ({ req }) => giveConsent(deps, 'github', new URL(req.url)));
  github.post('/login/oauth/access_token', async ({ req }) => {
    const form = await readForm(req.raw);
    const { github: client } = deps.config;
    // GitHub reports errors with status 200.
    if (
      form.get('client_id') !== client?.clientId ||
      form.get('client_secret') !== client?.clientSecret
    )
      return Response.json({ error: 'incorrect_client_credentials' });
    const grant = await redeemCode(deps, form);
    if (grant?.ask.provider !== 'github') return Response.json({ error: 'bad_verification_code' });
    return Response.json({
      access_token: sealGrant(deps, 'token', grant),
      token_type: 'bearer',
      scope: grant.ask.scope.replaceAll(' ', ','),
    });
  });
  github.route('/api', api(deps));
  return github;
}

function api(deps: Dependencies): Hono {
  const whose = ({ headers }: Request): MockPerson | null => {
    const token = /^Bearer (\S+)$/.exec(headers.get('authorization') ?? '')?.[1];
    return openGrant(deps, 'token', token ?? '')?.person ?? null;
  };
  const unknown = () => Response.json({ message: 'Bad credentials' }, { status: 401 });
  const github = new Hono();
  github.get('/user', ({ req }) => {
    const person = whose(req.raw);
    return person
      ? Response.json({ id: idOf(person), login: loginOf(person), name: person.name })
      : unknown();
  });
  github.get('/user/emails', ({ req }) => {
    const person = whose(req.raw);
    return person
      ? Response.json([
          { email: person.email, primary: true, verified: person.verified, visibility: null },
        ])
      : unknown();
  });
  return github;
}

/** The same address always gives the same ID, also after a restart. GitHub’s own IDs are far below these numbers. */
function idOf({ email }: MockPerson): number {
  return 8_000_000_000_000_000 + createHash('sha256').update(email).digest().readUIntBE(0, 6);
}

function loginOf({ email }: MockPerson): string {
  return email.slice(0, email.lastIndexOf('@'));
}
