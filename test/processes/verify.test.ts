import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { openSigningKey } from '../../src/crypto/signing-key.ts';
import { openDatabase } from '../../src/deployment/wire.ts';
import type { DatabaseSetting } from '../../src/environment.ts';
import { packageRoot } from '../../src/package-root.ts';
import { listen, listenForRedirects, type Listening } from '../../src/server/listen.ts';
import type { Store } from '../../src/store/port.ts';
import { signEntry } from '../../src/trust/evidence-log/entry.ts';
import { readEvidenceLog } from '../../src/trust/evidence-log/evidence-log.ts';
import { nextEntry } from '../../src/trust/evidence-log/next-entry.ts';
import { selfSigned } from '../certificate.ts';
import { deploy, type TestDeployment } from '../deployment.ts';
import { freePort } from '../free-port.ts';
import { startProxy, type Passing, type Proxy } from '../proxy.ts';
import {
  runFlowcept,
  serverProcesses,
  usualVariables,
  type ServerProcess,
} from '../server-process.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const evidencePath = '/.well-known/flowcept-evidence.jws';
const timeoutMs = 180_000;
const run = promisify(execFile);
const keys = readConfig(usualVariables).keys;

interface Report {
  faults: string[];
  claims: { id: string; published: string; agreement: string; notes: string[] }[];
  key: string;
}

/** A reader with a memory of their own. */
async function newReader() {
  const folder = await temporaryDirectory();
  const verify = async (url: string, ...words: string[]) => {
    const { code, stdout, stderr } = await runFlowcept(
      ['verify', url, '--json', ...words],
      folder,
      { XDG_STATE_HOME: folder },
    );
    const report: Report = stdout === '' ? { faults: [], claims: [], key: '' } : JSON.parse(stdout);
    return {
      code,
      stderr,
      ...report,
      claim: (id: string) => report.claims.find((one) => one.id === id),
    };
  };
  /** Without making the checks: what a document says can be judged by itself. */
  const read = (url: string, ...words: string[]) => verify(url, '--read-only', ...words);
  return { verify, read };
}

const embedded = async (): Promise<DatabaseSetting> => ({
  kind: 'libsql',
  path: join(await temporaryDirectory(), 'flowcept.db'),
});

