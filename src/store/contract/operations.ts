import { second, minute, hour, day } from '../../clock.ts';
import {
  flowPurposes,
  type Identity,
  type IdentityKey,
  mailStates,
  type ProviderFlow,
  providers,
  type QueuedMail,
  type SecurityEvent,
} from '../../records.ts';
import type { Store } from '../port.ts';
import type { Notice } from '../port/events.ts';
import type { LimitRule } from '../port/limits.ts';
import type { MailOutcome } from '../port/mail.ts';
import {
  aChallenge,
  aDevice,
  aLink,
  aMail,
  anAccount,
  anEvent,
  anUndoing,
  aSession,
  aSignUp,
  hashed,
  noLimit,
  passwordHash,
  sealed,
  aCount,
} from './samples.ts';
import {
  accountOf,
  domains,
  emails,
  issuers,
  one,
  recent,
  recentOr,
  recentProof,
  subjects,
  type World,
} from './world.ts';

/** One step of a random sequence; `a` and `b`, from 0 to 3, choose among existing records. */
export interface Draw {
  operation: string;
  step: number;
  a: number;
  b: number;
}
export type Call = (store: Store) => Promise<unknown>;
type Operation = (world: World, draw: Draw) => Call;

const code = (b: number) => hashed(b < 3 ? 'right' : 'wrong');

function someMail(world: World, to: string, challengeId: string | null = null): QueuedMail {
  const dueAt = world.at();
  return aMail({
    id: world.id('mails'),
    to,
    challengeId,
    content: sealed(world.name('letter')),
    createdAt: dueAt,
    dueAt,
    expiresAt: world.at(3 * hour),
  });
}

const someEvent = (world: World, email: string): SecurityEvent =>
  anEvent({ id: world.name('event'), at: world.at(), accountId: accountOf(email) });

function someNotice(world: World, email: string): Notice {
  const undo = {
    tokenHash: world.token('undos'),
    accountId: accountOf(email),
    since: world.at(),
    expiresAt: world.at(2 * hour),
  };
  return { event: someEvent(world, email), mail: someMail(world, email), undo, limit: noLimit() };
}

const signUps: Record<string, Operation> = {
  openSignUp(world, { a, b }) {
    const email = one(emails, a);
    const id = world.proof('signUps', email);
    const challenge = { id: world.proof('challenges', email), ...(b === 3 && { subjectId: null }) };
    const mail = someMail(world, email, challenge.id);
    // Whether expired sign-ups count among those to keep may differ between stores.
    const signUp = {
      id,
      email,
      createdAt: world.at(),
      expiresAt: world.at(1000 * day),
      passwordHash: world.hash(),
    };
    const opened = aSignUp(signUp, { keep: 2, challenge, mail });
    return (store) => store.openSignUp(opened);
  },
  reopenSignUp(world, { a }) {
    const { id: signUpId, email } = recentProof(world.signUps, a);
    const sentAt = world.at();
    const challenge = aChallenge({
      id: world.proof('challenges', email),
      email,
      subjectId: signUpId,
      sentAt,
      expiresAt: world.at(10 * minute),
    });
    const mail = someMail(world, email, challenge.id);
    return (store) => store.reopenSignUp({ signUpId, challenge, mail });
  },
  redeemSignUp(world, { a, b }) {
    const { id: challengeId, email } = recentProof(world.challenges, a);
    const input = {
      challengeId,
      codeHash: code(b),
      accountId: accountOf(email),
      event: someEvent(world, email),
      now: world.at(),
    };
    return (store) => store.redeemSignUp(input);
  },
  renewChallenge(world, { a, b }) {
    const { id, email } = recentProof(b % 2 === 0 ? world.challenges : world.recoveries, a);
    const renewal = {
      id,
      codeHash: code(b),
      attemptsLeft: 1 + a,
      expiresAt: world.at(10 * minute),
      mail: someMail(world, email, id),
      now: world.at(),
    };
    return (store) => store.renewChallenge(renewal);
  },
  newestSignUp:
    (world, { a }) =>
    (store) =>
      store.newestSignUp(one(emails, a), world.at()),
  findChallenge:
    (world, { a }) =>
    (store) =>
      store.findChallenge(recentProof(world.challenges, a).id),
};

