import { expect, test } from 'vitest';
import { second, minute, hour } from '../../clock.ts';
import type { QueuedMail } from '../../records.ts';
import type { Store } from '../port.ts';
import type { MailOutcome } from '../port/mail.ts';
import { type Open, type Stores, useStores } from './opened.ts';
import { aMail, address, anEvent, at, sealed, unique } from './samples.ts';

const lease = at(5 * minute);

/** The mail queue. */
export function mailContract(open: Open): void {
  const stores = useStores(open, 'each-time');
  claimingContract(stores);
  settlingContract(stores);
  lookingContract(stores);
  holdingContract(stores);
}

async function insert(stores: Stores, ...mails: QueuedMail[]): Promise<void> {
  for (const mail of mails) await stores.store.insertMail(mail);
}

function claimingContract(stores: Stores): void {
  test('an empty queue has nothing to claim', async () => {
    expect(await stores.store.claimMail(at(0), lease)).toBeNull();
  });

  test('the mail that has been due longest is claimed, with its new state', async () => {
    const [addMs, sooner, notYet] = [
      aMail({ dueAt: at(-1) }),
      aMail({ dueAt: at(-2), content: sealed('sooner') }),
      aMail({ dueAt: at(1) }),
    ];
    await insert(stores, addMs, sooner, notYet);
    expect(await stores.second.claimMail(at(0), lease)).toEqual({
      ...sooner,
      dueAt: lease,
      tries: 1,
    });
    expect(await stores.store.claimMail(at(0), lease)).toEqual({
      ...addMs,
      dueAt: lease,
      tries: 1,
    });
    expect(await stores.second.claimMail(at(0), lease)).toBeNull();
  });

  test('a mail is due at its due time', async () => {
    await insert(stores, aMail({ dueAt: at(10) }));
    expect(await stores.store.claimMail(at(9), lease)).toBeNull();
    expect(await stores.store.claimMail(at(10), lease)).not.toBeNull();
  });

  test('a mail whose worker stopped responding is due again when the lease ends', async () => {
    await insert(stores, aMail());
    await stores.store.claimMail(at(0), at(minute));
    expect(await stores.second.claimMail(at(minute - 1), at(2 * minute))).toBeNull();
    expect(await stores.second.claimMail(at(minute), at(2 * minute))).toMatchObject({ tries: 2 });
  });

  test('a mail is not claimed from the instant it expires', async () => {
    await insert(
      stores,
      aMail({ expiresAt: at(minute) }),
      aMail({ expiresAt: at(minute + 1), dueAt: at(1) }),
    );
    expect(await stores.store.claimMail(at(minute), lease)).toMatchObject({
      expiresAt: at(minute + 1),
    });
    expect(await stores.store.claimMail(at(minute), lease)).toBeNull();
  });

  test('mails stored as kept, sent or dropped are not claimed', async () => {
    await insert(
      stores,
      aMail({ state: 'kept' }),
      aMail({ state: 'sent', content: null }),
      aMail({ state: 'dropped', content: null }),
    );
    expect(await stores.store.claimMail(at(0), lease)).toBeNull();
  });

  test('concurrent workers never claim the same mail', async () => {
    const mails = Array.from({ length: 20 }, (_, n) => aMail({ dueAt: at(-n) }));
    await insert(stores, ...mails);
    const claimed = await stores.race(40, (store) => store.claimMail(at(0), lease));
    const ids = claimed.flatMap((mail) => (mail === null ? [] : [mail.id]));
    expect(ids.toSorted()).toEqual(mails.map(({ id }) => id).toSorted());
  });
}

