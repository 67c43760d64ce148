import { isLoopbackName } from '../../config.ts';
import { Inconclusive, member, type Answer, type Ask } from '../answer.ts';
import type { Route, Sources } from '../eyes.ts';
import { makeTlsProbe } from '../tls-probe.ts';
import { makeVisits } from '../visit.ts';

/** This cannot be seen, or may not be done, by somebody who has nothing but the network. */
export class OutOfReach extends Inconclusive {
  override readonly name = 'OutOfReach';
}

/** The deployment as a stranger finds it. */
export interface Outsider {
  get(path: string): Promise<Answer>;
  /** What checks may look at from here. On a site of others nobody signs up, and no mail is sent. */
  sources(): Promise<Sources>;
}

interface Means {
  /** Those of this version; a deployment of another one may have others. */
  routes: readonly Route[];
  /** Where a deployment on this machine serves plain HTTP beside HTTPS; elsewhere it is 80. */
  httpPort: number | null;
  signal: AbortSignal;
}

export function makeOutsider(url: URL, { routes, httpPort, signal }: Means): Outsider {
  const { origin, hostname, protocol } = url;
  const secure = protocol === 'https:';
  const loopback = isLoopbackName(hostname);
  const port = Number(url.port || (secure ? 443 : 80));
  const { send, sendPlain } = makeVisits({ publicUrl: url, origin, loopback, host: '127.0.0.1', port, tls: secure ? { redirectPort: httpPort } : null }, signal);
  const get = (path: string) => send('a reader', { method: 'GET', path }, null);
  return {
    get,
    async sources() {
      const deployment = await get('/api/deployment');
      const [practice, providers] = ['practice', 'providers'].map((name) => member(deployment, 'deployment', name));
      const hasMailbox = loopback && Array.isArray(practice) && practice.includes('mail');
      return {
        ...nothingInside,
        sendPlain,
        tlsProbe: makeTlsProbe({ publicUrl: url, loopback, host: '127.0.0.1', port }),
        site: { origin, secure, answersHere: false, loopback, proxies: 0, database: { kind: 'libsql', hosts: [], name: '', loopback: false }, providers: Array.isArray(providers) ? providers.map(String) : [], routes },
        here: {
          domain: `${crypto.randomUUID().slice(0, 8)}.verify.canary.invalid`,
          send: hasMailbox ? send : (visitor, ask, cookie) => (sendsMail(ask) ? refuse('It would have the deployment send mail.') : send(visitor, ask, cookie)),
          mailTo: async (address) => (hasMailbox ? textsOf(await get(`/practice/mailbox?to=${encodeURIComponent(address)}`)) : refuse('It would have to read mail.')),
        },
        memory: new Map(),
      };
    },
  };
}

const nothingInside: Omit<Sources, 'site' | 'here' | 'memory' | 'sendPlain' | 'tlsProbe'> = {
  // oxlint-disable-next-line require-yield
  async *passwordHashes() {
    await refuse('Nobody outside reads the database.');
  },
  factorCensus: () => refuse('Nobody outside counts second factors.'),
  storageFiles: () => refuse('Nobody outside reads the files.'),
  logLines: () => [],
  mongo: () => refuse('Nobody outside reads the database.'),
  secretScan: () => refuse('Nobody outside reads the code.'),
  makeTwin: () => refuse('A twin runs only inside.'),
  keep: () => {},
};

function refuse(reason: string): Promise<never> {
  return Promise.reject(new OutOfReach(reason));
}

function sendsMail({ method, path }: Ask): boolean {
  return method === 'POST' && (/^\/api\/(sign-up|recovery|account\/email)$/.test(path) || path.endsWith('/resend'));
}

function textsOf(answer: Answer): string[] {
  const items = member(answer, 'items');
  return Array.isArray(items) ? items.map((item) => String((item as { text?: unknown }).text)).reverse() : [];
}
