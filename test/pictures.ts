import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { offerClaim } from '../src/accounts/claim-operator.ts';
import { minute } from '../src/clock.ts';
import { checks } from '../src/trust/checks/all-checks.ts';
import { nextCode } from './browser/authenticators.ts';
import { chromium, openBrowser, openSite, type Site } from './browser/in-the-browser.ts';
import { Person, type PersonOptions } from './browser/person.ts';
import {
  account,
  type Account,
  fillAccount,
  giveCode,
  heading,
  join as joinUp,
  member,
  readCode,
  signIn,
  signUp,
} from './browser/steps.ts';
import { temporaryDirectory } from './temporary-directory.ts';
import { wrongCode } from './visitor.ts';

/**
 * Takes screenshots of every screen, on a phone and a desktop, light and dark, into
 * `.cache/pictures`; three of them into `docs/pictures` for the README.
 */

const root = join(import.meta.dirname, '..');
const album = join(root, '.cache', 'pictures');
const forReadme = join(root, 'docs', 'pictures');
const sizes = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 900 } };
const maxBytes = 200 * 1024;

let browser: Browser;
let site: Site;
let close: () => Promise<void>;

beforeAll(async () => {
  if (chromium === null) throw new Error('Pictures need Chromium.');
  await rm(album, { recursive: true, force: true });
  await Promise.all([album, forReadme].map((folder) => mkdir(folder, { recursive: true })));
  browser = await openBrowser();
  // The port that the README names, if it is free.
  ({ site, close } = await openSite(
    async () => ({ kind: 'libsql', path: `${await temporaryDirectory()}/flowcept.db` }),
    {},
    { wantedPort: 3000 },
  ));
});
afterAll(async () => {
  await browser?.close();
  await close?.();
});

