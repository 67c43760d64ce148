import { writeFile } from 'node:fs/promises';
import { createServer as createPlainServer } from 'node:http';
import { join } from 'node:path';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import Database from 'libsql';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { selfSigned } from '../../../test/certificate.ts';
import { freePort } from '../../../test/free-port.ts';
import { onBothStores, type MakeDatabase } from '../../../test/on-both-stores.ts';
import { temporaryDirectory } from '../../../test/temporary-directory.ts';
import { endpointsOf } from '../../app.ts';
import { systemClock } from '../../clock.ts';
import { readConfig } from '../../config.ts';
import { trustOf } from '../../deployment/run.ts';
import { testInstanceFactory } from '../../deployment/test-instance.ts';
import { closeAfter, createServices, openDatabase, openLog } from '../../deployment/wire.ts';
import type { PasswordHash } from '../../records.ts';
import { listen, listenForRedirects, type Handler } from '../../server/listen.ts';
import type { Store } from '../../store/port.ts';
import type { Observation } from '../claims/observation.ts';
import type { EvidenceLog } from '../evidence-log/evidence-log.ts';
import { emptyState } from '../evidence-log/log-state.ts';
import { perform } from '../probe/controls.ts';
import { routesOf } from '../probe/site-routes.ts';
import type { CreateTestInstance, TestInstance } from '../probe/test-instance.ts';
import { makeProgress } from '../runs/progress.ts';
import { makeRunLease } from '../runs/run-lease.ts';
import { runOnce, type RunnerParts } from '../runs/runner.ts';
import { makeVerifierClient } from '../verify/verifier.ts';
import { findCheck } from './all-checks.ts';

/** A deployment with a listener, and one way at a time to break it. */
interface Live extends RunnerParts {
  /** Runs between the socket and the app. */
  between: (request: Request, on: (request: Request) => Promise<Response>) => Promise<Response>;
  broken: Partial<Store>;
  stop(): Promise<void>;
}
const healthy: Live['between'] = (request, on) => on(request);

const embedded: MakeDatabase = async () => ({
  kind: 'libsql',
  path: join(await temporaryDirectory(), 'flowcept.db'),
});

async function goLive(
  database: MakeDatabase = embedded,
  certificate: { cert: string; key: string } | null = null,
): Promise<Live> {
  const port = await freePort();
  const keys = `t1:${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`;
  const config = {
    ...readConfig({
      PORT: String(port),
      BCRYPT_COST: '10',
      FLOWCEPT_KEYS: keys,
      ...(certificate && (await overTls(port, certificate))),
    }),
    database: await database(),
  };
  const { log, remembered } = openLog(config, { write: () => {} });
  const opened = await openDatabase(config);
  const broken: Partial<Store> = {};
  const store = new Proxy(opened.store, {
    get: (target, name) => Reflect.get(Reflect.has(broken, name) ? broken : target, name),
  });
  const testInstance: CreateTestInstance = testInstanceFactory(config);
  const { app, delivery, services } = await createServices(config, {
    ...opened,
    store,
    clock: systemClock,
    log,
    trust: trustOf(config, remembered),
  }).catch((error: unknown) => closeAfter(opened.store, error));
  const parts = {
    config,
    store,
    keyring: opened.keyring,
    clock: systemClock,
    log,
    remembered,
    routes: routesOf(endpointsOf(services)),
    createTestInstance: testInstance,
    mongoProbe: null,
  };
  const live: Live = { ...parts, between: healthy, broken, stop: async () => {} };
  const handler: Handler = (request, connection) =>
    live.between(request, (passed) => app(passed, connection));
  const listening = [
    await listen(handler, config, log),
    ...(config.tls?.redirectPort
      ? [await listenForRedirects(config, config.tls.redirectPort, log)]
      : []),
  ];
  live.stop = async () => {
    await Promise.all(listening.map((one) => one.close(0)));
    await delivery.stop();
    await opened.store.close();
  };
  return live;
}

async function overTls(
  port: number,
  { cert, key }: { cert: string; key: string },
): Promise<Record<string, string>> {
  const directory = await temporaryDirectory();
  const [TLS_CERT, TLS_KEY] = [join(directory, 'cert.pem'), join(directory, 'key.pem')];
  await writeFile(TLS_CERT, cert);
  await writeFile(TLS_KEY, key);
  return {
    PUBLIC_URL: `https://localhost:${port}`,
    TLS_CERT,
    TLS_KEY,
    HTTP_REDIRECT_PORT: String(await freePort()),
  };
}

