import { expect, test } from 'vitest';
import { minute, day } from '../../clock.ts';
import type { Account, Identity, IdentityKey, Provider, Session } from '../../records.ts';
import { actionsOf, begin, insertAccount, type Open, type Stores, useStores } from './opened.ts';
import {
  aNotice,
  anAccount,
  anEvent,
  anIdentity,
  anUndoing,
  aSession,
  aSignUp,
  at,
  hashed,
  otherIssuer,
  unique,
} from './samples.ts';

/** Identities at providers and their accounts. */
export function identitiesContract(open: Open): void {
  const stores = useStores(open, 'once');
  openingContract(stores);
  connectingContract(stores);
  disconnectingContract(stores);
  sessionsContract(stores);
  undoContract(stores);
  erasingContract(stores);
}

interface Member {
  account: Account;
  session: Session;
}

/** An account created with an operator’s claim, with a session. */
async function member(stores: Stores, given: Partial<Account> = {}): Promise<Member> {
  const account = await insertAccount(stores, given);
  const session = aSession({ accountId: account.id });
  await begin(stores.store, session);
  return { account, session };
}

const identityOf = (
  { account }: Pick<Member, 'account'>,
  given: Partial<Identity & IdentityKey> = {},
): Identity & IdentityKey => anIdentity({ accountId: account.id, email: account.email, ...given });

function opening(identity: Identity & IdentityKey, given: Partial<Account> = {}) {
  const account = anAccount({
    id: identity.accountId,
    email: identity.email,
    passwordHash: null,
    ...given,
  });
  return {
    account,
    identity,
    event: anEvent({ action: 'account.created', accountId: account.id }),
    now: at(0),
  };
}

const connecting = (identity: Identity & IdentityKey, session: Session) => ({
  identity,
  sessionId: session.id,
  notice: aNotice(identity.accountId, {
    event: { action: 'provider.connected' },
    mail: { to: identity.email, state: 'kept' },
  }),
});

const disconnecting = ({ account, session }: Member, provider: Provider) => ({
  accountId: account.id,
  provider,
  issuers: [anIdentity(), anIdentity({ provider: 'github' })],
  keepSessionId: session.id,
  notice: aNotice(account.id, {
    event: { action: 'provider.disconnected' },
    mail: { to: account.email, state: 'kept' },
  }),
});

/** An account without a password, connected to these providers. */
async function passwordless(stores: Stores, providers: readonly Provider[]): Promise<Member> {
  const [first = 'google', ...more] = providers;
  const input = opening(anIdentity({ provider: first }));
  await stores.store.openAccount(input);
  const { account } = input;
  const session = aSession({ accountId: account.id });
  await begin(stores.store, session);
  for (const provider of more)
    await stores.store.connectIdentity(
      connecting(identityOf({ account }, { provider, connectedAt: at(minute) }), session),
    );
  return { account, session };
}