const accounts: Record<string, Operation> = {
  insertClaim(world) {
    const tokenHash = world.token('claims');
    return (store) => store.insertClaim({ tokenHash, expiresAt: world.at(30 * minute) });
  },
  isClaimOpen(world, { a }) {
    const tokenHash = recentOr(world.claims, a, hashed('none'));
    return (store) => store.isClaimOpen(tokenHash, world.at());
  },
  redeemClaim(world, { a, b }) {
    const account = anAccount({
      id: accountOf(one(emails, b)),
      email: one(emails, b),
      passwordHash: world.hash(),
      operator: b > 0,
      createdAt: world.at(),
    });
    const tokenHash = recentOr(world.claims, a, hashed('none'));
    const event = someEvent(world, account.email);
    return (store) => store.redeemClaim({ tokenHash, account, event, now: world.at() });
  },
  replacePasswordHash(world, { a, b }) {
    const input = {
      accountId: accountOf(one(emails, a)),
      from: recentOr(world.hashes, b, passwordHash('none')),
      to: world.hash(),
    };
    return (store) => store.replacePasswordHash(input);
  },
  renameAccount(world, { a }) {
    const email = one(emails, a);
    const input = {
      accountId: accountOf(email),
      name: world.name('name'),
      event: someEvent(world, email),
    };
    return (store) => store.renameAccount(input);
  },
  changePassword(world, { a, b }) {
    const email = one(emails, a);
    const input = {
      accountId: accountOf(email),
      to: world.hash(),
      notice: someNotice(world, email),
    };
    return async (store) => {
      const current = (await store.findAccount(input.accountId))?.passwordHash;
      return store.changePassword({
        ...input,
        continued: null,
        from: b === 0 ? passwordHash('stale') : (current ?? passwordHash('none')),
      });
    };
  },
  changeOperator(world, { a, b }) {
    const notice = someNotice(world, one(emails, a));
    const event = { ...notice.event, actorId: accountOf(one(emails, b)) };
    return (store) =>
      store.changeOperator({
        accountId: notice.event.accountId,
        operator: b % 2 === 0,
        notice: { ...notice, event },
      });
  },
  listAccounts:
    (world, { a, b }) =>
    async (store) => {
      const which = {
        search: one(['', 'a', 'b@', 'name'], a),
        except: b === 0 ? domains[1] : 'none.test',
        limit: 1 + b,
        now: world.at(),
      };
      const first = await store.listAccounts({ ...which, after: null });
      return [
        first,
        await store.listAccounts({ ...which, after: first.at(-1)?.account.id ?? 'none' }),
      ];
    },
  findAccountByEmail:
    (_world, { a }) =>
    (store) =>
      store.findAccountByEmail(one(emails, a)),
  countAccounts: () => (store) => Promise.all([store.countAccounts(), store.hasOperator()]),
};

const recovering: Record<string, Operation> = {
  openChallenge(world, { a, b }) {
    const email = one(emails, a + 1);
    const id = world.proof('recoveries', email);
    const subjectId = b === 3 ? null : accountOf(email);
    const challenge = aChallenge({
      id,
      purpose: 'recover',
      email,
      subjectId,
      sentAt: world.at(),
      expiresAt: world.at(2 * hour),
    });
    const mail = someMail(world, email, id);
    return (store) => store.openChallenge({ challenge, mail });
  },
  redeemRecovery(world, { a, b }) {
    const { id: challengeId, email } = recentProof(world.recoveries, a % 2);
    const completion = { passwordHash: world.hash(), notice: someNotice(world, email) };
    const input = {
      challengeId,
      codeHash: code(b),
      complete: async () => completion,
      now: world.at(),
    };
    return (store) => store.redeemRecovery(input);
  },
  redeemUndo(world, { a }) {
    const tokenHash = recentOr(world.undos, a, hashed('none'));
    const undoing = {
      tokenHash,
      everyProvider: a % 2 === 0,
      event: someEvent(world, emails[0]),
      now: world.at(),
    };
    const input = anUndoing({
      ...undoing,
      tell: ({ email }) => aMail({ id: `${undoing.event.id} to ${email}`, to: email }),
    });
    return (store) => store.redeemUndo(input);
  },
  listEvents: (world, { a, b }) => {
    const since = world.at(-a * minute);
    return async (store) => {
      const accountId = accountOf(one(emails, a));
      const newest = await store.listEvents({ accountId, before: null, limit: 1 + b });
      const actions = [one(['account.renamed', 'none'], a)];
      const some = await store.listEvents({
        accountId,
        actions,
        since,
        before: null,
        limit: 1 + b,
      });
      return [
        newest,
        some,
        await store.listEvents({ accountId, before: newest.at(-1)?.id ?? 'none', limit: 1 + b }),
        await store.listActions({ actions, before: null, limit: 3 }),
      ];
    };
  },
};

