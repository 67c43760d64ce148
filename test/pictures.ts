import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { offerClaim } from '../src/accounts/claim-operator.ts';
import { checks } from '../src/trust/checks.ts';
import { chromium, openBrowser, openSite, type Site } from './browser/in-the-browser.ts';
import { Person, type PersonOptions } from './browser/person.ts';
import { account, fillAccount, giveCode, heading, join as joinUp, member, readCode, signIn, signUp } from './browser/steps.ts';
import { temporaryDirectory } from './temporary-directory.ts';
import { wrongCode } from './visitor.ts';

/** Every screen, on a phone and a desktop, light and dark, into `.cache/pictures`; three of them into `docs/pictures` for the README. */

const root = join(import.meta.dirname, '..');
const album = join(root, '.cache', 'pictures');
const forReadme = join(root, 'docs', 'pictures');
const sizes = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 900 } };
const mostBytes = 200 * 1024;

let browser: Browser;
let site: Site;
let close: () => Promise<void>;

beforeAll(async () => {
  if (chromium === null) throw new Error('Pictures need Chromium.');
  await rm(album, { recursive: true, force: true });
  await Promise.all([album, forReadme].map((folder) => mkdir(folder, { recursive: true })));
  browser = await openBrowser();
  // The port that the README names, where it is free.
  ({ site, close } = await openSite(async () => ({ kind: 'libsql', path: `${await temporaryDirectory()}/flowcept.db` }), {}, 3000));
});
afterAll(async () => {
  await browser?.close();
  await close?.();
});

/** All of the page as it is now, in both sizes and schemes. */
async function take(page: Page, name: string): Promise<void> {
  for (const [size, viewport] of Object.entries(sizes)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.screenshot({ path: join(album, `${name}.${size}.${colorScheme}.png`), fullPage: true, animations: 'disabled' });
    }
  }
  await page.setViewportSize(sizes.desktop);
}

async function visit(name: string, path: string, options: PersonOptions = {}): Promise<void> {
  const { page, context } = await arrive(options);
  await page.goto(path);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await take(page, name);
  await context.close();
}

function arrive(options: PersonOptions = {}): Promise<Person> {
  return Person.arrive(browser, site.origin, options);
}

test('before anybody is there', async () => {
  await visit('landing-new', '/');
  await visit('security-never-ran', '/security');
  await visit('sign-in-new', '/sign-in');
  await visit('mailbox-empty', '/practice/mailbox');
  await visit('check-mail-none', '/sign-up/check-mail');
  await visit('operator-no-link', '/operator');
});

test('the operator, and the checks', async () => {
  const ada = await arrive();
  const { page } = ada;
  await page.goto(await offerClaim(site.services));
  await heading(page, /operator/);
  await take(page, 'operator');
  await fillAccount(page, account('Ada'));
  await page.getByRole('button', { name: 'Create operator account' }).click();
  await heading(page, 'Hello, Ada');
  await page.goto('/security');
  await page.getByRole('button', { name: 'Run the checks now' }).click();
  const ranAt = async () => (await (await ada.context.request.get('/api/trust')).json()).ranAt;
  await expect.poll(ranAt, { timeout: 120_000, interval: 500 }).not.toBeNull();
  await heading(page, 'Security');
  await take(page, 'security-operator');
  await page.locator('#password-hashing').locator('summary').first().click();
  await take(page, 'security-open');
  await page.goto('/security/claims/session-cookies');
  await take(page, 'claim');
  await runningHalfway(() => visit('security-running', '/security/run'));
  await page.goto('/home');
  await page.getByText('A copy of the keys').waitFor();
  await take(page, 'home-setup');
  const skip = page.getByRole('button', { name: 'Skip this' });
  while (await skip.count()) await skip.first().click();
  await page.getByText('Everything is done or skipped').click();
  await take(page, 'home-setup-folded');
});