describe('flowcept verify', () => {
  const servers = serverProcesses();
  let database: DatabaseSetting;
  let server: ServerProcess;
  let proxy: Proxy;
  let url: string;
  let original: { evidence: string };

  const serve = async (on: DatabaseSetting, port?: number) => {
    const started = await servers.start({
      database: on,
      variables: { PUBLIC_URL: url },
      ...(port !== undefined && { port }),
    });
    const visitor = started.visitor();
    await vi.waitFor(
      async () => expect((await visitor.get('/api/trust')).body.ranAt).not.toBeNull(),
      { timeout: timeoutMs, interval: 200 },
    );
    return started;
  };

  beforeAll(async () => {
    const port = await freePort();
    [database, url] = [await embedded(), `http://localhost:${port}`];
    server = await serve(database);
    proxy = await startProxy(port, server.port);
    original = { evidence: await (await fetch(`${url}${evidencePath}`)).text() };
  }, timeoutMs);
  beforeEach(() => {
    proxy.change = (answer) => answer;
  });
  afterAll(() => proxy?.close());

  it(
    'confirms an honest deployment, claim by claim, and remembers it',
    { timeout: timeoutMs },
    async () => {
      const { verify, read } = await newReader();
      const first = await verify(url);
      expect(first).toMatchObject({ code: 0, faults: [], stderr: '' });
      expect(
        first.claims.filter(({ agreement }) => ['differs', 'not met'].includes(agreement)),
      ).toEqual([]);
      for (const id of [
        'password-hashing',
        'session-cookies',
        'email-verification',
        'code-limits',
        'factor-secrets',
        'oauth-state',
        'security-headers',
        'rate-limits',
        'access-control',
      ])
        expect([id, first.claim(id)]).toEqual([
          id,
          expect.objectContaining({ published: 'verified', agreement: 'agrees' }),
        ]);
      expect(first.claim('encryption-at-rest')).toMatchObject({
        published: 'verified',
        agreement: 'not verifiable from here',
      });
      expect(await read(url, '--pin', first.key)).toMatchObject({ code: 0, faults: [] });
    },
  );

  it(
    'detects an edited status, on the page and in the document',
    { timeout: timeoutMs },
    async () => {
      const { read } = await newReader();
      proxy.change = (answer) =>
        answer.path === '/api/trust'
          ? { ...answer, body: answer.body.replace('"status":"unverified"', '"status":"verified"') }
          : answer;
      const page = await read(url);
      expect(page.code).toBe(1);
      expect(page.faults[0]).toMatch(
        /The page differs from what was signed. It says verified for [\w-]+, but unverified was signed\./,
      );

      proxy.change = onEvidence((said) => ({
        ...said,
        claims: said.claims.map((claim) => ({ ...claim, status: 'verified' })),
      }));
      expect(await read(url)).toMatchObject({
        code: 1,
        faults: ['The evidence does not match its signature: Its signature does not fit.'],
      });
    },
  );

  it(
    'detects an invented status of the operator’s own code, by the evidence log',
    { timeout: timeoutMs },
    async () => {
      const { read } = await newReader();
      const other = await lyingDeployment(url);
      const seen = await inPlaceOf(proxy, other, () => read(url));
      await other.stop();
      proxy = await startProxy(proxy.port, server.port);
      expect(seen).toMatchObject({ code: 1, faults: [] });
      expect(seen.claim('code-limits')).toMatchObject({
        published: 'verified',
        agreement: 'differs',
        notes: [expect.stringContaining('the evidence log says failing')],
      });
    },
  );

  it('detects a dropped failing run, by what it saw before', { timeout: timeoutMs }, async () => {
    const { read } = await newReader();
    const dropped = await embedded();
    const { store: honest, keyring } = await openDatabase({ database, keys });
    const { store: left } = await openDatabase({ database: dropped, keys });
    for (const name of ['pepper', 'signing-key']) {
      const secret = await honest.findSecret(name);
      if (secret) await left.keepSecret(name, secret);
    }
    for (const link of await honest.entriesAfter(0, 1000)) await left.appendEntry(link);
    await recordFailure(honest, keyring);
    await Promise.all([honest.close(), left.close()]);

    expect(await read(url)).toMatchObject({ code: 1, faults: [] });
    const failing = await read(url);
    expect(failing.claim('code-limits')).toMatchObject({
      published: 'failing',
      agreement: 'not met',
    });
    const without = await serve(dropped);
    await proxy.close();
    proxy = await startProxy(proxy.port, without.port);
    const seen = await read(url);
    expect(seen.code).toBe(1);
    expect(seen.faults.join()).toMatch(
      /The evidence log was (rolled back: its last entry was \d+ when last seen, and is now \d+|rewritten: entry \d+ differs from the one last seen)\./,
    );
    expect(await (await newReader()).read(url)).toMatchObject({ faults: [] });
    await proxy.close();
    proxy = await startProxy(proxy.port, server.port);
  });

  it(
    'detects an outdated document, by its age and by what it saw before',
    { timeout: timeoutMs },
    async () => {
      const { read } = await newReader();
      const late = await deploy(embedded, { PUBLIC_URL: url, PORT: '1' });
      late.clock.move(-10 * 60_000);
      await late.services.trust.run('operator');
      const replayed = await inPlaceOf(proxy, late, () => read(url));
      expect(replayed.code).toBe(1);
      expect(replayed.faults.join()).toMatch(
        /The evidence is dated 20[^ ]*: an old document is served in place of the current one\./,
      );

      late.clock.move(10 * 60_000);
      const before = await remembering(late, url);
      await late.services.trust.run('operator');
      expect(await inPlaceOf(proxy, late, () => read(url))).toMatchObject({ faults: [] });
      late.app = before;
      const rolledBack = await inPlaceOf(proxy, late, () => read(url));
      expect(rolledBack.code).toBe(1);
      expect(rolledBack.faults).toContain(
        'The evidence log was rolled back: its last entry was 2 when last seen, and is now 1.',
      );
      await late.services.trust.stop();
      await late.stop();
      proxy = await startProxy(proxy.port, server.port);
    },
  );

  it(
    'detects a replaced key, by what it saw before, by a pin and by a stored document',
    { timeout: timeoutMs },
    async () => {
      const { read } = await newReader();
      const { key } = await read(url);
      const kept = join(await temporaryDirectory(), 'evidence.jws');
      await writeFile(kept, original.evidence);
      const swapped = await deploy(embedded, { PUBLIC_URL: url, PORT: '1' });
      await swapped.services.trust.run('operator');
      const [again, pinned, since, stranger] = await inPlaceOf(proxy, swapped, async () => {
        const reader = (await newReader()).read;
        return [
          await read(url),
          await reader(url, '--pin', key),
          await reader(url, '--since', kept),
          await reader(url),
        ] as const;
      });
      proxy = await startProxy(proxy.port, server.port);
      await swapped.services.trust.stop();
      await swapped.stop();
      for (const { code, faults } of [again, pinned, since]) {
        expect(code).toBe(1);
        expect(faults[0]).toBe(
          `The signing key changed from ${key} to ${swapped.services.signer.publicKey.kid}.`,
        );
      }
      // A reader who has never seen the right key cannot know.
      expect(stranger.faults).toEqual([]);
      expect(await read(url, '--since', kept)).toMatchObject({ faults: [] });
    },
  );

  it('detects a removed header', { timeout: timeoutMs }, async () => {
    const { verify } = await newReader();
    proxy.change = (answer) => ({
      ...answer,
      headers: { ...answer.headers, 'x-content-type-options': undefined },
    });
    const seen = await verify(url);
    expect(seen).toMatchObject({ code: 1, faults: [] });
    expect(seen.claim('security-headers')).toMatchObject({
      published: 'verified',
      agreement: 'differs',
      notes: [expect.stringMatching(/observed from here: security-headers: .*nosniff/)],
    });
  });

  it('detects a removed redirect', { timeout: timeoutMs }, async () => {
    const { verify } = await newReader();
    const [folder, port, httpPort] = [
      await temporaryDirectory(),
      await freePort(),
      await freePort(),
    ];
    const { cert, key } = selfSigned(30);
    await Promise.all([
      writeFile(join(folder, 'cert.pem'), cert),
      writeFile(join(folder, 'key.pem'), key),
    ]);
    const files = { TLS_CERT: join(folder, 'cert.pem'), TLS_KEY: join(folder, 'key.pem') };
    const secured = await deploy(embedded, {
      PUBLIC_URL: `https://localhost:${port}`,
      PORT: `${port}`,
      HTTP_REDIRECT_PORT: `${httpPort}`,
      ...files,
    });
    const { config, services, app } = secured;
    const listening = await listen(app, config, services.log);
    const redirects = await listenForRedirects(config, httpPort, services.log);
    await services.trust.run('operator');
    const look = () => verify(config.origin, '--http-port', `${httpPort}`);
    const honest = await look();
    await redirects.close(0);
    const plain = await listen(app, { ...config, port: httpPort, tls: null }, services.log);
    const seen = await look();
    await Promise.all([plain.close(0), listening.close(0), services.trust.stop()]);
    await secured.stop();

    expect(honest).toMatchObject({ code: 0, faults: [] });
    expect(honest.claim('tls')).toMatchObject({ published: 'verified', agreement: 'agrees' });
    expect(honest.claim('https-redirect')).toMatchObject({
      published: 'verified',
      agreement: 'agrees',
    });
    expect(seen).toMatchObject({ code: 1, faults: [] });
    expect(seen.claim('https-redirect')).toMatchObject({
      published: 'verified',
      agreement: 'differs',
      notes: [
        expect.stringMatching(
          /observed from here: https-redirect: GET \/ returned \d+ and redirects to nothing/,
        ),
      ],
    });
  });

  it('does what the verification guide says', { timeout: timeoutMs }, async () => {
    const guide = await readFile(join(packageRoot, 'docs', 'guides', 'verify.md'), 'utf8');
    const folder = await temporaryDirectory();
    const blocks = [...guide.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) =>
      block
        .replaceAll('https://app.example.org', url)
        .replaceAll(
          'node bin/flowcept.js',
          `"${process.execPath}" "${join(packageRoot, 'bin', 'flowcept.js')}"`,
        ),
    );
    const said: string[] = [];
    // A failed check exits with 1, and the server of these tests has a failing run by now.
    for (const block of blocks)
      said.push(
        await run('bash', ['-c', block], {
          cwd: folder,
          env: { PATH: process.env['PATH'], XDG_STATE_HOME: folder },
        }).then(
          ({ stdout }) => stdout,
          (error) => String(error.stdout),
        ),
      );
    expect(blocks).toHaveLength(3);
    for (const report of said.slice(0, 2))
      expect(report).toContain(
        '✓ The evidence is signed, current and consistent with the page, and the evidence log is complete.',
      );
    const [signed = '', digest = ''] = said[2]?.trim().split('\n') ?? [];
    expect(signed).toMatch(/^true \{"issuer"/);
    expect(signed).toContain(digest.split(' ')[0]);
  });

  it('exits with 2 and one line if it can check nothing', { timeout: timeoutMs }, async () => {
    const { verify } = await newReader();
    const unreachable = `http://localhost:${await freePort()}`;
    proxy.change = (answer) =>
      answer.path === evidencePath ? { ...answer, status: 404, body: '' } : answer;
    for (const [words, said] of [
      [[unreachable], 'ECONNREFUSED'],
      [[url], 'flowcept-evidence.jws returned 404.'],
      [['http://example.org'], 'Use https:'],
      [['nonsense'], 'is not a URL'],
      [[url, '--since', '/nowhere'], 'Cannot read /nowhere: ENOENT'],
    ] as const) {
      const [target, ...rest] = words;
      const { code, stderr } = await verify(target, ...rest);
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(said) });
      expect(stderr.trim().split('\n')).toHaveLength(1);
    }
  });
});

