import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { offerClaim } from '../src/accounts/claim-operator.ts';
import { pages, screens } from '../src/api/screens.ts';
import { problems } from '../src/problems.ts';
import { sandboxPages } from '../src/sandbox/routes.ts';
import { listen, type Listening } from '../src/server/listen.ts';
import { claims } from '../src/trust/claims/claims.ts';
import { cheapHashes, deploy, type TestDeployment } from './deployment.ts';
import { freePort } from './free-port.ts';
import { onLibsql } from './on-both-stores.ts';
import { invalidHtml } from './valid-html.ts';
import { goodPassword, type Visitor } from './visitor.ts';

it('a fault in a page is found', async () => {
  const page = (body: string) =>
    `<!doctype html>\n<html lang="en"><head><title>Page</title></head><body>${body}</body></html>`;
  expect(await invalidHtml('/', page('<main><h1>Page</h1></main>'))).toEqual([]);
  for (const fault of [
    '<noscript><main><h1>Page</h1></main></noscript>',
    '<p><div>Text</div></p>',
    '<ul><p>Text</p></ul>',
    '<p id="one"></p><p id="one"></p>',
    '<button type="submit"><a href="/">Home</a></button>',
  ])
    expect(await invalidHtml('/', page(fault)), fault).not.toEqual([]);
});

function valuesOf(parameter: string): readonly string[] {
  const known: Record<string, object> = { ':claim': claims, ':name': problems };
  const values = known[parameter];
  if (!values) throw new Error(`This test knows no value of ${parameter} in the path of a page.`);
  return Object.keys(values);
}

/** How pages are asked for: by this visitor or, without one, each by another. */
interface Options {
  status?: number;
  headers?: Record<string, string>;
  by?: Visitor;
}

onLibsql('the HTML of every page is valid', (database) => {
  let site: TestDeployment;
  let listening: Listening;
  beforeAll(async () => {
    site = await deploy(database, { PORT: `${await freePort()}` }, cheapHashes({}));
    listening = await listen(site.app, site.config, site.services.log);
  });
  afterAll(async () => {
    await listening.close(0);
    await site.services.trust.stop();
    await site.stop();
  });

  const html = { Accept: 'text/html' };
  /** What is wrong with the HTML of these pages. Each must have this status. */
  async function faultsOf(
    paths: readonly string[],
    { status = 200, headers = {}, by }: Options = {},
  ): Promise<string[]> {
    const found: string[] = [];
    for (const path of paths) {
      const visitor = by ?? site.visitor();
      const answer = await visitor.get(path, { ...html, ...headers });
      expect([path, answer.status]).toEqual([path, status]);
      expect(answer.headers.get('content-type')).toMatch(/^text\/html/);
      found.push(...(await invalidHtml(path, answer.body)));
    }
    return found;
  }

  /** It is served only during a run of the checks. */
  const running = '/security/run';
  const all = [...screens, ...pages]
    .filter((path) => path !== running)
    .flatMap((path) => {
      const [parameter] = /:\w+/.exec(path) ?? [];
      return parameter ? valuesOf(parameter).map((value) => path.replace(parameter, value)) : path;
    });

  it('for a signed-out user', async () => {
    expect(await faultsOf(all)).toEqual([]);
  });

  it('for an operator, during a run of the checks and after it', async () => {
    const token = (await offerClaim(site.services)).split('token=')[1];
    const operator = site.visitor();
    const account = { token, email: 'olga@example.org', password: goodPassword, name: 'Olga' };
    expect((await operator.post('/api/operators/claim', account)).status).toBe(201);
    const run = site.services.trust.run('operator');
    await vi.waitFor(async () => expect(await site.services.trust.isRunning()).toBe(true));
    expect(await faultsOf([running, '/security'], { by: operator })).toEqual([]);
    await run;
    expect(
      await faultsOf(['/', ...all.filter((path) => path.startsWith('/security'))], {
        by: operator,
      }),
    ).toEqual([]);
  });

  it('in the sandbox', async () => {
    const visitor = site.visitor();
    await visitor.join('ada@example.org');
    const consents: string[] = [];
    for (const provider of ['google', 'github']) {
      const { headers } = await visitor.get(`/api/sign-in/${provider}`, html);
      const { pathname, search } = new URL(headers.get('location') ?? '');
      consents.push(`${pathname}${search}`);
    }
    const served = [
      '/sandbox/mailbox',
      '/sandbox/mailbox?to=ada@example.org',
      '/sandbox/mailbox?to=nobody@example.org',
      ...consents,
    ];
    expect(await faultsOf(served)).toEqual([]);
    for (const consent of consents) {
      const { body } = await visitor.get(consent, html);
      const ask = /name="ask" value="([^"]+)"/.exec(body)?.[1] ?? '';
      const noPerson = `/sandbox/${consent.split('/')[2]}/consent?ask=${encodeURIComponent(ask)}`;
      expect(await faultsOf([noPerson], { status: 422 })).toEqual([]);
    }

    // Nothing else is a page.
    const layout = { stylesheet: '', sandbox: [] };
    const { routes } = sandboxPages({
      ...site.services,
      delivery: site.delivery,
      layout,
      readerOf: async () => ({ signedIn: false }),
    });
    expect(
      new Set(routes.filter(({ method }) => method === 'GET').map(({ path }) => path)),
    ).toEqual(
      new Set([
        ...served.map((path) => path.replace(/\?.*/, '')),
        '/sandbox/google/consent',
        '/sandbox/github/consent',
        '/sandbox/google/.well-known/openid-configuration',
        '/sandbox/google/jwks',
        '/sandbox/github/api/user',
        '/sandbox/github/api/user/emails',
      ]),
    );
  });

  it('in an error', async () => {
    expect(await faultsOf(['/nowhere', '/security/claims/nothing'], { status: 404 })).toEqual([]);
    expect(await faultsOf(['/api/sign-in/nothing'], { status: 404 })).toEqual([]);
    expect(await faultsOf(['/'], { status: 421, headers: { Host: 'elsewhere.example' } })).toEqual(
      [],
    );
    vi.spyOn(site.services.store, 'hasOperator').mockRejectedValueOnce(new Error('of the disk'));
    expect(await faultsOf(['/'], { status: 500 })).toEqual([]);
  });

  it('for a browser with too many cookies', async () => {
    const socket = connect(site.config.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.end(
      `GET / HTTP/1.1\r\nHost: a\r\nAccept: text/html\r\nCookie: ${'x'.repeat(20_000)}\r\n\r\n`,
    );
    const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 431 /);
    expect(await invalidHtml('431', body)).toEqual([]);
  });
});
