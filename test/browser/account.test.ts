import { expect, test } from 'vitest';
import { inTheBrowser } from './in-the-browser.ts';
import { look } from './look.ts';
import type { Person } from './person.ts';
import { account, describedBy, heading, member, signIn } from './steps.ts';

const otherPassword = 'seven lamps along the harbour';
const day = 24 * 60 * 60_000;

inTheBrowser('the user’s own account', ({ site, person }) => {
  test('a user changes the display name and is greeted by it', async () => {
    const ada = account('Ada');
    await member(site(), ada);
    const browser = await person();
    const { page } = browser;
    await signIn(browser, ada);
    await page.getByRole('link', { name: 'Account', exact: true }).click();
    await heading(page, 'Account settings');
    await look(page);
    const name = page.getByLabel('Name', { exact: true });
    await name.fill(' ');
    await page.getByRole('button', { name: 'Save name' }).click();
    await expect.poll(() => describedBy(name)).toContain('Enter a name.');
    await name.fill('Ada Lovelace');
    await page.getByRole('button', { name: 'Save name' }).click();
    await page.getByText('Name saved.').waitFor();
    await page.getByRole('link', { name: 'Home', exact: true }).click();
    await heading(page, 'Hello, Ada Lovelace');
  });

  test('a password change needs the current password, keeps this session and ends all others', async () => {
    const bob = account('Bob');
    const program = await member(site(), bob);
    const browser = await person();
    const { page } = browser;
    await signIn(browser, bob);
    await page.goto('/account');
    browser.expects('401 POST /api/account/password');
    await changePassword(browser, 'not the password at all');
    await expect
      .poll(() => describedBy(page.getByLabel('Current password', { exact: true })), {
        timeout: 10_000,
      })
      .toContain('That password is incorrect.');
    await look(page);
    expect((await program.get('/api/session')).status).toBe(200);

    await changePassword(browser, bob.password);
    await page.getByText('Password changed.').waitFor();
    await look(page);
    expect(await page.getByLabel('New password', { exact: true }).inputValue()).toBe('');
    expect((await program.get('/api/session')).status).toBe(401);
    expect(
      (await site().visitor().post('/api/sign-in', { email: bob.email, password: bob.password }))
        .status,
    ).toBe(401);
    await page.reload();
    await heading(page, 'Account settings');
  });

  test('the account page recommends a second factor and names the device that is not used', async () => {
    const cleo = account('Cleo');
    await (
      await member(site(), cleo)
    ).post('/api/sign-in', { email: cleo.email, password: cleo.password, stay: true });
    const browser = await person();
    const { page } = browser;
    await signIn(browser, cleo);
    await page.goto('/account');
    await page.getByText(/Your account has no second factor/).waitFor();
    expect(await page.getByText(/is signed in but hasn’t been used/).count()).toBe(0);
    await page.clock.setSystemTime(Date.now() + 4 * day);
    await page.reload();
    await page.getByText(/is signed in but hasn’t been used/).waitFor();
    await look(page);
    await page.getByRole('link', { name: 'Review your devices' }).click();
    await page.getByRole('region', { name: 'Your devices' }).waitFor();
  });
});

async function changePassword({ page }: Person, current: string): Promise<void> {
  await page.getByLabel('Current password', { exact: true }).fill(current);
  await page.getByLabel('New password', { exact: true }).fill(otherPassword);
  await page.getByRole('button', { name: 'Change password' }).click();
}
