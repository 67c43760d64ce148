import { expect, test } from 'vitest';
import { onLibsql } from '../on-both-stores.ts';
import { goodPassword } from '../visitor.ts';
import { expectFocus, tabTo } from './by-keyboard.ts';
import { inTheBrowser } from './in-the-browser.ts';
import { account, heading, member, readMailbox, signIn } from './steps.ts';

const otherPassword = 'seven lamps along the harbour';

inTheBrowser(
  'by keyboard alone',
  ({ site, person }) => {
    test('by keyboard, a user signs up, verifies the address, signs out and signs in', async () => {
      const ada = await person();
      const { page } = ada;
      await page.goto('/');
      await page.keyboard.press('Tab');
      await expectFocus(page.getByRole('link', { name: 'Skip to content' }));
      await page.keyboard.press('Enter');
      await tabTo(page, page.getByRole('link', { name: 'Create account' }));
      await page.keyboard.press('Enter');
      await heading(page, 'Create your account');

      await tabTo(page, page.getByLabel('Name', { exact: true }));
      await page.keyboard.type('Ada');
      await tabTo(page, page.getByLabel('Email', { exact: true }));
      await page.keyboard.type('ada@example.com');
      await tabTo(page, page.getByLabel('Password', { exact: true }));
      await page.keyboard.type('too short');
      await page.keyboard.press('Enter');
      await expectFocus(page.getByLabel('Password', { exact: true }));
      await page.keyboard.press('ControlOrMeta+a');
      await page.keyboard.type(goodPassword);
      await tabTo(page, page.getByRole('button', { name: 'Create account' }));
      await page.keyboard.press('Space');

      await heading(page, 'Check your email');
      await expectFocus(page.getByLabel('Code', { exact: true }));
      await page.keyboard.press('Shift+Tab');
      await expectFocus(page.getByRole('main').getByRole('link', { name: /sandbox mailbox/i }));
      const opened = ada.context.waitForEvent('page');
      await page.keyboard.press('Enter');
      const code = await readMailbox(await opened);
      await tabTo(page, page.getByLabel('Code', { exact: true }));
      await page.keyboard.type(code);
      await heading(page, 'Hello, Ada');
      await expectFocus(page.getByRole('heading', { level: 1 }));

      await tabTo(page, page.getByRole('main').getByRole('button', { name: 'Sign out' }));
      await page.keyboard.press('Enter');
      await heading(page, 'Sign in');
      await tabTo(page, page.getByLabel('Email', { exact: true }));
      await page.keyboard.type('ada@example.com');
      await tabTo(page, page.getByLabel('Password', { exact: true }));
      await page.keyboard.type(goodPassword);
      await tabTo(page, page.getByRole('button', { name: 'Show password' }));
      await page.keyboard.press('Space');
      expect(await page.getByLabel('Password', { exact: true }).getAttribute('type')).toBe('text');
      await tabTo(page, page.getByRole('checkbox', { name: 'Keep me signed in on this device' }));
      await page.keyboard.press('Space');
      await tabTo(page, page.getByRole('button', { name: 'Sign in', exact: true }));
      await page.keyboard.press('Enter');
      await heading(page, 'Hello, Ada');
    });

    test('by keyboard, a user changes the name and the password and ends other sessions', async () => {
      const cleo = account('Cleo');
      const stranger = await member(site(), cleo);
      const browser = await person();
      const { page } = browser;
      await signIn(browser, cleo);
      await tabTo(page, page.getByRole('link', { name: 'Account', exact: true }));
      await page.keyboard.press('Enter');
      await heading(page, 'Account settings');
      await tabTo(page, page.getByLabel('Name', { exact: true }));
      await page.keyboard.type('Cleopatra');
      await page.keyboard.press('Enter');
      await page.getByText('Name saved.').waitFor();
      await tabTo(page, page.getByLabel('Current password', { exact: true }));
      await page.keyboard.type(cleo.password);
      await tabTo(page, page.getByLabel('New password', { exact: true }));
      await page.keyboard.type(otherPassword);
      await page.keyboard.press('Enter');
      await page.getByText('Password changed.').waitFor();
      await expectFocus(page.getByRole('heading', { name: 'Password' }));

      await stranger.post('/api/sign-in', { email: cleo.email, password: otherPassword });
      await page.goto('/activity');
      await tabTo(page, page.getByText('This wasn’t me', { exact: true }));
      await page.keyboard.press('Enter');
      await tabTo(page, page.getByRole('button', { name: 'Sign out of 1 other device' }));
      await page.keyboard.press('Space');
      await page.getByText('All other devices were signed out.').waitFor();
      expect((await stranger.get('/api/session')).status).toBe(401);
    });

    test('by keyboard, a user resets the password by a code and secures the account by the link of a notice', async () => {
      const dora = account('Dora');
      const program = await member(site(), dora);
      const { page } = await person();
      await page.goto('/recovery');
      await tabTo(page, page.getByLabel('Email', { exact: true }));
      await page.keyboard.type(dora.email);
      await page.keyboard.press('Enter');
      await expectFocus(page.getByLabel('Code', { exact: true }));
      await page.keyboard.type(await program.codeFor(dora.email));
      await tabTo(page, page.getByLabel('New password', { exact: true }));
      await page.keyboard.type(otherPassword);
      await page.keyboard.press('Enter');
      await heading(page, 'Your password is set');
      await expectFocus(page.getByRole('heading', { level: 1 }));
      await tabTo(page, page.getByRole('main').getByRole('link', { name: 'Sign in' }));
      await page.keyboard.press('Enter');
      await heading(page, 'Sign in');

      await page.goto(`/sandbox/mailbox?to=${dora.email}`);
      await tabTo(page, page.getByRole('link', { name: /\/undo#token=/ }).first());
      await page.keyboard.press('Enter');
      await heading(page, 'Secure your account');
      await tabTo(page, page.getByRole('button', { name: /This wasn’t me/ }));
      await page.keyboard.press('Space');
      await heading(page, 'Your account is secured');
      await expectFocus(page.getByRole('heading', { level: 1 }));
    });

    test('by keyboard, the details of a claim open, and each stop shows its focus', async () => {
      const { page } = await person();
      await page.goto('/security');
      await heading(page, 'Security');
      const first = page.getByRole('group').first();
      await tabTo(page, first.locator('summary'));
      await page.keyboard.press('Enter');
      await first.getByRole('link', { name: /This claim with its observations/ }).waitFor();
      await tabTo(page, first.getByRole('link', { name: /This claim with its observations/ }));
      await page.keyboard.press('Enter');
      await page.getByRole('link', { name: 'All claims' }).waitFor();
    });
  },
  { stores: onLibsql },
);