/** The document with another payload under the same signature. */
function onEvidence(change: (said: { claims: object[] }) => object): (answer: Passing) => Passing {
  return (answer) => {
    if (answer.path !== evidencePath) return answer;
    const [header, payload = '', signature] = answer.body.split('.');
    const said = Buffer.from(
      JSON.stringify(change(JSON.parse(Buffer.from(payload, 'base64url').toString()))),
    ).toString('base64url');
    return { ...answer, body: `${header}.${said}.${signature}` };
  };
}

/** As a run that finds a fault would. */
async function recordFailure(
  store: Store,
  keyring: Awaited<ReturnType<typeof openDatabase>>['keyring'],
): Promise<void> {
  const signer = await openSigningKey({ store, keyring });
  const chain = readEvidenceLog(await store.entriesAfter(0, 1000), {
    key: signer.publicKey,
    from: new Date(),
    checks: [],
    loss: null,
  });
  const now = new Date();
  const [seen] = chain.observations.filter(({ check }) => check === 'code-attempts');
  if (!seen) throw new Error('The check was never made.');
  const failure = {
    ...seen,
    outcome: 'false' as const,
    reason: 'One of five wrong codes returned 200.',
    collectedAt: now,
  };
  const run = { id: 'a run that failed', trigger: 'cron' as const, startedAt: now, endedAt: now };
  const { declared, statuses } = chain.state;
  const same = () => ({
    ...Object.fromEntries(Object.entries(statuses).map(([claim, { status }]) => [claim, status])),
    'code-limits': 'failing',
  });
  await store.appendEntry(
    signEntry(
      signer,
      nextEntry(chain, {
        at: now,
        build: seen.build,
        run,
        observations: [failure],
        declared,
        statuses: same,
      }),
    ),
  );
}

