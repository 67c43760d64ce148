import { setTimeout as wait } from 'node:timers/promises';
import { mongo } from 'mongoose';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { freshDatabase, type MongoServer, startMongo } from '../../../test/mongodb.ts';
import { wireTo } from '../../../test/wire.ts';
import { day, minute } from '../../clock.ts';
import { makeKeyring } from '../../crypto/keyring.ts';
import { seal } from '../../crypto/seal.ts';
import { readExhaustedLimit } from '../../ratelimit/limiter.ts';
import type { Hashed } from '../../records.ts';
import { begin, insertAccount } from '../contract/opened.ts';
import {
  aChallenge,
  aDevice,
  aMail,
  aNotice,
  aPasskey,
  aPendingSignIn,
  aSession,
  anEvent,
  anUndoing,
  at,
  hashed,
  passwordHash,
  aCount,
  unique,
} from '../contract/samples.ts';
import type { Store } from '../port.ts';
import { StoreUnavailable, StoreUnusable } from '../port/errors.ts';
import { openMongoStore } from './open.ts';

const base = inject('mongodb');
const skip = base === null;
const timeoutMs = 4_500;

/** Returns the error that was thrown, and after how many milliseconds. */
async function failure(action: () => Promise<unknown>): Promise<{ error: unknown; after: number }> {
  const startedAt = performance.now();
  const error: unknown = await action().then(
    () => 'no error',
    (thrown: unknown) => thrown,
  );
  return { error, after: performance.now() - startedAt };
}

async function expectUnavailable(action: () => Promise<unknown>): Promise<void> {
  const { error, after } = await failure(action);
  expect(error).toBeInstanceOf(StoreUnavailable);
  expect(after).toBeLessThan(timeoutMs);
}

async function eventually(action: () => Promise<unknown>, within: number): Promise<void> {
  const giveUpAt = Date.now() + within;
  for (;;) {
    const { error } = await failure(action);
    if (error === 'no error') return;
    if (Date.now() > giveUpAt) throw error;
    await wait(50);
  }
}

describe('opening a store that does not exist', () => {
  test('fails soon', async () => {
    await expectUnavailable(() => openMongoStore({ url: 'mongodb://127.0.0.1:1/app' }));
  });

  test.each([
    'mongodb://',
    'http://127.0.0.1/app',
    'mongodb://user:se/cret@127.0.0.1/app',
    'mongodb://127.0.0.1/app?nonsense=1',
    '',
  ])('the URL %s is unusable, and the error does not contain it', async (url) => {
    const { error } = await failure(() => openMongoStore({ url }));
    expect(error).toBeInstanceOf(StoreUnusable);
    expect(error).toEqual(
      new StoreUnusable('DATABASE_URL is not an address that MongoDB understands.'),
    );
    expect(error).not.toHaveProperty('cause');
  });
});

