import { generateSync } from 'otplib';
import { describe, expect, it } from 'vitest';
import { goThrough } from '../../test/at-provider.ts';
import { deployed } from '../../test/deployment.ts';
import { onBothStores } from '../../test/on-both-stores.ts';
import { goodPassword, type Visitor } from '../../test/visitor.ts';
import { hour, day } from '../clock.ts';

const password = 'a slow boat crosses the lake';

onBothStores('“This wasn’t me”', (database) => {
  const deployment = deployed(database);
  let made = 0;
  const newAddress = () => `undoing${(made += 1)}@example.org`;

  async function member() {
    const visitor = deployment().visitor();
    const email = newAddress();
    await visitor.join(email);
    return { visitor, email };
  }
  async function signIn(email: string, using = goodPassword) {
    const visitor = deployment().visitor();
    const { body } = await visitor.post('/api/sign-in', { email, password: using });
    return { visitor, body };
  }
  const mailsTo = async (email: string): Promise<{ subject: string; text: string }[]> =>
    (
      await deployment()
        .visitor()
        .get(`/sandbox/mailbox?to=${encodeURIComponent(email)}`, { Accept: 'application/json' })
    ).body.items;
  /** Newest first. */
  const linksTo = async (email: string) =>
    (await mailsTo(email)).flatMap(({ text }) => /undo#token=([\w-]+)/.exec(text)?.[1] ?? []);
  const use = (token: string | undefined, more = {}) =>
    deployment()
      .visitor()
      .post('/api/account/undo', { token, ...more });
  async function move(visitor: Visitor, to: string) {
    const { body } = await visitor.post('/api/account/email', { email: to });
    return visitor.post(`/api/challenges/${body.challenge.id}/verify`, {
      code: await visitor.codeFor(to),
    });
  }
  async function addApp(visitor: Visitor) {
    const { body } = await visitor.post('/api/factors/totp');
    deployment().clock.move(30_000);
    const code = generateSync({
      secret: body.secret,
      epoch: Math.floor(deployment().clock.now().getTime() / 1_000),
    });
    const added = await visitor.post('/api/factors/totp/confirm', { id: body.factor.id, code });
    expect(added.status).toBe(200);
    return added.body.recoveryCodes as string[] | undefined;
  }
  /** Resets the password with an emailed code. */
  async function recover(email: string) {
    const visitor = deployment().visitor();
    deployment().clock.move(hour);
    const { body } = await visitor.post('/api/recovery', { email });
    expect(
      (
        await visitor.post('/api/recovery/complete', {
          challenge: body.challenge.id,
          code: await visitor.codeFor(email),
          password,
        })
      ).status,
    ).toBe(200);
    return signIn(email, password);
  }
  const accountOf = (email: string) => deployment().services.store.findAccountByEmail(email);
  const factorsOf = async (email: string) =>
    deployment().services.store.factorsOf((await accountOf(email))?.id ?? '');

  it('keeps what is older than the earliest valid link, such as a factor, and removes what an intruder added', async () => {
    const { visitor, email } = await member();
    const codes = (await addApp(visitor)) ?? [];
    deployment().clock.move(8 * day);
    const { visitor: intruder, body } = await signIn(email);
    await intruder.post('/api/sign-in/second-factor', {
      challenge: body.challenge.id,
      method: 'recovery-code',
      code: codes[0],
    });
    const renewed = await intruder.post('/api/factors/recovery-codes');
    expect(renewed.status).toBe(201);
    await addApp(intruder);
    expect((await use((await linksTo(email)).at(0))).status).toBe(200);
    expect(await factorsOf(email), 'the codes of the intruder are gone').toMatchObject({
      factors: [{ type: 'totp' }],
      recoveryCodesLeft: 0,
    });
    const { body: again } = await recover(email);
    expect(again.methods).toEqual(['totp']);
    const stale = await deployment().visitor().post('/api/sign-in/second-factor', {
      challenge: again.challenge.id,
      method: 'recovery-code',
      code: renewed.body.recoveryCodes[0],
    });
    expect(stale.status).toBe(422);
  });

  it('restores the address of the earliest valid link, and ignores expired links', async () => {
    const { visitor, email } = await member();
    const moved = newAddress();
    expect((await move(visitor, moved)).status).toBe(200);
    deployment().clock.move(6 * day);
    const { visitor: intruder } = await signIn(moved);
    const stolen = newAddress();
    await move(intruder, stolen);
    deployment().clock.move(day);
    expect((await use((await linksTo(email))[0])).status, 'seven days after the owner moved').toBe(
      410,
    );
    expect((await use((await linksTo(moved)).at(-1))).status).toBe(200);
    expect([
      await accountOf(email),
      (await accountOf(moved))?.passwordHash,
      await accountOf(stolen),
    ]).toEqual([null, null, null]);
  });

  it('does not undo a change whose own notice has expired', async () => {
    const { email } = await member();
    const { visitor: first } = await signIn(email);
    deployment().clock.move(3 * day);
    const { visitor: intruder } = await signIn(email);
    await addApp(intruder);
    expect(first).toBeDefined();
    expect(
      (await use((await linksTo(email)).at(-1))).status,
      'the link of a notice three days before',
    ).toBe(200);
    expect(await factorsOf(email)).toEqual({ factors: [], recoveryCodesLeft: 0 });
  });

  it('has a window that notices caused by an intruder do not extend', async () => {
    const { email } = await member();
    const { visitor: intruder } = await signIn(email);
    const mailbox = newAddress();
    await move(intruder, mailbox);
    for (let turn = 0; turn < 3; turn += 1) {
      deployment().clock.move(day);
      await signIn(mailbox);
    }
    expect((await use((await linksTo(email))[0])).status).toBe(200);
    for (const token of await linksTo(mailbox)) expect((await use(token)).status).toBe(410);
    deployment().clock.move(5 * day);
    for (const token of await linksTo(mailbox)) expect((await use(token)).status).toBe(410);
    expect(await accountOf(mailbox)).toBeNull();
  });

  describe('while another account has the address to restore', () => {
    /**
     * An intruder changes the account’s email address. Then another person with brief access to the owner’s mailbox
     * creates an account with the old address.
     */
    async function squatted() {
      const { visitor: intruder, email } = await member();
      const mailbox = newAddress();
      await move(intruder, mailbox);
      const squatter = deployment().visitor();
      await squatter.join(email, password);
      return { intruder, email, mailbox, squatter, id: (await accountOf(mailbox))?.id ?? '' };
    }
    const toldOf = async (email: string) =>
      (await mailsTo(email))
        .filter(({ subject }) => /“This wasn’t me” link was used/.test(subject))
        .map(({ text }) => text);

    it('does everything else, and leaves no access through the intruder’s address (E216)', async () => {
      const { intruder, email, mailbox } = await squatted();
      await addApp(intruder);
      const pending = await intruder.post('/api/account/email', { email: newAddress() });
      expect((await use((await linksTo(email)).at(-1))).body).toEqual({
        doneToOthers: [],
        address: 'taken',
      });
      expect((await intruder.get('/api/session')).status).toBe(401);
      expect(
        (
          await deployment()
            .visitor()
            .post(`/api/challenges/${pending.body.challenge.id}/verify`, { code: '000000' })
        ).status,
      ).not.toBe(200);
      expect((await signIn(mailbox)).body).toMatchObject({ type: '/problems/wrong-credentials' });
      deployment().clock.move(hour);
      const unknown = newAddress();
      const asked = await Promise.all(
        [mailbox, unknown].map((address) =>
          deployment().visitor().post('/api/recovery', { email: address }),
        ),
      );
      expect(asked.map(({ status }) => status)).toEqual([202, 202]);
      const newest = async (address: string) => (await mailsTo(address))[0]?.subject;
      expect(await newest(mailbox), 'as an address that has no account').toBe(
        await newest(unknown),
      );
      for (const token of await linksTo(mailbox)) expect((await use(token)).status).toBe(410);
      expect(await toldOf(mailbox)).toEqual([expect.stringContaining('No action is needed.')]);
      expect(await toldOf(email)).toEqual([expect.stringContaining('Use the same link again')]);
    });

    it('restores the address when the link is used again, after its owner has changed the other account’s address', async () => {
      const { email, id } = await squatted();
      const token = (await linksTo(email)).at(-1);
      for (const turn of [1, 2])
        expect((await use(token)).body, `use ${turn}`).toMatchObject({ address: 'taken' });
      const { visitor: owner, body } = await recover(email);
      expect(body.user.id, 'the other account, by the mailbox').not.toBe(id);
      await move(owner, newAddress());
      expect((await use(token)).body).toMatchObject({ address: 'restored' });
      expect((await use(token)).status).toBe(410);
      expect((await recover(email)).body.user).toMatchObject({ id, email });
    });

    it('lets the owner free the address, also if a provider verified it and the other account has a second factor', async () => {
      const { visitor: intruder, email } = await member();
      await move(intruder, newAddress());
      const token = (await linksTo(email)).at(-1);
      const squatter = deployment().visitor();
      await goThrough(squatter, 'google', { email });
      await addApp(squatter);
      expect((await use(token)).body).toMatchObject({ address: 'taken' });
      expect(
        (await use((await linksTo(email))[0])).body,
        'the link about that factor',
      ).toMatchObject({ address: 'restored' });
      expect((await squatter.get('/api/session')).status).toBe(401);
      const { visitor: owner } = await recover(email);
      await move(owner, newAddress());
      expect((await use(token)).body).toMatchObject({ address: 'restored' });
    });

    it('stays valid while the other account is scheduled for deletion (E217)', async () => {
      const { intruder, email, squatter, id } = await squatted();
      expect((await squatter.delete('/api/account')).status).toBe(202);
      const token = (await linksTo(email)).at(-1);
      expect((await use(token)).body).toMatchObject({ address: 'taken' });
      expect((await intruder.get('/api/session')).status).toBe(401);
      deployment().clock.move(15 * day);
      await deployment().services.store.eraseClosed(deployment().clock.now());
      await deployment().services.store.purge(deployment().clock.now());
      expect((await use(token)).body).toMatchObject({ address: 'restored' });
      expect((await accountOf(email))?.id).toBe(id);
    });
  });

  it('notifies every address of the account, without a link that would undo the undo', async () => {
    const { visitor, email } = await member();
    const [second, third] = [newAddress(), newAddress()];
    for (const address of [second, third]) await move(visitor, address);
    const before = await Promise.all([email, second, third].map(linksTo));
    const { status, body } = await use(before[0]?.[0]);
    expect([status, body]).toEqual([200, { doneToOthers: [], address: 'restored' }]);
    for (const [n, address] of [email, second, third].entries()) {
      const told = (await mailsTo(address)).filter(({ subject }) =>
        /“This wasn’t me” link was used/.test(subject),
      );
      expect(told, address).toHaveLength(1);
      expect(told[0]?.text.includes('/recovery'), 'recovery uses the owner’s address').toBe(
        n === 0,
      );
      expect(await linksTo(address)).toEqual(before[n]);
    }
  });
});