const someIdentity = (world: World, { a, b }: Draw): Identity & IdentityKey => {
  const email = one(emails, a);
  return {
    provider: one(providers, b),
    issuer: one(issuers, a),
    subject: one(subjects, a + b),
    accountId: accountOf(email),
    email,
    connectedAt: world.at(),
  };
};

const identities: Record<string, Operation> = {
  insertFlow(world, { a, b }) {
    const stateHash = world.token('flows');
    const flow: ProviderFlow = {
      stateHash,
      provider: one(providers, a),
      purpose: one(flowPurposes, b),
      accountId: b === 0 ? null : accountOf(one(emails, a)),
      to: '/home',
      expiresAt: world.at(10 * minute),
    };
    return (store) => store.insertFlow(flow);
  },
  takeFlow: (world, { a }) => {
    const stateHash = recentOr(world.flows, a, hashed('none'));
    return async (store) =>
      ((await store.takeFlow(stateHash))?.expiresAt ?? 0) > world.at() && stateHash;
  },
  openAccount(world, draw) {
    const identity = someIdentity(world, draw);
    const { accountId: id, email } = identity;
    const account = anAccount({ id, email, passwordHash: null, createdAt: world.at() });
    const input = { account, identity, event: someEvent(world, email), now: world.at() };
    return (store) => store.openAccount(input);
  },
  connectIdentity(world, draw) {
    const identity = someIdentity(world, draw);
    const notice = someNotice(world, identity.email);
    return (store) =>
      store.connectIdentity({ identity, notice, sessionId: recent(world.sessions, draw.b) });
  },
  disconnectIdentity(world, { a, b }) {
    const email = one(emails, a);
    const notice = someNotice(world, email);
    return (store) =>
      store.disconnectIdentity({
        accountId: accountOf(email),
        provider: one(providers, b),
        issuers: providers.map((provider) => ({ provider, issuer: one(issuers, a) })),
        keepSessionId: recent(world.sessions, b),
        notice,
      });
  },
  findAccountByIdentity:
    (_world, { a, b }) =>
    (store) =>
      store.findAccountByIdentity({
        provider: one(providers, b),
        issuer: one(issuers, a),
        subject: one(subjects, a + b),
      }),
};

