import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import {
  createServer,
  request as openRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { text } from 'node:stream/consumers';
import type { TrustView } from '../src/api/trust.ts';
import { makeSigner, payloadOf } from '../src/crypto/jws.ts';
import { hashOf } from '../src/trust/evidence-log/entry.ts';
import { digestOfPage } from '../src/trust/page/evidence-document.ts';
import type { Json } from './visitor.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** What it publishes, before it is signed. Every part can be changed. */
export interface Draft {
  page: TrustView & Record<string, Json>;
  /** Payloads of its entries as written, oldest first. */
  links: Json[];
  /** What the evidence document says beside what is derived from the page and the entries. */
  evidence: (said: Json) => Json;
}

/**
 * A deployment whose operator has its code and its key, and publishes arbitrary content with a
 * valid signature.
 */
export interface HostileDeployment {
  url: string;
  /** Publishes a changed version of an honest deployment’s draft. */
  publish(change?: (draft: Draft) => void): Promise<void>;
  /** Answers by the beginning of the path, instead of the honest ones. */
  answers: Map<string, Handler>;
  close(): Promise<void>;
}

const evidencePath = '/.well-known/flowcept-evidence.jws';

/**
 * Listens at `port` in front of an honest deployment at `to`, which serves everything that is not
 * published here.
 */
export async function startHostileDeployment(port: number, to: number): Promise<HostileDeployment> {
  const signer = makeSigner(
    generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' }),
  );
  const url = `http://localhost:${port}`;
  const answers = new Map<string, Handler>();
  const published = new Map<string, () => string>();
  const headers = new Map<string, IncomingHttpHeaders>();
  const honest = async (path: string) => {
    const asked = openRequest({
      host: '127.0.0.1',
      port: to,
      path,
      headers: { host: `localhost:${port}` },
      agent: false,
    }).end();
    const [answered]: IncomingMessage[] = await once(asked, 'response');
    if (!answered) throw new Error(`${path} was not answered.`);
    const {
      'content-length': _,
      etag: __,
      connection: ___,
      'keep-alive': ____,
      ...kept
    } = answered.headers;
    headers.set(path.replace(/\?.*$/, ''), kept);
    return text(answered);
  };

  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    const own = [...answers].find(([begin]) => path.startsWith(begin))?.[1];
    const place = path.replace(/\?after=.*$/, '');
    const said = request.method === 'GET' ? published.get(place) : undefined;
    if (own) own(request, response);
    else if (said)
      response
        .writeHead(200, headers.get(place))
        .end(place === '/api/trust/history' ? pageOf(said(), path) : said());
    else passOn(request, response, to);
  });
  server.on('clientError', () => {});
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url,
    answers,
    async publish(change = () => {}) {
      answers.clear();
      const [page, history, jws] = await Promise.all(
        ['/api/trust', '/api/trust/history?after=0', evidencePath, '/.well-known/jwks.json'].map(
          honest,
        ),
      );
      const draft: Draft = {
        page: JSON.parse(page ?? ''),
        links: JSON.parse(history ?? '').items.map(({ jws: link }: { jws: string }) =>
          payloadOf(link),
        ),
        evidence: (said) => said,
      };
      change(draft);
      const links = sealed(draft.links, (payload) => signer.sign('flowcept-link', payload));
      const head = links.at(-1) ?? null;
      const checkpoint = links.findLast(({ payload }) => payload.standing !== undefined);
      const place = (link: (typeof links)[number]) => ({ seq: link.seq, hash: hashOf(link.jws) });
      const body = JSON.stringify({
        ...draft.page,
        record: { ...draft.page.record, key: signer.publicKey.kid, head: head && place(head) },
      });
      const before: Json = payloadOf(jws ?? '');
      const said = () =>
        draft.evidence({
          ...before,
          issuedAt: new Date(Math.floor(Date.now() / 60_000) * 60_000).toISOString(),
          deployment: draft.page.deployment,
          page: { path: '/api/trust', sha256: digestOfPage(body) },
          chain: {
            head: head && place(head),
            checkpoint: checkpoint ? { ...place(checkpoint), at: checkpoint.payload.at } : null,
          },
          claims: draft.page.claims.map(({ id, status, wording }) => ({ id, status, wording })),
        });
      published.set('/.well-known/jwks.json', () => JSON.stringify({ keys: [signer.publicKey] }));
      published.set('/api/trust', () => body);
      published.set('/api/trust/history', () =>
        JSON.stringify(links.map(({ seq, jws: link }) => ({ seq, jws: link }))),
      );
      published.set(evidencePath, () => signer.sign('flowcept-evidence', said()));
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function sealed(
  payloads: readonly Json[],
  sign: (payload: Json) => string,
): { seq: number; jws: string; payload: Json }[] {
  const links: { seq: number; jws: string; payload: Json }[] = [];
  for (const [at, payload] of payloads.entries()) {
    const before = links.at(-1);
    const whole = {
      ...payload,
      seq: payload.seq ?? at + 1,
      previous: before ? hashOf(before.jws) : payload.previous,
    };
    links.push({ seq: whole.seq, jws: sign(whole), payload: whole });
  }
  return links;
}

const pageSize = 100;

function pageOf(all: string, path: string): string {
  const after = Number(/after=(\d+)/.exec(path)?.[1] ?? 0);
  const items: { seq: number }[] = JSON.parse(all).filter(
    ({ seq }: { seq: number }) => seq > after,
  );
  const page = items.slice(0, pageSize);
  return JSON.stringify({
    items: page,
    ...(items.length > pageSize && { next: String(page.at(-1)?.seq) }),
  });
}

function passOn(incoming: IncomingMessage, outgoing: ServerResponse, to: number): void {
  const { method, url, headers, socket } = incoming;
  const passed = openRequest(
    {
      host: '127.0.0.1',
      port: to,
      method,
      path: url,
      headers,
      localAddress: socket.remoteAddress,
      agent: false,
    },
    (answered) => {
      outgoing.writeHead(answered.statusCode ?? 0, answered.headers);
      answered.pipe(outgoing);
    },
  );
  passed.on('error', () => outgoing.destroy());
  incoming.pipe(passed);
}