/** Makes one check, as a run does, and returns the recorded observation. */
async function look(live: Live, id: string): Promise<Observation | undefined> {
  const seen: Observation[] = [];
  const chain: EvidenceLog = {
    head: null,
    checkpoint: null,
    state: emptyState,
    observations: [],
    brokenBefore: null,
  };
  await runOnce(live, {
    trigger: 'operator',
    choose: () => [findCheck(id)],
    build: 'this one',
    records: {
      read: async () => chain,
      record: async (_, observations) => void seen.push(...observations),
    },
    lease: makeRunLease(live),
    progress: makeProgress(),
    stopping: new AbortController().signal,
  });
  return seen.find(({ check }) => check === id);
}

const is = (request: Request, method: string, end: string) =>
  request.method === method && new URL(request.url).pathname.endsWith(end);

/** Changes the cookies of all or some responses. */
const cookies =
  (change: (header: string) => string, end = ''): Live['between'] =>
  async (request, on) => {
    const answer = await on(request);
    if (!new URL(request.url).pathname.endsWith(end)) return answer;
    const set = answer.headers.getSetCookie();
    const headers = new Headers(answer.headers);
    headers.delete('set-cookie');
    for (const one of set) headers.append('set-cookie', change(one));
    return new Response(answer.body, { status: answer.status, headers });
  };

/** Changes the responses to some requests. */
const answers =
  (
    method: string,
    end: string,
    change: (answer: Response, body: string) => [status: number, body: string | null],
  ): Live['between'] =>
  async (request, on) => {
    if (!is(request, method, end)) return on(request);
    const answer = await on(request);
    const [status, body] = change(answer, await answer.text());
    const changed = new Headers(answer.headers);
    changed.delete('Content-Length');
    return new Response(body, { status, headers: changed });
  };

/** Changes the headers of some or all responses. */
const headers =
  (
    change: (headers: Headers) => void,
    isMeant: (request: Request) => boolean = () => true,
  ): Live['between'] =>
  async (request, on) => {
    const answer = await on(request);
    if (!isMeant(request)) return answer;
    const changed = new Headers(answer.headers);
    change(changed);
    return new Response(answer.body, { status: answer.status, headers: changed });
  };

/** bcrypt without pre-hashing: bytes after the 72nd are ignored. */
const cutPasswords: Live['between'] = async (request, on) => {
  if (!is(request, 'POST', '/sign-in') && !is(request, 'POST', '/sign-up')) return on(request);
  const body = (await request.json()) as Record<string, unknown>;
  return on(
    new Request(request.url, {
      method: 'POST',
      headers: request.headers,
      body: JSON.stringify({ ...body, password: String(body['password']).slice(0, 72) }),
    }),
  );
};

const instanceWith =
  (
    createTestInstance: CreateTestInstance,
    change: (testInstance: TestInstance) => Partial<TestInstance>,
  ): CreateTestInstance =>
  async (options) => {
    const testInstance = await createTestInstance(options);
    return { ...testInstance, ...change(testInstance) };
  };

const withMembers = <Thing>(thing: Thing | null, members: Partial<Thing>) =>
  thing && { ...thing, ...members };

/** Changes the redirects to sign-in providers. */
const ways =
  (change: (url: URL) => void, cookie?: string): Live['between'] =>
  async (request, on) => {
    const answer = await on(request);
    if (!/^\/api\/sign-in\/\w+$/.test(new URL(request.url).pathname)) return answer;
    const url = new URL(answer.headers.get('location') ?? '');
    change(url);
    const headers = new Headers({
      location: url.href,
      'set-cookie': cookie ?? answer.headers.get('set-cookie') ?? '',
    });
    return new Response(null, { status: answer.status, headers });
  };

type Break = (live: Live) => void | Promise<void>;
const lines = (live: Live, change: (lines: readonly string[]) => readonly string[]) => {
  const { remembered } = live;
  live.remembered = { ...remembered, lines: () => change(remembered.lines()) };
};
async function* withMore(store: Store, more: string) {
  yield* store.eachPasswordHash();
  yield more as PasswordHash;
}

