import { afterAll, beforeAll, expect, it } from 'vitest';
import { goThrough, problemOf, setOut } from '../../test/at-provider.ts';
import { cheapHashes, deploy, type TestDeployment } from '../../test/deployment.ts';
import { hostileProvider, type Provider } from '../../test/hostile-provider.ts';
import { onBothStores } from '../../test/on-both-stores.ts';
import type { Answer, Visitor } from '../../test/visitor.ts';

type Name = 'google' | 'github';
const names = ['google', 'github'] as const;

/** Two servers that could each be the configured Google and GitHub, and give the same subjects to different users. */
onBothStores('an identity belongs to the server that named it', (database) => {
  let one: Provider;
  let other: Provider;
  let running: TestDeployment | undefined;
  let people = 0;
  beforeAll(async () => {
    [one, other] = [await hostileProvider(), await hostileProvider()];
  });
  afterAll(async () => {
    await running?.stop();
    await one.close();
    await other.close();
  });

  /** Returns a function that stops the deployment and starts it on the same database with other settings. */
  async function restarts(): Promise<(variables: object) => Promise<TestDeployment>> {
    const same = await database();
    return async (variables) => {
      await running?.stop();
      running = undefined;
      return (running = await deploy(async () => same, { ...variables }, cheapHashes({})));
    };
  }

  /** A user whom both servers know, with the same subject. */
  function newPerson(): { email: string } {
    people += 1;
    for (const provider of [one, other]) {
      provider.claims['sub'] = `subject-${people}`;
      provider.user = { id: people, login: 'someone', name: 'Someone' };
    }
    return named(`issuer${people}@example.org`);
  }

  function named(email: string): { email: string } {
    for (const provider of [one, other]) {
      provider.claims['email'] = email;
      provider.emails = [{ email, primary: true, verified: true }];
    }
    return { email };
  }

  async function comeBack(
    visitor: Visitor,
    name: Name,
    purpose: 'sign-in' | 'connect' | 'confirm' = 'sign-in',
  ): Promise<Answer> {
    const { searchParams: query } = await setOut(visitor, name, { purpose });
    for (const provider of [one, other]) provider.nonce = query.get('nonce') ?? '';
    return visitor.get(`/api/sign-in/${name}/callback?code=a-code&state=${query.get('state')}`);
  }

  const userOf = async (visitor: Visitor) => (await visitor.get('/api/session')).body.user;
  const listed = async (visitor: Visitor) =>
    (await visitor.get('/api/account/providers')).body.items;

  /** The same browser after a restart. */
  function returning(deployment: TestDeployment, before: Visitor): Visitor {
    const visitor = deployment.visitor();
    for (const [name, value] of before.cookies) visitor.cookies.set(name, value);
    return visitor;
  }

  for (const name of names) {
    it(`a stranger with the same subject at another ${name} does not get the account`, async () => {
      const restart = await restarts();
      const { email } = newPerson();
      const owner = (await restart(one.variables)).visitor();
      await comeBack(owner, name);
      const { id } = await userOf(owner);

      const deployment = await restart(other.variables);
      const same = deployment.visitor();
      expect(problemOf(await comeBack(same, name)), 'with the address of the account').toBe(
        'account-exists',
      );
      expect((await same.get('/api/session')).status).toBe(401);
      named(`stranger-${email}`);
      const stranger = deployment.visitor();
      expect((await comeBack(stranger, name)).headers.get('location')).toBe('/home');
      expect(await userOf(stranger)).toMatchObject({ email: `stranger-${email}` });
      const signedIn = returning(deployment, owner);
      expect((await userOf(signedIn)).id, 'sessions continue').toBe(id);
      expect(await listed(signedIn)).toMatchObject([{ provider: name, email, usable: false }]);
      expect(
        (await signedIn.post(`/api/session/confirm/${name}`, {})).status,
        'the old connection confirms nothing',
      ).toBe(403);

      const back = await restart(one.variables);
      const again = back.visitor();
      await comeBack(again, name);
      expect((await userOf(again)).id, 'after a return to the first server').toBe(id);
      expect(await listed(again)).toMatchObject([{ provider: name, email, usable: true }]);
    });

    it(`an account connects the other ${name} once the first one is disconnected`, async () => {
      const restart = await restarts();
      const { email } = newPerson();
      const owner = (await restart(one.variables)).visitor();
      await owner.join(`member-${email}`);
      expect(problemOf(await comeBack(owner, name, 'connect'))).toBeNull();

      const deployment = await restart(other.variables);
      const signedIn = returning(deployment, owner);
      const { id } = await userOf(signedIn);
      expect(problemOf(await comeBack(signedIn, name, 'connect'))).toBe('connected-elsewhere');
      expect((await signedIn.delete(`/api/account/providers/${name}`)).status).toBe(204);
      expect(problemOf(await comeBack(signedIn, name, 'connect'))).toBeNull();
      expect(await listed(signedIn)).toMatchObject([{ provider: name, usable: true }]);
      const elsewhere = deployment.visitor();
      await comeBack(elsewhere, name);
      expect((await userOf(elsewhere)).id).toBe(id);

      const back = (await restart(one.variables)).visitor();
      await comeBack(back, name);
      expect((await userOf(back)).email, 'the first server’s user is a new one').toBe(email);
    });

    it(`mock ${name} is the same one at another address of the deployment`, async () => {
      const restart = await restarts();
      const { email } = newPerson();
      const before = (await restart({ PORT: '3000' })).visitor();
      await goThrough(before, name, { email });
      const { id } = await userOf(before);
      const after = (
        await restart({ PORT: '3001', PUBLIC_URL: 'http://127.0.0.1:3001' })
      ).visitor();
      await goThrough(after, name, { email });
      expect((await userOf(after)).id).toBe(id);
    });
  }
});
