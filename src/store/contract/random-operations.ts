import fc from 'fast-check';
import { expect } from 'vitest';
import { minute } from '../../clock.ts';
import type { Hashed, PasswordHash } from '../../records.ts';
import type { Store } from '../port.ts';
import { type Call, type Draw, operations, weights } from './operations.ts';
import { aMail, anEvent, hashed, anUndoing } from './samples.ts';
import { accountOf, emails, World } from './world.ts';

interface OpenedOne {
  store: Store;
  close(): Promise<void>;
}

/**
 * All instants of a run differ, so that every order is defined. Long pauses are rare, because they make almost
 * everything expire.
 */
const step = fc.oneof(
  { weight: 10, arbitrary: fc.constant(1) },
  { weight: 10, arbitrary: fc.constant(997) },
  { weight: 5, arbitrary: fc.constant(61_003) },
  { weight: 1, arbitrary: fc.constantFrom(601_007, 3_700_009, 90_000_011) },
);
const operation = fc.oneof(
  ...Object.keys(operations).map((name) => ({
    weight: weights[name] ?? 2,
    arbitrary: fc.constant(name),
  })),
);
const choice = fc.noBias(fc.integer({ min: 0, max: 3 }));
const draws = fc.array(
  fc.record<Draw>({ operation, step, a: choice, b: choice }, { noNullPrototype: true }),
  { minLength: 20, maxLength: 150, size: 'max' },
);

/**
 * For this long, runs the same random sequences of operations on both stores, and expects the same results and the same
 * final state.
 */
export async function sameAnswers(
  openA: () => Promise<OpenedOne>,
  openB: () => Promise<OpenedOne>,
  milliseconds = 15_000,
): Promise<void> {
  const property = fc.asyncProperty(draws, async (sequence) => {
    const [a, b] = await Promise.all([openA(), openB()]);
    try {
      await Promise.all([a.store.prepare(), b.store.prepare()]);
      await compare(a.store, b.store, sequence);
    } finally {
      await Promise.all([a.close(), b.close()]);
    }
  });
  await fc.assert(property, { numRuns: 200, interruptAfterTimeLimit: milliseconds });
}

/** Two of the three addresses have an account from the start, so that most operations have an effect. */
const twoAccounts = [1, 2].flatMap<Draw>((b) =>
  ['insertClaim', 'redeemClaim'].map((operation) => ({ operation, step: 1, a: 0, b })),
);

async function compare(a: Store, b: Store, sequence: readonly Draw[]): Promise<void> {
  const world = new World();
  for (const [index, draw] of [...twoAccounts, ...sequence].entries()) {
    world.now += draw.step;
    const call = operations[draw.operation]?.(world, draw);
    if (call !== undefined)
      await sameAnswer(a, b, call, `operation ${index}: ${JSON.stringify(draw)}`);
  }
  world.now += minute;
  for (const [what, call] of Object.entries(finalState(world)))
    await sameAnswer(a, b, call, `in the end: ${what}`);
}

async function sameAnswer(a: Store, b: Store, call: Call, label: string): Promise<void> {
  const [answerA, answerB] = await Promise.all([call(a), call(b)]);
  expect(answerB, label).toEqual(answerA);
}

function finalState(world: World): Record<string, Call> {
  const undone = (tokenHash: Hashed) =>
    anEvent({ id: `by ${tokenHash}`, actorId: null, at: world.at() });
  const devices = emails.flatMap((email) =>
    [0, 1, 2, 3].map((n) => ({ email, device: hashed(`device ${n}`) })),
  );
  // One at a time, because this does not test how many concurrent calls a loaded database can handle.
  const all = <Item>(
    items: readonly Item[],
    read: (store: Store, item: Item) => Promise<unknown>,
  ): Call => {
    return async (store) => {
      const answers: unknown[] = [];
      for (const item of items) answers.push(await read(store, item));
      return answers;
    };
  };
  return {
    accounts: all(emails, (store, email) => store.findAccount(accountOf(email))),
    addresses: all(emails, (store, email) => store.findAccountByEmail(email)),
    signUps: all(emails, (store, email) => store.newestSignUp(email, world.at())),
    challenges: all([...world.challenges, ...world.recoveries], (store, { id }) =>
      store.findChallenge(id),
    ),
    sessions: all(world.tokens, (store, token) => store.findSession(token)),
    devices: all(devices, (store, { device, email }) =>
      store.deviceCookies({ hashes: [device], accountId: accountOf(email), now: world.at() }),
    ),
    identities: all(emails, (store, email) => store.listIdentities(accountOf(email))),
    lists: all(emails, (store, email) => store.listSessions(accountOf(email), world.at())),
    counts: (store) => Promise.all([store.countAccounts(), store.hasOperator()]),
    hashes: everyHash,
    chain: (store) => store.entriesAfter(0, 1000),
    kept: (store) => store.keptMail(null),
    queue: queue(world),
    undos: all(world.undos, (store, tokenHash) =>
      store.redeemUndo(
        anUndoing({
          tokenHash,
          event: undone(tokenHash),
          now: world.at(),
          tell: ({ email }) => aMail({ id: `told of ${tokenHash} at ${email}`, to: email }),
        }),
      ),
    ),
    events: all(emails, (store, email) =>
      store.listEvents({ accountId: accountOf(email), before: null, limit: 500 }),
    ),
  };
}

async function everyHash(store: Store): Promise<PasswordHash[]> {
  const hashes: PasswordHash[] = [];
  for await (const hash of store.eachPasswordHash()) hashes.push(hash);
  return hashes.toSorted();
}

/** Removes all mail that is queued and not held. */
function queue(world: World): Call {
  return async (store) => {
    const claimed = [];
    for (let mail = await claim(store); mail !== null; mail = await claim(store))
      claimed.push(mail);
    return claimed;
  };
  function claim(store: Store) {
    return store.claimMail(world.at(), world.at(minute));
  }
}