/** Ways to break a real server. Each must make its check fail. */
const breaks: readonly [check: string, how: string, make: Break][] = [
  [
    'social-sign-in',
    'leaves out PKCE',
    (live) => void (live.between = ways((url) => url.searchParams.delete('code_challenge'))),
  ],
  ['social-sign-in', 'forgets the cookie', (live) => void (live.between = ways(() => {}, ''))],
  [
    'oauth-scopes',
    'asks for repositories, too',
    (live) => void (live.between = ways((url) => url.searchParams.append('scope', 'repo'))),
  ],
  [
    'oauth-state',
    'asks the provider before it looks at the state',
    (live) =>
      void (live.createTestInstance = instanceWith(live.createTestInstance, ({ outgoing }) => ({
        outgoing: () => [...outgoing(), 'POST /sandbox/github/login/oauth/access_token'],
      }))),
  ],
  [
    'oauth-state',
    'lets every callback in',
    (live) =>
      void (live.createTestInstance = instanceWith(live.createTestInstance, ({ fetch }) => ({
        async fetch(request, address) {
          const answer = await fetch(request, address);
          return new URL(request.url).pathname.endsWith('/callback')
            ? new Response(null, { status: 303, headers: { location: '/home' } })
            : answer;
        },
      }))),
  ],
  [
    'oauth-single-use',
    'finds a state again and again',
    (live) => {
      const { takeFlow } = live.store;
      const found = new Map<string, ReturnType<Store['takeFlow']>>();
      live.broken.takeFlow = (hash) => {
        const finding = found.get(hash) ?? takeFlow(hash);
        found.set(hash, finding);
        return finding;
      };
    },
  ],
  [
    'oauth-single-use',
    'looks for a state, and deletes it later',
    (live) => {
      const { takeFlow } = live.store;
      const found = new Map<string, ReturnType<Store['takeFlow']>>();
      live.broken.takeFlow = async (hash) => {
        const finding = found.get(hash) ?? takeFlow(hash);
        found.set(hash, finding);
        const flow = await finding;
        // A request before this time still finds the session.
        setTimeout(() => found.delete(hash), 100);
        await new Promise((resolve) => setTimeout(resolve, 200));
        return flow;
      };
    },
  ],
  [
    'oauth-single-use',
    'lets in who said no',
    (live) =>
      void (live.between = async (request, on) => {
        const answer = await on(request);
        return new URL(request.url).pathname.endsWith('/callback')
          ? new Response(null, { status: 303, headers: { location: '/home' } })
          : answer;
      }),
  ],
  [
    'session-cookies',
    'sets its cookies without HttpOnly',
    (live) => void (live.between = cookies((header) => header.replace('; HttpOnly', ''))),
  ],
  [
    'session-cookies',
    'sets its cookies with SameSite=None',
    (live) =>
      void (live.between = cookies((header) => header.replace('SameSite=Lax', 'SameSite=None'))),
  ],
  [
    'session-cookies',
    'sets its cookies for a domain',
    (live) => void (live.between = cookies((header) => `${header}; Domain=localhost`)),
  ],
  [
    'session-cookies',
    'only says that it signs out',
    (live) =>
      void (live.between = async (request, on) =>
        is(request, 'POST', '/sign-out') ? new Response(null, { status: 204 }) : on(request)),
  ],
  [
    'session-cookies',
    'forgets HttpOnly where a session continues',
    (live) =>
      void (live.between = cookies(
        (header) => header.replace('; HttpOnly', ''),
        '/session/confirm',
      )),
  ],
  [
    'session-cookies',
    'leaves a copy for its scripts',
    (live) =>
      void (live.between = headers(
        (own) =>
          own.append(
            'set-cookie',
            `copy=${/^flowcept=([^;]+)/.exec(own.getSetCookie().join())?.[1]}; Path=/`,
          ),
        (request) => request.url.endsWith('/session/confirm'),
      )),
  ],
  [
    'session-cookies',
    'carries out what was under way at the sign-out',
    (live) =>
      void (live.between = answers('PATCH', '/account', ({ status }, body) =>
        status === 401 ? [200, '{}'] : [status, body],
      )),
  ],
  [
    'session-cookies',
    'drops a no-break space from the names of cookies',
    (live) =>
      void (live.between = (request, on) => {
        const headers = new Headers(request.headers);
        headers.set('cookie', (headers.get('cookie') ?? '').replace('\u00a0', ''));
        return on(new Request(request, { headers }));
      }),
  ],
  [
    'session-cookies',
    'answers the token in its body',
    (live) =>
      void (live.between = answers('POST', '/sign-in', (answer, body) => [
        answer.status,
        body.replace('{', `{"token":${JSON.stringify(answer.headers.getSetCookie().join())},`),
      ])),
  ],
  [
    'provider-tokens',
    'keeps the tokens of providers',
    (live) =>
      void (live.createTestInstance = instanceWith(
        live.createTestInstance,
        ({ handedToStore, tokensGiven }) => ({
          handedToStore: () => [...handedToStore(), ...tokensGiven()],
        }),
      )),
  ],
  [
    'session-doors',
    'lets scripts read the cookie of a sign-in through a provider',
    (live) =>
      void (live.createTestInstance = instanceWith(live.createTestInstance, ({ fetch }) => ({
        async fetch(request, address) {
          const answer = await fetch(request, address);
          if (!new URL(request.url).pathname.endsWith('/callback')) return answer;
          const headers = new Headers(answer.headers);
          headers.delete('set-cookie');
          for (const one of answer.headers.getSetCookie())
            headers.append('set-cookie', one.replace('; HttpOnly', ''));
          return new Response(answer.body, { status: answer.status, headers });
        },
      }))),
  ],
  [
    'email-verification',
    'signs in without the proof',
    (live) =>
      void (live.between = answers('POST', '/sign-in', (answer, body) => [
        answer.status === 403 ? 200 : answer.status,
        body,
      ])),
  ],
  [
    'email-verification',
    'leaves a route open',
    (live) => void (live.between = answers('GET', '/api/sessions', () => [200, '{"items":[]}'])),
  ],
  [
    'code-attempts',
    'weighs more than five guesses',
    (live) => {
      const { redeemSignUp, findChallenge } = live.store;
      live.broken.findChallenge = async (id) =>
        withMembers(await findChallenge(id), { attemptsLeft: 5, endedAt: null });
      live.broken.redeemSignUp = async (input) => {
        const came = await redeemSignUp(input);
        return came.kind === 'over' ? { kind: 'wrong', attemptsLeft: 1 } : came;
      };
    },
  ],
  [
    'code-attempts',
    'sends a code whenever it is asked',
    (live) => {
      const { findChallenge } = live.store;
      live.broken.findChallenge = async (id) =>
        withMembers(await findChallenge(id), { sentAt: new Date(0) });
      live.broken.consumeLimit = async () => ({ allowed: true, exhausts: false });
    },
  ],
  ['password-length', 'looks at 72 characters only', (live) => void (live.between = cutPasswords)],
  [
    'password-census',
    'keeps a password as it is',
    (live) => {
      const { store } = live;
      live.store = {
        ...store,
        eachPasswordHash: () => withMore(store, 'correct horse battery staple'),
      };
    },
  ],
  [
    'password-census',
    'hashes one with cost 8',
    (live) => {
      const { store } = live;
      live.store = {
        ...store,
        eachPasswordHash: () => withMore(store, `hmac-sha384:$2b$08$${'b'.repeat(53)}`),
      };
    },
  ],
  [
    'code-lifetime',
    'does not look at the clock',
    (live) =>
      void (live.createTestInstance = (
        (make) => () =>
          make({})
      )(live.createTestInstance)),
  ],
  [
    'code-lifetime',
    'takes the code before the last one, too',
    (live) =>
      void (live.createTestInstance = instanceWith(live.createTestInstance, ({ fetch }) => ({
        async fetch(request, address) {
          const answer = await fetch(request, address);
          return answer.status === 422 && is(request, 'POST', '/verify')
            ? Response.json({ user: {} })
            : answer;
        },
      }))),
  ],
  [
    'recovery-attempts',
    'counts no try whose password it refuses',
    (live) =>
      void (live.createTestInstance = instanceWith(live.createTestInstance, ({ fetch }) => ({
        async fetch(request, address) {
          const answer = await fetch(request, address);
          return answer.status === 410 && is(request, 'POST', '/recovery/complete')
            ? Response.json({}, { status: 422 })
            : answer;
        },
      }))),
  ],
  [
    'factor-secrets',
    'takes a code of an app whenever it comes',
    (live) =>
      void (live.createTestInstance = instanceWith(live.createTestInstance, ({ fetch }) => ({
        async fetch(request, address) {
          const answer = await fetch(request, address);
          return answer.status === 422 && is(request, 'POST', '/second-factor')
            ? Response.json({ user: {} })
            : answer;
        },
      }))),
  ],
  [
    'factor-secrets',
    'keeps recovery codes as they are',
    (live) =>
      void (live.createTestInstance = instanceWith(
        live.createTestInstance,
        ({ fetch, handedToStore }) => {
          const kept: string[] = [];
          return {
            async fetch(request, address) {
              const answer = await fetch(request, address);
              if (is(request, 'POST', '/totp/confirm')) kept.push(await answer.clone().text());
              return answer;
            },
            handedToStore: () => [...handedToStore(), ...kept],
          };
        },
      )),
  ],
  [
    'factor-single-use',
    'takes a code of an app whenever it comes',
    (live) =>
      void (live.between = answers('POST', '/second-factor', ({ status }, body) =>
        status === 422 ? [200, '{}'] : [status, body],
      )),
  ],
  [
    'factor-single-use',
    'begins a session whatever became of the code',
    (live) => {
      const { insertSession } = live.store;
      live.broken.insertSession = async (session, also) => {
        const came = await insertSession(session, also);
        return came === 'factor-spent'
          ? insertSession(session, { ...also, factor: 'settled' })
          : came;
      };
    },
  ],
  [
    'error-answers',
    'answers with a stack',
    (live) =>
      void (live.between = answers('POST', '/sign-in', (answer, body) => [
        answer.status,
        body.replace('{', `{"stack":${JSON.stringify(String(new Error('x').stack))},`),
      ])),
  ],
  [
    'error-answers',
    'answers with a page',
    (live) =>
      void (live.between = async (request, on) => {
        const { status } = await on(request);
        return new Response('<h1>Oops</h1>', { status, headers: { 'content-type': 'text/html' } });
      }),
  ],
  ['error-answers', 'logs nothing', (live) => lines(live, () => [])],
  ['error-answers', 'logs each line twice', (live) => lines(live, (all) => [...all, ...all])],
  [
    'error-fault',
    'answers what broke',
    (live) =>
      void (live.createTestInstance = instanceWith(live.createTestInstance, (testInstance) => ({
        fetch: async (request, address) => {
          const answer = await testInstance.fetch(request, address);
          const cause =
            /"message":"(\w{32})"/.exec(testInstance.logLines().at(-1) ?? '')?.[1] ?? '';
          return new Response((await answer.text()).replace('{', `{"cause":"${cause}",`), answer);
        },
      }))),
  ],
  [
    'error-fault',
    'logs no cause',
    (live) =>
      void (live.createTestInstance = instanceWith(live.createTestInstance, (testInstance) => ({
        logLines: () => testInstance.logLines().map((line) => line.replace(/"cause":.*/, '}')),
      }))),
  ],
  [
    'access-control',
    'opens a route to a session that does not exist',
    (live) =>
      void (live.between = async (request, on) => {
        const answer = await on(request);
        return answer.status === 401 &&
          request.headers.has('cookie') &&
          is(request, 'GET', '/activity')
          ? Response.json({ items: [] })
          : answer;
      }),
  ],
  [
    'access-control',
    'lets an ordinary member run the checks',
    (live) =>
      void (live.between = answers('POST', '/trust/run', (answer, body) =>
        answer.status === 403 ? [202, '{}'] : [answer.status, body],
      )),
  ],
  [
    'access-control',
    'ends the sessions of others',
    (live) => {
      const { endSession, listSessions } = live.store;
      const owners = new Map<string, string>();
      live.broken.listSessions = async (accountId, now) => {
        const sessions = await listSessions(accountId, now);
        for (const { id } of sessions) owners.set(id, accountId);
        return sessions;
      };
      live.broken.endSession = ({ id, accountId, event }) =>
        endSession({ id, event, accountId: owners.get(id) ?? accountId });
    },
  ],
  [
    'access-control',
    'lists what is others’',
    (live) => {
      const { listSessions } = live.store;
      const all = new Map<string, Awaited<ReturnType<Store['listSessions']>>>();
      live.broken.listSessions = async (accountId, now) => {
        all.set(accountId, await listSessions(accountId, now));
        return [...all.values()].flat();
      };
    },
  ],
  [
    'secrets',
    'has its own secret in a script',
    (live) =>
      void (live.config = {
        ...live.config,
        cronSecret: 'This value is not allowed.',
      }),
  ],
  [
    'secrets',
    'serves its settings',
    (live) =>
      void (live.between = async (request, on) =>
        is(request, 'GET', '/.env') ? new Response('FLOWCEPT_KEYS=') : on(request)),
  ],
  [
    'password-secrecy',
    'logs the bodies that it cannot read',
    (live) =>
      void (live.between = async (request, on) => {
        const text = await request.clone().text();
        const answer = await on(request);
        if (answer.status === 400) live.log.info({ body: text }, 'A body could not be read.');
        return answer;
      }),
  ],
  [
    'password-secrecy',
    'logs what people typed, in base64',
    (live) =>
      void (live.between = async (request, on) => {
        live.log.info(
          { x: Buffer.from(await request.clone().text()).toString('base64') },
          'A request.',
        );
        return on(request);
      }),
  ],
  [
    'password-secrecy',
    'answers the password',
    (live) =>
      void (live.between = async (request, on) => {
        const text = await request.clone().text();
        const answer = await on(request);
        return is(request, 'POST', '/sign-in')
          ? new Response(`${await answer.text()} ${text}`, answer)
          : answer;
      }),
  ],
  [
    'password-keeping',
    'stores the password beside its hash',
    (live) =>
      void (live.createTestInstance = instanceWith(live.createTestInstance, (testInstance) => {
        const typed: string[] = [];
        return {
          fetch: async (request, address) => {
            typed.push(await request.clone().text());
            return testInstance.fetch(request, address);
          },
          handedToStore: () => [...testInstance.handedToStore(), ...typed],
        };
      })),
  ],
  [
    'invalid-bodies',
    'takes fields that it does not know',
    (live) =>
      void (live.routes = live.routes.map((route) => ({
        ...route,
        body: route.body && { ...route.body, strict: false },
      }))),
  ],
  [
    'invalid-bodies',
    'drops what it does not know',
    (live) =>
      void (live.createTestInstance = instanceWith(live.createTestInstance, (testInstance) => ({
        fetch: async (request, address) => {
          if (!is(request, 'PATCH', '/account')) return testInstance.fetch(request, address);
          const { name }: { name?: unknown } = (await request.json()) ?? {};
          return testInstance.fetch(
            new Request(request.url, {
              method: 'PATCH',
              headers: request.headers,
              body: JSON.stringify({ name }),
            }),
            address,
          );
        },
      }))),
  ],
  [
    'invalid-bodies',
    'takes any text for a name',
    (live) =>
      void (live.createTestInstance = instanceWith(live.createTestInstance, ({ fetch }) => ({
        async fetch(request, address) {
          const text = await request.clone().text();
          const answer = await fetch(request, address);
          return text.includes('"name":" "') ? Response.json({}) : answer;
        },
      }))),
  ],
  [
    'browser-rules',
    'has forms that check nothing',
    (live) =>
      void (live.between = answers('GET', '.js', (answer, body) => [
        answer.status,
        body.replaceAll('Enter an email address.', ''),
      ])),
  ],
  [
    'injection',
    'takes the first record that an operator matches',
    (live) =>
      void (live.between = async (request, on) => {
        const text = request.method === 'POST' ? await request.clone().text() : '';
        return text.includes('{"$gt":""}') ? Response.json({ user: {} }) : on(request);
      }),
  ],
  [
    'injection',
    'puts its queries together from text',
    (live) => {
      const { endSession } = live.store;
      live.broken.endSession = (input) =>
        input.id.includes("'")
          ? Promise.reject(new Error('near "OR": syntax error'))
          : endSession(input);
    },
  ],
  [
    'injection',
    'lists what is others’ when it is asked cleverly',
    (live) => {
      const { listEvents } = live.store;
      const accounts = new Set<string>();
      live.broken.listEvents = async (input) => {
        accounts.add(input.accountId);
        if (!input.before?.includes("'")) return listEvents(input);
        return (
          await Promise.all(
            [...accounts].map((accountId) => listEvents({ ...input, accountId, before: null })),
          )
        ).flat();
      };
    },
  ],
  [
    'security-headers',
    'leaves nosniff out of its stylesheets',
    (live) =>
      void (live.between = headers(
        (own) => own.delete('x-content-type-options'),
        (request) => request.url.endsWith('.css'),
      )),
  ],
  [
    'security-headers',
    'allows inline scripts',
    (live) =>
      void (live.between = headers((own) =>
        own.set(
          'content-security-policy',
          String(own.get('content-security-policy')).replace(
            "script-src 'self'",
            "script-src 'self' 'unsafe-inline'",
          ),
        ),
      )),
  ],
  [
    'security-headers',
    'answers other sites',
    (live) =>
      void (live.between = headers(
        (own) => own.set('access-control-allow-origin', '*'),
        (request) => request.headers.has('origin'),
      )),
  ],
  [
    'security-headers',
    'says what it is',
    (live) => void (live.between = headers((own) => own.set('x-powered-by', 'Flowcept'))),
  ],
  [
    'guesses-at-an-account',
    'counts no wrong passwords',
    (live) => {
      const { consumeLimit } = live.store;
      live.broken.consumeLimit = async (key, limit, now, counted) =>
        counted.rule === 'wrong-password'
          ? { allowed: true, exhausts: false }
          : consumeLimit(key, limit, now, counted);
    },
  ],
  [
    'guesses-at-an-account',
    'counts wrong passwords by the address that is claimed',
    (live) => {
      const { consumeLimit } = live.store;
      let claimed = '';
      live.between = (request, on) => {
        claimed = request.headers.get('x-forwarded-for') ?? '';
        return on(request);
      };
      live.broken.consumeLimit = (key, limit, now, counted) =>
        consumeLimit(
          counted.rule === 'wrong-password' ? `${key} ${claimed}` : key,
          limit,
          now,
          counted,
        );
    },
  ],
  [
    'guesses-by-device',
    'weighs guesses that come with any cookie',
    (live) =>
      void (live.createTestInstance = instanceWith(live.createTestInstance, ({ fetch }) => ({
        async fetch(request, address) {
          const answer = await fetch(request, address);
          return answer.status === 429 && request.headers.has('cookie')
            ? Response.json({}, { status: 401 })
            : answer;
        },
      }))),
  ],
  [
    'limits-by-address',
    'believes the address that a stranger claims',
    (live) =>
      void (live.createTestInstance = instanceWith(live.createTestInstance, (testInstance) => ({
        fetch: (request, address) =>
          testInstance.fetch(request, request.headers.get('x-real-ip') ?? address),
      }))),
  ],
  [
    'limits-by-address',
    'locks all users out because of one',
    (live) =>
      void (live.createTestInstance = instanceWith(live.createTestInstance, (testInstance) => ({
        fetch: (request) => testInstance.fetch(request, '127.0.0.9'),
      }))),
  ],
  [
    'encryption-at-rest',
    'keeps its data in a plain file',
    async (live) => {
      const path = join(await temporaryDirectory(), 'plain.db');
      const plain = new Database(path);
      plain.exec('CREATE TABLE people (email TEXT)');
      plain.close();
      live.config = { ...live.config, database: { kind: 'libsql', path } };
    },
  ],
];

