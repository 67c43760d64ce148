import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { TrustView } from '../../src/api/trust.ts';
import { claims as known } from '../../src/trust/claims/claims.ts';
import { freePort } from '../free-port.ts';
import {
  startHostileDeployment,
  type Draft,
  type HostileDeployment,
} from '../hostile-deployment.ts';
import { runFlowcept, serverProcesses } from '../server-process.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import type { Json } from '../visitor.ts';

const timeoutMs = 180_000;
type Claim = TrustView['claims'][number];

/**
 * What no deployment may print to a terminal or a report: control characters, zero-width
 * characters, and changes of the text direction.
 */
const unprintable =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/u;
const payload = `\u001b[2J\u001b]0;owned\u0007\r\n✓ everything holds\u009b31m\u202e\u2066\u200b\u{e0041}`;

const claim = (page: Draft['page'], id: string): Claim => {
  const found = page.claims.find((one) => one.id === id);
  if (!found) throw new Error(`There is no claim ${id}.`);
  return found;
};
const settingOf =
  (id: string, change: Partial<Claim>) =>
  ({ page }: Draft) =>
    void Object.assign(claim(page, id), change);
const invented = (count: number, template: Claim): Claim[] =>
  Array.from({ length: count }, (_, at) => ({
    ...template,
    id: `invented-${at}`,
    status: 'verified',
    checks: [],
  }));
const runOf = (draft: Draft): Json =>
  draft.links.flatMap(({ events }) => events).find(({ kind }) => kind === 'run');
const without = (draft: Draft, check: string): void => {
  for (const { events, standing } of draft.links) {
    for (const event of events)
      if (event.kind === 'run')
        event.observations = event.observations.filter((one: Json) => one.check !== check);
    if (standing) standing.verdicts = standing.verdicts.filter((one: Json) => one.check !== check);
  }
};

