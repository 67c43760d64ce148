import { expect, test } from 'vitest';
import { offerClaim } from '../../src/accounts/claim-operator.ts';
import { day } from '../../src/clock.ts';
import { goodPassword } from '../visitor.ts';
import { nextCode } from './authenticators.ts';
import { inTheBrowser } from './in-the-browser.ts';
import { look } from './look.ts';
import type { Person } from './person.ts';
import { account, giveCode, heading, member, signIn } from './steps.ts';

inTheBrowser('a second factor for all', ({ site, person }) => {
  test('an operator enables 2FA and requires it; users see the date, and must enrol when it has come', async () => {
    const olga = account('Olga');
    const program = site().visitor();
    const token = (await offerClaim(site().services)).split('token=')[1];
    await program.post('/api/operators/claim', { ...olga, token, password: goodPassword });
    const [ada, bob] = [account('Ada'), account('Bob')];
    for (const account of [ada, bob]) await member(site(), account);

    const chief = await person();
    const { page } = chief;
    await signIn(chief, olga);
    await page.goto('/operators?part=factors');
    await page.getByText('0 of 3 use it').waitFor();
    await page.getByLabel('Grace period (days)').fill('100');
    await page.getByRole('button', { name: 'Require 2FA' }).click();
    await page.getByText('Use at most 90 days.').waitFor();
    await look(page);
    chief.expects('409 PUT /api/operator/second-factor');
    await requireOfAll(chief);
    await page
      .getByRole('dialog')
      .getByText('Set up a second factor for your own account first.')
      .waitFor();
    await look(page);
    await page.keyboard.press('Escape');

    await page.goto('/account');
    await addApp(chief);
    await page.goto('/operators?part=factors');
    await requireOfAll(chief);
    await page.getByText('1 of 3 use it').waitFor();
    await page.getByText('2FA policy saved: required for all accounts.').waitFor();
    await look(page);
    await page.goto('/operators?part=audit-log');
    const required = page
      .getByRole('row')
      .filter({ hasText: 'Required two-factor authentication for all accounts' });
    await required.waitFor();
    expect(await required.locator('time').allTextContents()).toHaveLength(2);
    expect(await required.textContent()).not.toMatch(/\d{4}-\d{2}-\d{2}T/);

    const inTime = await person();
    await signIn(inTime, ada);
    const soon = inTime.page
      .getByRole('status')
      .filter({ hasText: 'Two-factor authentication will be required soon' });
    await soon.waitFor();
    await look(inTime.page);
    await soon.getByRole('link', { name: 'Add a second factor' }).click();
    await addApp(inTime);
    await soon.waitFor({ state: 'hidden' });

    site().clock.move(3 * day);
    const late = await person();
    await late.page.goto('/sign-in');
    await late.page.getByLabel('Email', { exact: true }).fill(bob.email);
    await late.page.getByLabel('Password', { exact: true }).fill(bob.password);
    await late.page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await heading(late.page, 'Set up two-factor authentication');
    await look(late.page);
    await addApp(late);
    await heading(late.page, 'Hello, Bob');
    await late.page.reload();
    await heading(late.page, 'Hello, Bob');
  });

  /** Requires it with the shortest grace period that leaves a day to see the banner. */
  async function requireOfAll({ page }: Person): Promise<void> {
    await page.getByLabel('Grace period (days)').fill('2');
    await page.getByRole('button', { name: 'Require 2FA' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Require 2FA' }).click();
  }

  async function addApp(browser: Person): Promise<void> {
    const factors = browser.page.getByRole('region', { name: 'Two-factor authentication' });
    await factors.getByRole('button', { name: 'Add an authenticator app' }).click();
    const secret = (await factors.locator('code').innerText()).replaceAll(' ', '');
    await giveCode(browser, nextCode(site(), secret));
    await factors.getByLabel('I’ve saved these codes').check();
    await factors.getByRole('button', { name: 'Continue' }).click();
  }
});