/** Milliseconds: a busy machine hashes slowly. */
const timeoutMs = 90_000;
const ids = [...new Set(breaks.map(([id]) => id))];

onBothStores('the checks of a healthy server', (database, store) => {
  let live: Live;
  beforeAll(async () => {
    live = await goLive(database);
  });
  afterAll(() => live.stop());

  test.each(ids.filter((id) => store === 'libSQL' || id !== 'encryption-at-rest'))(
    '%s passes and detects every negative control',
    { timeout: timeoutMs },
    async (id) => {
      const seen = await look(live, id);
      expect(seen, seen?.controlSaw).toMatchObject({ outcome: 'true', controlCaught: true });
      expect(seen?.examined).toBe(seen?.population);
      expect(await live.store.countAccounts()).toBe(0);
    },
  );
});

describe('the check', () => {
  let original: Live;
  let live: Live;
  beforeAll(async () => {
    original = await goLive();
  });
  beforeEach(() => {
    live = original;
    original.between = healthy;
    for (const name of Object.keys(original.broken)) Reflect.deleteProperty(original.broken, name);
  });
  afterAll(() => original.stop());

  test.each(breaks)('%s fails if the server %s', { timeout: timeoutMs }, async (id, _, make) => {
    const { store, remembered, createTestInstance, config, routes } = live;
    await make(live);
    const seen = await look(live, id).finally(() =>
      Object.assign(live, { store, remembered, createTestInstance, config, routes }),
    );
    expect(seen).toMatchObject({ outcome: 'false' });
  });
});

