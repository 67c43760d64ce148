import { expect, test } from 'vitest';
import { second, minute, hour, day } from '../../clock.ts';
import { begin, insertAccount, knowsDevice, type Open, useStores } from './opened.ts';
import {
  aChallenge,
  aMail,
  anEvent,
  aNotice,
  aSession,
  aSignUp,
  at,
  hashed,
  sealed,
  unique,
  anUndoing,
  aCount,
} from './samples.ts';

/** Secrets, leases, purging and preparing. */
export function deploymentContract(open: Open): void {
  const stores = useStores(open, 'once');

  test('preparing again over two connections at the same time changes nothing', async () => {
    const name = unique('secret');
    await stores.store.keepSecret(name, sealed('first'));
    await stores.race(4, (store) => store.prepare());
    expect(await stores.second.findSecret(name)).toBe(sealed('first'));
  });

  test('a ping is answered on either connection', async () => {
    await stores.race(2, (store) => store.ping());
  });

  test('a secret that was never stored does not exist', async () => {
    expect(await stores.store.findSecret(unique('secret'))).toBeNull();
  });

  test('the first secret of a name is kept permanently', async () => {
    const name = unique('secret');
    expect(await stores.store.keepSecret(name, sealed('first'))).toBe(sealed('first'));
    expect(await stores.second.keepSecret(name, sealed('later'))).toBe(sealed('first'));
    await stores.store.purge(at(1000 * day));
    expect(await stores.second.findSecret(name)).toBe(sealed('first'));
  });

  test('thirty processes that store a secret at the same time get the same one', async () => {
    const name = unique('secret');
    const kept = await stores.race(30, (store, turn) => store.keepSecret(name, sealed(`${turn}`)));
    expect(new Set(kept).size).toBe(1);
    expect(await stores.store.findSecret(name)).toBe(kept[0]);
  });

  test('a lease has one holder, who can prolong it', async () => {
    const name = unique('lease');
    expect(await stores.store.takeLease(name, 'a', at(minute), at(0))).toBe(true);
    expect(await stores.second.takeLease(name, 'b', at(minute), at(0))).toBe(false);
    expect(await stores.store.takeLease(name, 'a', at(2 * minute), at(30 * second))).toBe(true);
    expect(await stores.second.takeLease(name, 'b', at(3 * minute), at(90 * second))).toBe(false);
  });

  test('a lease is free at the instant it ends', async () => {
    const name = unique('lease');
    await stores.store.takeLease(name, 'a', at(minute), at(0));
    expect(await stores.second.takeLease(name, 'b', at(2 * minute), at(minute - 1))).toBe(false);
    expect(await stores.second.takeLease(name, 'b', at(2 * minute), at(minute))).toBe(true);
    expect(await stores.store.takeLease(name, 'a', at(2 * minute), at(minute))).toBe(false);
  });

  test('the holder of a lease can be read without taking it', async () => {
    const name = unique('lease');
    const holder = (ms: number) => stores.second.leaseHolder(name, at(ms));
    expect(await holder(0)).toBeNull();
    await stores.store.takeLease(name, 'a', at(minute), at(0));
    expect([await holder(0), await holder(minute - 1), await holder(minute)]).toEqual([
      'a',
      'a',
      null,
    ]);
    await stores.store.dropLease(name, 'a');
    expect(await holder(0)).toBeNull();
  });

  test('only the holder releases a lease', async () => {
    const name = unique('lease');
    await stores.store.takeLease(name, 'a', at(minute), at(0));
    await stores.second.dropLease(name, 'b');
    expect(await stores.second.takeLease(name, 'b', at(minute), at(0))).toBe(false);
    await stores.store.dropLease(name, 'a');
    expect(await stores.second.takeLease(name, 'b', at(minute), at(0))).toBe(true);
    await stores.store.dropLease(unique('lease'), 'a');
  });

  test('of thirty concurrent attempts to take one lease one succeeds', async () => {
    const name = unique('lease');
    const took = await stores.race(30, (store, turn) =>
      store.takeLease(name, `${turn}`, at(minute), at(0)),
    );
    expect(took.filter(Boolean)).toHaveLength(1);
    const next = await stores.race(30, (store, turn) =>
      store.takeLease(name, `next ${turn}`, at(2 * minute), at(minute)),
    );
    expect(next.filter(Boolean)).toHaveLength(1);
  });

  test('purging removes only records that expired a day ago', async () => {
    const { store } = stores;
    const old = aSignUp();
    const young = aSignUp({ createdAt: at(2 * day) });
    const account = await insertAccount(stores);
    const past = aSession({ accountId: account.id });
    const idle = aSession({ accountId: account.id, expiresAt: at(90 * day) });
    const live = aSession({
      accountId: account.id,
      expiresAt: at(90 * day),
      lastUsedAt: at(2 * day),
    });
    for (const session of [past, idle, live]) await begin(store, session);
    for (const each of [old, young]) await store.openSignUp(each);
    await store.purge(at(2 * day + hour));

    expect(await store.findChallenge(old.challenge.id)).toBeNull();
    expect(await store.findChallenge(young.challenge.id)).toEqual(young.challenge);
    expect(await store.newestSignUp(old.signUp.email, at(0))).toBeNull();
    expect(await store.newestSignUp(young.signUp.email, at(2 * day))).toEqual(young.signUp);
    expect(await store.findSession(past.tokenHash)).toBeNull();
    expect(await store.findSession(idle.tokenHash)).toBeNull();
    expect(await store.findSession(live.tokenHash)).not.toBeNull();
    expect(await store.findAccount(account.id)).toEqual(account);
    expect(await knowsDevice(stores, hashed('laptop'), account.id)).toBe(true);
  });

  test('purging removes only the undos that expired a day ago', async () => {
    const { store } = stores;
    const { id: accountId } = await insertAccount(stores);
    const [over, young] = [
      aNotice(accountId, { undo: { expiresAt: at(hour) } }),
      aNotice(accountId, { undo: { expiresAt: at(hour + 1) } }),
    ];
    for (const notice of [over, young]) await begin(store, aSession({ accountId }), { notice });
    await store.purge(at(day + hour));
    expect(
      await store.redeemUndo(
        anUndoing({ tokenHash: over.undo.tokenHash, event: anEvent(), now: at(0) }),
      ),
    ).toBeNull();
    expect(
      await store.redeemUndo(
        anUndoing({ tokenHash: young.undo.tokenHash, event: anEvent(), now: at(0) }),
      ),
    ).not.toBeNull();
  });

  test('purging keeps expired records for a day', async () => {
    const { store } = stores;
    const opened = aSignUp();
    await store.openSignUp(opened);
    await store.purge(at(10 * minute + day - 1));
    expect(await store.findChallenge(opened.challenge.id)).toEqual(opened.challenge);
  });

  test('purging keeps current leases, limits, holds and mail', async () => {
    const { store } = stores;
    const name = unique('lease');
    const key = unique('key');
    const rule = { limit: 1, window: hour };
    const domain = `${unique('domain')}.test`;
    const mail = aMail({ to: `a@${domain}`, challengeId: aChallenge().id, expiresAt: at(2 * day) });
    await store.takeLease(name, 'a', at(2 * day), at(0));
    await store.consumeLimit(key, rule, at(day), aCount());
    await store.holdMail(domain, at(2 * day));
    await store.insertMail(mail);
    await store.purge(at(day + minute));
    expect(await store.takeLease(name, 'b', at(2 * day), at(day + minute))).toBe(false);
    expect(await store.consumeLimit(key, rule, at(day + minute), aCount())).toEqual({
      allowed: false,
      retryAt: at(day + hour),
    });
    expect(await store.takeHeldMail(domain)).toEqual([mail]);
  });
}
