import { mongo } from 'mongoose';
import { expect, it } from 'vitest';
import { deployed, type TestDeployment } from '../../test/deployment.ts';
import { openEncryptedFile } from '../../test/encrypted-file.ts';
import { onBothStores } from '../../test/on-both-stores.ts';
import { goodPassword, type Visitor } from '../../test/visitor.ts';
import { day } from '../clock.ts';
import { hashToken } from '../crypto/token.ts';

const cookie = 'flowcept-device';

onBothStores('the device cookies of a browser', (database) => {
  const deployment = deployed(database);
  let made = 0;
  const newEmail = () => `device${(made += 1)}@example.org`;
  const signIn = async (visitor: Visitor, email: string): Promise<void> =>
    expect((await visitor.post('/api/sign-in', { email, password: goodPassword })).status).toBe(
      200,
    );
  const deviceCookiesOf = (visitor: Visitor): string[] =>
    visitor.cookies.get(cookie)?.split('.') ?? [];
  /** Subjects of the emails about sign-ins to the account owner, oldest first. */
  const told = async (email: string): Promise<string[]> => {
    const { body } = await deployment()
      .visitor()
      .get(`/sandbox/mailbox?to=${email}`, { Accept: 'application/json' });
    const subjects: string[] = body.items.map(({ subject }: { subject: string }) => subject);
    return subjects.filter((subject) => /signed in|sign-in/.test(subject)).toReversed();
  };
  const withCookies = (deviceCookies: readonly string[]): Visitor => {
    const visitor = deployment().visitor();
    visitor.cookies.set(cookie, deviceCookies.join('.'));
    return visitor;
  };

  it('are separate for each account, and renewed by its sign-ins alone', async () => {
    const browser = deployment().visitor();
    const [ada, grace] = [newEmail(), newEmail()];
    await browser.join(ada);
    const [adas] = deviceCookiesOf(browser);
    await browser.join(grace);
    const [graces, ...others] = deviceCookiesOf(browser);
    expect([graces === adas, others]).toEqual([false, [adas]]);
    await signIn(browser, ada);
    const now = deviceCookiesOf(browser);
    expect([now.length, now[1], now.includes(adas ?? '')]).toEqual([2, graces, false]);
    for (const email of [grace, ada, ada, grace]) await signIn(browser, email);
    expect([await told(ada), await told(grace)]).toEqual([[], []]);
  });

  it('notify the owner of a sign-in with one that was renewed since, for a month', async () => {
    const browser = deployment().visitor();
    const email = newEmail();
    await browser.join(email);
    const copied = deviceCookiesOf(browser);
    await signIn(browser, email);
    await signIn(withCookies(copied), email);
    expect(await told(email)).toEqual(['Flowcept: Check a recent sign-in to your account']);
    deployment().clock.move(31 * day);
    await signIn(withCookies(copied), email);
    expect((await told(email)).at(-1)).toBe('Flowcept: A new device signed in to your account');
  });

  it('that a thief renewed are outdated in the owner’s browser, and the owner is notified', async () => {
    const browser = deployment().visitor();
    const email = newEmail();
    await browser.join(email);
    await signIn(withCookies(deviceCookiesOf(browser)), email);
    await signIn(browser, email);
    expect(await told(email)).toEqual(['Flowcept: Check a recent sign-in to your account']);
  });

  it('of the earlier schema are valid for all accounts of the browser, once for each', async () => {
    const browser = deployment().visitor();
    const [ada, grace] = [newEmail(), newEmail()];
    await browser.join(ada);
    const [shared = ''] = deviceCookiesOf(browser);
    await browser.join(grace);
    const accountOf = async (email: string) =>
      (await deployment().services.store.findAccountByEmail(email))?.id ?? 'none';
    await share(deployment(), hashToken(shared), [await accountOf(ada), await accountOf(grace)]);
    browser.cookies.set(cookie, shared);
    for (const email of [ada, grace, grace, ada, grace]) await signIn(browser, email);
    expect([await told(ada), await told(grace)]).toEqual([[], []]);
    await signIn(withCookies([shared]), grace);
    expect(await told(grace)).toEqual(['Flowcept: Check a recent sign-in to your account']);
  });

  it('that are malformed, or more than a browser has, identify no device and cause no error', async () => {
    const odd = [
      '',
      '.',
      'x',
      `${'A'.repeat(43)}.`,
      `.${'A'.repeat(43)}`,
      Array(11).fill('A'.repeat(43)).join('.'),
      `${'A'.repeat(43)}.${'A'.repeat(43)}`,
      `${'A'.repeat(42)}"`,
    ];
    for (const value of odd) {
      const email = newEmail();
      await deployment().visitor().join(email);
      await signIn(withCookies([value]), email);
      expect(await told(email), value).toHaveLength(1);
    }
    const email = newEmail();
    await deployment().visitor().join(email);
    const crowd = Array.from({ length: 10 }, (_, n) => String.fromCharCode(65 + n).repeat(43));
    const browser = withCookies(crowd);
    await signIn(browser, email);
    expect(deviceCookiesOf(browser).slice(1)).toEqual(crowd.slice(0, 9));
  });
});

/** Turns a device cookie into one of the earlier schema, which several accounts shared. */
async function share(
  { config }: TestDeployment,
  deviceCookie: string,
  accountIds: readonly string[],
): Promise<void> {
  const [now, end] = [Date.now(), Date.now() + 300 * day];
  if (config.database.kind === 'libsql') {
    const file = await openEncryptedFile(config.database.path, config);
    const put = file.prepare(
      'INSERT OR REPLACE INTO devices (account_id, device, first_used_at, expires_at, replaced_at, shared) VALUES (?, ?, ?, ?, NULL, 1)',
    );
    for (const accountId of accountIds) put.run(accountId, deviceCookie, now, end);
    return void file.close();
  }
  const client = await mongo.MongoClient.connect(config.database.url);
  const devices = client.db().collection<{ _id: string }>('devices');
  for (const accountId of accountIds) {
    const document = {
      v: 1,
      accountId,
      firstUsedAt: new Date(now),
      expiresAt: new Date(end),
      replacedAt: null,
      shared: true,
    };
    await devices.replaceOne({ _id: `${deviceCookie}:${accountId}` }, document, { upsert: true });
  }
  await client.close();
}