describe('the checks of a server with TLS', () => {
  let live: Live;
  beforeAll(async () => {
    live = await goLive(embedded, selfSigned(90));
  });
  afterAll(() => live.stop());

  /** The same deployment, as an attacker redirects its clients. */
  const at = (port: number, redirectPort: number): Live => ({
    ...live,
    config: { ...live.config, port, tls: { cert: '', key: '', redirectPort } },
  });

  test.each([
    'tls',
    'tls-suites',
    'https-redirect',
    'security-headers',
    'session-cookies',
    'session-doors',
  ])('%s passes and detects every negative control', async (id) => {
    expect(await look(live, id)).toMatchObject({ outcome: 'true', controlCaught: true });
  });

  test('responses over plain HTTP have the common headers, and none reserved for HTTPS', async () => {
    for (const path of ['/security', '/api/session']) {
      const { headers } = await fetch(`http://127.0.0.1:${live.config.tls?.redirectPort}${path}`, {
        redirect: 'manual',
      });
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('strict-transport-security')).toBeNull();
    }
  });

  test('tls passes for a client on the same machine, where the certificate may be self-signed', async () => {
    const stranger = makeVerifierClient(live.config.publicUrl, {
      routes: live.routes,
      httpPort: null,
      signal: AbortSignal.timeout(30_000),
    });
    const { finding, control } = await perform(findCheck('tls'), await stranger.sources());
    expect([finding, control]).toMatchObject([{ outcome: 'true' }, { caught: true }]);
  });

  test('tls fails for a certificate that expires in a week', async () => {
    const soon = await goLive(embedded, selfSigned(7));
    try {
      expect(await look(soon, 'tls')).toMatchObject({
        outcome: 'false',
        reason: expect.stringContaining('expires in'),
      });
    } finally {
      await soon.stop();
    }
  });

  const strong = 'ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256';
  /** What a check sees of a server with these options in place of ours. */
  async function lookAtServer(id: string, options: TlsOptions): Promise<Observation | undefined> {
    const server = createTlsServer({ ...selfSigned(90), ...options }, (socket) => socket.end());
    const port = await freePort();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    return look(at(port, port), id).finally(() => server.close());
  }

  test.each([
    ['AES128-GCM-SHA256', 'without forward secrecy (TLS_RSA_WITH_AES_128_GCM_SHA256)'],
    ['ECDHE-RSA-AES256-SHA', 'authenticated encryption (TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA)'],
    ['ECDHE-ECDSA-AES128-SHA256', '(TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256)'],
    ['ECDHE-RSA-NULL-SHA', 'authenticated encryption (TLS_ECDHE_RSA_WITH_NULL_SHA)'],
    ['ECDHE-ECDSA-AES256-CCM8', 'short authentication tag (TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8)'],
    ['AECDH-AES128-SHA', 'without a certificate (TLS_ECDH_anon_WITH_AES_128_CBC_SHA)'],
  ])('tls-suites fails for a server that also accepts %s', async (suite, reason) => {
    const kind = suite.includes('ECDSA') ? 'ec' : 'rsa';
    const ciphers = `${strong}:${suite}:@SECLEVEL=0`;
    expect(
      await lookAtServer('tls-suites', {
        ...selfSigned(90, kind),
        ciphers,
        minVersion: 'TLSv1.2',
      }),
    ).toMatchObject({ outcome: 'false', reason: expect.stringContaining(reason) });
  });

  test('tls-suites passes for a server that supports only TLS 1.3', async () => {
    expect(await lookAtServer('tls-suites', { minVersion: 'TLSv1.3' })).toMatchObject({
      outcome: 'true',
      controlCaught: true,
      reason: expect.stringContaining('TLS 1.2 itself is not supported'),
    });
  });

  test('tls-suites has no result if a server rejects every suite that it offers', async () => {
    const ciphers = 'ECDHE-ECDSA-AES128-CCM';
    expect(await lookAtServer('tls-suites', { ciphers, maxVersion: 'TLSv1.2' })).toMatchObject({
      outcome: 'error',
      reason: expect.stringContaining('prove nothing'),
    });
  });

  test.each(['TLSv1', 'TLSv1.1'] as const)(
    'tls fails for a server that still supports %s',
    async (minVersion) => {
      expect(await lookAtServer('tls', { minVersion, ciphers: 'ALL:@SECLEVEL=0' })).toMatchObject({
        outcome: 'false',
        reason: expect.stringContaining('is still accepted'),
      });
    },
  );

  test('https-redirect fails if the API is redirected to HTTPS, too', async () => {
    const port = await freePort();
    const leading = createPlainServer(({ url = '/' }, answer) =>
      answer.writeHead(308, { location: `${live.config.origin}${url}` }).end(),
    );
    await new Promise<void>((resolve) => leading.listen(port, '127.0.0.1', resolve));
    expect(
      await look(at(live.config.port, port), 'https-redirect').finally(() => leading.close()),
    ).toMatchObject({ outcome: 'false', reason: expect.stringContaining('/api/') });
  });
});
