import { AsyncResource } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { minute } from '../../clock.ts';
import type { Account, Session } from '../../records.ts';
import { onBehalfOf } from '../authority.ts';
import type { Store } from '../port.ts';
import type { Authority, PrincipalState } from '../port/authority.ts';
import { AuthorityLost } from '../port/errors.ts';
import { actionsOf, begin, insertAccount, type Open, type Stores, useStores } from './opened.ts';
import {
  aFactor,
  anEvent,
  aNotice,
  aPasskey,
  aSession,
  at,
  hashed,
  unique,
  byPassword,
} from './samples.ts';

/** A principal’s writes are stored only while the principal has the authority. */
export function authorityContract(open: Open): void {
  const stores = useStores(open, 'once');
  checkingContract(stores);
  racesContract(stores);
}

interface Principal {
  account: Account;
  session: Session;
  authority: Authority;
}

async function principal(
  stores: Stores,
  given: { operator?: boolean; permits?: Authority['permits'] } = {},
): Promise<Principal> {
  const account = await insertAccount(stores, { operator: given.operator ?? false });
  const session = aSession({ accountId: account.id });
  await begin(stores.store, session);
  return {
    account,
    session,
    authority: {
      tokenHash: session.tokenHash,
      accountId: account.id,
      permits: given.permits ?? (() => true),
    },
  };
}

const rename = (store: Store, { account: { id: accountId } }: Pick<Principal, 'account'>) =>
  store.renameAccount({
    accountId,
    name: 'Grace',
    event: anEvent({ accountId, action: 'account.renamed' }),
  });

const endOf = ({ id, accountId }: Session) => ({
  id,
  accountId,
  event: anEvent({ accountId, action: 'session.ended' }),
});

/** Methods that only read. All others are treated as writes, so that new ones are tested below. */
const reads = new Set<string>([
  'ping',
  'isPrepared',
  'findSecret',
  'leaseHolder',
  'findAccount',
  'findAccountByEmail',
  'countAccounts',
  'hasOperator',
  'isClaimOpen',
  'listAccounts',
  'newestSignUp',
  'findAccountByIdentity',
  'listIdentities',
  'listEvents',
  'listActions',
  'findChallenge',
  'findSession',
  'listSessions',
  'deviceCookies',
  'findPendingSignIn',
  'factorsOf',
  'findFactor',
  'findPasskey',
  'findFactorRecovery',
  'findFactorRule',
  'countFactors',
  'exhaustedLimits',
  'findMail',
  'listMail',
  'keptMail',
  'newestEntry',
  'entriesAfter',
  'checkpointBefore',
  'eachPasswordHash',
  'heldDomains',
] satisfies (keyof Store)[]);
/** The system’s own work, which is done on behalf of no principal. */
const ofSystem = new Set<string>([
  'prepare',
  'bindIdentities',
  'close',
  'purge',
  'keepSecret',
  'takeLease',
  'dropLease',
  'touchSession',
  'consumeLimit',
  'refundLimit',
  'resetLimit',
  'claimMail',
  'settleMail',
  'holdMail',
  'takeHeldMail',
  'appendEntry',
  'eraseDomain',
  'eraseClosed',
] satisfies (keyof Store)[]);

/** An input that has every property; each of them is such an input, too. */
const anything: unknown = new Proxy(() => 0, {
  get: (_, name) =>
    name === Symbol.toPrimitive
      ? () => 0
      : name === Symbol.iterator
        ? [][Symbol.iterator].bind([])
        : name === 'then'
          ? undefined
          : anything,
  apply: () => anything,
});

