import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { wrongCode } from '../visitor.ts';
import { nextCode, plugIn, withApp } from './authenticators.ts';
import { expectFocus } from './by-keyboard.ts';
import { inTheBrowser } from './in-the-browser.ts';
import { look } from './look.ts';
import type { Person } from './person.ts';
import { account, describedBy, giveCode, heading, member, signIn, type Account } from './steps.ts';

const minute = 60_000;

inTheBrowser('second factors', ({ site, person }) => {
  test('sign-in asks for an app code after the password, and a wrong code shows the attempts left', async () => {
    const ada = account('Ada');
    const { secret } = await withApp(site(), ada);
    const browser = await person();
    const { page } = browser;
    await page.goto('/sign-in?to=%2Factivity');
    await givePassword(browser, ada);
    await look(page);
    const code = nextCode(site(), secret);
    browser.expects('422 POST /api/sign-in/second-factor');
    await giveCode(browser, wrongCode(code));
    await expect
      .poll(() => describedBy(page.getByLabel('Code', { exact: true })))
      .toContain('4 attempts left.');
    await look(page);
    await page.reload();
    await giveCode(browser, code);
    await heading(page, 'Your activity');
    await page.goto('/sign-in/second-factor');
    await page.getByText('No sign-in in progress in this tab').waitFor();
    await look(page);
  });

  test('a recovery code replaces the app code, and works once', async () => {
    const bob = account('Bob');
    const { recoveryCodes } = await withApp(site(), bob);
    for (const [answer, expected] of [
      ['accepted', 'Hello, Bob'],
      ['refused', 'Two-factor authentication'],
    ] as const) {
      const browser = await person();
      const { page } = browser;
      await page.goto('/sign-in');
      await givePassword(browser, bob);
      await page.getByRole('button', { name: 'Use a recovery code instead' }).click();
      if (answer === 'accepted') await look(page);
      const field = page.getByLabel('Recovery code', { exact: true });
      await field.fill('too short');
      await page.keyboard.press('Enter');
      await expect
        .poll(() => describedBy(field))
        .toContain('Enter a recovery code of 24 letters and digits.');
      if (answer === 'refused') browser.expects('422 POST /api/sign-in/second-factor');
      await field.fill(recoveryCodes[0]?.toLowerCase() ?? '');
      await page.keyboard.press('Enter');
      if (answer === 'refused')
        await expect
          .poll(() => describedBy(field))
          .toContain('That code is incorrect. 4 attempts left.');
      await heading(page, expected);
    }
  });

  test('sign-in starts over after five wrong codes, and says why', async () => {
    const cleo = account('Cleo');
    const { secret } = await withApp(site(), cleo);
    const browser = await person();
    const { page } = browser;
    await page.goto('/sign-in');
    await givePassword(browser, cleo);
    browser.expects('422 POST /api/sign-in/second-factor');
    for (let left = 4; left >= 0; left -= 1) {
      const answered = page.waitForResponse(/second-factor$/);
      await giveCode(browser, '');
      await giveCode(browser, wrongCode(nextCode(site(), secret)));
      await answered;
      if (left > 0) await page.getByText(new RegExp(`${left} attempts? left`)).waitFor();
    }
    await heading(page, 'Sign in');
    await page.getByText('That sign-in expired').waitFor();
    await look(page);
  });

  test('a sign-in that started elsewhere is completed by the challenge in the URL, which is then removed', async () => {
    const dora = account('Dora');
    const { secret } = await withApp(site(), dora);
    const { body } = await site()
      .visitor()
      .post('/api/sign-in', { email: dora.email, password: dora.password });
    const browser = await person();
    const { page } = browser;
    await page.goto(`/sign-in/second-factor#challenge=${body.challenge.id}`);
    await heading(page, 'Two-factor authentication');
    expect(page.url()).toBe(`${site().origin}/sign-in/second-factor`);
    await page.getByRole('button', { name: 'Use a recovery code instead' }).waitFor();
    expect(await page.getByRole('button', { name: /passkey/ }).count()).toBe(0);
    await giveCode(browser, nextCode(site(), secret));
    await heading(page, 'Hello, Dora');
    const late = await person();
    late.expects('410 POST /api/sign-in/second-factor/methods');
    await late.page.goto(`/sign-in/second-factor#challenge=${body.challenge.id}`);
    await late.page.getByText('That sign-in expired').waitFor();
  });

  test('a user adds an app by its first code, saves the recovery codes, and removes the app after re-authentication', async () => {
    const eva = account('Eva');
    await member(site(), eva);
    const browser = await person();
    const { page } = browser;
    await signIn(browser, eva);
    await page.goto('/account');
    await page
      .getByRole('region', { name: 'Account security' })
      .getByText(/Your account has no second factor/)
      .waitFor();
    const factors = page.getByRole('region', { name: 'Two-factor authentication' });

    site().clock.move(11 * minute);
    browser.expects('403 POST /api/factors/totp', '401 POST /api/session/confirm');
    await factors.getByRole('button', { name: 'Add an authenticator app' }).click();
    const proof = page.getByRole('dialog', { name: 'Confirm it’s you' });
    const password = proof.getByLabel('Password', { exact: true });
    await expectFocus(password);
    await look(page);
    await page.keyboard.press('Escape');
    await factors.getByText('No changes were made').waitFor();
    await expectFocus(factors.getByRole('button', { name: 'Add an authenticator app' }));
    await page.keyboard.press('Enter');
    await password.fill('not the password at all');
    await page.keyboard.press('Enter');
    await expect.poll(() => describedBy(password)).toContain('That password is incorrect.');
    await password.fill(eva.password);
    await page.keyboard.press('Enter');

    const qr = factors.getByRole('img', { name: /QR code/ });
    await qr.waitFor();
    expect(
      await qr.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth > 0),
    ).toBe(true);
    await look(page);
    const secret = (await factors.locator('code').innerText()).replaceAll(' ', '');
    const code = nextCode(site(), secret);
    browser.expects('422 POST /api/factors/totp/confirm');
    await giveCode(browser, wrongCode(code));
    await expect
      .poll(() => describedBy(page.getByLabel('Code', { exact: true })))
      .toContain('check that the clock of its device is right');
    await giveCode(browser, code);

    await factors.getByRole('heading', { name: 'Your recovery codes' }).waitFor();
    await look(page);
    const shown = await factors.getByRole('list').getByRole('listitem').allInnerTexts();
    expect(shown).toHaveLength(10);
    const download = page.waitForEvent('download');
    await factors.getByRole('button', { name: 'Download' }).click();
    expect(await readFile(await (await download).path(), 'utf8')).toBe(`${shown.join('\n')}\n`);
    const goOn = factors.getByRole('button', { name: 'Continue' });
    expect(await goOn.getAttribute('aria-disabled')).toBe('true');
    await factors.getByLabel('I’ve saved these codes').check();
    await goOn.click();
    await factors.getByText('10 of 10 recovery codes left.').waitFor();
    await page.getByText('No action needed').waitFor();
    await look(page);

    site().clock.move(11 * minute);
    browser.expects(/^403 DELETE /);
    await factors.getByRole('button', { name: 'Remove' }).click();
    const removal = page.getByRole('dialog', { name: 'Remove Authenticator app?' });
    await removal.getByText(/signing in no longer needs a second step/).waitFor();
    await removal.getByRole('button', { name: 'Remove' }).click();
    await proof.getByText('Enter the code from your authenticator app.').waitFor();
    await look(page);
    await proof.getByLabel('Code', { exact: true }).fill(nextCode(site(), secret));
    await factors.getByText('Authenticator app removed.').waitFor();
    await expectFocus(factors.getByRole('heading', { name: 'Two-factor authentication' }));
  });

  test('a user without any factor starts recovery; the account owner sees it on every screen and cancels it', async () => {
    const gina = account('Gina');
    const { secret } = await withApp(site(), gina);
    const owner = await person();
    await owner.page.goto('/sign-in');
    await givePassword(owner, gina);
    await giveCode(owner, nextCode(site(), secret));
    await heading(owner.page, 'Hello, Gina');

    const stranger = await person();
    await beginTheWait(stranger, gina);
    await owner.page.reload();
    const banner = owner.page
      .getByRole('alert')
      .filter({ hasText: 'Someone asked to remove your second factors' });
    await banner.waitFor();
    await look(owner.page);
    await banner.getByRole('button', { name: 'Stop the recovery' }).click();
    await banner.waitFor({ state: 'hidden' });
    const stopped = owner.page
      .getByRole('status')
      .filter({ hasText: 'A recovery of your second factors was stopped' });
    await stopped.getByRole('link', { name: 'Change your password' }).waitFor();
    await look(owner.page);
    await stopped.getByRole('button', { name: 'This was me' }).click();
    await stopped.waitFor({ state: 'hidden' });
    await owner.page.reload();
    await heading(owner.page, 'Hello, Gina');
    await owner.page.waitForLoadState('networkidle');
    expect(await stopped.count()).toBe(0);

    site().clock.move(73 * 60 * minute);
    await stranger.page.getByRole('link', { name: 'Back to sign-in' }).click();
    await heading(stranger.page, 'Sign in');
    await givePassword(stranger, gina);
  });

  test('after the recovery period the password signs in, the factors are gone, and the user is led to new ones', async () => {
    const hugo = account('Hugo');
    await withApp(site(), hugo);
    const browser = await person();
    const { page } = browser;
    await beginTheWait(browser, hugo);
    site().clock.move(73 * 60 * minute);
    await signIn(browser, hugo);
    const removed = page
      .getByRole('status')
      .filter({ hasText: 'Your second factors were removed' });
    await removed.waitFor();
    await look(page);
    await removed.getByRole('link', { name: 'Add a second factor' }).click();
    await heading(page, /account/i);
    const factors = page.getByRole('region', { name: 'Two-factor authentication' });
    await factors.getByRole('button', { name: 'Add an authenticator app' }).click();
    const code = factors.locator('code');
    await giveCode(browser, nextCode(site(), (await code.innerText()).replaceAll(' ', '')));
    await factors.getByRole('heading', { name: 'Your recovery codes' }).waitFor();
    await removed.waitFor({ state: 'hidden' });
  });

  async function beginTheWait(browser: Person, account: Account): Promise<void> {
    const { page } = browser;
    await page.goto('/sign-in');
    await givePassword(browser, account);
    await page.getByText('Lost your device?').click();
    await page.getByRole('button', { name: 'I can’t use any of these' }).click();
    await heading(page, 'Lost all your second factors?');
    await look(page);
    await page.getByRole('button', { name: 'Start 72-hour recovery' }).click();
    await heading(page, 'Recovery started');
    await page.getByText('Sign in again any time from').waitFor();
    await look(page);
  }

  test('a passkey is accepted as second factor, as the only factor and for re-authentication', async () => {
    const finn = account('Finn');
    await member(site(), finn);
    const browser = await person();
    const { page } = browser;
    await plugIn(browser);
    await signIn(browser, finn);
    await page.goto('/account');
    const factors = page.getByRole('region', { name: 'Two-factor authentication' });
    await factors.getByRole('button', { name: 'Add a passkey' }).click();
    await look(page);
    await factors.getByLabel('Name', { exact: true }).fill('My laptop');
    await factors.getByRole('button', { name: 'Create passkey' }).click();
    await factors.getByLabel('I’ve saved these codes').check();
    await factors.getByRole('button', { name: 'Continue' }).click();
    await factors.getByText('My laptop added.').waitFor();

    await signOut(browser);
    await givePassword(browser, finn);
    await page.getByRole('button', { name: 'Use a passkey', exact: true }).click();
    await heading(page, 'Hello, Finn');

    await signOut(browser);
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await heading(page, 'Hello, Finn');

    await page.goto('/account');
    site().clock.move(11 * minute);
    browser.expects('403 POST /api/factors/recovery-codes');
    await factors.getByRole('button', { name: 'Generate new recovery codes' }).click();
    const renewal = page.getByRole('dialog', { name: 'Generate new recovery codes?' });
    await renewal.getByText('remaining recovery codes stop working immediately').waitFor();
    await renewal.getByRole('button', { name: 'Generate new recovery codes' }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: 'Use a passkey', exact: true })
      .click();
    await factors.getByRole('heading', { name: 'Your recovery codes' }).waitFor();

    // Unsaved codes are not left without a question; Playwright answers no.
    await page.getByRole('navigation').getByRole('link', { name: 'Home' }).click();
    await factors.getByRole('heading', { name: 'Your recovery codes' }).waitFor();
    await factors.getByLabel('I’ve saved these codes').check();
    await page.getByRole('navigation').getByRole('link', { name: 'Home' }).click();
    await heading(page, 'Hello, Finn');
  });

  test('a cancelled passkey creation says so in its own words, and can be repeated', async () => {
    const hana = account('Hana');
    await member(site(), hana);
    const browser = await person();
    const { page } = browser;
    await signIn(browser, hana);
    await page.goto('/account');
    await page.evaluate(() => {
      navigator.credentials.create = () => Promise.reject(new DOMException('', 'NotAllowedError'));
    });
    const factors = page.getByRole('region', { name: 'Two-factor authentication' });
    await factors.getByRole('button', { name: 'Add a passkey' }).click();
    await factors.getByRole('button', { name: 'Create passkey' }).click();
    await factors.getByText('The passkey wasn’t created.').waitFor();
    expect(await factors.getByText('No passkey was used.').count()).toBe(0);
    expect(await factors.getByRole('button', { name: 'Create passkey' }).isEnabled()).toBe(true);
    await look(page);
  });

  test('a passkey added without a PIN is a second factor only, until its PIN is used beside the password', async () => {
    const vera = account('Vera');
    await member(site(), vera);
    const browser = await person();
    const { page } = browser;
    const key = await plugIn(browser, { withPin: false });
    await signIn(browser, vera);
    await page.goto('/account');
    const factors = page.getByRole('region', { name: 'Two-factor authentication' });
    await factors.getByRole('button', { name: 'Add a passkey' }).click();
    await factors.getByRole('button', { name: 'Create passkey' }).click();
    await factors.getByLabel('I’ve saved these codes').check();
    await factors.getByRole('button', { name: 'Continue' }).click();
    await factors.getByText('Second step only').waitFor();
    await look(page);

    await key.setPin();
    await signOut(browser);
    browser.expects('401 POST /api/sign-in/passkey');
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.getByText('so it works only as a second factor').waitFor();
    await look(page);
    await givePassword(browser, vera);
    await page.getByRole('button', { name: 'Use a passkey', exact: true }).click();
    await heading(page, 'Hello, Vera');
    await page.goto('/account');
    await factors.getByRole('heading', { level: 3 }).first().waitFor();
    expect(await factors.getByText('Second step only').count()).toBe(0);

    await signOut(browser);
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await heading(page, 'Hello, Vera');
  });
});

async function signOut({ page }: Person): Promise<void> {
  await page.getByRole('banner').getByRole('button', { name: 'Sign out' }).click();
  await heading(page, 'Sign in');
}

/** The first step of a sign-in, which requires a second factor. */
async function givePassword({ page }: Person, { email, password }: Account): Promise<void> {
  await page.getByLabel('Email', { exact: true }).fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await heading(page, 'Two-factor authentication');
}
