import { expect, test } from 'vitest';
import { hour, day } from '../../clock.ts';
import type { Account } from '../../records.ts';
import { begin, insertAccount, type Open, type Stores, useStores } from './opened.ts';
import { address, aFactor, aNotice, anEvent, aPasskey, aSession, at } from './samples.ts';

const except = 'canary.test';

/** The rule that every account needs a second factor: who sets it, and whom it affects. */
export function factorRuleContract(open: Open): void {
  const stores = useStores(open, 'each-time');

  test('only an operator with a second factor sets and removes the rule', async () => {
    const { store, second } = stores;
    const operator = await insertAccount(stores, { operator: true });
    const member = await enrolled(stores);
    const set = ({ id }: Account, from: Date | null) =>
      store.setFactorRule({
        rule: from && { from },
        event: anEvent({ accountId: id, action: 'operator.factor-required' }),
      });
    expect([await set(operator, at(day)), await set(member, at(day))]).toEqual([false, false]);
    expect(await second.findFactorRule()).toBeNull();
    await enrol(stores, operator);
    expect([await set(operator, at(day)), await set(operator, at(hour))]).toEqual([true, true]);
    expect(await second.findFactorRule(), 'it is set').toEqual({ from: at(day) });
    expect([await set(operator, null), await set(operator, null)]).toEqual([true, true]);
    expect(await second.findFactorRule()).toBeNull();
    expect(
      await store.listActions({ actions: ['operator.factor-required'], before: null, limit: 10 }),
    ).toHaveLength(2);
  });

  test('enrolment is required of accounts without a confirmed factor from the rule’s time on, until they add one', async () => {
    const { store, second } = stores;
    const operator = await enrolled(stores, { operator: true });
    const [without, tried] = [await insertAccount(stores), await insertAccount(stores)];
    await store.openFactor(aFactor({ accountId: tried.id }));
    const enrolmentFrom = async ({ id: accountId }: Account, from = stores.second) => {
      const session = aSession({ accountId });
      await begin(store, session);
      return (await from.findSession(session.tokenHash))?.enrolmentRequiredFrom;
    };
    expect(await enrolmentFrom(without), 'there is no rule').toBeNull();
    await second.setFactorRule({
      rule: { from: at(day) },
      event: anEvent({ accountId: operator.id }),
    });
    for (const from of [store, second]) {
      expect(await enrolmentFrom(operator, from)).toBeNull();
      expect(await enrolmentFrom(without, from)).toEqual(at(day));
      expect(await enrolmentFrom(tried, from), 'not confirmed').toEqual(at(day));
    }
    const session = aSession({ accountId: without.id });
    await begin(store, session);
    expect((await second.findSession(session.tokenHash))?.enrolmentRequiredFrom).toEqual(at(day));
    const passkey = await enrol(stores, without);
    expect(
      (await second.findSession(session.tokenHash))?.enrolmentRequiredFrom,
      'at the next request',
    ).toBeNull();
    await store.removeFactor({ accountId: without.id, id: passkey, notice: aNotice(without.id) });
    expect((await second.findSession(session.tokenHash))?.enrolmentRequiredFrom).toEqual(at(day));
    await store.setFactorRule({ rule: null, event: anEvent({ accountId: operator.id }) });
    expect((await second.findSession(session.tokenHash))?.enrolmentRequiredFrom).toBeNull();
  });

  test('the number of compliant accounts is counted', async () => {
    expect(await stores.store.countFactors(except)).toEqual({
      accounts: 0,
      enrolled: 0,
      operators: 0,
      enrolledOperators: 0,
    });
    await enrolled(stores, { operator: true });
    await insertAccount(stores, { operator: true });
    const twice = await enrolled(stores);
    await enrol(stores, twice);
    await insertAccount(stores);
    await enrolled(stores, { email: address(except) });
    await enrolled(stores, { email: address(`run.${except}`) });
    await enrolled(stores, { email: address(except), operator: true });
    expect(await stores.second.countFactors(except)).toEqual({
      accounts: 6,
      enrolled: 4,
      operators: 3,
      enrolledOperators: 2,
    });
    expect(await stores.second.countFactors(null)).toEqual({
      accounts: 7,
      enrolled: 5,
      operators: 3,
      enrolledOperators: 2,
    });
  });
}

async function enrol({ store }: Stores, { id: accountId }: Account): Promise<string> {
  const factor = aPasskey({ accountId });
  await store.addPasskey({
    factor,
    session: null,
    recoveryCodes: [],
    stopping: aNotice(accountId),
    notice: aNotice(accountId),
  });
  return factor.id;
}

async function enrolled(stores: Stores, given: Partial<Account> = {}): Promise<Account> {
  const account = await insertAccount(stores, given);
  await enrol(stores, account);
  return account;
}