/** The whole page in its current state, in both sizes and colour schemes. */
async function take(page: Page, name: string): Promise<void> {
  for (const [size, viewport] of Object.entries(sizes)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.screenshot({
        path: join(album, `${name}.${size}.${colorScheme}.png`),
        fullPage: true,
        animations: 'disabled',
      });
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

/** A user whose browser has the time of the server, which these scenarios move. */
async function arrive(options: PersonOptions = {}): Promise<Person> {
  const person = await Person.arrive(browser, site.origin, options);
  await person.page.clock.setSystemTime(site.clock.now());
  return person;
}

/** Moves the clock of both. */
async function pass(page: Page, milliseconds: number): Promise<void> {
  site.clock.move(milliseconds);
  await page.clock.setSystemTime(site.clock.now());
}

test('before the first account', async () => {
  await visit('landing-new', '/');
  await visit('security-never-ran', '/security');
  await visit('sign-in-new', '/sign-in');
  await visit('mailbox-empty', '/sandbox/mailbox');
  await visit('check-mail-none', '/sign-up/check-mail');
  await visit('operator-no-link', '/operator');
});

test('the operator and the checks', async () => {
  const ada = await arrive();
  const { page } = ada;
  await page.goto(await offerClaim(site.services));
  await heading(page, /operator/);
  await take(page, 'operator');
  await fillAccount(page, account('Ada'));
  await page.getByRole('button', { name: 'Create operator account' }).click();
  await heading(page, 'Hello, Ada');
  await page.goto('/security');
  await page.getByRole('button', { name: 'Run checks' }).click();
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
  await page.getByText('Back up your data and keys').waitFor();
  await take(page, 'home-setup');
  const skip = page.getByRole('button', { name: 'Skip this step' });
  while (await skip.count()) await skip.first().click();
  await page.getByText('All steps done or skipped').click();
  await take(page, 'home-setup-folded');
});

/** A run after five checks. */
async function runningHalfway(see: () => Promise<void>): Promise<void> {
  vi.spyOn(site.services.trust, 'isRunning').mockResolvedValue(true);
  vi.spyOn(site.services.trust, 'steps').mockReturnValue(
    checks.map(({ title }, at) => ({
      title,
      state: at < 5 ? 'true' : at === 5 ? 'under way' : 'waiting',
    })),
  );
  await see();
  vi.restoreAllMocks();
}

test('recovery, and “this wasn’t me”', async () => {
  const fay = account('Fay');
  await member(site, fay);
  const browser = await arrive();
  const { page } = browser;
  await page.goto('/recovery');
  await heading(page, 'Reset your password');
  await take(page, 'recovery');
  await page.getByLabel('Email', { exact: true }).fill(fay.email);
  await page.getByRole('button', { name: 'Send code' }).click();
  await page.getByLabel('Code', { exact: true }).waitFor();
  await take(page, 'recovery-code');
  const code = await readCode(browser);
  await giveCode(browser, wrongCode(code));
  await page.getByLabel('New password', { exact: true }).fill('seven lamps along the harbour');
  await page.getByRole('button', { name: 'Set password' }).click();
  await page.getByText(/attempts left/).waitFor();
  await take(page, 'recovery-wrong');
  await giveCode(browser, code);
  await page.getByRole('button', { name: 'Set password' }).click();
  await heading(page, 'Your password is set');
  await take(page, 'recovery-done');
  await page.goto(`/sandbox/mailbox?to=${fay.email}`);
  const link =
    (await page
      .getByRole('link', { name: /\/undo#token=/ })
      .first()
      .getAttribute('href')) ?? '';
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

test('“this wasn’t me”, while another account has the address', async () => {
  const max = account('Max');
  const program = await member(site, max);
  const { body } = await program.post('/api/account/email', { email: 'moved-away@example.com' });
  await program.post(`/api/challenges/${body.challenge.id}/verify`, {
    code: await program.codeFor('moved-away@example.com'),
  });
  await member(site, max);
  const { page } = await arrive();
  await page.goto(`/sandbox/mailbox?to=${max.email}`);
  await page
    .getByRole('link', { name: /\/undo#token=/ })
    .last()
    .click();
  await page.getByRole('button', { name: /This wasn’t me/ }).click();
  await heading(page, /another account has its email address/);
  await take(page, 'undo-taken');
});

test('account and activity', async () => {
  const gus = account('Gus');
  const program = await member(site, gus);
  for (let time = 0; time < 25; time += 1)
    await program.send('PATCH', '/api/account', { name: 'Gus' });
  const browser = await arrive();
  const { page } = browser;
  await signIn(browser, gus);
  await page.goto('/account');
  await page.getByText(/Your account has no second factor/).waitFor();
  await take(page, 'account');
  await page.getByLabel('Current password', { exact: true }).fill('not the password at all');
  await page.getByLabel('New password', { exact: true }).fill('seven lamps along the harbour');
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.getByText('That password is incorrect.').waitFor();
  await take(page, 'account-wrong-password');
  await page.goto('/activity');
  await page.getByRole('list', { name: 'Events' }).waitFor();
  await take(page, 'activity');
  await page.getByText('This wasn’t me', { exact: true }).click();
  await page.getByRole('button', { name: 'Sign out of 1 other device' }).waitFor();
  await take(page, 'activity-not-me');
  await page.goto('/activity?kind=account&days=7');
  await page.getByRole('list', { name: 'Events' }).waitFor();
  await take(page, 'activity-filtered');
  await page.goto('/activity?kind=factor&days=1');
  await page.getByText('No matching events').waitFor();
  await take(page, 'activity-none-found');
  await page.route('/api/account/activity*', (route) => route.abort());
  await page.reload();
  await page
    .getByText(/Couldn’t reach Flowcept/)
    .first()
    .waitFor();
  await take(page, 'activity-failed');
});

test('second factors', async () => {
  const hal = account('Hal');
  await member(site, hal);
  const browser = await arrive();
  const { page } = browser;
  await signIn(browser, hal);
  await page.goto('/account');
  const factors = page.getByRole('region', { name: 'Two-factor authentication' });
  await factors.getByRole('button', { name: 'Add a passkey' }).click();
  await take(page, 'factors-add-passkey');
  await page.reload();
  await pass(page, 11 * minute);
  await factors.getByRole('button', { name: 'Add an authenticator app' }).click();
  const proof = page.getByRole('dialog', { name: 'Confirm it’s you' });
  const password = proof.getByLabel('Password', { exact: true });
  await password.waitFor();
  await take(page, 're-authentication');
  for (const typed of ['not the password at all', hal.password]) {
    await password.fill(typed);
    await password.press('Enter');
    if (typed !== hal.password)
      await proof
        .getByText('That password is incorrect.')
        .waitFor()
        .then(() => take(page, 're-authentication-wrong'));
  }
  await factors.getByRole('img', { name: /QR code/ }).waitFor();
  await take(page, 'factors-add-app');
  const secret = (await factors.locator('code').innerText()).replaceAll(' ', '');
  await giveCode(browser, nextCode(site, secret));
  await factors.getByRole('heading', { name: 'Your recovery codes' }).waitFor();
  await take(page, 'factors-codes');
  await factors.getByLabel('I’ve saved these codes').check();
  await factors.getByRole('button', { name: 'Continue' }).click();
  await page.getByText('No action needed').waitFor();
  await take(page, 'factors');
  await factors.getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('dialog').waitFor();
  await take(page, 'factors-remove');

  const laptop = await arrive();
  await laptop.page.goto('/sign-in');
  await givePassword(laptop.page, hal);
  await heading(laptop.page, 'Two-factor authentication');
  await take(laptop.page, 'second-factor');
  await giveCode(laptop, wrongCode(nextCode(site, secret)));
  await laptop.page.getByText(/attempts left/).waitFor();
  await take(laptop.page, 'second-factor-wrong');
  await laptop.page.getByRole('button', { name: 'Use a recovery code instead' }).click();
  await take(laptop.page, 'second-factor-recovery-code');
  await laptop.page.getByText('Lost your device?').click();
  await take(laptop.page, 'second-factor-lost');
  await laptop.page.locator('details').getByRole('button').click();
  await laptop.page.getByRole('listitem').first().waitFor();
  await take(laptop.page, 'lost-factors');
  await laptop.page.getByRole('main').locator('.fc-button-primary').click();
  await laptop.page.locator('time').waitFor();
  await take(laptop.page, 'lost-factors-waiting');
  await page.goto('/home');
  await page.getByRole('alert').waitFor();
  await take(page, 'home-factors-at-risk');
  await page.getByRole('button', { name: 'Stop the recovery' }).click();
  await page.getByText('A recovery of your second factors was stopped').waitFor();
  await take(page, 'home-recovery-stopped');
  await page.goto('/activity');
  await page.getByRole('list', { name: 'Events' }).waitFor();
  await take(page, 'activity-recovery-stopped');
  await visit('second-factor-none', '/sign-in/second-factor');
});

async function givePassword(page: Page, { email, password }: Account): Promise<void> {
  await page.getByLabel('Email', { exact: true }).fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

test('Google and GitHub, deleting and restoring an account', async () => {
  const ivy = account('Ivy');
  await member(site, ivy);
  const ida = await arrive();
  const { page } = ida;
  const there = async (provider: string, email: string, tab = page) => {
    await heading(tab, `Mock ${provider}`);
    await tab.getByLabel('Name', { exact: true }).fill('Ida');
    await tab.getByLabel('Email', { exact: true }).fill(email);
    await tab.getByRole('button', { name: 'Continue' }).click();
  };
  await page.goto('/sign-up');
  await page.getByRole('link', { name: 'Continue with Google' }).click();
  await heading(page, 'Mock Google');
  await take(page, 'mock-google');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('You cancelled at Google').waitFor();
  await take(page, 'provider-refused');
  await page.getByRole('link', { name: 'Try again' }).click();
  await there('Google', ivy.email);
  await page.getByText('An account with this email address already exists').waitFor();
  await take(page, 'provider-account-exists');
  await page.getByRole('link', { name: 'Use a different Google account' }).click();
  await there('Google', 'ida@google.test');
  await heading(page, 'Hello, Ida');
  await page.goto('/account');
  await page.getByText('You sign in with Google or GitHub and have no password').waitFor();
  await take(page, 'account-by-google');
  await page.getByRole('button', { name: 'Connect GitHub' }).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await heading(page, 'Connect GitHub');
  await take(page, 'connect-refused');
  await page.getByRole('button', { name: 'Try again' }).click();
  await there('GitHub', 'ida@github.test');
  await page.getByRole('button', { name: 'Disconnect GitHub' }).waitFor();
  await take(page, 'account-both-connected');
  await pass(page, 11 * minute);
  await page.getByRole('button', { name: 'Disconnect GitHub' }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /Continue with Google/ })
    .waitFor();
  await take(page, 're-authentication-provider');
  const beside = ida.context.waitForEvent('page');
  await page.getByRole('button', { name: /Continue with Google/ }).click();
  const other = await beside;
  await there('Google', 'ida@google.test', other);
  await heading(other, 'Identity confirmed');
  await take(other, 'proved');
  await page.getByText('GitHub disconnected').waitFor();
  const section = page.getByRole('region', { name: 'Email address' });
  await section.getByLabel('Email').fill('ida@example.com');
  await section.getByRole('button', { name: 'Send code' }).click();
  await section.getByLabel('Code').waitFor();
  await take(page, 'account-moving');
  await page.getByRole('button', { name: 'Delete account' }).click();
  await page.getByRole('dialog').waitFor();
  await take(page, 'account-close');
  await page.getByRole('button', { name: 'Delete my account' }).click();
  await page.getByText(/Your account is scheduled for deletion/).waitFor();
  await take(page, 'sign-in-closing');
  await page.getByRole('link', { name: 'Continue with Google' }).click();
  await there('Google', 'ida@google.test');
  await heading(page, 'This account is scheduled for deletion');
  await take(page, 'reopen');
  await page.getByRole('button', { name: 'Restore account' }).click();
  await heading(page, 'Account restored');
  await take(page, 'reopen-done');
  await visit('reopen-none', '/sign-in/reopen');
});

test('the operators’ screen', async () => {
  const ada = await arrive();
  const { page } = ada;
  await signIn(ada, account('Ada'));
  const see = async (part: string, name: string) => {
    await page.goto(`/operators?part=${part}`);
    await page.getByRole('heading', { level: 2 }).waitFor();
    await page.getByText('Loading…').waitFor({ state: 'hidden', timeout: 30_000 });
    await take(page, name);
  };
  await see('accounts', 'operators-accounts');
  await page
    .getByRole('button', { name: /Sign out everywhere/ })
    .first()
    .click();
  await page.getByRole('dialog').waitFor();
  await take(page, 'operators-sign-out');
  await see('accounts&search=no-match', 'operators-accounts-none');
  await see('limits', 'operators-limits-none');
  for (let n = 0; n < 10; n += 1)
    await site.services.limiter.consume('wrong-password', { key: 'cleo@example.com' });
  await see('limits', 'operators-limits');
  await see('mail', 'operators-mail-none');
  const dueAt = new Date(site.clock.now().getTime() + 5 * minute);
  const mail = site.services.mailer.compose({
    to: 'cleo@example.com',
    message: { subject: 'Hello', text: 'Hello', html: '' },
    challengeId: null,
    expiresAt: new Date(dueAt.getTime() + 60 * minute),
  });
  await site.services.store.insertMail({ ...mail, dueAt, tries: 4, lastError: 'ECONNECTION CONN' });
  await see('mail', 'operators-mail');
  await see('mail&state=kept', 'operators-mail-kept');
  await see('settings', 'operators-settings');
  await see('audit-log', 'operators-audit-log');
  await page.route('/api/operator/record*', (route) => route.abort());
  await see('audit-log', 'operators-audit-log-failed');
});

test('signing up', async () => {
  const bob = await arrive();
  const { page } = bob;
  await page.goto('/sign-up');
  await heading(page, 'Create your account');
  await take(page, 'sign-up');
  await fillAccount(page, { name: '', email: 'bob', password: 'too short' });
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByText('Enter a name.').waitFor();
  await take(page, 'sign-up-wrong');
  await fillAccount(page, account('Bob'));
  await page.getByRole('button', { name: 'Create account' }).click();
  await heading(page, 'Check your email');
  await take(page, 'check-mail');
  const code = await readCode(bob);
  await visit('mailbox', '/sandbox/mailbox');
  await giveCode(bob, wrongCode(code));
  await page.getByText(/attempts left/).waitFor();
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

test('devices, signing in and signing out', async () => {
  const ada = account('Ada');
  const laptop = await arrive();
  await signIn(laptop, ada);
  const userAgent =
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1';
  const phone = await arrive({ userAgent });
  await signIn(phone, ada);
  await laptop.page.reload();
  await laptop.page.getByText('Safari on iOS').waitFor();
  await take(laptop.page, 'home');
  await laptop.page.getByRole('button', { name: 'Sign out device' }).first().click();
  await laptop.page.getByText('was signed out.').waitFor();
  await take(laptop.page, 'home-signed-one-out');
  await laptop.page.goto('/');
  await take(laptop.page, 'landing-signed-in');
  await laptop.page.goto('/home');
  await laptop.page
    .getByRole('main')
    .getByRole('button', { name: 'Sign out', exact: true })
    .click();
  await heading(laptop.page, 'Sign in');
  await take(laptop.page, 'signed-out');
  await laptop.page.getByLabel('Email', { exact: true }).fill('ada@example.com');
  await laptop.page.getByLabel('Password', { exact: true }).fill('not the password at all');
  await laptop.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await laptop.page.getByRole('alert').waitFor();
  await take(laptop.page, 'sign-in-refused');
  await laptop.page.route('/api/sign-in', (route) => route.abort());
  await laptop.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await laptop.page.getByText(/Couldn’t reach Flowcept/).waitFor();
  await laptop.context.setOffline(true);
  await take(laptop.page, 'sign-in-offline');
});

test('public pages', async () => {
  await joinUp(await arrive(), account('Zoe'));
  await visit('landing', '/');
  await visit('security', '/security');
  await visit('docs', '/docs');
  await visit('problems', '/problems');
  await visit('problem', '/problems/rate-limited');
  await visit('mailbox-none-to', '/sandbox/mailbox?to=nobody@example.com');
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
  // Rows leave space above them when scrolled to, in which the previous row would show.
  await claim.evaluate((row) => scrollTo(0, scrollY + row.getBoundingClientRect().top));
  await zoe.page.mouse.move(0, 0);
  const runner = await arrive();
  await runningHalfway(async () => void (await runner.page.goto('/security/run')));
  for (const [name, { page }] of Object.entries({ running: runner, home: ada, security: zoe })) {
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    const path = join(forReadme, `${name}.png`);
    await page.screenshot({ path, animations: 'disabled' });
    expect((await stat(path)).size).toBeLessThanOrEqual(maxBytes);
  }
});

test('two-factor authentication for every account', async () => {
  const [uma, vic] = [account('Uma'), account('Vic')];
  for (const account of [uma, vic]) await member(site, account);
  const ada = await arrive();
  const { page, context } = ada;
  await signIn(ada, account('Ada'));
  const headers = { Origin: site.origin };
  const { factor, secret } = await (
    await context.request.post('/api/factors/totp', { headers })
  ).json();
  await context.request.post('/api/factors/totp/confirm', {
    headers,
    data: { id: factor.id, code: nextCode(site, secret) },
  });
  await page.goto('/operators?part=factors');
  await page.getByText('Not required', { exact: true }).waitFor();
  await take(page, 'operators-factors');
  await page.getByRole('button', { name: 'Require 2FA' }).click();
  await page.getByRole('dialog').waitFor();
  await take(page, 'operators-factors-require');
  await page.getByRole('dialog').getByRole('button', { name: 'Require 2FA' }).click();
  await page.getByText('2FA policy saved: required for all accounts.').waitFor();
  await take(page, 'operators-factors-required');

  const soon = await arrive();
  await signIn(soon, uma);
  await soon.page.getByText('Two-factor authentication will be required soon').waitFor();
  await take(soon.page, 'home-factor-soon');
  site.clock.move(15 * 24 * 60 * minute);
  const due = await arrive();
  await due.page.goto('/sign-in');
  await givePassword(due.page, vic);
  await heading(due.page, 'Set up two-factor authentication');
  await take(due.page, 'add-factor');
});
