import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateSync } from 'otplib';
import { z } from 'zod/mini';
import { offerClaim } from '../accounts/claim-operator.ts';
import type { App } from '../app.ts';
import { systemClock } from '../clock.ts';
import { sandboxGithub, sandboxGoogle, type Config } from '../config.ts';
import { openMail } from '../mail/mailer.ts';
import type { Services, Trust } from '../services.ts';
import type { Store } from '../store/port.ts';
import type { CreateTestInstance } from '../trust/probe/test-instance.ts';
import { createServices, openDatabase, openLog } from './wire.ts';

/**
 * Creates test instances of a deployment: the same code and settings with a throw-away embedded store and no network
 * access.
 */
export function testInstanceFactory(config: Config): CreateTestInstance {
  return async ({ clock = systemClock, breakStore, requiresFactor = false }) => {
    const directory = await mkdtemp(join(tmpdir(), 'flowcept-test-instance-'));
    const testInstanceConfig: Config = {
      ...config,
      database: { kind: 'libsql', path: join(directory, 'test-instance.db') },
      keys: [{ id: 'test-instance', key: randomBytes(32) }],
      mail: { kind: 'sandbox' },
      google: sandboxGoogle(config),
      github: sandboxGithub(config),
      logLevel: 'info',
      trustProxy: 0,
      rateLimits: true,
    };
    const { log, remembered } = openLog(testInstanceConfig, { write: () => {} });
    const { store, keyring } = await openDatabase(testInstanceConfig);
    const fault: { message: string | null } = { message: null };
    const handed: string[] = [];
    const outgoing: string[] = [];
    const tokens: string[] = [];
    const onCall = (call: string, answered: Promise<Response>) => {
      outgoing.push(call);
      answered
        .then(async (answer) => tokens.push(...tokensIn(await answer.clone().text())))
        .catch(() => {});
    };
    const inbox = new Map<string, { to: string; text: string }>();
    const { app, delivery, services } = await createServices(testInstanceConfig, {
      store: watched(store, fault, handed),
      keyring,
      clock,
      log,
      trust: () => noTrust,
      fetch: nothing,
      onCall,
    });
    if (requiresFactor) await requireFactors(app, services);
    fault.message = breakStore ?? null;

    return {
      fetch: (request, address) => app(request, { address, httpVersion: '1.1' }),
      logLines: () => remembered.lines(),
      handedToStore: () => handed,
      outgoing: () => outgoing,
      tokensGiven: () => tokens,
      async takeMail(to) {
        await delivery.deliverDue();
        // While the test instance’s clock does not advance, many emails have the same time. They are kept in the order
        // in which they were found.
        for (const { id, content } of (await store.keptMail(to)).reverse()) {
          if (content !== null && !inbox.has(id))
            inbox.set(id, { to, text: openMail(keyring, { id, content }).text });
        }
        return [...inbox.values()].filter((mail) => mail.to === to);
      },
      async close() {
        await delivery.stop();
        await store.close();
        await rm(directory, { recursive: true, force: true });
      },
    };
  };
}

/** RFC 6749 §5.1; OpenID Connect Core §3.1.3.3. */
function tokensIn(answer: string): string[] {
  return [...answer.matchAll(/"(?:access|refresh|id)_token":"([^"]+)"/g)].map(
    ([, token]) => token ?? '',
  );
}

/** Wraps the store: records the arguments of every call, and fails on demand. */
function watched(store: Store, fault: { message: string | null }, handed: string[]): Store {
  return new Proxy(store, {
    get(target, name, receiver) {
      if (fault.message !== null) return () => Promise.reject(new Error(fault.message ?? ''));
      const method: unknown = Reflect.get(target, name, receiver);
      if (typeof method !== 'function') return method;
      return (...given: unknown[]) => {
        handed.push(`${String(name)} ${JSON.stringify(given)}`);
        return Reflect.apply(method, target, given);
      };
    },
  });
}

/** Acts as an operator: creates the operator account and requires second factors. */
async function requireFactors(app: App, services: Services): Promise<void> {
  const { config, clock } = services;
  let cookie = '';
  const send = async (
    method: string,
    path: string,
    body: object,
  ): Promise<Record<string, unknown>> => {
    const headers = {
      'content-type': 'application/json',
      'sec-fetch-site': 'same-origin',
      ...(cookie !== '' && { cookie }),
    };
    const answer = await app(
      new Request(new URL(path, config.origin), { method, headers, body: JSON.stringify(body) }),
      { address: '192.0.2.1', httpVersion: '1.1' },
    );
    if (!answer.ok)
      throw new Error(`The test instance’s operator was answered ${answer.status} at ${path}.`);
    cookie =
      answer.headers
        .getSetCookie()
        .map((set) => set.split(';')[0])
        .join('; ') || cookie;
    return z.record(z.string(), z.unknown()).parse(await answer.json());
  };
  const token = (await offerClaim(services)).split('token=')[1];
  await send('POST', '/api/operators/claim', {
    token,
    email: 'operator@test-instance.invalid',
    name: 'Operator',
    password: randomBytes(24).toString('base64url'),
  });
  const enrolment = z
    .object({ factor: z.object({ id: z.string() }), secret: z.string() })
    .parse(await send('POST', '/api/factors/totp', {}));
  const code = generateSync({
    secret: enrolment.secret,
    epoch: Math.floor(clock.now().getTime() / 1_000),
  });
  await send('POST', '/api/factors/totp/confirm', { id: enrolment.factor.id, code });
  await send('PUT', '/api/operator/second-factor', { required: true, graceDays: 0 });
}

const nothing = () => Promise.reject(new Error('A test instance runs no checks.'));
const noTrust: Trust = {
  intro: nothing,
  current: nothing,
  isRunning: nothing,
  steps: () => [],
  run: nothing,
  request: nothing,
  start: nothing,
  stop: async () => {},
};