function openingContract(stores: Stores): void {
  test('an account is created with its identity, and found by it', async () => {
    const input = opening(anIdentity());
    expect(await stores.store.openAccount(input)).toEqual({ kind: 'opened' });
    expect(await stores.second.findAccountByIdentity(input.identity)).toEqual(input.account);
    expect(await stores.second.findAccountByEmail(input.account.email)).toEqual(input.account);
    expect(await stores.second.listIdentities(input.account.id)).toEqual([input.identity]);
    expect(await actionsOf(stores, input.account.id)).toEqual({ 'account.created': 1 });
  });

  test('the same subject at another provider, or one that differs in case or spaces, is another identity', async () => {
    const identity = anIdentity({ subject: unique('Sub') });
    await stores.store.openAccount(opening(identity));
    const others = [
      identity.subject.toLowerCase(),
      ` ${identity.subject}`,
      `${identity.subject} `,
      `google:${identity.subject}`,
      '',
    ];
    for (const subject of others)
      expect(await stores.second.findAccountByIdentity({ ...identity, subject })).toBeNull();
    expect(
      await stores.second.findAccountByIdentity({ ...identity, provider: 'github' }),
    ).toBeNull();
  });

  test('the same subject of another issuer is another identity, which creates an account of its own', async () => {
    const one = opening(anIdentity());
    await stores.store.openAccount(one);
    const { subject } = one.identity;
    const key = { ...one.identity, issuer: otherIssuer };
    expect(await stores.second.findAccountByIdentity(key)).toBeNull();
    const other = opening(anIdentity({ issuer: otherIssuer, subject }));
    expect(await stores.second.openAccount(other)).toEqual({ kind: 'opened' });
    expect(await stores.store.findAccountByIdentity(other.identity)).toEqual(other.account);
    expect(await stores.store.findAccountByIdentity(one.identity)).toEqual(one.account);
  });

  test('no part of an issuer is read as part of a subject', async () => {
    const near = opening(anIdentity({ issuer: 'https://sso.example.org', subject: '8443 x:y' }));
    await stores.store.openAccount(near);
    const far = opening(anIdentity({ issuer: 'https://sso.example.org:8443', subject: 'x:y' }));
    expect(await stores.store.findAccountByIdentity(far.identity)).toBeNull();
    expect(await stores.store.openAccount(far)).toEqual({ kind: 'opened' });
  });

  test('an identity keeps its issuer when a start names another one', async () => {
    const one = opening(anIdentity());
    await stores.store.openAccount(one);
    await stores.race(4, (store) =>
      store.bindIdentities([
        { provider: 'google', issuer: otherIssuer },
        { provider: 'github', issuer: otherIssuer },
      ]),
    );
    expect(await stores.second.listIdentities(one.account.id)).toEqual([one.identity]);
    expect(await stores.second.findAccountByIdentity(one.identity)).toEqual(one.account);
  });

  test('an address with an account and a connected identity are taken, and nothing changes', async () => {
    const { account } = await member(stores);
    const other = opening(anIdentity());
    await stores.store.openAccount(other);
    expect(await stores.store.openAccount(opening(anIdentity({ email: account.email })))).toEqual({
      kind: 'taken',
    });
    const again = opening({
      ...other.identity,
      accountId: unique('account'),
      email: `${unique('new')}@example.com`,
    });
    expect(await stores.second.openAccount(again)).toEqual({ kind: 'taken' });
    expect(await stores.second.findAccountByEmail(again.account.email)).toBeNull();
    expect(await stores.second.listIdentities(account.id)).toEqual([]);
  });

  test('open sign-ups and their challenges end when a provider verifies the address', async () => {
    const [first, stranger] = [aSignUp(), aSignUp()];
    const { email } = first.signUp;
    const rival = aSignUp({ email });
    for (const each of [first, rival, stranger]) await stores.store.openSignUp(each);
    await stores.store.openAccount(opening(anIdentity({ email })));
    expect(await stores.second.newestSignUp(email, at(0))).toBeNull();
    for (const { challenge } of [first, rival]) {
      const accountId = unique('account');
      const guess = {
        challengeId: challenge.id,
        codeHash: hashed('right'),
        accountId,
        event: anEvent({ accountId }),
        now: at(minute),
      };
      expect(await stores.second.redeemSignUp(guess)).toEqual({ kind: 'over' });
    }
    expect(await stores.second.newestSignUp(stranger.signUp.email, at(0))).toEqual(stranger.signUp);
  });

  test('of thirty concurrent sign-ins of one new user one creates the account', async () => {
    const identity = anIdentity();
    const answers = await stores.race(30, (store, turn) =>
      store.openAccount(opening({ ...identity, accountId: `${identity.accountId}-${turn}` })),
    );
    expect(answers.filter(({ kind }) => kind === 'opened')).toHaveLength(1);
    expect(await stores.store.findAccountByIdentity(identity)).toMatchObject({
      email: identity.email,
    });
  });

  test('of a redeemed sign-up and a provider’s verification at the same time one creates the account', async () => {
    for (let round = 0; round < 5; round += 1) {
      const signUp = aSignUp();
      await stores.store.openSignUp(signUp);
      const { email } = signUp.signUp;
      const redeeming = {
        challengeId: signUp.challenge.id,
        codeHash: hashed('right'),
        accountId: unique('account'),
        event: anEvent(),
        now: at(minute),
      };
      const [opened, redeemed] = await Promise.all([
        stores.store.openAccount(opening(anIdentity({ email }))),
        stores.second.redeemSignUp(redeeming),
      ]);
      expect([opened.kind, redeemed.kind].toSorted()).toEqual(
        opened.kind === 'opened' ? ['opened', 'over'] : ['redeemed', 'taken'],
      );
    }
  });
}

