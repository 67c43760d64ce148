import type { ClientSession } from 'mongoose';
import type { Account, Identity, Provider } from '../../records.ts';
import type { IdentityStore } from '../port/identities.ts';
import { depend } from './depend.ts';
import { documentVersion, toAccount, toIdentity } from './documents.ts';
import { isDuplicate } from './errors.ts';
import { recordEvent } from './events.ts';
import { not } from './filters.ts';
import type { Models } from './models.ts';
import { keepNotice } from './notices.ts';
import { closeSignUps, insertAccount } from './sign-ups.ts';
import { transaction } from './transaction.ts';

type Opening = Parameters<IdentityStore['openAccount']>[0];
type Joining = Parameters<IdentityStore['joinIdentity']>[0];
type Dropping = Parameters<IdentityStore['dropIdentity']>[0];
type Joined = Awaited<ReturnType<IdentityStore['joinIdentity']>>;
type Dropped = Awaited<ReturnType<IdentityStore['dropIdentity']>>;
type Named = Pick<Identity, 'provider' | 'subject'>;

function identityId({ provider, subject }: Named): string {
  return `${provider}:${subject}`;
}

/** Together with {@link depend}, or what is dropped at the same instant is not seen. */
export async function isJoined(
  { identities }: Models,
  {
    accountId,
    provider,
    subject,
  }: { accountId: string; provider: Provider; subject: string | null },
  session: ClientSession,
): Promise<boolean> {
  if (subject === null) return false;
  return (await identities.exists({ accountId, provider, subject }).session(session)) !== null;
}

async function insertIdentity(
  { identities }: Models,
  identity: Identity,
  session: ClientSession,
): Promise<void> {
  await identities.create([{ _id: identityId(identity), v: documentVersion, ...identity }], {
    session,
  });
}

async function openAccount(
  models: Models,
  { account, identity, event, now }: Opening,
): Promise<{ kind: 'opened' | 'taken' }> {
  try {
    return await transaction(models, account.email, async (session) => {
      if (await models.accounts.exists({ email: account.email }).session(session))
        return { kind: 'taken' };
      await insertAccount(models, account, session);
      await insertIdentity(models, identity, session);
      await closeSignUps(models, account.email, now, session);
      await recordEvent(models, event, session);
      return { kind: 'opened' };
    });
  } catch (error) {
    if (isDuplicate(error)) return { kind: 'taken' };
    throw error;
  }
}

async function joinIdentity(
  models: Models,
  { identity, sessionId, notice }: Joining,
): Promise<Joined> {
  const { accountId } = identity;
  try {
    return await transaction<Joined>(models, accountId, async (session) => {
      await depend(models, { _id: accountId }, notice.event.id, session);
      if (!(await models.sessions.exists({ _id: sessionId, accountId }).session(session)))
        return { kind: 'over' };
      await insertIdentity(models, identity, session);
      await keepNotice(models, notice, session);
      await recordEvent(models, notice.event, session);
      return { kind: 'joined' };
    });
  } catch (error) {
    if (isDuplicate(error)) return { kind: 'taken' };
    throw error;
  }
}

function dropIdentity(
  models: Models,
  { accountId, provider, keepSessionId, notice }: Dropping,
): Promise<Dropped> {
  const { accounts, identities, sessions } = models;
  return transaction<Dropped>(models, accountId, async (session) => {
    await depend(models, { _id: accountId }, notice.event.id, session);
    if (!(await identities.exists({ accountId, provider }).session(session)))
      return { kind: 'none' };
    const account = await accounts.findById(accountId, { passwordHash: 1 }, { session }).lean();
    const other = await identities.exists({ accountId, provider: not(provider) }).session(session);
    if (!account?.passwordHash && !other) return { kind: 'last' };
    await identities.deleteOne({ accountId, provider }, { session });
    await sessions.deleteMany({ accountId, _id: not(keepSessionId) }, { session });
    await keepNotice(models, notice, session);
    await recordEvent(models, notice.event, session);
    return { kind: 'dropped' };
  });
}

async function findAccountByIdentity(
  { identities, accounts }: Models,
  named: Named,
): Promise<Account | null> {
  const found = await identities.findById(identityId(named)).lean();
  const account = found && (await accounts.findById(found.accountId).lean());
  return account && toAccount(account);
}

async function listIdentities({ identities }: Models, accountId: string): Promise<Identity[]> {
  const found = await identities
    .find({ accountId }, null, { sort: { joinedAt: 1, provider: 1 } })
    .lean();
  return found.map(toIdentity).map(({ provider, subject, email, joinedAt }) => ({
    provider,
    subject,
    accountId,
    email,
    joinedAt,
  }));
}

export function identitiesSection(models: Models): IdentityStore {
  return {
    findAccountByIdentity: (named) => findAccountByIdentity(models, named),
    listIdentities: (accountId) => listIdentities(models, accountId),
    openAccount: (input) => openAccount(models, input),
    joinIdentity: (input) => joinIdentity(models, input),
    dropIdentity: (input) => dropIdentity(models, input),
  };
}
