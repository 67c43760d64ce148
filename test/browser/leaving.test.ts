import { expect, test } from 'vitest';
import { nextCode } from './authenticators.ts';
import { inTheBrowser } from './in-the-browser.ts';
import { look } from './look.ts';
import { account, giveCode, heading, member, signIn } from './steps.ts';

inTheBrowser('an account that moves, and leaves', ({ site, person }) => {
  test('an account has its new email address once the code sent there is entered', async () => {
    const ada = account('Ada');
    const program = await member(site(), ada);
    const browser = await person();
    const { page } = browser;
    await signIn(browser, ada);
    await page.goto('/account');
    const section = page.getByRole('region', { name: 'Email address' });
    const next = `new-${ada.email}`;
    await section.getByLabel('Email').fill(next);
    await section.getByRole('button', { name: 'Send code' }).click();
    await section.getByText(`We sent a six-digit code to ${next}.`).waitFor();
    await look(page);
    await section.getByLabel('Code').fill(await program.codeFor(next));
    await section.getByText(`Your email address is now ${next}.`).waitFor();
    await page.getByText(next).first().waitFor();
    expect(
      (await site().visitor().post('/api/sign-in', { email: next, password: ada.password })).status,
    ).toBe(200);
  });

  test('a user exports the data, deletes the account, and restores it by signing in', async () => {
    const bob = account('Bob');
    await member(site(), bob);
    const browser = await person();
    const { page } = browser;
    await signIn(browser, bob);
    await page.goto('/account');
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Export your data' }).click();
    expect((await download).suggestedFilename()).toBe('flowcept-account.json');
    await page.getByRole('button', { name: 'Delete account' }).click();
    await page.getByText(/After 14 days your account is permanently erased/).waitFor();
    await look(page);
    await page.getByRole('button', { name: 'Delete my account' }).click();
    await page.getByText(/Your account is scheduled for deletion/).waitFor();

    browser.expects('403 POST /api/sign-in');
    await page.getByLabel('Email').fill(bob.email);
    await page.getByLabel('Password', { exact: true }).fill(bob.password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByText('It will be permanently erased on').waitFor();
    await look(page);
    await page.getByRole('button', { name: 'Restore account' }).click();
    await heading(page, 'Account restored');
    await look(page);
    await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
    await page.getByLabel('Email').fill(bob.email);
    await page.getByLabel('Password', { exact: true }).fill(bob.password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await heading(page, 'Hello, Bob');
  });

  test('an account that is scheduled for deletion is restored by signing in with GitHub, also with a second factor', async () => {
    const cleo = await person();
    const { page } = cleo;
    const arrive = async () => {
      await page.goto('/sign-in');
      await page.getByRole('link', { name: 'Continue with GitHub' }).click();
      await page.getByLabel('Name', { exact: true }).fill('Cleo');
      await page.getByLabel('Email', { exact: true }).fill('cleo@github.test');
      await page.getByRole('button', { name: 'Continue' }).click();
    };
    const close = async () => {
      await page.goto('/account');
      await page.getByRole('button', { name: 'Delete account' }).click();
      await page.getByRole('button', { name: 'Delete my account' }).click();
      await page.getByText(/Your account is scheduled for deletion/).waitFor();
    };
    await arrive();
    await heading(page, 'Hello, Cleo');
    await close();
    await arrive();
    await heading(page, 'This account is scheduled for deletion');
    expect(new URL(page.url()).hash).toBe('');
    await page.getByRole('button', { name: 'Restore account' }).click();
    await heading(page, 'Account restored');

    await arrive();
    await heading(page, 'Hello, Cleo');
    const headers = { Origin: site().origin };
    const { factor, secret } = await (
      await cleo.context.request.post('/api/factors/totp', { headers })
    ).json();
    await cleo.context.request.post('/api/factors/totp/confirm', {
      headers,
      data: { id: factor.id, code: nextCode(site(), secret) },
    });
    await close();
    await arrive();
    await heading(page, 'Two-factor authentication');
    cleo.expects('403 POST /api/sign-in/second-factor');
    await giveCode(cleo, nextCode(site(), secret));
    await heading(page, 'This account is scheduled for deletion');
    await page.reload();
    await page.getByText('Sign in again').waitFor();
    await look(page);
  });
});
