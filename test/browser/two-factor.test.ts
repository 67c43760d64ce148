import { generateSync } from 'otplib';
import { expect, test } from 'vitest';
import { wrongCode } from '../visitor.ts';
import { inTheBrowser } from './in-the-browser.ts';
import { look } from './look.ts';
import type { Person } from './person.ts';
import { account, describedBy, giveCode, heading, member, type Account } from './steps.ts';

const second = 1_000;
const step = 30 * second;

inTheBrowser('second factors', ({ site, person }) => {
  /** The code that an authenticator app shows next: each is taken once. */
  function nextCode(secret: string): string {
    site().clock.move(step);
    return generateSync({ secret, epoch: Math.floor(site().clock.now().getTime() / second) });
  }

  /** An account with an authenticator app, made beside the browser. */
  async function withApp(who: Account): Promise<{ secret: string; recoveryCodes: string[] }> {
    const program = await member(site(), who);
    const { body } = await program.post('/api/factors/totp');
    const answer = await program.post('/api/factors/totp/confirm', { id: body.factor.id, code: nextCode(body.secret) });
    return { secret: body.secret, recoveryCodes: answer.body.recoveryCodes };
  }

  test('a code of the app is asked for after the password; a wrong one says how many tries are left', async () => {
    const ada = account('Ada');
    const { secret } = await withApp(ada);
    const browser = await person();
    const { page } = browser;
    await page.goto('/sign-in?to=%2Factivity');
    await givePassword(browser, ada);
    await look(page);
    const code = nextCode(secret);
    browser.expects('422 POST /api/sign-in/second-factor');
    await giveCode(browser, wrongCode(code));
    await expect.poll(() => describedBy(page.getByLabel('Code', { exact: true }))).toContain('4 tries left.');
    await look(page);
    await page.reload();
    await giveCode(browser, code);
    await heading(page, 'Your activity');
    await page.goto('/sign-in/second-factor');
    await page.getByText('No sign-in waits for a second step in this tab').waitFor();
    await look(page);
  });

  test('a recovery code stands in for the app, and counts once', async () => {
    const bob = account('Bob');
    const { recoveryCodes } = await withApp(bob);
    for (const [answer, expected] of [['accepted', 'Hello, Bob'], ['refused', 'One more step']] as const) {
      const browser = await person();
      const { page } = browser;
      await page.goto('/sign-in');
      await givePassword(browser, bob);
      await page.getByRole('button', { name: 'Use a recovery code instead' }).click();
      if (answer === 'accepted') await look(page);
      const field = page.getByLabel('Recovery code', { exact: true });
      await field.fill('too short');
      await page.keyboard.press('Enter');
      await expect.poll(() => describedBy(field)).toContain('A recovery code is 24 letters and digits.');
      if (answer === 'refused') browser.expects('422 POST /api/sign-in/second-factor');
      await field.fill(recoveryCodes[0]?.toLowerCase() ?? '');
      await page.keyboard.press('Enter');
      if (answer === 'refused') await expect.poll(() => describedBy(field)).toContain('This is not the code. 4 tries left.');
      await heading(page, expected);
    }
  });

  test('after five wrong codes the sign-in begins anew, and says why', async () => {
    const cleo = account('Cleo');
    const { secret } = await withApp(cleo);
    const browser = await person();
    const { page } = browser;
    await page.goto('/sign-in');
    await givePassword(browser, cleo);
    browser.expects('422 POST /api/sign-in/second-factor');
    for (let left = 4; left >= 0; left -= 1) {
      const answered = page.waitForResponse(/second-factor$/);
      await giveCode(browser, '');
      await giveCode(browser, wrongCode(nextCode(secret)));
      await answered;
    }
    await heading(page, 'Sign in');
    await page.getByText('That second step is over').waitFor();
    await look(page);
  });

  test('a sign-in that began elsewhere is finished by the challenge in the address, which does not stay there', async () => {
    const dora = account('Dora');
    const { secret } = await withApp(dora);
    const { body } = await site().visitor().post('/api/sign-in', { email: dora.email, password: dora.password });
    const browser = await person();
    const { page } = browser;
    await page.goto(`/sign-in/second-factor#challenge=${body.challenge.id}`);
    await heading(page, 'One more step');
    expect(page.url()).toBe(`${site().origin}/sign-in/second-factor`);
    await giveCode(browser, nextCode(secret));
    await heading(page, 'Hello, Dora');
  });
});

/** The first step of a sign-in; the second is due afterwards. */
async function givePassword({ page }: Person, { email, password }: Account): Promise<void> {
  await page.getByLabel('E-mail', { exact: true }).fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await heading(page, 'One more step');
}