/** A deployment whose evidence log says failing, and whose code says verified. */
async function lyingDeployment(url: string): Promise<TestDeployment> {
  const honest = await deploy(embedded, { PUBLIC_URL: url, PORT: '1' });
  await honest.services.trust.run('operator');
  await honest.services.trust.stop();
  const { store, keyring, trust } = honest.services;
  await recordFailure(store, keyring);
  const current = trust.current.bind(trust);
  trust.current = async () => {
    const { view, until } = await current();
    const claims = view.claims.map((claim) =>
      claim.id === 'code-limits' ? { ...claim, status: 'verified' as const } : claim,
    );
    return { view: { ...view, claims }, until };
  };
  return honest;
}

/** Closes the proxy and listens in its place until the callback returns. */
async function inPlaceOf<Answer>(
  proxy: Proxy,
  { app, services }: TestDeployment,
  look: () => Promise<Answer>,
): Promise<Answer> {
  await proxy.close().catch(() => {});
  const listening: Listening = await listen(
    app,
    { ...services.config, host: '127.0.0.1', port: proxy.port, tls: null },
    services.log,
  );
  try {
    return await look();
  } finally {
    await listening.close(0);
  }
}

/** What the deployment answers to readers from now on. */
async function remembering({ app }: TestDeployment, url: string): Promise<TestDeployment['app']> {
  const kept = new Map<string, Response>();
  for (const path of [
    evidencePath,
    '/.well-known/jwks.json',
    '/api/trust',
    '/api/trust/history?after=0',
  ]) {
    kept.set(
      path,
      await app(new Request(`${url}${path}`, { headers: { host: new URL(url).host } }), {
        address: '127.0.0.1',
        httpVersion: '1.1',
      }),
    );
  }
  return async (request, peer) => {
    const { pathname, search } = new URL(request.url);
    return kept.get(`${pathname}${search}`)?.clone() ?? app(request, peer);
  };
}