function checkingContract(stores: Stores): void {
  test('a principal with authority writes, and is passed to the check with their current state', async () => {
    const seen: PrincipalState[] = [];
    const one = await principal(stores, { permits: (state) => seen.push(state) > 0 });
    expect(await rename(onBehalfOf(stores.store, one.authority), one)).toMatchObject({
      name: 'Grace',
    });
    const factor = aFactor({ accountId: one.account.id });
    await stores.second.openFactor(factor);
    await stores.second.confirmFactor({
      accountId: one.account.id,
      session: null,
      id: factor.id,
      counter: 1,
      recoveryCodes: [],
      stopping: aNotice(one.account.id),
      notice: aNotice(one.account.id),
      now: at(minute),
    });
    await rename(onBehalfOf(stores.store, one.authority), one);
    expect(seen).toEqual([
      { session: one.session, account: one.account, factorSince: null },
      { session: one.session, account: { ...one.account, name: 'Grace' }, factorSince: at(minute) },
    ]);
    expect(await stores.second.findSession(one.session.tokenHash)).toEqual({
      session: one.session,
      account: { ...one.account, name: 'Grace' },
      enrolmentRequiredFrom: null,
    });
  });

  const losses: Record<string, (one: Principal) => Promise<unknown>> = {
    'is no longer permitted': async (one) => Object.assign(one.authority, { permits: () => false }),
    'has ended': ({ session }) => stores.second.endSession(endOf(session)),
    'continues under another token': ({ account, session: { id, accountId, tokenHash: from } }) =>
      stores.second.confirmSession({
        accountId,
        id,
        from,
        to: hashed(unique('token')),
        by: byPassword(account),
        at: at(minute),
        event: anEvent(),
      }),
    'was replaced': ({ session: { id, accountId } }) =>
      begin(stores.second, aSession({ accountId }), { replacing: id }),
    'belongs to another account': async (one) =>
      Object.assign(one.authority, { accountId: (await insertAccount(stores)).id }),
  };
  for (const [loss, lose] of Object.entries(losses)) {
    test(`a write on behalf of a session that ${loss} is refused, and writes nothing`, async () => {
      const one = await principal(stores);
      await lose(one);
      await expect(rename(onBehalfOf(stores.store, one.authority), one)).rejects.toThrow(
        AuthorityLost,
      );
      expect(await stores.second.findAccount(one.account.id)).toEqual(one.account);
      expect(await actionsOf(stores, one.account.id)).not.toHaveProperty('account.renamed');
    });
  }

  test('every operation that writes checks the authority first, whatever its input', async () => {
    const { authority, account } = await principal(stores);
    const notice = aNotice(account.id);
    await stores.second.endAllSessions({ accountId: account.id, notice });
    const inputs: Record<string, unknown> = {
      endOtherSessions: { accountId: account.id, keepId: 'none', event: anEvent() },
      redeemUndo: { tokenHash: notice.undo.tokenHash, event: anEvent(), now: at(minute) },
    };
    const bound = onBehalfOf(stores.store, authority);
    const tried: string[] = [];
    const passed: unknown[] = [];
    for (const name of Object.keys(stores.store).filter(
      (one) => !reads.has(one) && !ofSystem.has(one),
    )) {
      const method: unknown = Reflect.get(bound, name);
      if (typeof method !== 'function') continue;
      tried.push(name);
      const outcome: unknown = await Promise.resolve(
        Reflect.apply(method, bound, [inputs[name] ?? anything, anything, anything]),
      ).catch((error: unknown) => error);
      if (!(outcome instanceof AuthorityLost)) passed.push({ name, outcome });
    }
    expect(passed).toEqual([]);
    expect(tried.length).toBeGreaterThan(35);
  });

  test('concurrent work of the system is on behalf of no principal', async () => {
    const one = await principal(stores, { permits: () => false });
    const refused = rename(onBehalfOf(stores.store, one.authority), one).catch(
      (error: unknown) => error,
    );
    const [done] = await Promise.all([
      rename(stores.store, one),
      stores.store.touchSession(one.session.id, at(minute)),
    ]);
    expect([done?.name, await refused]).toEqual(['Grace', expect.any(AuthorityLost)]);
  });
}