describe.skipIf(skip)('stored data, on MongoDB', () => {
  let url: string;
  let store: Store;
  let client: mongo.MongoClient;
  beforeAll(async () => {
    url = freshDatabase(base ?? '');
    client = new mongo.MongoClient(url);
    store = await openMongoStore({ url });
    await store.prepare();
  });
  afterAll(async () => {
    await Promise.all([store?.close(), client?.close()]);
  });
  const collection = (name: string) =>
    client.db().collection<{ _id: string } & Record<string, unknown>>(name);

  test('a schema of a newer version is unusable', async () => {
    const version = Number(
      (await collection('deployment').findOne({ _id: 'schema' }))?.['version'],
    );
    await collection('deployment').updateOne({ _id: 'schema' }, { $set: { version: version + 1 } });
    await expect(store.prepare()).rejects.toBeInstanceOf(StoreUnusable);
    await collection('deployment').updateOne({ _id: 'schema' }, { $set: { version } });
    await store.prepare();
  });

  test('a schema of the first version is migrated to the newest one with its data', async () => {
    const earlier = freshDatabase(base ?? '');
    const opened = await openMongoStore({ url: earlier });
    await opened.prepare();
    const account = await insertAccount({ store: opened });
    const database = client.db(new URL(earlier).pathname.slice(1));
    for (const name of [
      'events',
      'undos',
      'links',
      'identities',
      'flows',
      'factors',
      'rules',
      'factorRecoveries',
      'closings',
    ])
      await database.dropCollection(name);
    const deployment = database.collection<{ _id: string }>('deployment');
    const schema = await deployment.findOne({ _id: 'schema' });
    await deployment.updateOne({ _id: 'schema' }, { $set: { version: 1 } });
    await opened.prepare();
    expect(await deployment.findOne({ _id: 'schema' })).toEqual(schema);
    expect((await database.collection('undos').indexes()).map(({ key }) => key)).toContainEqual({
      expiresAt: 1,
    });
    const event = anEvent({ accountId: account.id });
    await opened.renameAccount({ accountId: account.id, name: 'Grace', event });
    expect(await opened.listEvents({ accountId: account.id, before: null, limit: 5 })).toEqual([
      event,
    ]);
    await opened.close();
  });

  test('passkeys older than the record of user verification cannot sign in alone', async () => {
    const account = await insertAccount({ store });
    const [before, since] = [
      aPasskey({ accountId: account.id }),
      aPasskey({ accountId: account.id, uvInitialized: true }),
    ];
    for (const factor of [before, since])
      await store.addPasskey({
        session: null,
        factor,
        recoveryCodes: [],
        stopping: aNotice(account.id),
        notice: aNotice(account.id),
      });
    await collection('factors').updateOne({ _id: before.id }, { $unset: { uvInitialized: '' } });
    await collection('deployment').updateOne({ _id: 'schema' }, { $set: { version: 10 } });
    await store.prepare();
    for (const factor of [before, since])
      expect(await store.findFactor({ accountId: account.id, id: factor.id })).toEqual(factor);
  });

  test('device cookies from before each account had its own may be shared by accounts', async () => {
    const { id: accountId } = await insertAccount({ store });
    const [before, since] = [hashed('shared cookie'), hashed('own cookie')];
    for (const hash of [before, since])
      await begin(store, aSession({ accountId }), { device: aDevice(hash) });
    await collection('devices').updateOne(
      { _id: `${before}:${accountId}` },
      { $unset: { shared: '', replacedAt: '' } },
    );
    await collection('deployment').updateOne({ _id: 'schema' }, { $set: { version: 11 } });
    await store.prepare();
    const found = await store.deviceCookies({
      hashes: [before, since],
      accountId,
      now: at(minute),
    });
    expect(found.map(({ hash, replacedAt, shared }) => [hash, replacedAt, shared])).toEqual(
      expect.arrayContaining([
        [before, null, true],
        [since, null, false],
      ]),
    );
  });

  test('a recovery of lost factors older than the record of stops is not stopped', async () => {
    const { id: accountId } = await insertAccount({ store });
    const kept = { opensAt: at(1), closesAt: at(8 * day), usedAt: null };
    await collection('factorRecoveries').insertOne({ _id: accountId, v: 1, ...kept });
    await collection('deployment').updateOne({ _id: 'schema' }, { $set: { version: 14 } });
    await store.prepare();
    expect(await store.findFactorRecovery(accountId)).toEqual({
      accountId,
      ...kept,
      stoppedAt: null,
    });
  });

  test('a pending sign-in older than the record of its subject remains without one', async () => {
    const { id: accountId } = await insertAccount({ store });
    const challenge = aChallenge({ purpose: 'second-factor', subjectId: accountId });
    const pending = aPendingSignIn({
      id: challenge.id,
      accountId,
      method: 'google',
      provenSubject: 'someone',
    });
    await store.openSecondFactor({ challenge, pending });
    await collection('pendingSignIns').updateOne(
      { _id: challenge.id },
      { $unset: { provenSubject: '' } },
    );
    await collection('deployment').updateOne({ _id: 'schema' }, { $set: { version: 15 } });
    await store.prepare();
    expect(await store.findPendingSignIn(challenge.id)).toEqual({
      ...pending,
      provenSubject: null,
    });
  });

  test('an account older than contested addresses has its own address', async () => {
    const account = await insertAccount({ store });
    await collection('accounts').updateOne({ _id: account.id }, { $unset: { restoring: '' } });
    expect(
      await store.findAccountByEmail(account.email),
      'one of a process that does not know of it',
    ).toEqual(account);
    await collection('deployment').updateOne({ _id: 'schema' }, { $set: { version: 16 } });
    await store.prepare();
    expect(await collection('accounts').findOne({ _id: account.id })).toMatchObject({
      restoring: null,
    });
    expect(
      await collection('deployment').findOne({ _id: 'schema' }),
      'a server that knows no later step than 19 must refuse this database',
    ).toMatchObject({ version: 20 });
  });

  test('limits that only the key identified are listed correctly', async () => {
    const keyring = makeKeyring([{ id: 'k', key: Buffer.alloc(32, 7) }]);
    const keys = ['', ' in a row', ' within shares', ' of one network'].map(
      (scope) => `code-mail-day${scope}:${unique('hash')}`,
    );
    for (const key of keys) {
      const subject = seal(keyring, `limit:${key}`, 'ada@example.org');
      await store.consumeLimit(key, { limit: 1, window: minute }, at(0), aCount({ subject }));
      await collection('limits').updateOne({ _id: key }, { $unset: { rule: '', scope: '' } });
    }
    await collection('deployment').updateOne({ _id: 'schema' }, { $set: { version: 17 } });
    await store.prepare();
    const exhausted = (await store.exhaustedLimits(at(1))).filter(({ key }) => keys.includes(key));
    expect(
      exhausted.map((one) => readExhaustedLimit(keyring, one)?.about ?? null).toSorted(),
    ).toEqual([
      'Code emails, per day',
      'Code emails, per day, failure streak',
      'Code emails, per day, from all networks',
      null,
    ]);
    expect(new Set(exhausted.map((one) => readExhaustedLimit(keyring, one)?.key))).toEqual(
      new Set(['ada@example.org', undefined]),
    );
  });

  test('events, flows and identities from before their terms were renamed have the new ones', async () => {
    const accountId = 'an account with every event';
    const renamed = [
      ['account.moved', 'account.email-changed'],
      ['operator.granted', 'operator.added'],
      ['operator.limit-lifted', 'operator.limit-cleared'],
      ['operator.withdrawn', 'operator.removed'],
      ['password.recovered', 'password.reset'],
      ['provider.joined', 'provider.connected'],
      ['provider.dropped', 'provider.disconnected'],
      ['session.begun', 'session.begun'],
    ] as const;
    await collection('events').insertMany(
      renamed.map(([action], index) => ({
        ...anEvent({ accountId, at: at(index), action }),
        _id: `${action} of ${accountId}`,
        v: 1,
        id: undefined,
      })),
    );
    const flow = {
      v: 1,
      provider: 'google',
      purpose: 'join',
      accountId,
      to: '/account',
      expiresAt: at(minute),
    };
    await collection('flows').insertOne({ _id: hashed('connecting'), ...flow });
    await collection('flows').insertOne({ _id: hashed('confirming'), ...flow, purpose: 'confirm' });
    const identity = { provider: 'google', subject: 'sub', accountId, email: 'ada@example.com' };
    await collection('identities').insertOne({
      _id: 'google:sub',
      v: 1,
      ...identity,
      joinedAt: at(7),
    });
    await collection('deployment').updateOne({ _id: 'schema' }, { $set: { version: 18 } });
    await store.prepare();
    const events = await store.listEvents({ accountId, before: null, limit: 99 });
    expect(events.map(({ action }) => action).toReversed()).toEqual(
      renamed.map(([, action]) => action),
    );
    expect(await store.takeFlow(hashed('connecting'))).toMatchObject({ purpose: 'connect' });
    expect(await store.takeFlow(hashed('confirming'))).toMatchObject({ purpose: 'confirm' });
    expect(await store.listIdentities(accountId)).toEqual([
      { ...identity, issuer: null, connectedAt: at(7) },
    ]);
  });

  test('identities from before issuers were stored get those of the first start that names them', async () => {
    const [ada, bob, eve] = [
      await insertAccount({ store }),
      await insertAccount({ store }),
      await insertAccount({ store }),
    ];
    const [issuer, second] = ['https://one.example', 'https://two.example'];
    const kept = { v: 1, email: 'ada@example.com', connectedAt: at(7) };
    const [s, t] = [unique('subject'), unique('subject')];
    await collection('identities').insertMany([
      { _id: `google:${s}`, ...kept, provider: 'google', subject: s, accountId: ada.id },
      { _id: `github:${s}`, ...kept, provider: 'github', subject: s, accountId: ada.id },
      { _id: `google:${t}`, ...kept, provider: 'google', subject: t, accountId: bob.id },
    ]);
    await collection('deployment').updateOne({ _id: 'schema' }, { $set: { version: 19 } });
    await store.prepare();
    const issuersOf = async (accountId: string) =>
      (await store.listIdentities(accountId)).map((one) => [one.provider, one.issuer]).toSorted();
    expect(await issuersOf(ada.id)).toEqual([
      ['github', null],
      ['google', null],
    ]);
    // By then one of their users is connected to another account.
    await collection('identities').insertOne({
      _id: `google ${issuer} ${s}`,
      ...kept,
      provider: 'google',
      issuer,
      subject: s,
      accountId: eve.id,
    });
    const google = { provider: 'google', issuer } as const;
    const other = await openMongoStore({ url });
    await Promise.all([store.bindIdentities([google]), other.bindIdentities([google])]);
    await other.close();
    await store.bindIdentities([{ provider: 'google', issuer: second }]);
    const owner = (at: string, subject: string) =>
      store.findAccountByIdentity({ provider: 'google', issuer: at, subject });
    expect(await owner(issuer, t)).toEqual(bob);
    expect(await owner(second, t)).toBeNull();
    expect(await owner(issuer, s), 'a connected identity stays with its account').toEqual(eve);
    expect(await issuersOf(ada.id), 'GitHub was not configured').toEqual([['github', null]]);
  });

  test('undo links and recovery codes of an older schema get their address, order and age', async () => {
    const { id: accountId, email } = await insertAccount({ store });
    const link = (_id: string, since: Date, more: object) => ({
      _id,
      v: 1,
      accountId,
      since,
      expiresAt: new Date(since.getTime() + 7 * day),
      ...more,
    });
    const never = new Date('9999-12-31T23:59:59.999Z');
    await collection('undos').insertMany([
      link('late', at(3), { email: null }),
      link('move', at(2), { email: 'before@example.com' }),
      link('early', at(1), { email: null }),
      {
        ...link('oldest', never, { email: null }),
        expiresAt: new Date(at(0).getTime() + 7 * day),
      },
      { ...link('orphan', at(0), { email: null }), accountId: 'erased' },
    ]);
    await collection('recoveryCodes').insertOne({ _id: accountId, v: 1, hashes: ['x'] });
    await collection('events').insertOne({
      ...anEvent({ accountId, at: at(2), action: 'factor.codes-renewed' }),
      _id: `renewal of ${accountId}`,
      v: 1,
      id: undefined,
    });
    const newest = await collection('deployment').findOne({ _id: 'schema' });
    await collection('deployment').updateOne({ _id: 'schema' }, { $set: { version: 12 } });
    await store.prepare();
    expect(await collection('deployment').findOne({ _id: 'schema' })).toEqual(newest);
    const undos = await collection('undos')
      .find({ accountId: { $in: [accountId, 'erased'] } })
      .sort({ seq: 1 })
      .toArray();
    expect(undos.map(({ _id, seq, since, email: to }) => [_id, seq, since, to])).toEqual([
      ['oldest', 1, at(0), 'before@example.com'],
      ['early', 2, at(1), 'before@example.com'],
      ['move', 3, at(2), 'before@example.com'],
      ['late', 4, at(3), email],
    ]);
    expect(await collection('recoveryCodes').findOne({ _id: accountId })).toMatchObject({
      createdAt: at(2),
    });
  });

  test('killed runs older than holds on their domains are found by holds, and the rule excludes no domain', async () => {
    const note = { state: 'queued' as const, content: null, challengeId: null };
    await store.insertMail(aMail({ ...note, to: 'c0123456789abcdef0123@runs.canary.invalid' }));
    await store.insertMail(aMail({ ...note, to: 'ada@example.org' }));
    await collection('rules').insertOne({
      _id: 'second-factor',
      v: 1,
      from: at(0),
      except: 'canary.invalid',
    });
    await collection('deployment').updateOne({ _id: 'schema' }, { $set: { version: 13 } });
    await store.prepare();
    expect(await store.heldDomains()).toEqual(['c0123456789abcdef0123.canary.invalid']);
    expect(await collection('mails').countDocuments({ domain: 'runs.canary.invalid' })).toBe(0);
    expect(await store.findFactorRule()).toEqual({ from: at(0) });
    expect(await collection('rules').findOne({ _id: 'second-factor' })).not.toHaveProperty(
      'except',
    );
    await collection('rules').deleteMany({});
  });

  test('every document has a version and an ID of our own', async () => {
    await store.insertMail(aMail({ id: 'versioned' }));
    expect(await collection('mails').findOne({ _id: 'versioned' })).toMatchObject({ v: 1 });
  });

  test('a damaged record fails on its own and names the fault', async () => {
    const account = await insertAccount({ store });
    const [good, bad] = [aSession({ accountId: account.id }), aSession({ accountId: account.id })];
    for (const session of [good, bad]) await begin(store, session);
    await collection('sessions').updateOne({ _id: bad.id }, { $set: { method: 'unheard-of' } });
    const [found, failed] = await Promise.allSettled([
      store.findSession(good.tokenHash),
      store.findSession(bad.tokenHash),
    ]);
    expect(found).toMatchObject({ status: 'fulfilled', value: { session: good } });
    expect(failed).toMatchObject({
      status: 'rejected',
      reason: { message: `The session ${bad.id} is damaged: method.` },
    });
  });

  test.each([{ $ne: null }, { $gt: '' }, ['x'], { $where: '1' }, null, undefined, 7])(
    'an operator in place of a string finds nothing: %j',
    async (value) => {
      const injected = value as unknown as Hashed;
      const session = aSession({ accountId: 'someone' });
      const notice = aNotice('someone');
      const { event } = notice;
      await begin(store, session);
      for (const attempt of [
        () => store.findSession(injected),
        () => store.findAccountByEmail(injected),
        () => store.endSession({ accountId: injected, id: session.id, event }),
        () => store.endOtherSessions({ accountId: 'someone', keepId: injected, event }),
        () =>
          store.confirmSession({
            accountId: session.accountId,
            by: { kind: 'password', hash: passwordHash('x') },
            id: session.id,
            from: injected,
            to: hashed('y'),
            at: at(0),
            event,
          }),
        () =>
          store.changePassword({
            continued: null,
            accountId: injected,
            from: passwordHash('x'),
            to: passwordHash('y'),
            notice,
          }),
        () => store.redeemUndo(anUndoing({ tokenHash: injected, event, now: at(0) })),
        () =>
          store.redeemRecovery({
            challengeId: injected,
            codeHash: hashed('x'),
            complete: async () => ({ passwordHash: passwordHash('y'), notice }),
            now: at(minute),
          }),
        () =>
          store.redeemSignUp({
            challengeId: injected,
            codeHash: hashed('x'),
            accountId: 'a',
            event,
            now: at(minute),
          }),
      ]) {
        const answer = await attempt().catch(() => null);
        expect([null, false, 'gone', { kind: 'over' }]).toContainEqual(answer);
      }
      expect(await store.listSessions('someone', at(0))).not.toEqual([]);
      expect(
        await store.listEvents({ accountId: injected, before: null, limit: 9 }).catch(() => []),
      ).toEqual([]);
      expect(
        await store
          .listEvents({ accountId: 'someone', before: injected ?? { $ne: '' }, limit: 9 })
          .catch(() => []),
      ).toEqual([]);
    },
  );
});

