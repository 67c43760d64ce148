import { expect, it } from 'vitest';
import { deployed } from '../../test/deployment.ts';
import { onBothStores } from '../../test/on-both-stores.ts';
import { goodPassword } from '../../test/visitor.ts';
import { offerClaim } from '../accounts/claim-operator.ts';

onBothStores('the last operator', (database) => {
  const deployment = deployed(database);
  async function claim(email: string) {
    const visitor = deployment().visitor();
    const token = (await offerClaim(deployment().services)).split('token=')[1];
    const { body } = await visitor.post('/api/operators/claim', {
      token,
      email,
      password: goodPassword,
      name: 'Olga',
    });
    return { visitor, id: body.user.id as string };
  }

  it('keeps the role, also if two operators remove each other’s at once', async () => {
    const olga = await claim('olga@example.org');
    const withdraw = (by: typeof olga, from: typeof olga) =>
      by.visitor.send('PATCH', `/api/operator/accounts/${from.id}`, { operator: false });
    const alone = await withdraw(olga, olga);
    expect([alone.status, alone.body.type]).toEqual([409, '/problems/conflict']);
    const otto = await claim('otto@example.org');
    const statuses = (await Promise.all([withdraw(olga, otto), withdraw(otto, olga)])).map(
      ({ status }) => status,
    );
    expect(statuses.toSorted()).toEqual([200, 403]);
    expect(await deployment().services.store.hasOperator()).toBe(true);
  });

  it('keeps the role while the only other operator is leaving, also if both happen at once', async () => {
    const { services, visitor: newVisitor } = deployment();
    const everyone = await services.store.listAccounts({
      search: '',
      except: null,
      after: null,
      limit: 10,
      now: deployment().clock.now(),
    });
    const olga = await claim('olga2@example.org');
    const withdraw = (id: string) =>
      olga.visitor.send('PATCH', `/api/operator/accounts/${id}`, { operator: false });
    for (const { account } of everyone.filter(({ account: { operator } }) => operator))
      expect((await withdraw(account.id)).status).toBe(200);

    const otto = await claim('otto2@example.org');
    const [closed, withdrawn] = await Promise.all([
      otto.visitor.delete('/api/account'),
      withdraw(olga.id),
    ]);
    const won = withdrawn.status === 200 ? [409, 200] : [202, 409];
    expect([closed.status, withdrawn.status], 'one of the two').toEqual(won);
    if (closed.status !== 202) return;
    const alone = await withdraw(olga.id);
    expect([alone.status, alone.body.type]).toEqual([409, '/problems/conflict']);
    const { body } = await newVisitor().post('/api/sign-in', {
      email: 'otto2@example.org',
      password: goodPassword,
    });
    expect((await newVisitor().post('/api/account/reopen', { token: body.reopen })).status).toBe(
      200,
    );
    expect((await withdraw(olga.id)).status).toBe(200);
  });
});
