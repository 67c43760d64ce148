import type { ClientSession } from 'mongoose';
import type { Account, Identity, IdentityKey, Issuer } from '../../records.ts';
import type { IdentityStore } from '../port/identities.ts';
import type { SessionBeginning } from '../port/sessions.ts';
import { depend } from './depend.ts';
import { documentVersion, toAccount, toIdentity } from './documents.ts';
import { isDuplicate, translateAtStart } from './errors.ts';
import { recordEvent } from './events.ts';
import { not } from './filters.ts';
import type { Models } from './models.ts';
import { keepNotice } from './notices.ts';
import { closeSignUps, insertAccount } from './sign-ups.ts';
import { transaction } from './transaction.ts';

type Opening = Parameters<IdentityStore['openAccount']>[0];
type Connecting = Parameters<IdentityStore['connectIdentity']>[0];
type Disconnecting = Parameters<IdentityStore['disconnectIdentity']>[0];
type Connected = Awaited<ReturnType<IdentityStore['connectIdentity']>>;
type Disconnected = Awaited<ReturnType<IdentityStore['disconnectIdentity']>>;

/** No provider’s name and no issuer contains a space. */
function identityId({ provider, issuer, subject }: IdentityKey): string {
  return `${provider} ${issuer} ${subject}`;
}

/** Not limited to four seconds, because there may be many. */
export async function bindIdentities(models: Models, issuers: readonly Issuer[]): Promise<void> {
  try {
    for (const one of issuers)
      await bind(models, one).catch(async (error: unknown) => {
        if (!isDuplicate(error)) throw error;
        await removeConnected(models, one);
        await bind(models, one);
      });
  } catch (error) {
    throw translateAtStart(error);
  }
}

/** All or none: if a start is interrupted, the next one may name another issuer. */
async function bind(
  { connection, identities }: Models,
  { provider, issuer }: Issuer,
): Promise<void> {
  const unbound = { provider, issuer: null };
  if (!(await identities.exists(unbound))) return;
  await connection.withSession((session) =>
    session.withTransaction(() =>
      identities.updateMany(unbound, { $set: { issuer } }, { session }),
    ),
  );
}

/** Removes identities without an issuer whose user is connected under this one; see the port. */
async function removeConnected(
  { identities }: Models,
  { provider, issuer }: Issuer,
): Promise<void> {
  for await (const { _id, subject } of identities.find({ provider, issuer: null }).lean())
    if (await identities.exists({ provider, issuer, subject }))
      await identities.deleteOne({ _id, issuer: null });
}

/** Must be combined with {@link depend}; otherwise a disconnection at the same instant is not seen. */
export async function isConnected(
  { identities }: Models,
  {
    accountId,
    provider,
    issuer,
    subject,
  }: { accountId: string } & NonNullable<SessionBeginning['provenIdentity']>,
  session: ClientSession,
): Promise<boolean> {
  // An identity without an issuer is stored with `null`.
  if (issuer === null || subject === null) return false;
  const named = { accountId, provider, issuer, subject };
  return (await identities.exists(named).session(session)) !== null;
}

async function insertIdentity(
  { identities }: Models,
  identity: Identity & IdentityKey,
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

async function connectIdentity(
  models: Models,
  { identity, sessionId, notice }: Connecting,
): Promise<Connected> {
  const { accountId } = identity;
  try {
    return await transaction<Connected>(models, accountId, async (session) => {
      await depend(models, { _id: accountId }, notice.event.id, session);
      if (!(await models.sessions.exists({ _id: sessionId, accountId }).session(session)))
        return { kind: 'over' };
      await insertIdentity(models, identity, session);
      await keepNotice(models, notice, session);
      await recordEvent(models, notice.event, session);
      return { kind: 'connected' };
    });
  } catch (error) {
    if (isDuplicate(error)) return { kind: 'taken' };
    throw error;
  }
}

function disconnectIdentity(
  models: Models,
  { accountId, provider, issuers, keepSessionId, notice }: Disconnecting,
): Promise<Disconnected> {
  const { accounts, identities, sessions } = models;
  return transaction<Disconnected>(models, accountId, async (session) => {
    await depend(models, { _id: accountId }, notice.event.id, session);
    if (!(await identities.exists({ accountId, provider }).session(session)))
      return { kind: 'none' };
    const account = await accounts.findById(accountId, { passwordHash: 1 }, { session }).lean();
    const others = issuers.filter((one) => one.provider !== provider);
    if (!account?.passwordHash && !(await hasAny(models, accountId, others, session)))
      return { kind: 'last' };
    await identities.deleteOne({ accountId, provider }, { session });
    await sessions.deleteMany({ accountId, _id: not(keepSessionId) }, { session });
    await keepNotice(models, notice, session);
    await recordEvent(models, notice.event, session);
    return { kind: 'disconnected' };
  });
}

/** Whether the account has an identity of one of these issuers. */
async function hasAny(
  { identities }: Models,
  accountId: string,
  issuers: readonly Issuer[],
  session: ClientSession,
): Promise<boolean> {
  for (const { provider, issuer } of issuers)
    if (await identities.exists({ accountId, provider, issuer }).session(session)) return true;
  return false;
}

async function findAccountByIdentity(
  { identities, accounts }: Models,
  { provider, issuer, subject }: IdentityKey,
): Promise<Account | null> {
  const found = await identities.findOne({ provider, issuer, subject }).lean();
  const account = found && (await accounts.findById(found.accountId).lean());
  return account && toAccount(account);
}

async function listIdentities({ identities }: Models, accountId: string): Promise<Identity[]> {
  const found = await identities
    .find({ accountId }, null, { sort: { connectedAt: 1, provider: 1 } })
    .lean();
  // A process of an earlier version may have stored one without an issuer.
  const read = found.map((one) => toIdentity({ ...one, issuer: one.issuer ?? null }));
  return read.map(({ provider, issuer, subject, email, connectedAt }) => ({
    provider,
    issuer,
    subject,
    accountId,
    email,
    connectedAt,
  }));
}

export function identitiesSection(models: Models): Omit<IdentityStore, 'bindIdentities'> {
  return {
    findAccountByIdentity: (named) => findAccountByIdentity(models, named),
    listIdentities: (accountId) => listIdentities(models, accountId),
    openAccount: (input) => openAccount(models, input),
    connectIdentity: (input) => connectIdentity(models, input),
    disconnectIdentity: (input) => disconnectIdentity(models, input),
  };
}
