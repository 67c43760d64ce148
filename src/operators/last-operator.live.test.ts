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
});
