import { expect, test } from 'vitest';
import { inTheBrowser } from './in-the-browser.ts';
import { look } from './look.ts';
import { account, devices, heading, join, signIn } from './steps.ts';

inTheBrowser('sessions', ({ person }) => {
  test('a second device appears on the first, which signs it out', async () => {
    const ada = account('Ada');
    const laptop = await person();
    await join(laptop, ada);
    const phone = await person({ viewport: { width: 390, height: 844 } });
    await signIn(phone, ada);

    await laptop.page.reload();
    await expect.poll(() => devices(laptop)).toBe(2);
    await look(laptop.page);
    const rows = laptop.page.getByRole('region', { name: 'Your devices' }).getByRole('listitem');
    const marked = laptop.page.getByText('This device', { exact: true });
    const buttonsOf = (row: typeof rows) => row.getByRole('button').allTextContents();
    expect(await buttonsOf(rows.filter({ has: marked }))).toEqual(['Sign out']);
    expect(await buttonsOf(rows.filter({ hasNot: marked }))).toEqual(['Sign out device']);
    await laptop.page.getByRole('button', { name: 'Sign out device' }).click();
    await expect.poll(() => devices(laptop)).toBe(1);
    await look(laptop.page);

    await phone.page.reload();
    await heading(phone.page, 'Sign in');
    expect((await phone.context.request.get('/api/session')).status()).toBe(401);
  });

  test('a page that is open when its session ends leads to sign-in and back', async () => {
    const bob = account('Bob');
    const laptop = await person();
    await join(laptop, bob);
    const phone = await person();
    await signIn(phone, bob);
    await phone.page.getByRole('button', { name: 'Sign out of 1 other device' }).click();
    await expect.poll(() => devices(phone)).toBe(1);

    laptop.expects('401 DELETE /api/sessions', '401 GET /api/sessions');
    // What the open page shows was loaded before; its next request is rejected.
    await laptop.page.bringToFront();
    await laptop.page.getByRole('main').getByRole('button', { name: 'Sign out' }).click();
    await heading(laptop.page, 'Sign in');
    await laptop.page.getByLabel('Email', { exact: true }).fill(bob.email);
    await laptop.page.getByLabel('Password', { exact: true }).fill(bob.password);
    await laptop.page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await heading(laptop.page, 'Hello, Bob');
  });

  test('a user whose session ends on another screen returns to it after signing in', async () => {
    const eve = account('Eve');
    const laptop = await person();
    const { page } = laptop;
    await join(laptop, eve);
    await page.goto('/account');
    await page.getByText('Your account has no second factor.').waitFor();
    const phone = await person();
    await signIn(phone, eve);
    await phone.page.getByRole('button', { name: 'Sign out of 1 other device' }).click();
    await expect.poll(() => devices(phone)).toBe(1);

    laptop.expects(/^401 GET /);
    await page.bringToFront();
    // Everything on the screen is loaded again, and each of these requests is rejected.
    await page.evaluate(() => window.dispatchEvent(new Event('visibilitychange')));
    await heading(page, 'Sign in');
    await page.waitForLoadState('networkidle');
    expect(new URL(page.url()).searchParams.get('to')).toBe('/account');
    await page.getByLabel('Email', { exact: true }).fill(eve.email);
    await page.getByLabel('Password', { exact: true }).fill(eve.password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await heading(page, 'Account settings');
  });

  test('signing out ends the session, confirms it, and lets the user sign in again', async () => {
    const cleo = account('Cleo');
    const browser = await person();
    await join(browser, cleo);
    await browser.page
      .getByRole('navigation', { name: 'Main' })
      .getByRole('button', { name: 'Sign out' })
      .click();
    await heading(browser.page, 'Sign in');
    await browser.page.getByText('You’re signed out.').waitFor();
    await look(browser.page);
    await browser.page.goBack();
    await heading(browser.page, 'Sign in');
    await signIn(browser, cleo);
    await browser.page
      .getByRole('region', { name: 'Your devices' })
      .getByText('This device', { exact: true })
      .waitFor();
  });

  test('a wrong password is rejected without telling whether the address or the password is wrong', async () => {
    const browser = await person();
    browser.expects('401 POST /api/sign-in');
    const { page } = browser;
    await page.goto('/sign-in');
    await page.getByLabel('Email', { exact: true }).fill('nobody@example.com');
    await page.getByLabel('Password', { exact: true }).fill('not the password at all');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('alert').waitFor();
    await look(page);
  });
});
