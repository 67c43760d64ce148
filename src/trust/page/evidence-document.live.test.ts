import { createHash, webcrypto } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deploy, type TestDeployment } from '../../../test/deployment.ts';
import { onBothStores } from '../../../test/on-both-stores.ts';
import { packageRoot } from '../../package-root.ts';
import { evidenceSchema } from './well-known.ts';

const path = '/.well-known/flowcept-evidence.jws';
const sha256 = (text: string, encoding: 'hex' | 'base64url') =>
  createHash('sha256').update(text).digest(encoding);
const payloadOf = (jws: string) =>
  JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString());

onBothStores('the evidence', (database) => {
  let one: TestDeployment;
  let other: TestDeployment;
  beforeAll(async () => {
    const setting = await database();
    // No server listens on this port, so the checks are inconclusive, which is recorded, too.
    [one, other] = await Promise.all([
      deploy(async () => setting, { PORT: '1' }),
      deploy(async () => setting, { PORT: '1' }),
    ]);
    await one
      .visitor()
      .join('ada.lovelace@example.com', 'quiet rivers carry old maps', 'Ada Lovelace');
    await one.services.trust.run('operator');
    await other.services.trust.run('cron');
  }, 120_000);
  afterAll(async () => {
    await Promise.all([one, other].map(({ services }) => services.trust.stop()));
    await Promise.all([one?.stop(), other?.stop()]);
  });

  const get = async (from: TestDeployment, at: string, headers: Record<string, string> = {}) => {
    const answer = await from.app(
      new Request(`${from.config.origin}${at}`, {
        headers: { host: from.config.publicUrl.host, ...headers },
      }),
      { address: '127.0.0.1', httpVersion: '1.1' },
    );
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  };

  /** The page and its evidence document, read within the same minute. */
  const within = async <CheckResponse>(
    look: () => Promise<CheckResponse>,
  ): Promise<CheckResponse> => {
    for (;;) {
      const minute = Math.floor(Date.now() / 60_000);
      const seen = await look();
      if (Math.floor(Date.now() / 60_000) === minute) return seen;
    }
  };

  test('is signed by the published key, as verified by another implementation', async () => {
    const { text, headers } = await get(one, path);
    expect(headers.get('content-type')).toBe('application/jose');
    const { keys } = JSON.parse((await get(one, '/.well-known/jwks.json')).text);
    expect(keys).toHaveLength(1);
    const [header, payload, signature = ''] = text.split('.');
    expect(JSON.parse(Buffer.from(header ?? '', 'base64url').toString())).toEqual({
      alg: 'EdDSA',
      kid: keys[0].kid,
      typ: 'flowcept-evidence',
    });
    const key = await webcrypto.subtle.importKey('jwk', keys[0], 'Ed25519', false, ['verify']);
    expect(
      await webcrypto.subtle.verify(
        'Ed25519',
        key,
        Buffer.from(signature, 'base64url'),
        Buffer.from(`${header}.${payload}`),
      ),
    ).toBe(true);
    expect(keys[0].d).toBeUndefined();
  });

  test('has the page’s status of every claim, and the digest of the page', async () => {
    const [page, document] = await within(
      async () => [await get(one, '/api/trust'), await get(one, path)] as const,
    );
    const [view, said] = [JSON.parse(page.text), payloadOf(document.text)];
    expect(said.claims).toEqual(
      view.claims.map(({ id, status, wording }: Record<string, string>) => ({
        id,
        status,
        wording,
      })),
    );
    expect(said.page).toEqual({ path: '/api/trust', sha256: sha256(page.text, 'hex') });
    expect(said).toMatchObject({
      issuer: one.config.origin,
      deployment: view.deployment,
      ranAt: view.ranAt,
    });
    expect(Date.now() - Date.parse(said.issuedAt)).toBeLessThan(61_000);
  });

  test('leads to the whole history, each entry linked to the previous one', async () => {
    const { items, next } = JSON.parse((await get(one, '/api/trust/history')).text);
    expect(next).toBeUndefined();
    expect(items.map(({ seq }: { seq: number }) => seq)).toEqual([1, 2]);
    const links = items.map(({ jws }: { jws: string }) => ({
      ...payloadOf(jws),
      hash: sha256(jws, 'base64url'),
    }));
    expect(links.map(({ previous }: { previous: string }) => previous)).toEqual([
      null,
      links[0].hash,
    ]);
    const { chain } = payloadOf((await get(one, path)).text);
    expect(chain).toEqual({
      head: { seq: 2, hash: links[1].hash },
      checkpoint: { seq: 1, hash: links[0].hash, at: links[0].at },
    });
    expect(
      links.map(
        ({ events }: { events: { kind: string; run?: { trigger: string } }[] }) =>
          events.find(({ kind }) => kind === 'run')?.run?.trigger,
      ),
    ).toEqual(['operator', 'cron']);
    const first = JSON.parse((await get(one, '/api/trust/history?limit=1')).text);
    expect(first).toEqual({ items: items.slice(0, 1), next: '1' });
    expect(JSON.parse((await get(one, '/api/trust/history?after=1')).text)).toEqual({
      items: items.slice(1),
    });
    for (const query of ['after=x', 'after=-1', 'limit=0', 'before=1'])
      expect([query, (await get(one, `/api/trust/history?${query}`)).status]).toEqual([
        query,
        query.startsWith('before') ? 200 : 422,
      ]);
  });

  test('contains no personal data', async () => {
    const answers = await Promise.all(
      ['/api/trust/history', '/api/trust', path].map((at) => get(one, at)),
    );
    const all = answers
      .map(({ text }) =>
        text.replaceAll(/eyJ[\w-]+\.([\w-]+)\.[\w-]+/g, (_, payload: string) =>
          Buffer.from(payload, 'base64url').toString(),
        ),
      )
      .join();
    expect(all.includes('"kind":"run"')).toBe(true);
    for (const word of ['lovelace', 'example.com', 'canary.invalid', '127.0.0.'])
      expect([word, all.toLowerCase().includes(word)]).toEqual([word, false]);
  });

  test('is the same from every process for a minute, and is not sent twice', async () => {
    const [here, there, again] = await within(
      async () => [await get(one, path), await get(other, path), await get(one, path)] as const,
    );
    expect(there.text).toBe(here.text);
    expect(again.headers.get('etag')).toBe(here.headers.get('etag'));
    const etag = here.headers.get('etag') ?? '';
    const asked = await within(() => get(one, path, { 'if-none-match': `"other", ${etag}` }));
    if (asked.status === 200) expect(asked.headers.get('etag')).not.toBe(etag);
    else expect(asked).toMatchObject({ status: 304, text: '' });
    one.clock.move(60_000);
    expect((await get(one, path, { 'if-none-match': etag })).status).toBe(200);
    one.clock.move(-60_000);
    const keys = await get(one, '/.well-known/jwks.json');
    expect(
      await get(other, '/.well-known/jwks.json', {
        'if-none-match': keys.headers.get('etag') ?? '',
      }),
    ).toMatchObject({ status: 304, text: '' });
  });
});

describe('the schema of the evidence', () => {
  test('is served and matches the documentation', async () => {
    const served = await (await evidenceSchema(new Request('http://localhost/'))).text();
    await expect(`${served}\n`).toMatchFileSnapshot(
      join(packageRoot, 'docs', 'evidence.schema.json'),
    );
    expect(JSON.parse(served)).toMatchObject({
      type: 'object',
      required: ['issuer', 'issuedAt', 'deployment', 'ranAt', 'page', 'chain', 'claims'],
    });
  });
});