function settlingContract(stores: Stores): void {
  const settled = async (outcome: MailOutcome, given: Partial<QueuedMail> = {}) => {
    const mail = aMail(given);
    await insert(stores, mail);
    await stores.store.claimMail(at(0), at(minute));
    await stores.second.settleMail({ id: mail.id, dueAt: at(minute) }, outcome);
    return mail;
  };

  test('a sent or dropped mail is not due again', async () => {
    await settled({ kind: 'sent' });
    await settled({ kind: 'dropped', reason: 'no such mailbox' });
    expect(await stores.store.claimMail(at(10 * minute), lease)).toBeNull();
    expect(await stores.store.keptMail(null)).toEqual([]);
  });

  test('a mail to retry is due at its new time, with the reason', async () => {
    const mail = await settled({ kind: 'retry', dueAt: at(3 * minute), reason: '451 try later' });
    expect(await stores.store.claimMail(at(3 * minute - 1), lease)).toBeNull();
    const claimed = await stores.store.claimMail(at(3 * minute), lease);
    expect(claimed).toEqual({ ...mail, dueAt: lease, tries: 2, lastError: '451 try later' });
  });

  test('a kept mail keeps its content and is not due again', async () => {
    const mail = await settled({ kind: 'kept' });
    expect(await stores.store.claimMail(at(10 * minute), lease)).toBeNull();
    expect(await stores.second.keptMail(mail.to)).toMatchObject([
      { id: mail.id, to: mail.to, state: 'kept', content: mail.content, tries: 1 },
    ]);
  });

  test('a settled mail is unchanged by further outcomes', async () => {
    const kept = await settled({ kind: 'kept' });
    const sent = await settled({ kind: 'sent' });
    const outcomes: MailOutcome[] = [
      { kind: 'retry', dueAt: at(0), reason: 'late' },
      { kind: 'dropped', reason: 'late' },
      { kind: 'sent' },
      { kind: 'kept' },
    ];
    for (const { id } of [kept, sent])
      for (const outcome of outcomes)
        await stores.store.settleMail({ id, dueAt: at(minute) }, outcome);
    await stores.store.settleMail({ id: 'no such mail', dueAt: at(minute) }, { kind: 'sent' });
    expect(await stores.store.keptMail(null)).toMatchObject([
      { id: kept.id, content: kept.content, lastError: null },
    ]);
    expect(await stores.store.claimMail(at(10 * minute), lease)).toBeNull();
  });

  test('a worker that lost its lease settles nothing', async () => {
    const mail = aMail();
    await insert(stores, mail);
    const slow = await stores.store.claimMail(at(0), at(minute));
    const next = await stores.second.claimMail(at(minute), at(2 * minute));
    if (slow === null || next === null) throw new Error('The mail was not claimed twice.');
    for (const outcome of [
      { kind: 'sent' },
      { kind: 'retry', dueAt: at(0), reason: 'late' },
    ] as const)
      await stores.store.settleMail(slow, outcome);
    expect(await stores.store.findMail(mail.id)).toEqual({
      ...mail,
      dueAt: at(2 * minute),
      tries: 2,
    });
    await stores.second.settleMail(next, { kind: 'sent' });
    expect(await stores.store.findMail(mail.id)).toMatchObject({ state: 'sent', content: null });
  });

  test('kept mails are listed newest first, of one address or of all', async () => {
    const mine = address();
    const kept = (ms: number, given: Partial<QueuedMail> = {}) =>
      aMail({ state: 'kept', createdAt: at(ms), ...given });
    const mails = [kept(1, { to: mine }), kept(3), kept(2, { to: mine })];
    const [first, second, third] = mails;
    await insert(stores, ...mails, aMail({ to: mine, createdAt: at(4) }));
    expect(await stores.store.keptMail(mine)).toEqual([third, first]);
    expect(await stores.store.keptMail(null)).toEqual([second, third, first]);
    expect(await stores.store.keptMail(address())).toEqual([]);
  });

  test('at most two hundred kept mails are returned, the newest', async () => {
    const to = address();
    const mails = Array.from({ length: 205 }, (_, n) =>
      aMail({ to, state: 'kept', createdAt: at(n) }),
    );
    for (let n = 0; n < mails.length; n += 15)
      await Promise.all(mails.slice(n, n + 15).map((mail) => stores.store.insertMail(mail)));
    const newest = mails.toReversed().slice(0, 200);
    expect(await stores.store.keptMail(to)).toEqual(newest);
    expect(await stores.store.keptMail(null)).toEqual(newest);
  });
}

function lookingContract(stores: Stores): void {
  test('mails of one state are listed newest first in pages, without those of the excluded domain', async () => {
    const mails = [1, 2, 2, 2, 3, 4].map((ms) => aMail({ createdAt: at(ms), dueAt: at(hour) }));
    const left = ['a@probe.test', 'b@probe.test'].map((to) => aMail({ to }));
    const alike = ['a@b.probe.test', 'a@myprobe.test', 'a@probe.test.example', 'a@probeXtest'].map(
      (to) => aMail({ to, createdAt: at(-1) }),
    );
    await insert(
      stores,
      ...mails,
      ...left,
      ...alike,
      aMail({ state: 'kept', createdAt: at(9) }),
      aMail({ state: 'sent', content: null }),
    );
    const page = (before: string | null, limit: number) =>
      stores.second.listMail({ state: 'queued', except: 'probe.test', before, limit });
    const all = await page(null, 100);
    expect(all.map(({ createdAt }) => createdAt.getTime() - at(0).getTime())).toEqual([
      4, 3, 2, 2, 2, 1, -1, -1, -1, -1,
    ]);
    expect(all.map(({ id }) => id).toSorted()).toEqual(
      [...mails, ...alike].map(({ id }) => id).toSorted(),
    );
    for (let n = 0; n < all.length - 1; n += 1)
      expect(await page(all[n]?.id ?? '', 2)).toEqual(all.slice(n + 1, n + 3));
    expect(await page('no such mail', 2)).toEqual([]);
  });

  test('an expired mail is dropped, with the reason, once nothing else is due', async () => {
    const [late, failed] = [
      aMail({ expiresAt: at(minute) }),
      aMail({ expiresAt: at(minute), lastError: '451' }),
    ];
    await insert(stores, late, failed);
    expect(await stores.store.claimMail(at(minute), lease)).toBeNull();
    expect(await stores.second.findMail(late.id)).toMatchObject({
      state: 'dropped',
      content: null,
      lastError: 'expired',
    });
    expect(await stores.second.findMail(failed.id)).toMatchObject({
      state: 'dropped',
      content: null,
      lastError: '451',
    });
  });

  test('a mail due later can be made due now, recorded once, unless a worker may have claimed it', async () => {
    const [late, soon] = [aMail({ dueAt: at(hour - 1) }), aMail({ dueAt: at(minute) })];
    await insert(stores, late, soon);
    const accountId = unique('account');
    const hasten = (store: Store, { id }: QueuedMail) =>
      store.hastenMail({ id, now: at(0), than: at(minute), event: anEvent({ accountId }) });
    expect((await stores.race(4, (store) => hasten(store, late))).filter(Boolean)).toHaveLength(1);
    expect([await hasten(stores.store, soon), await hasten(stores.store, aMail())]).toEqual([
      false,
      false,
    ]);
    expect(await stores.second.listEvents({ accountId, before: null, limit: 10 })).toHaveLength(1);
    expect(await stores.second.claimMail(at(0), lease)).toMatchObject({ id: late.id });
    expect(await stores.second.claimMail(at(0), lease)).toBeNull();
  });
}