function connectingContract(stores: Stores): void {
  test('an identity is connected to the account of a session, with its event and notice', async () => {
    const { account, session } = await member(stores);
    const input = connecting(identityOf({ account }), session);
    expect(await stores.store.connectIdentity(input)).toEqual({ kind: 'connected' });
    expect(await stores.second.findAccountByIdentity(input.identity)).toEqual(account);
    expect(await actionsOf(stores, account.id)).toMatchObject({ 'provider.connected': 1 });
    expect((await stores.store.keptMail(account.email)).map(({ id }) => id)).toEqual([
      input.notice.mail.id,
    ]);
  });

  test('an identity of another account, and a second one of the same provider, are taken', async () => {
    const [one, other] = [await member(stores), await member(stores)];
    const identity = identityOf(one);
    await stores.store.connectIdentity(connecting(identity, one.session));
    expect(
      await stores.second.connectIdentity(
        connecting({ ...identity, accountId: other.account.id }, other.session),
      ),
    ).toEqual({ kind: 'taken' });
    expect(await stores.second.connectIdentity(connecting(identityOf(one), one.session))).toEqual({
      kind: 'taken',
    });
    expect(
      await stores.second.connectIdentity(
        connecting(identityOf(one, { issuer: otherIssuer }), one.session),
      ),
      'of another issuer',
    ).toEqual({ kind: 'taken' });
    expect(
      await stores.second.connectIdentity(
        connecting(identityOf(one, { provider: 'github' }), one.session),
      ),
    ).toEqual({ kind: 'connected' });
    expect(await stores.store.listIdentities(other.account.id)).toEqual([]);
    expect(
      (await stores.store.listIdentities(one.account.id))
        .map(({ provider }) => provider)
        .toSorted(),
    ).toEqual(['github', 'google']);
  });

  test('a session that ended or is of another account connects nothing', async () => {
    const [one, other] = [await member(stores), await member(stores)];
    expect(await stores.store.connectIdentity(connecting(identityOf(one), other.session))).toEqual({
      kind: 'over',
    });
    await stores.store.endSession({
      accountId: one.account.id,
      id: one.session.id,
      event: anEvent(),
    });
    expect(await stores.store.connectIdentity(connecting(identityOf(one), one.session))).toEqual({
      kind: 'over',
    });
    expect(await stores.second.listIdentities(one.account.id)).toEqual([]);
  });

  test('of thirty accounts that connect one identity at the same time one succeeds', async () => {
    const members = [await member(stores), await member(stores), await member(stores)];
    const identity = anIdentity();
    const answers = await stores.race(30, (store, turn) => {
      const { account, session } = members[turn % 3] ?? {
        account: anAccount(),
        session: aSession(),
      };
      return store.connectIdentity(connecting({ ...identity, accountId: account.id }, session));
    });
    expect(answers.filter(({ kind }) => kind === 'connected')).toHaveLength(1);
  });
}

function disconnectingContract(stores: Stores): void {
  test('disconnecting removes the identity and ends every other session of the account', async () => {
    const owner = await member(stores);
    const other = aSession({ accountId: owner.account.id });
    await begin(stores.store, other);
    const identity = identityOf(owner);
    await stores.store.connectIdentity(connecting(identity, owner.session));
    expect(await stores.store.disconnectIdentity(disconnecting(owner, 'google'))).toEqual({
      kind: 'disconnected',
    });
    expect(await stores.second.findAccountByIdentity(identity)).toBeNull();
    expect((await stores.second.listSessions(owner.account.id, at(0))).map(({ id }) => id)).toEqual(
      [owner.session.id],
    );
    expect(await actionsOf(stores, owner.account.id)).toMatchObject({ 'provider.disconnected': 1 });
    expect(await stores.second.disconnectIdentity(disconnecting(owner, 'google'))).toEqual({
      kind: 'none',
    });
    expect(await stores.store.connectIdentity(connecting(identity, owner.session))).toEqual({
      kind: 'connected',
    });
  });

  test('the last sign-in method of an account cannot be disconnected', async () => {
    const owner = await passwordless(stores, ['github']);
    expect(await stores.store.disconnectIdentity(disconnecting(owner, 'github'))).toEqual({
      kind: 'last',
    });
    expect(await stores.second.listIdentities(owner.account.id)).toHaveLength(1);
    expect(await actionsOf(stores, owner.account.id)).not.toHaveProperty('provider.disconnected');
  });

  test('an identity whose issuer is not configured is no other way to sign in', async () => {
    const owner = await passwordless(stores, ['google', 'github']);
    const [google, github] = [anIdentity(), anIdentity({ provider: 'github' })];
    for (const issuers of [[google], [google, { ...github, issuer: otherIssuer }]]) {
      const input = { ...disconnecting(owner, 'google'), issuers };
      expect(await stores.store.disconnectIdentity(input)).toEqual({ kind: 'last' });
    }
    const other = { ...disconnecting(owner, 'github'), issuers: [google] };
    expect(await stores.second.disconnectIdentity(other)).toEqual({ kind: 'disconnected' });
  });

  test('of two identities disconnected at the same instant one remains', async () => {
    for (let round = 0; round < 5; round += 1) {
      const owner = await passwordless(stores, ['google', 'github']);
      const answers = await stores.race(2, (store, turn) =>
        store.disconnectIdentity(disconnecting(owner, turn === 0 ? 'google' : 'github')),
      );
      expect(answers.map(({ kind }) => kind).toSorted()).toEqual(['disconnected', 'last']);
      expect(await stores.store.listIdentities(owner.account.id)).toHaveLength(1);
    }
  });
}