const sessions: Record<string, Operation> = {
  insertSession(world, { a, b }) {
    const replacing = b === 0 ? recent(world.sessions, a) : null;
    const email = one(emails, a);
    const session = aSession({
      id: world.id('sessions'),
      tokenHash: world.token('tokens'),
      accountId: accountOf(email),
      createdAt: world.at(),
    });
    const provenIdentity =
      b === 2
        ? ({ provider: 'google', issuer: one(issuers, a), subject: one(subjects, a) } as const)
        : null;
    const notice = b % 2 === 1 ? someNotice(world, email) : null;
    const also = {
      keep: 3,
      replacing,
      device: aDevice(hashed(`device ${b}`), world.at(30 * day), [hashed(`device ${(b + 1) % 4}`)]),
      provenHash: null,
      provenIdentity,
      factor: 'none',
      recovered: null,
      event: someEvent(world, email),
      notice,
    } as const;
    return (store) => store.insertSession(session, also);
  },
  findSession:
    (world, { a }) =>
    (store) =>
      store.findSession(recentOr(world.tokens, a, hashed('none'))),
  touchSession:
    (world, { a }) =>
    (store) =>
      store.touchSession(recent(world.sessions, a), world.at()),
  confirmSession(world, { a, b }) {
    const from = recentOr(world.tokens, a, hashed('none'));
    const input = {
      accountId: accountOf(emails[0]),
      by: { kind: 'password', hash: recentOr(world.hashes, b, passwordHash('none')) } as const,
      from,
      to: world.token('tokens'),
      at: world.at(),
      event: someEvent(world, emails[0]),
    };
    return async (store) =>
      store.confirmSession({ ...input, id: (await store.findSession(from))?.session.id ?? 'none' });
  },
  listSessions:
    (world, { a }) =>
    (store) =>
      store.listSessions(accountOf(one(emails, a)), world.at()),
  endSession(world, { a, b }) {
    const event = someEvent(world, one(emails, a));
    return (store) =>
      store.endSession({ accountId: event.accountId, id: recent(world.sessions, b), event });
  },
  endOtherSessions(world, { a, b }) {
    const event = someEvent(world, one(emails, a));
    return (store) =>
      store.endOtherSessions({
        accountId: event.accountId,
        keepId: recent(world.sessions, b),
        event,
      });
  },
  endAllSessions(world, { a }) {
    const input = {
      accountId: accountOf(one(emails, a)),
      notice: someNotice(world, one(emails, a)),
    };
    return (store) => store.endAllSessions(input);
  },
  deviceCookies:
    (world, { a, b }) =>
    (store) =>
      store.deviceCookies({
        hashes: [hashed(`device ${b}`), hashed('device 0')],
        accountId: accountOf(one(emails, a)),
        now: world.at(),
      }),
};

/**
 * With waits, only the rule that never forgets is refunded: after a refund, the start of a key’s quiet time is
 * undefined.
 */
const rules: Record<'window' | 'waits' | 'patient', LimitRule> = {
  window: { limit: 3, window: 10 * minute },
  waits: { limit: 2, window: 10 * minute, waits: [second, minute] },
  patient: { limit: 2, window: 1000 * day, waits: [minute, hour] },
};
const taking =
  (rule: keyof typeof rules): Operation =>
  (world, { a }) =>
  (store) =>
    store.consumeLimit(`${rule} ${a === 0}`, rules[rule], world.at(), aCount({ rule }));

const limits: Record<string, Operation> = {
  takeWindow: taking('window'),
  takeWaits: taking('waits'),
  takeWithTimeout: taking('patient'),
  refundLimit:
    (_world, { a, b }) =>
    (store) =>
      store.refundLimit(`${b < 2 ? 'window' : 'patient'} ${a === 0}`),
  exhaustedLimits: (world) => (store) => store.exhaustedLimits(world.at()),
  clearLimit(world, { a, b }) {
    const event = someEvent(world, emails[0]);
    return (store) =>
      store.clearLimit({ key: `${b < 2 ? 'window' : 'patient'} ${a === 0}`, event });
  },
  resetLimit:
    (_world, { a, b }) =>
    (store) =>
      store.resetLimit(`${b < 2 ? 'window' : 'waits'} ${a === 0}`),
};

