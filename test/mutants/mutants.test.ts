import bcrypt from '@node-rs/bcrypt';
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { securityEvent } from '../../src/audit/security-event.ts';
import { later, systemClock } from '../../src/clock.ts';
import { type DatabaseSetting, readConfig } from '../../src/config.ts';
import { hashToken, newId, newToken } from '../../src/crypto/token.ts';
import type { PasswordHash } from '../../src/store/port.ts';
import { type Database, openDatabase } from '../../src/wire.ts';
import { onBothStores } from '../on-both-stores.ts';
import { freePort } from '../free-port.ts';
import { serverProcesses, usualVariables } from '../server-process.ts';
import type { Visitor } from '../visitor.ts';
import { blindCheck, breaksOfStore, breaksOfTheCode, plaintextFile } from './breaks.ts';
import { type Edit, mutate } from './mutate.ts';
import { claimOperator, runChecks, type Statuses } from './run-of-checks.ts';

const patience = 180_000;

/** What holds of a healthy build, and what a database that asks nobody for a password cannot help. */
const healthy = {
  libSQL: {
    'password-hashing': 'verified',
    'session-cookies': 'verified',
    'email-verification': 'verified',
    'code-limits': 'verified',
    'encryption-at-rest': 'verified',
    'error-references': 'verified',
  },
  MongoDB: {
    'password-hashing': 'verified',
    'session-cookies': 'verified',
    'email-verification': 'verified',
    'code-limits': 'verified',
    'encryption-at-rest': 'unverified',
    'database-access': 'failing',
    'error-references': 'verified',
  },
} as const;

onBothStores('the security page', (makeDatabase, store) => {
  const servers = serverProcesses();
  let database: DatabaseSetting;
  let port: number;
  let operator: Visitor;

  /** What the page says after the next run of the checks, when this build serves. Its server is gone afterwards. */
  const statusesOf = async (edits: readonly Edit[] = [], whose?: DatabaseSetting): Promise<Statuses> => {
    const { root, remove } = await mutate(edits);
    const server = await servers.start({ database: whose ?? database, port, root });
    try {
      if (whose) return await runChecks(await claimOperator(server, root));
      operator ??= await claimOperator(server, root);
      return await runChecks(operator);
    } finally {
      await server.kill('SIGTERM');
      await remove();
    }
  };
  const failing = (statuses: Statuses) => Object.keys(statuses).filter((claim) => statuses[claim] === 'failing');
  const alwaysFailing = failing(healthy[store]);

  beforeAll(async () => {
    [database, port] = [await makeDatabase(), await freePort()];
    expect(await statusesOf()).toMatchObject(healthy[store]);
  }, patience);

  for (const { what, edits, claim } of [...breaksOfStore[store], ...(store === 'libSQL' ? breaksOfTheCode : [])]) {
    it(`shows ${claim} failing, and no other claim, when the build ${what}`, { timeout: patience }, async () => {
      const statuses = await statusesOf(edits);
      expect(failing(statuses).sort(), JSON.stringify(statuses)).toEqual([...alwaysFailing, claim].sort());
    });
  }

  /** What only the embedded file can show: elsewhere there is no such test, rather than a skipped one. */
  const onTheFile = (...story: [title: string, options: { timeout: number }, test: () => Promise<void>]) => {
    if (store === 'libSQL') it(...story);
  };

  onTheFile('shows password-hashing failing while a hash of cost 4 is in the store', { timeout: patience }, async () => {
    const opened = await openDatabase({ database, keys: readConfig(usualVariables).keys });
    onTestFinished(() => opened.store.close());
    await insertCheapAccount(opened, 'cheap@weak.example.org');
    expect(failing(await statusesOf())).toEqual(['password-hashing']);
    await opened.store.eraseDomain('weak.example.org');
    expect(failing(await statusesOf())).toEqual([]);
  });

  onTheFile('shows encryption-at-rest failing when the database file is plain text', { timeout: patience }, async () => {
    expect(failing(await statusesOf(plaintextFile, await makeDatabase()))).toEqual(['encryption-at-rest']);
  });

  onTheFile('does not believe a check that has gone blind', { timeout: patience }, async () => {
    expect(await statusesOf(blindCheck)).toMatchObject({ ...healthy[store], 'error-references': 'unverified' });
  });

  it('shows what is mended as verified again', { timeout: patience }, async () => {
    expect(await statusesOf()).toMatchObject(healthy[store]);
  });
});

async function insertCheapAccount({ store }: Database, email: string): Promise<void> {
  const now = systemClock.now();
  const tokenHash = hashToken(newToken());
  const passwordHash = `hmac-sha384:${await bcrypt.hash('whatever it was', { cost: 4 })}` as PasswordHash;
  await store.insertClaim({ tokenHash, expiresAt: later(now, 60_000) });
  const account = { id: newId(), email, name: 'Cheap', passwordHash, operator: false, createdAt: now };
  const event = securityEvent({ clock: systemClock }, { action: 'operator.claimed', accountId: account.id, actorId: null, client: { address: '', userAgent: '' } });
  expect(await store.redeemClaim({ tokenHash, account, event, now })).toEqual({ kind: 'redeemed' });
}