function sessionsContract(stores: Stores): void {
  test('a session begins only while its identity is connected to the account', async () => {
    const owner = await member(stores);
    const identity = identityOf(owner);
    const session = aSession({ accountId: owner.account.id, method: 'google' });
    expect(await begin(stores.store, session, { provenIdentity: identity })).toBe(
      'provider-disconnected',
    );
    expect(await stores.second.findSession(session.tokenHash)).toBeNull();
    await stores.store.connectIdentity(connecting(identity, owner.session));
    for (const other of [
      { ...identity, issuer: null, subject: null },
      { ...identity, issuer: null },
      { ...identity, issuer: otherIssuer },
    ])
      expect(await begin(stores.store, session, { provenIdentity: other })).toBe(
        'provider-disconnected',
      );
    expect(await begin(stores.store, session, { provenIdentity: identity })).toBe('begun');
    expect(await stores.second.findSession(session.tokenHash)).toEqual({
      session,
      account: owner.account,
      enrolmentRequiredFrom: null,
    });
    await stores.store.disconnectIdentity(disconnecting(owner, 'google'));
    await stores.store.connectIdentity(connecting(identityOf(owner), owner.session));
    expect(
      await begin(stores.store, aSession({ accountId: owner.account.id }), {
        provenIdentity: identity,
      }),
      'another user of the provider',
    ).toBe('provider-disconnected');
  });

  test('no session of an identity survives its disconnection at the same instant', async () => {
    for (let round = 0; round < 10; round += 1) {
      const owner = await member(stores);
      const identity = identityOf(owner);
      await stores.store.connectIdentity(connecting(identity, owner.session));
      const session = aSession({ accountId: owner.account.id });
      await Promise.all([
        begin(stores.second, session, { provenIdentity: identity }),
        stores.store.disconnectIdentity(disconnecting(owner, 'google')),
      ]);
      expect(await stores.store.findSession(session.tokenHash)).toBeNull();
    }
  });
}

function erasingContract(stores: Stores): void {
  test('an erased account’s identity is no longer connected, and can create another account', async () => {
    const owner = await passwordless(stores, ['google', 'github']);
    const [google] = await stores.store.listIdentities(owner.account.id);
    await stores.store.closeAccount({
      accountId: owner.account.id,
      erasedAt: at(day),
      notice: aNotice(owner.account.id),
    });
    await stores.store.eraseClosed(at(day));
    expect(await stores.second.listIdentities(owner.account.id)).toEqual([]);
    expect(
      await stores.second.openAccount(
        opening(anIdentity({ subject: google?.subject ?? '', email: owner.account.email })),
      ),
    ).toEqual({ kind: 'opened' });
  });
}

/** The link of a notice that was stored with a session. */
async function undoing(stores: Stores, { account }: Member) {
  const notice = aNotice(account.id);
  const { undo } = notice;
  const session = aSession({ accountId: account.id });
  await begin(stores.store, session, { notice });
  return {
    session,
    input: anUndoing({
      tokenHash: undo.tokenHash,
      event: anEvent({ action: 'account.secured' }),
      now: at(day),
    }),
  };
}

function undoContract(stores: Stores): void {
  test('an undo disconnects every identity connected to the account since, and none of another account', async () => {
    const [owner, other] = [await member(stores), await member(stores)];
    for (const { account, session } of [owner, other]) {
      for (const provider of ['google', 'github'] as const)
        await stores.store.connectIdentity(
          connecting(identityOf({ account }, { provider }), session),
        );
    }
    const { input } = await undoing(stores, owner);
    expect(await stores.store.redeemUndo(input)).not.toBeNull();
    expect(await stores.second.listIdentities(owner.account.id)).toEqual([]);
    expect(await stores.second.listIdentities(other.account.id)).toHaveLength(2);
  });

  test('no identity stays connected and no session survives that begins at the instant of an undo', async () => {
    for (let round = 0; round < 10; round += 1) {
      const owner = await passwordless(stores, ['google']);
      const [google] = await stores.store.listIdentities(owner.account.id);
      const { input } = await undoing(stores, owner);
      const late = aSession({ accountId: owner.account.id });
      await Promise.all([
        stores.store.redeemUndo({ ...input, everyProvider: true }),
        stores.second.connectIdentity(
          connecting(identityOf(owner, { provider: 'github' }), owner.session),
        ),
        begin(stores.second, late, { provenIdentity: google ?? null }),
      ]);
      expect(await stores.store.listIdentities(owner.account.id)).toEqual([]);
      expect(await stores.store.listSessions(owner.account.id, at(0))).toEqual([]);
    }
  });
}