function holdingContract(stores: Stores): void {
  test('mail to a held domain stays in the queue until the hold ends', async () => {
    const [held, other] = [
      aMail({ to: 'a@held.test', dueAt: at(-1) }),
      aMail({ to: 'a@sub.held.test' }),
    ];
    await insert(stores, held, other);
    await stores.second.holdMail('held.test', at(minute));
    expect(await stores.store.heldDomains()).toEqual(['held.test']);
    expect(await stores.store.claimMail(at(0), lease)).toMatchObject({ id: other.id });
    expect(await stores.store.claimMail(at(minute - 1), lease)).toBeNull();
    expect(await stores.store.claimMail(at(minute), lease)).toEqual({
      ...held,
      dueAt: lease,
      tries: 1,
    });
  });

  test('a hold also applies to mail queued later, and can be prolonged', async () => {
    await stores.store.holdMail('held.test', at(second));
    await stores.second.holdMail('held.test', at(minute));
    await insert(stores, aMail({ to: 'a@held.test' }));
    expect(await stores.store.claimMail(at(second), lease)).toBeNull();
  });

  test('the queued mails to a held domain are taken oldest first, and removed', async () => {
    await stores.store.holdMail('held.test', at(hour));
    const newer = aMail({ to: 'a@held.test', createdAt: at(2) });
    const older = aMail({
      to: 'b@held.test',
      createdAt: at(1),
      challengeId: 'c',
      expiresAt: at(2 * hour),
    });
    const [other, kept] = [
      aMail({ to: 'a@other.test' }),
      aMail({ to: 'a@held.test', state: 'kept' }),
    ];
    await insert(stores, newer, older, other, kept);
    expect(await stores.second.takeHeldMail('held.test')).toEqual([older, newer]);
    expect(await stores.store.takeHeldMail('held.test')).toEqual([]);
    expect(await stores.store.claimMail(at(0), at(2 * hour))).toMatchObject({ id: other.id });
    expect(await stores.store.claimMail(at(hour), at(2 * hour))).toBeNull();
    expect(await stores.store.keptMail(null)).toEqual([kept]);
  });

  test('no mail is taken from a domain that is not held', async () => {
    const mail = aMail({ to: 'a@free.test' });
    await insert(stores, mail);
    expect(await stores.store.takeHeldMail('free.test')).toEqual([]);
    expect(await stores.store.claimMail(at(0), lease)).toMatchObject({ id: mail.id });
  });

  test('wildcards in a domain match literally', async () => {
    await stores.store.holdMail('h%d.test', at(minute));
    await stores.store.holdMail('.*', at(minute));
    const mail = aMail({ to: 'a@held.test' });
    await insert(stores, mail);
    expect(await stores.store.claimMail(at(0), lease)).toMatchObject({ id: mail.id });
  });

  test('concurrent takers of held mail get each mail once', async () => {
    await stores.store.holdMail('held.test', at(hour));
    const mails = Array.from({ length: 10 }, (_, n) =>
      aMail({ to: `a${n}@held.test`, createdAt: at(n) }),
    );
    await insert(stores, ...mails);
    const taken = await stores.race(6, (store) => store.takeHeldMail('held.test'));
    expect(
      taken
        .flat()
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual(mails.map(({ id }) => id).toSorted());
  });
}