function racesContract(stores: Stores): void {
  /**
   * Runs both concurrently and starts the second at the worst moment: when the first has just checked its authority, or
   * a few milliseconds later.
   */
  async function inTheMiddle(
    write: (bound: Store, one: Principal) => Promise<unknown>,
    meanwhile: (one: Principal) => Promise<unknown>,
    given: { operator?: boolean; headStart?: number } = {},
  ) {
    const order: string[] = [];
    let second: Promise<unknown> | undefined;
    // Another principal’s action: here on behalf of none.
    const startMeanwhile = AsyncResource.bind(() => meanwhile(one).then(() => order.push('lost')));
    const one = await principal(stores, {
      ...given,
      permits({ account }) {
        second ??= startMeanwhile();
        return account.operator === (given.operator ?? false);
      },
    });
    await stores.store.addPasskey({
      factor: aPasskey({ accountId: one.account.id }),
      session: null,
      recoveryCodes: [],
      stopping: aNotice(one.account.id),
      notice: aNotice(one.account.id),
    });
    if (given.headStart !== undefined) {
      second = startMeanwhile();
      await sleep(given.headStart);
    }
    const written = await write(onBehalfOf(stores.store, one.authority), one).then(
      () => order.push('written'),
      (error: unknown) =>
        error instanceof AuthorityLost ? order.push('refused') : Promise.reject(error),
    );
    await second;
    return { order, written, one };
  }

  /** Many steps after the check, to give the second action time; none of them touches the session or the account. */
  const manySteps = (bound: Store, { account: { id: accountId } }: Principal) =>
    bound.replaceRecoveryCodes({
      accountId,
      recoveryCodes: [hashed(unique('code'))],
      notice: aNotice(accountId),
    });

  describe.each([
    [
      'its session is revoked',
      (stores: Stores) =>
        ({ session }: Principal) =>
          stores.second.endSession(endOf(session)),
    ],
    [
      'all its sessions are ended',
      (stores: Stores) =>
        ({ account: { id } }: Principal) =>
          stores.second.endAllSessions({ accountId: id, notice: aNotice(id) }),
    ],
  ])('a write while %s', (_, meanwhile) => {
    test('is stored before that, or refused', async () => {
      for (let round = 0; round < 10; round += 1) {
        const { order } = await inTheMiddle(manySteps, meanwhile(stores));
        expect(order.join()).toMatch(/^(written,lost|lost,refused)$/);
      }
    });
  });

  test('a write while its operator loses the role is stored before that, or refused', async () => {
    const boss = await insertAccount(stores, { operator: true });
    for (let headStart = 0; headStart < 20; headStart += 1) {
      const demote = ({ account }: Principal) =>
        stores.second.changeOperator({
          accountId: account.id,
          operator: false,
          notice: aNotice(account.id, { event: { actorId: boss.id } }),
        });
      const { order } = await inTheMiddle(manySteps, demote, { operator: true, headStart });
      expect(order.join()).toMatch(/^(written,lost|lost,refused)$/);
    }
  });

  test('nothing is written after a revocation was acknowledged, in any order', async () => {
    for (let round = 0; round < 10; round += 1) {
      const one = await principal(stores);
      let isRevoked = false;
      const late: string[] = [];
      const write = async (turn: number) => {
        const startedLate = isRevoked;
        const wrote = await rename(
          onBehalfOf(turn % 2 === 0 ? stores.store : stores.second, one.authority),
          one,
        ).catch((error: unknown) => {
          if (!(error instanceof AuthorityLost)) throw error;
          return null;
        });
        if (wrote && startedLate) late.push(wrote.name);
      };
      const revoke = async () => {
        await stores.second.endSession(endOf(one.session));
        isRevoked = true;
      };
      await Promise.all([
        write(0),
        write(1),
        revoke().then(() => Promise.all([write(0), write(1)])),
      ]);
      expect(late).toEqual([]);
      expect(await stores.store.findSession(one.session.tokenHash)).toBeNull();
    }
  });
}
