import { expect, test } from 'vitest';
import { inTheBrowser } from './in-the-browser.ts';
import { look } from './look.ts';
import { account, heading, member, signIn } from './steps.ts';

inTheBrowser('an account that moves, and leaves', ({ site, person }) => {
  test('has another address once the code that went there was typed', async () => {
    const ada = account('Ada');
    const program = await member(site(), ada);
    const browser = await person();
    const { page } = browser;
    await signIn(browser, ada);
    await page.goto('/account');
    const section = page.getByRole('region', { name: 'E-mail address' });
    const next = `new-${ada.email}`;
    await section.getByLabel('E-mail').fill(next);
    await section.getByRole('button', { name: 'Send the code' }).click();
    await section.getByText(`We sent a six-digit code to ${next}.`).waitFor();
    await look(page);
    await section.getByLabel('Code').fill(await program.codeFor(next));
    await section.getByText(`Your address is ${next} now.`).waitFor();
    await page.getByText(next).first().waitFor();
    expect((await site().visitor().post('/api/sign-in', { email: next, password: ada.password })).status).toBe(200);
  });

  test('takes its data along, closes, and is opened again by signing in', async () => {
    const bob = account('Bob');
    await member(site(), bob);
    const browser = await person();
    const { page } = browser;
    await signIn(browser, bob);
    await page.goto('/account');
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download your data' }).click();
    expect((await download).suggestedFilename()).toBe('flowcept-account.json');
    await page.getByRole('button', { name: 'Close the account' }).click();
    await page.getByText(/In fourteen days your account is erased/).waitFor();
    await look(page);
    browser.expects('401 GET');
    await page.getByRole('button', { name: 'Close my account' }).click();
    await page.getByText(/Your account is being closed/).waitFor();

    browser.expects('403 POST /api/sign-in');
    await page.getByLabel('E-mail').fill(bob.email);
    await page.getByLabel('Password', { exact: true }).fill(bob.password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByText('Everything about it is erased').waitFor();
    await look(page);
    await page.getByRole('button', { name: 'Open it again' }).click();
    await page.getByText('Your account is open again').waitFor();
    await page.getByLabel('Password', { exact: true }).fill(bob.password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await heading(page, 'Hello, Bob');
  });
});