const mail: Record<string, Operation> = {
  insertMail(world, { a, b }) {
    const inserted = someMail(
      world,
      one(emails, a),
      b === 0 ? recentProof(world.challenges, a).id : null,
    );
    return (store) => store.insertMail(inserted);
  },
  claimMail: (world) => (store) => store.claimMail(world.at(), world.at(60_013)),
  settleMail(world, { a, b }) {
    const retry: MailOutcome = { kind: 'retry', dueAt: world.at(300_017), reason: '451' };
    const outcomes: [MailOutcome, ...MailOutcome[]] = [
      { kind: 'sent' },
      { kind: 'kept' },
      retry,
      { kind: 'dropped', reason: '550' },
    ];
    const stale = world.at(-1);
    return async (store) => {
      const found = await store.findMail(recent(world.mails, a % 2));
      return (
        found && store.settleMail(a === 3 ? { ...found, dueAt: stale } : found, one(outcomes, b))
      );
    };
  },
  listMail:
    (_world, { a, b }) =>
    async (store) => {
      const which = {
        state: one(mailStates, a),
        except: b === 0 ? domains[0] : 'none.test',
        limit: 1 + b,
      };
      const newest = await store.listMail({ ...which, before: null });
      return [newest, await store.listMail({ ...which, before: newest.at(-1)?.id ?? 'none' })];
    },
  hastenMail(world, { a, b }) {
    const input = {
      id: recent(world.mails, a),
      now: world.at(),
      than: world.at(minute),
      event: someEvent(world, one(emails, b)),
    };
    return (store) => store.hastenMail(input);
  },
  keptMail:
    (_world, { a }) =>
    (store) =>
      store.keptMail(a === 3 ? null : one(emails, a)),
  holdMail:
    (world, { a }) =>
    (store) =>
      store.holdMail(one(domains, a), world.at(20 * minute)),
  heldDomains: () => (store) => store.heldDomains(),
  takeHeldMail:
    (world, { a }) =>
    async (store) => {
      await store.holdMail(one(domains, a), world.at(minute));
      // Whether expired mail is dropped before it is taken may differ between stores.
      return (await store.takeHeldMail(one(domains, a))).filter(
        ({ expiresAt }) => expiresAt > world.at(),
      );
    },
};

const rest: Record<string, Operation> = {
  appendEntry(world, { a, b }) {
    const link = aLink({ jws: world.name('link'), at: world.at(), checkpoint: b === 0 });
    return async (store) =>
      store.appendEntry({
        ...link,
        seq: ((await store.newestEntry())?.seq ?? 0) + (a === 3 ? b : 1),
      });
  },
  entriesAfter:
    (_world, { a, b }) =>
    (store) =>
      store.entriesAfter(a * 3, b + 1),
  checkpointBefore:
    (world, { a }) =>
    (store) =>
      store.checkpointBefore(world.at(-a * hour)),
  keepSecret: (world, { a }) => {
    const secret = sealed(world.name('secret'));
    return async (store) => [
      await store.findSecret(`secret ${a}`),
      await store.keepSecret(`secret ${a}`, secret),
    ];
  },
  takeLease:
    (world, { a, b }) =>
    (store) =>
      store.takeLease(`lease ${a % 2}`, `holder ${b}`, world.at(10 * minute), world.at()),
  dropLease:
    (_world, { a, b }) =>
    (store) =>
      store.dropLease(`lease ${a % 2}`, `holder ${b}`),
  leaseHolder:
    (world, { a }) =>
    (store) =>
      store.leaseHolder(`lease ${a % 2}`, world.at()),
  purge: (world) => (store) => store.purge(world.at()),
  eraseDomain:
    (_world, { a, b }) =>
    (store) =>
      b === 0 ? store.eraseDomain(one(domains, a)) : store.ping(),
};

export const operations: Record<string, Operation> = {
  ...signUps,
  ...accounts,
  ...recovering,
  ...identities,
  ...sessions,
  ...limits,
  ...mail,
  ...rest,
};

/** Relative frequency of an operation; the default is 2. */
export const weights: Record<string, number> = {
  openSignUp: 8,
  redeemSignUp: 8,
  renewChallenge: 4,
  redeemClaim: 4,
  openChallenge: 6,
  redeemRecovery: 6,
  redeemUndo: 4,
  changePassword: 3,
  openAccount: 4,
  connectIdentity: 6,
  disconnectIdentity: 3,
  insertSession: 6,
  findSession: 4,
  touchSession: 4,
  confirmSession: 4,
  takeWindow: 5,
  takeWaits: 5,
  takeWithTimeout: 5,
  refundLimit: 1,
  resetLimit: 1,
  claimMail: 6,
  settleMail: 4,
  appendEntry: 4,
  purge: 1,
  eraseDomain: 1,
};
