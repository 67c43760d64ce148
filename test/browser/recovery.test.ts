import { expect, test } from 'vitest';
import { wrongCode } from '../visitor.ts';
import { inTheBrowser } from './in-the-browser.ts';
import { look } from './look.ts';
import type { Person } from './person.ts';
import { account, describedBy, giveCode, heading, member, readCode, signIn } from './steps.ts';

const otherPassword = 'seven lamps along the harbour';

inTheBrowser('recovery', ({ site, person }) => {
  test('a forgotten password is reset by an emailed code, which ends every session', async () => {
    const ada = account('Ada');
    await member(site(), ada);
    const laptop = await person();
    await signIn(laptop, ada);

    const phone = await person();
    const { page } = phone;
    await page.goto('/sign-in');
    await page.getByLabel('Email', { exact: true }).fill(ada.email);
    await page.getByRole('link', { name: 'Forgot your password?' }).click();
    await heading(page, 'Reset your password');
    expect(await page.getByLabel('Email', { exact: true }).inputValue()).toBe(ada.email);
    await look(page);
    await page.getByRole('button', { name: 'Send code' }).click();
    await page.getByText(`If ${ada.email} has an account`).waitFor();
    await look(page);
    await giveCode(phone, await readCode(phone));
    await setPassword(phone, otherPassword);
    await heading(page, 'Your password is set');
    await look(page);

    await laptop.page.reload();
    await heading(laptop.page, 'Sign in');
    await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
    await heading(page, 'Sign in');
    phone.expects('401 POST /api/sign-in');
    await page.getByLabel('Password', { exact: true }).fill(ada.password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('alert').waitFor();
    await signIn(phone, { ...ada, password: otherPassword });
  });

  test('a password reset counts wrong codes, survives a reload, and keeps the form when the code is sent again', async () => {
    const bob = account('Bob');
    await member(site(), bob);
    const browser = await person();
    const { page } = browser;
    browser.expects('422 POST /api/recovery/complete');
    await ask(browser, bob.email);
    await page.reload();
    await page.getByText(`If ${bob.email} has an account`).waitFor();
    const wrong = wrongCode(await readCode(browser));
    for (const left of [
      '4 attempts left',
      '3 attempts left',
      '2 attempts left',
      '1 attempt left',
    ]) {
      await giveCode(browser, wrong);
      await setPassword(browser, otherPassword);
      await expect
        .poll(() => describedBy(page.getByLabel('Code', { exact: true })), { timeout: 10_000 })
        .toContain(left);
    }
    await look(page);
    await setPassword(browser, otherPassword);
    await page.getByRole('alert').waitFor();
    await look(page);
    await page.getByRole('button', { name: 'Resend code' }).click();
    await page.getByText('New code sent.').waitFor();
    expect(await page.getByLabel('New password', { exact: true }).inputValue()).toBe(otherPassword);
    await giveCode(browser, await readCode(browser));
    await page.getByRole('button', { name: 'Set password' }).click();
    await heading(page, 'Your password is set');
  });

  test('an address without an account gets the same answer, and only the email differs', async () => {
    const stranger = await person();
    await ask(stranger, 'nobody@example.com');
    await stranger.page.getByText('If nobody@example.com has an account').waitFor();
    const mail = await site()
      .visitor()
      .get('/sandbox/mailbox?to=nobody@example.com', { Accept: 'application/json' });
    expect(mail.body.items[0].subject).toBe(
      'Flowcept: There is no account with this email address',
    );
    await stranger.page.getByRole('button', { name: 'Use a different email address' }).click();
    await stranger.page.getByRole('button', { name: 'Send code' }).waitFor();
  });
});

async function ask({ page }: Person, email: string): Promise<void> {
  await page.goto('/recovery');
  await page.getByLabel('Email', { exact: true }).fill(email);
  await page.getByRole('button', { name: 'Send code' }).click();
  await page.getByLabel('Code', { exact: true }).waitFor();
}

async function setPassword({ page }: Person, password: string): Promise<void> {
  await page.getByLabel('New password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Set password' }).click();
}