describe.skipIf(skip)('a database that becomes unavailable, on MongoDB', () => {
  let server: MongoServer;
  const stores: Store[] = [];
  const opened = async (url: string): Promise<Store> => {
    const store = await openMongoStore({ url });
    stores.push(store);
    return store;
  };
  beforeAll(async () => {
    const started = await startMongo({ syncOnCommit: true });
    if (!started) throw new Error('No MongoDB can be started.');
    server = started;
  }, 90_000);
  afterEach(async () => {
    await Promise.all(stores.splice(0).map((store) => store.close()));
  });
  afterAll(() => server?.stop());

  /** One operation of each kind: a read, a write, a count, a transaction, finding a session, pages. */
  const everyKind = (store: Store): (() => Promise<unknown>)[] => [
    () => store.ping(),
    () => store.findAccount('someone'),
    () => store.findSession(hashed('token')),
    () => store.resetLimit('key'),
    () => store.consumeLimit('key', { limit: 1, window: minute }, at(0), aCount()),
    () => store.newestEntry(),
    () => begin(store, aSession()),
    () => store.prepare(),
    async () => {
      for await (const hash of store.eachPasswordHash()) return hash;
    },
  ];

  test('every operation fails soon while the server is killed, and works again with all acknowledged data', async () => {
    const store = await opened(server.url('app'));
    await store.prepare();
    await store.insertMail(aMail({ id: 'acknowledged', state: 'kept' }));
    await server.kill();
    await Promise.all(everyKind(store).map(expectUnavailable));
    await server.restart();
    await eventually(() => store.ping(), 10_000);
    expect(await store.keptMail(null)).toMatchObject([{ id: 'acknowledged' }]);
    for (const action of everyKind(store)) await action();
  }, 90_000);

  test('every operation fails soon while the server is frozen, none is stored in part, and all work again', async () => {
    const wire = await wireTo(Number(new URL(server.url('app')).port));
    const store = await opened(`mongodb://127.0.0.1:${wire.port}/app?directConnection=true`);
    const account = await insertAccount({ store });
    const rename = {
      accountId: account.id,
      name: 'Grace',
      event: anEvent({ accountId: account.id, action: 'account.renamed' }),
    };
    // As many calls as there are connections, so that operations wait for the network and not only for a connection.
    await Promise.all(Array.from({ length: 30 }, () => store.newestEntry()));
    wire.freeze();
    await Promise.all(
      [...everyKind(store), () => store.renameAccount(rename)].map(expectUnavailable),
    );
    wire.heal();
    await eventually(() => store.ping(), 10_000);
    for (const action of everyKind(store)) await action();
    const events = await store.listEvents({ accountId: account.id, before: null, limit: 5 });
    const renamed = (await store.findAccount(account.id))?.name === rename.name;
    expect(events.some(({ id }) => id === rename.event.id)).toBe(renamed);
    wire.close();
  }, 90_000);
});
