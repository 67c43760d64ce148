import { expect, test } from 'vitest';
import { inTheBrowser } from './in-the-browser.ts';
import { look } from './look.ts';
import { account, heading, member, signIn } from './steps.ts';

inTheBrowser('the user’s own activity', ({ site, person }) => {
  test('activity is listed newest first in pages, and a new page takes the focus', async () => {
    const ada = account('Ada');
    const program = await member(site(), ada);
    for (let time = 0; time < 25; time += 1)
      await program.send('PATCH', '/api/account', { name: `Ada ${time}` });
    const browser = await person();
    const { page } = browser;
    await signIn(browser, { ...ada, name: 'Ada 24' });
    await page.getByRole('link', { name: 'Activity', exact: true }).click();
    await heading(page, 'Your activity');
    const events = page.getByRole('list', { name: 'Events' }).getByRole('listitem');
    await expect.poll(() => events.count()).toBe(20);
    expect(await events.first().innerText()).toContain('Signed in');
    await look(page);
    await page.getByRole('button', { name: 'Load more' }).click();
    await expect.poll(() => events.count()).toBeGreaterThan(20);
    await expect
      .poll(() => events.nth(20).evaluate((item) => item === document.activeElement))
      .toBe(true);
    expect(await events.last().innerText()).toMatch(/Account created|Signed in/);
  });

  test('a filter by kind and time is part of the URL and survives a reload and the back button', async () => {
    const dora = account('Dora');
    const program = await member(site(), dora);
    await program.send('PATCH', '/api/account', { name: 'Dora' });
    const browser = await person();
    const { page } = browser;
    await signIn(browser, dora);
    await page.goto('/activity');
    const events = page.getByRole('list', { name: 'Events' }).getByRole('listitem');
    await expect.poll(() => events.count()).toBe(4);
    const kind = page.getByLabel('Type', { exact: true });
    await kind.focus();
    await kind.selectOption('Sign-ins and sign-outs');
    await expect.poll(() => events.count()).toBe(2);
    expect(await kind.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.getByLabel('Period', { exact: true }).selectOption('Last 7 days');
    await expect.poll(() => new URL(page.url()).search).toBe('?kind=session&days=7');
    await page.reload();
    await expect.poll(() => events.count()).toBe(2);
    expect(await kind.inputValue()).toBe('session');
    await look(page);
    await kind.selectOption('Two-factor authentication');
    await page.getByText('No matching events').waitFor();
    await page.getByText('Filters: Two-factor authentication, Last 7 days.').waitFor();
    await look(page);
    await page.goBack();
    await expect.poll(() => events.count()).toBe(2);
    await page.goForward();
    await page.getByRole('link', { name: 'Clear filters' }).click();
    await expect.poll(() => events.count()).toBe(4);
    expect(new URL(page.url()).search).toBe('');
    await page.goto('/activity?kind=nothing&days=99');
    await expect.poll(() => events.count()).toBe(4);
  });

  test('an event of someone else offers two steps', async () => {
    const bob = account('Bob');
    const stranger = await member(site(), bob);
    const browser = await person();
    const { page } = browser;
    await signIn(browser, bob);
    await page.goto('/activity');
    await page.getByText('This wasn’t me', { exact: true }).click();
    await page.getByRole('button', { name: 'Sign out of 1 other device' }).waitFor();
    await look(page);
    await page.getByRole('button', { name: 'Sign out of 1 other device' }).click();
    await page.getByText('All other devices were signed out.').waitFor();
    expect((await stranger.get('/api/session')).status).toBe(401);
    await page.getByRole('link', { name: 'Change password' }).click();
    await heading(page, 'Account settings');
  });

  test('activity that cannot be loaded shows an error, and loads on request', async () => {
    const cleo = account('Cleo');
    await member(site(), cleo);
    const browser = await person();
    const { page } = browser;
    await signIn(browser, cleo);
    browser.expects('500 GET /api/account/activity');
    await page.route('/api/account/activity*', (route) =>
      route.fulfill({
        status: 500,
        contentType: 'application/problem+json',
        json: {
          type: '/problems/internal',
          title: 'Something went wrong on the server.',
          status: 500,
          reference: 'r1',
        },
      }),
    );
    await page.goto('/activity');
    await page.getByRole('alert').waitFor();
    await look(page);
    await page.unroute('/api/account/activity*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('list', { name: 'Events' }).waitFor();
  });
});
