import { describe, expect, it } from 'vitest';
import { later, systemClock } from '../src/clock.ts';
import { type DatabaseSetting, readConfig } from '../src/config.ts';
import { openMail } from '../src/mail/mailer.ts';
import type { QueuedMail } from '../src/store/port.ts';
import { type Database, openDatabase } from '../src/wire.ts';
import { freePort } from '../test/free-port.ts';
import { type Servers, serverProcesses, usualVariables } from '../test/server-process.ts';
import { temporaryDirectory } from '../test/temporary-directory.ts';
import { goodPassword } from '../test/visitor.ts';
import { integrityOf } from '../test/encrypted-file.ts';
import { endTransactionsOf, noMongoDB, ownMongoDB } from '../test/own-mongodb.ts';
import { type Attempt, signUpUntilGone } from '../test/sign-up-load.ts';

const kills = 10;
const minute = 60_000;
const config = readConfig(usualVariables);

describe('a server killed ten times while people sign up, on libSQL', () => {
  const servers = serverProcesses();

  it('keeps all that it acknowledged, and nothing by halves', { timeout: 3 * minute }, async () => {
    const path = `${await temporaryDirectory()}/flowcept.db`;
    await tellStory(servers, { kind: 'libsql', path }, async () => expect(await integrityOf(path, config)).toEqual(['ok']));
  });
});

describe.skipIf(noMongoDB)('a server killed ten times while people sign up, on MongoDB', () => {
  const servers = serverProcesses();
  const mongodb = ownMongoDB({ syncOnCommit: false });

  it('keeps all that it acknowledged, and nothing by halves', { timeout: 3 * minute }, async () => {
    await tellStory(servers, { kind: 'mongodb', url: mongodb().url('flowcept_test_killed') }, () => endTransactionsOf(mongodb()));
  });
});

async function tellStory(servers: Servers, database: DatabaseSetting, afterKill: () => Promise<void>): Promise<void> {
  const port = await freePort();
  const attempts = await killUnderLoad(servers, { database, port }, afterKill);
  expect(attempts.flatMap(({ odd }) => odd)).toEqual([]);
  expect(attempts.filter(({ proved }) => proved).length).toBeGreaterThanOrEqual(kills);

  const codes = await examine(database, attempts);
  await servers.start({ database, port });
  for (const attempt of attempts) await finish(attempt, codes.get(attempt.email));
}

/** Starts it, and kills it in the midst of others once a few were let in. */
async function killUnderLoad(servers: Servers, launch: { database: DatabaseSetting; port: number }, afterKill: () => Promise<void>): Promise<Attempt[]> {
  const attempts: Attempt[] = [];
  for (let kill = 0; kill < kills; kill += 1) {
    const server = await servers.start(launch);
    const load = signUpUntilGone(server, `k${kill}`);
    await expect.poll(() => load.attempts.filter(({ proved }) => proved).length, { timeout: 20_000, interval: 7 }).toBeGreaterThan(kill % 3);
    await server.kill('SIGKILL');
    await load.over;
    await afterKill();
    attempts.push(...load.attempts);
  }
  return attempts;
}

/** Looks into the store while nobody serves. Answers the codes of those whose sign-up is still open. */
async function examine(database: DatabaseSetting, attempts: readonly Attempt[]): Promise<Map<string, string>> {
  const opened = await openDatabase({ database, keys: config.keys });
  try {
    const mails = await allMail(opened);
    const codes = new Map<string, string>();
    for (const attempt of attempts) {
      const code = await examineOne(opened, attempt, mails);
      if (code !== null) codes.set(attempt.email, code);
    }
    return codes;
  } finally {
    await opened.store.close();
  }
}

/** Either an account, or an open sign-up with its challenge and its mail, or nothing at all that anybody was told of. */
async function examineOne({ store, keyring }: Database, { email, challenge: acknowledged, proved }: Attempt, mails: readonly QueuedMail[]): Promise<string | null> {
  const account = await store.findAccountByEmail(email);
  const signUp = await store.newestSignUp(email, systemClock.now());
  const challenge = await store.findChallenge(signUp?.challengeId ?? acknowledged ?? '');
  const mail = mails.find(({ to }) => to === email);
  const found = { account: account !== null, signUp: signUp !== null, open: challenge?.endedAt === null };
  if (proved || account) expect(found, email).toEqual({ account: true, signUp: false, open: false });
  else if (acknowledged !== null || signUp || mail) expect(found, email).toEqual({ account: false, signUp: true, open: true });
  if (!signUp) return null;

  expect(mail?.challengeId, `the mail to ${email}`).toBe(signUp.challengeId);
  const { text } = openMail(keyring, { id: mail?.id ?? '', content: mail?.content ?? raise(`The mail to ${email} is empty.`) });
  return /^\d{6}$/m.exec(text)?.[0] ?? raise(`The mail to ${email} has no code.`);
}

/** What the practice mailbox keeps, and what is queued: also what a killed server was just delivering, which is due in a minute. */
async function allMail({ store }: Database): Promise<QueuedMail[]> {
  const inTwoMinutes = later(systemClock.now(), 2 * minute);
  for (let mail = await store.claimMail(inTwoMinutes, later(inTwoMinutes, 1)); mail; mail = await store.claimMail(inTwoMinutes, later(inTwoMinutes, 1))) {
    await store.settleMail(mail, { kind: 'kept' });
  }
  return store.keptMail(null);
}

/** Whoever was let in still is; whoever has a code can use it; and both can sign in. */
async function finish({ email, visitor, challenge, proved }: Attempt, code: string | undefined): Promise<void> {
  if (proved) expect((await visitor.get('/api/session')).status, `the session of ${email}`).toBe(200);
  const isProvable = challenge !== null && code !== undefined;
  if (isProvable) expect((await visitor.post(`/api/challenges/${challenge}/verify`, { code })).status, `the code of ${email}`).toBe(200);
  if (!proved && !isProvable) return;
  const signIn = await visitor.post('/api/sign-in', { email, password: goodPassword });
  expect(signIn.status, `signing in as ${email}`).toBe(200);
}

function raise(message: string): never {
  throw new Error(message);
}