/** A run, as it looks when five checks are made. */
async function runningHalfway(see: () => Promise<void>): Promise<void> {
  vi.spyOn(site.services.trust, 'isRunning').mockResolvedValue(true);
  vi.spyOn(site.services.trust, 'steps').mockReturnValue(checks.map(({ title }, at) => ({ title, state: at < 5 ? 'true' : at === 5 ? 'under way' : 'waiting' })));
  await see();
  vi.restoreAllMocks();
}

test('recovery, and “this wasn’t me”', async () => {
  const fay = account('Fay');
  await member(site, fay);
  const browser = await arrive();
  const { page } = browser;
  await page.goto('/recovery');
  await heading(page, 'Set a new password');
  await take(page, 'recovery');
  await page.getByLabel('E-mail', { exact: true }).fill(fay.email);
  await page.getByRole('button', { name: 'Send the code' }).click();
  await page.getByLabel('Code', { exact: true }).waitFor();
  await take(page, 'recovery-code');
  const code = await readCode(browser);
  await giveCode(browser, wrongCode(code));
  await page.getByLabel('New password', { exact: true }).fill('seven lamps along the harbour');
  await page.getByRole('button', { name: 'Set the password' }).click();
  await page.getByText(/tries left/).waitFor();
  await take(page, 'recovery-wrong');
  await giveCode(browser, code);
  await page.getByRole('button', { name: 'Set the password' }).click();
  await heading(page, 'Your password is set');
  await take(page, 'recovery-done');
  await page.goto(`/practice/mailbox?to=${fay.email}`);
  const link = (await page.getByRole('link', { name: /\/undo#token=/ }).first().getAttribute('href')) ?? '';
  for (const name of ['undo', 'undo-over']) {
    await page.goto('/');
    await page.goto(link);
    await heading(page, 'Secure your account');
    if (name === 'undo') await take(page, name);
    const answered = page.waitForResponse(/\/undo$/);
    await page.getByRole('button', { name: /This wasn’t me/ }).click();
    await answered;
    await take(page, name === 'undo' ? 'undo-done' : name);
  }
  await visit('undo-no-link', '/undo');
});

test('account and activity', async () => {
  const gus = account('Gus');
  const program = await member(site, gus);
  for (let time = 0; time < 25; time += 1) await program.send('PATCH', '/api/account', { name: 'Gus' });
  const browser = await arrive();
  const { page } = browser;
  await signIn(browser, gus);
  await page.goto('/account');
  await page.getByText('Nothing to do').waitFor();
  await take(page, 'account');
  await page.getByLabel('Current password', { exact: true }).fill('not the password at all');
  await page.getByLabel('New password', { exact: true }).fill('seven lamps along the harbour');
  await page.getByRole('button', { name: 'Change the password' }).click();
  await page.getByText('This is not the password of this account.').waitFor();
  await take(page, 'account-wrong-password');
  await page.goto('/activity');
  await page.getByRole('list', { name: 'Events' }).waitFor();
  await take(page, 'activity');
  await page.getByText('This wasn’t me', { exact: true }).click();
  await page.getByRole('button', { name: 'Sign out 1 other device' }).waitFor();
  await take(page, 'activity-not-me');
  await page.route('/api/account/activity*', (route) => route.abort());
  await page.reload();
  await page.getByText(/did not answer/).first().waitFor();
  await take(page, 'activity-failed');
});

test('signing up', async () => {
  const bob = await arrive();
  const { page } = bob;
  await page.goto('/sign-up');
  await heading(page, 'Create your account');
  await take(page, 'sign-up');
  await fillAccount(page, { name: '', email: 'bob', password: 'too short' });
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByText('Tell us a name.').waitFor();
  await take(page, 'sign-up-wrong');
  await fillAccount(page, account('Bob'));
  await page.getByRole('button', { name: 'Create account' }).click();
  await heading(page, 'Check your mail');
  await take(page, 'check-mail');
  const code = await readCode(bob);
  await visit('mailbox', '/practice/mailbox');
  await giveCode(bob, wrongCode(code));
  await page.getByText(/tries left/).waitFor();
  await take(page, 'check-mail-wrong');
  await giveCode(bob, code);
  await heading(page, 'Hello, Bob');
  await page.getByText('This device', { exact: true }).waitFor();
  await take(page, 'home-one-device');

  const eve = await arrive();
  await signUp(eve, account('Eve'));
  const wrong = wrongCode(await readCode(eve));
  for (let left = 4; left >= 0; left -= 1) {
    const answered = eve.page.waitForResponse(/\/verify$/);
    await giveCode(eve, '');
    await giveCode(eve, wrong);
    await answered;
  }
  await eve.page.getByRole('alert').waitFor();
  await take(eve.page, 'check-mail-over');
});

test('devices, signing in and out', async () => {
  const ada = account('Ada');
  const laptop = await arrive();
  await signIn(laptop, ada);
  const userAgent =
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1';
  const phone = await Person.arrive(browser, site.origin, { userAgent });
  await signIn(phone, ada);
  await laptop.page.reload();
  await laptop.page.getByText('Safari on iOS').waitFor();
  await take(laptop.page, 'home');
  await laptop.page.getByRole('button', { name: 'Sign out this device' }).first().click();
  await laptop.page.getByText('is signed out.').waitFor();
  await take(laptop.page, 'home-signed-one-out');
  await laptop.page.goto('/');
  await take(laptop.page, 'landing-signed-in');
  await laptop.page.goto('/home');
  await laptop.page.getByRole('main').getByRole('button', { name: 'Sign out', exact: true }).click();
  await heading(laptop.page, 'Sign in');
  await take(laptop.page, 'signed-out');
  await laptop.page.getByLabel('E-mail', { exact: true }).fill('ada@example.com');
  await laptop.page.getByLabel('Password', { exact: true }).fill('not the password at all');
  await laptop.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await laptop.page.getByRole('alert').waitFor();
  await take(laptop.page, 'sign-in-refused');
  await laptop.page.route('/api/sign-in', (route) => route.abort());
  await laptop.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await laptop.page.getByText(/did not answer/).waitFor();
  await laptop.context.setOffline(true);
  await take(laptop.page, 'sign-in-offline');
});

test('for strangers', async () => {
  await joinUp(await arrive(), account('Zoe'));
  await visit('landing', '/');
  await visit('security', '/security');
  await visit('docs', '/docs');
  await visit('problems', '/problems');
  await visit('problem', '/problems/rate-limited');
  await visit('mailbox-none-to', '/practice/mailbox?to=nobody@example.com');
  await visit('not-found', '/nowhere');
  await visit('wrong-host', `${site.origin.replace('localhost', '127.0.0.1')}/`);
  await visit('no-javascript', '/sign-up', { javaScriptEnabled: false });
  vi.spyOn(site.services.store, 'hasOperator').mockRejectedValueOnce(new Error('for the picture'));
  await visit('fault', '/');
});

test('three of them are in the README, and small', async () => {
  const ada = await arrive();
  await signIn(ada, account('Ada'));
  await ada.page.getByText('This device', { exact: true }).waitFor();
  const zoe = await arrive();
  await zoe.page.goto('/security');
  const claim = zoe.page.locator('#session-cookies');
  await claim.locator('summary').first().click();
  // The rows leave room above them when scrolled to, in which the row before would show.
  await claim.evaluate((row) => scrollTo(0, scrollY + row.getBoundingClientRect().top));
  await zoe.page.mouse.move(0, 0);
  const runner = await arrive();
  await runningHalfway(async () => void (await runner.page.goto('/security/run')));
  for (const [name, { page }] of Object.entries({ running: runner, home: ada, security: zoe })) {
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    const path = join(forReadme, `${name}.png`);
    await page.screenshot({ path, animations: 'disabled' });
    expect((await stat(path)).size).toBeLessThanOrEqual(mostBytes);
  }
});