describe('flowcept verify, against a deployment whose operator publishes arbitrary content', () => {
  const servers = serverProcesses();
  let hostile: HostileDeployment;

  beforeAll(async () => {
    const [port, own] = [await freePort(), await freePort()];
    const server = await servers.start({
      database: { kind: 'libsql', path: join(await temporaryDirectory(), 'flowcept.db') },
      port: own,
      variables: { PUBLIC_URL: `http://localhost:${port}` },
    });
    const visitor = server.visitor();
    hostile = await startHostileDeployment(port, own);
    await vi.waitFor(
      async () => expect((await visitor.get('/api/trust')).body.ranAt).not.toBeNull(),
      { timeout: timeoutMs, interval: 200 },
    );
  }, timeoutMs);
  afterAll(() => hostile?.close());

  const newReader = async () => {
    const folder = await temporaryDirectory();
    return (...words: string[]) =>
      runFlowcept(['verify', hostile.url, ...words], folder, { XDG_STATE_HOME: folder });
  };
  const read = async (...words: string[]) => {
    const { code, stdout, stderr } = await (await newReader())('--json', ...words);
    const report: Json = stdout === '' ? { faults: [], claims: [] } : JSON.parse(stdout);
    return {
      code,
      stderr,
      faults: report.faults,
      claims: report.claims,
      claim: (id: string) => report.claims.filter((one: Json) => one.id === id),
    };
  };

  it('confirms true content', { timeout: timeoutMs }, async () => {
    await hostile.publish();
    expect(await read('--read-only')).toMatchObject({ code: 0, faults: [], stderr: '' });
    expect(await read()).toMatchObject({ code: 0, faults: [], stderr: '' });
  });

  it.each<[deed: string, change: (draft: Draft) => void, differing: string]>([
    [
      'thirty invented claims in place of its own',
      ({ page }) =>
        void page.claims.splice(0, page.claims.length, ...invented(30, claim(page, 'tls'))),
      'password-hashing',
    ],
    ['no claims at all', ({ page }) => void page.claims.splice(0), 'injection'],
    [
      'one claim left out',
      ({ page }) =>
        void page.claims.splice(
          page.claims.findIndex(({ id }) => id === 'backups'),
          1,
        ),
      'backups',
    ],
    [
      'a claim twice, verified the second time',
      ({ page }) => void page.claims.push({ ...claim(page, 'team-roles'), status: 'verified' }),
      'team-roles',
    ],
    ['verified where nothing checks it', settingOf('backups', { status: 'verified' }), 'backups'],
    [
      'verified where nothing checks it, by a check of its own making',
      (draft) =>
        void Object.assign(claim(draft.page, 'backups'), {
          status: 'verified',
          checks: claim(draft.page, 'secrets').checks,
        }),
      'backups',
    ],
    [
      'verified where only people can answer for it',
      settingOf('penetration-test', { status: 'verified' }),
      'penetration-test',
    ],
    [
      'verified with its checks left out of the page',
      settingOf('secrets', { checks: [] }),
      'secrets',
    ],
    [
      'verified with its checks left out of the page and the record',
      (draft) => {
        claim(draft.page, 'secrets').checks = [];
        without(draft, 'secrets');
      },
      'secrets',
    ],
    [
      'verified with one of two checks left out',
      (draft) => {
        claim(draft.page, 'password-secrecy').checks.splice(0, 1);
        without(draft, 'password-secrecy');
      },
      'password-secrecy',
    ],
    [
      'verified by a check that caught nothing',
      (draft) => {
        for (const one of [...runOf(draft).observations, ...draft.links[0].standing.verdicts])
          if (one.check === 'secrets') one.controlCaught = false;
      },
      'secrets',
    ],
    ['attested where no role may attest', settingOf('backups', { status: 'attested' }), 'backups'],
    [
      'attested without an attestation in the record',
      settingOf('soc-2', { status: 'attested' }),
      'soc-2',
    ],
    [
      'inherited where there is no provider to inherit from',
      settingOf('password-hashing', { status: 'inherited', checks: [] }),
      'password-hashing',
    ],
    [
      'not applicable where it always applies',
      settingOf('injection', { status: 'not-applicable', checks: [] }),
      'injection',
    ],
    [
      'not applicable although it applies here',
      settingOf('social-sign-in', { status: 'not-applicable', checks: [] }),
      'social-sign-in',
    ],
    [
      'in progress where a check must decide',
      settingOf('secrets', { status: 'in-progress' }),
      'secrets',
    ],
    [
      'a status that is in no list',
      settingOf('secrets', { status: 'more than verified' as Claim['status'] }),
      'secrets',
    ],
    [
      'a check that looks from further away than it does',
      ({ page }) =>
        void Object.assign(claim(page, 'secrets').checks[0] ?? {}, { vantage: 'black-box' }),
      'secrets',
    ],
  ])('finds: %s', { timeout: timeoutMs }, async (_, change, differing) => {
    await hostile.publish(change);
    const seen = await read('--read-only');
    expect({ code: seen.code, of: seen.claim(differing) }).toEqual({
      code: 1,
      of: [expect.objectContaining({ agreement: 'differs' })],
    });
    expect(
      seen.claims.filter(
        ({ id, agreement }: Json) =>
          !Object.hasOwn(known, id) && agreement !== 'unknown to this verifier',
      ),
    ).toEqual([]);
  });

  it(
    'never calls a claim verified that the deployment invented, and names it as unknown',
    { timeout: timeoutMs },
    async () => {
      await hostile.publish(
        ({ page }) =>
          void page.claims.push(
            ...invented(30, claim(page, 'password-hashing')),
            ...['__proto__', 'constructor', 'toString'].map((id) => ({
              ...claim(page, 'secrets'),
              id,
            })),
          ),
      );
      const { code, claims } = await read('--read-only');
      expect(code).toBe(0);
      expect(
        claims.filter(({ agreement }: Json) => agreement === 'unknown to this verifier'),
      ).toHaveLength(33);
      const { stdout } = await (await newReader())('--read-only');
      expect(stdout).toMatch(/invented-7 .*unknown to this verifier/);
      expect(stdout).not.toMatch(/✓.*invented/);
      expect(stdout).toContain('33 unknown to this verifier');
    },
  );

  it(
    'detects a document that signs other statuses than the page shows, or another build',
    { timeout: timeoutMs },
    async () => {
      await hostile.publish(
        (draft) =>
          void (draft.evidence = (said) => ({
            ...said,
            claims: said.claims.map((one: Json) => ({ ...one, status: 'verified' })),
          })),
      );
      expect(await read('--read-only')).toMatchObject({
        code: 1,
        faults: [expect.stringContaining('but verified was signed')],
      });
      await hostile.publish(
        (draft) =>
          void (draft.evidence = (said) => ({
            ...said,
            deployment: { ...said.deployment, build: 'f'.repeat(64) },
          })),
      );
      expect(await read('--read-only')).toMatchObject({
        code: 1,
        faults: [expect.stringContaining('build')],
      });
    },
  );

  it('is not misled by keys of the prototype', { timeout: timeoutMs }, async () => {
    await hostile.publish();
    const body = await (await fetch(`${hostile.url}/api/trust`)).text();
    await hostile.publish((draft) => {
      draft.page = JSON.parse(
        body.replace(
          '{',
          '{"__proto__":{"status":"verified","claims":[]},"constructor":{"prototype":{"status":"verified"}},',
        ),
      );
      draft.links[0] = JSON.parse(
        JSON.stringify(draft.links[0]).replace(
          '"statuses":{',
          '"statuses":{"__proto__":{"status":"verified","since":"2026-01-01T00:00:00.000Z"},',
        ),
      );
    });
    expect(await read('--read-only')).toMatchObject({ code: 0, faults: [] });
  });

  it(
    'prints nothing of it unescaped: in text, as JSON and in errors',
    { timeout: timeoutMs },
    async () => {
      await hostile.publish((draft) => {
        for (const one of draft.page.claims) one.reason += payload;
        for (const one of [...runOf(draft).observations, ...draft.links[0].standing.verdicts])
          one.reason += payload;
        for (const one of draft.page.claims.flatMap(({ checks }) => checks)) one.title = payload;
        draft.page.claims.push({
          ...claim(draft.page, 'tls'),
          id: `own${payload}`,
          status: `verified${payload}` as Claim['status'],
        });
        without(draft, 'secrets');
        draft.page.deployment.build = `${payload}${draft.page.deployment.build}`;
        for (const one of runOf(draft).observations)
          one.outcome = one.check === 'injection' ? 'false' : one.outcome;
        draft.evidence = (said) => ({ ...said, issuer: `http://evil${payload}` });
      });
      const reader = await newReader();
      const [said, data] = [await reader('--read-only'), await reader('--json', '--read-only')];
      for (const { code, stdout, stderr } of [said, data])
        expect([code, unprintable.exec(stdout), unprintable.exec(stderr)]).toEqual([1, null, null]);
      expect(said.stdout).not.toMatch(/^✓ everything holds/m);
      expect(said.stdout).toContain('everything holds');
      expect(JSON.parse(data.stdout).claims.some(({ id }: Json) => id === `own${payload}`)).toBe(
        true,
      );

      await hostile.publish();
      hostile.answers.set('/.well-known/flowcept-evidence.jws', (_, response) => {
        const header = Buffer.from(
          JSON.stringify({ alg: 'EdDSA', typ: 'flowcept-evidence', kid: payload }),
        ).toString('base64url');
        response.end(`${header}.e30.e30`);
      });
      for (const words of [['--read-only'], ['--json', '--read-only']]) {
        const { code, stdout, stderr } = await reader(...words);
        expect([code, unprintable.exec(stdout), unprintable.exec(stderr)]).toEqual([1, null, null]);
      }
    },
  );

  it.each<[deed: string, path: string, answer: Parameters<HostileDeployment['answers']['set']>[1]]>(
    [
      ['answers without an end', '/api/trust', (_, response) => endless(response)],
      [
        'answers byte by byte',
        '/.well-known/flowcept-evidence.jws',
        (_, response) => drip(response),
      ],
      [
        'answers its headers byte by byte',
        '/.well-known/jwks.json',
        ({ socket }) => drip(socket, 'HTTP/1.1 200 OK\r\nX-Slow: '),
      ],
      ['never answers', '/.well-known/jwks.json', () => {}],
      [
        'sends hints for ever and no answer',
        '/.well-known/jwks.json',
        (_, response) => {
          const timer = setInterval(
            () => response.writeEarlyHints({ link: '</a>; rel=preload' }),
            20,
          );
          response.on('close', () => clearInterval(timer));
        },
      ],
      [
        'answers with another protocol',
        '/.well-known/jwks.json',
        ({ socket }) =>
          void socket.write(
            'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: nothing\r\n\r\n',
          ),
      ],
      [
        'leads on for ever',
        '/api/trust',
        ({ url = '' }, response) => void response.writeHead(308, { location: `${url}x` }).end(),
      ],
      [
        'sends a bomb that was not asked for',
        '/api/trust',
        (_, response) =>
          void response
            .writeHead(200, { 'content-encoding': 'gzip' })
            .end(gzipSync(Buffer.alloc(200_000_000, 0x20))),
      ],
      [
        'nests as deep as a megabyte goes',
        '/api/trust',
        (_, response) =>
          void response.end(`{"claims":${'['.repeat(900_000)}${']'.repeat(900_000)}}`),
      ],
      [
        'continues with a history without links',
        '/api/trust/history',
        (_, response) => void response.end('{"items":[],"next":"1"}'),
      ],
      [
        'continues for ever with a history of one link',
        '/api/trust/history',
        (_, response) => void response.end('{"items":[{"seq":1,"jws":"a.b.c"}],"next":"0"}'),
      ],
      [
        'continues with endless numbers',
        '/api/trust/history',
        ({ url = '' }, response) =>
          void response.end(
            JSON.stringify({
              items: [{ seq: Number(/\d+$/.exec(url)) + 1, jws: 'x'.repeat(900_000) }],
              next: `${Number(/\d+$/.exec(url)) + 1}`,
            }),
          ),
      ],
    ],
  )(
    'ends by itself, and not with 0, if the deployment %s',
    { timeout: timeoutMs },
    async (deed, path, answer) => {
      await hostile.publish((draft) => {
        if (deed.includes('endless numbers'))
          draft.evidence = (said) => ({
            ...said,
            chain: { ...said.chain, head: { seq: 1e9, hash: 'x' } },
          });
      });
      hostile.answers.set(path, answer);
      const began = Date.now();
      const { code, stderr } = await read('--read-only');
      expect(Date.now() - began).toBeLessThan(60_000);
      expect([1, 2]).toContain(code);
      if (code === 2) expect(stderr.trim().split('\n')).toHaveLength(1);
      expect(stderr).not.toMatch(/\n {4}at |Warning:/);
    },
  );

  it(
    'rejects a page with thousands of claims, or with an oversized claim',
    { timeout: timeoutMs },
    async () => {
      await hostile.publish(
        ({ page }) =>
          void page.claims.push(...invented(4_000, { ...claim(page, 'tls'), history: [] })),
      );
      expect(await read('--read-only')).toMatchObject({ code: 2, claims: [] });
      await hostile.publish(
        ({ page }) => void page.claims.push({ ...claim(page, 'tls'), id: 'a'.repeat(100_000) }),
      );
      expect(await read('--read-only')).toMatchObject({ code: 2, claims: [] });
    },
  );

  it(
    'does not report a check as passed that it could not make',
    { timeout: timeoutMs },
    async () => {
      await hostile.publish();
      hostile.answers.set(
        '/api/sign-in',
        (_, response) => void response.writeHead(429, { 'retry-after': '60' }).end(),
      );
      const { code, claim: of } = await read();
      expect(code).toBe(2);
      expect(of('rate-limits')).toEqual([
        expect.objectContaining({ published: 'verified', agreement: 'inconclusive' }),
      ]);
    },
  );

  it(
    'makes the checks of its own tables, whatever the page omits',
    { timeout: timeoutMs },
    async () => {
      await hostile.publish(({ page }) => {
        for (const one of page.claims) if (one.id === 'security-headers') one.checks = [];
      });
      hostile.answers.set(
        '/security',
        (_, response) =>
          void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Hello</h1>'),
      );
      const { code, claim: of } = await read();
      expect(code).toBe(1);
      expect(of('security-headers')[0].notes.join(' ')).toContain(
        'observed from here: security-headers',
      );
    },
  );

  describe('to a reader with a memory of it', () => {
    /**
     * Two entries, the first of which reports a failure; the test changes both before the second
     * visit.
     */
    const twice = async (second: (draft: Draft) => void) => {
      const reader = await newReader();
      const failing = (draft: Draft) => {
        const [first] = draft.links;
        const failed = {
          ...runOf(draft).observations.find(({ check }: Json) => check === 'secrets'),
          outcome: 'false',
          reason: 'A secret lies about.',
          collectedAt: new Date().toISOString(),
        };
        draft.links.push({
          ...first,
          seq: draft.links.length + 1,
          standing: undefined,
          events: [{ ...runOf(draft), observations: [failed] }],
        });
      };
      await hostile.publish((draft) => {
        failing(draft);
        claim(draft.page, 'secrets').status = 'failing';
      });
      expect(JSON.parse((await reader('--json', '--read-only')).stdout)).toMatchObject({
        faults: [],
      });
      await hostile.publish((draft) => {
        failing(draft);
        second(draft);
      });
      const { code, stdout } = await reader('--json', '--read-only');
      return { code, report: JSON.parse(stdout) };
    };

    it(
      'detects that the entry seen last is withheld, and that the log begins after it',
      { timeout: timeoutMs },
      async () => {
        const { code, report } = await twice((draft) => {
          const [first] = draft.links;
          draft.links = [{ ...first, seq: 7, previous: 'x' }];
        });
        expect(code).toBe(1);
        expect(report.faults.join()).toMatch(/requested from entry 2 on, but begins with entry 7/);
      },
    );

    it('detects a failure that a later checkpoint omits', { timeout: timeoutMs }, async () => {
      const { code, report } = await twice((draft) => {
        const [first] = draft.links;
        draft.links.push({ ...first, seq: draft.links.length + 1, events: [] });
      });
      expect(code).toBe(1);
      expect(report.claims.find(({ id }: Json) => id === 'secrets')).toMatchObject({
        published: 'verified',
        agreement: 'differs',
      });
    });
  });
});

function endless(response: NodeJS.WritableStream): void {
  const chunk = Buffer.alloc(65_536, 0x20);
  const more = (): void => {
    while (response.writable && response.write(chunk)) continue;
  };
  response.on('drain', more);
  more();
}

function drip(stream: NodeJS.WritableStream, begin = ''): void {
  if (begin) stream.write(begin);
  const timer = setInterval(
    () => (stream.writable ? stream.write('a') : clearInterval(timer)),
    200,
  );
  stream.on('close', () => clearInterval(timer));
  stream.on('error', () => clearInterval(timer));
}
