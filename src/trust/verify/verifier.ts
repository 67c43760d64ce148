import { z } from 'zod/mini';
import { isLoopbackName } from '../../config.ts';
import type { Route, Sources } from '../probe/check-context.ts';
import { Inconclusive, member, type CheckResponse, type CheckRequest } from '../probe/exchange.ts';
import { makeHttpClient } from '../probe/http-client.ts';
import { makeTlsProbe } from '../probe/tls-probe.ts';
import type { KnownFacts } from './expected.ts';
import type { Page } from './published.ts';

/** A client that has only network access cannot observe this, or must not do it. */
export class OutOfReach extends Inconclusive {
  override readonly name = 'OutOfReach';
}

/** The deployment as accessible to a third party. */
export interface VerifierClient {
  get(path: string): Promise<CheckResponse>;
  /** What can be observed about its configuration. */
  facts(page: Page): Promise<KnownFacts>;
  /** What checks may use from here. On other sites the verifier creates no account and sends no mail. */
  sources(): Promise<Sources>;
}

interface Means {
  /** Of this version; a deployment of another version may have others. */
  routes: readonly Route[];
  /** Where a deployment on this machine serves plain HTTP next to HTTPS; elsewhere it is port 80. */
  httpPort: number | null;
  signal: AbortSignal;
}

/** Maximum bytes of one response, for pages and for checks, and of characters of all responses of a run. */
const maxPageBytes = 8_000_000;
const maxBytesInAll = 200_000_000;

export function makeVerifierClient(url: URL, { routes, httpPort, signal }: Means): VerifierClient {
  const { origin, hostname, protocol } = url;
  const secure = protocol === 'https:';
  const loopback = isLoopbackName(hostname);
  const port = Number(url.port || (secure ? 443 : 80));
  const httpClient = makeHttpClient(
    {
      publicUrl: url,
      origin,
      loopback,
      host: '127.0.0.1',
      port,
      tls: secure ? { redirectPort: httpPort } : null,
    },
    signal,
    maxPageBytes,
  );
  let received = 0;
  const counted = async (answered: Promise<CheckResponse>) => {
    if (received > maxBytesInAll)
      throw new Inconclusive('The deployment sent more data than this command reads.');
    const answer = await answered;
    received += answer.body.length;
    return answer;
  };
  const send: typeof httpClient.send = (visitor, request, cookie) =>
    counted(httpClient.send(visitor, request, cookie));
  const sendPlain: typeof httpClient.sendPlain = (request) =>
    counted(httpClient.sendPlain(request));
  const get = (path: string) => send('a reader', { method: 'GET', path }, null);
  const deploymentOf = async () => {
    const answer = await get('/api/deployment');
    const listed = (name: string) =>
      z
        .array(z.string().check(z.maxLength(50)))
        .check(z.maxLength(20))
        .safeParse(member(answer, 'deployment', name)).data ?? null;
    return { sandbox: listed('sandbox'), providers: listed('providers') };
  };
  return {
    get,
    facts: async ({ deployment: { store } }) => ({
      secure,
      loopback,
      store,
      providers: (await deploymentOf()).providers,
    }),
    async sources() {
      const { sandbox, providers } = await deploymentOf();
      const hasMailbox = loopback && sandbox?.includes('mail') === true;
      return {
        ...nothingInside,
        sendPlain,
        tlsProbe: makeTlsProbe({ publicUrl: url, loopback, host: '127.0.0.1', port }),
        site: {
          origin,
          secure,
          answersHere: false,
          loopback,
          proxies: 0,
          database: { kind: 'libsql', hosts: [], name: '', loopback: false },
          providers: providers ?? [],
          routes,
        },
        here: {
          domain: `${crypto.randomUUID().slice(0, 8)}.verify.invalid`,
          send: hasMailbox
            ? send
            : (visitor, request, cookie) =>
                sendsMail(request)
                  ? refuse('It would make the deployment send email.')
                  : send(visitor, request, cookie),
          mailTo: async (address) =>
            hasMailbox
              ? textsOf(await get(`/sandbox/mailbox?to=${encodeURIComponent(address)}`))
              : refuse('It would have to read email.'),
        },
        memory: new Map(),
      };
    },
  };
}

const nothingInside: Omit<Sources, 'site' | 'here' | 'memory' | 'sendPlain' | 'tlsProbe'> = {
  // oxlint-disable-next-line require-yield
  async *passwordHashes() {
    await refuse('An outsider cannot read the database.');
  },
  factorCensus: () => refuse('An outsider cannot count second factors.'),
  storageFiles: () => refuse('An outsider cannot read the files.'),
  logLines() {
    throw new OutOfReach('An outsider cannot read the log.');
  },
  mongo: () => refuse('An outsider cannot read the database.'),
  secretScan: () => refuse('An outsider cannot read the code.'),
  createTestInstance: () => refuse('A test instance can only run inside the deployment.'),
  keep: () => {},
};

function refuse(reason: string): Promise<never> {
  return Promise.reject(new OutOfReach(reason));
}

function sendsMail({ method, path }: CheckRequest): boolean {
  return (
    method === 'POST' &&
    (/^\/api\/(sign-up|recovery|account\/email)$/.test(path) || path.endsWith('/resend'))
  );
}

function textsOf(answer: CheckResponse): string[] {
  const items =
    z.array(z.object({ text: z.string() })).safeParse(member(answer, 'items')).data ?? [];
  return items.map(({ text }) => text).reverse();
}
