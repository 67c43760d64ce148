import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { offerClaim } from '../../src/accounts/claim-operator.ts';
import { minute } from '../../src/clock.ts';
import { onLibsql } from '../on-both-stores.ts';
import { goodPassword } from '../visitor.ts';
import { nextCode, plugIn, withApp } from './authenticators.ts';
import { expectFocus, leaveByEscape, press, tabTo, typeAt } from './by-keyboard.ts';
import { inTheBrowser } from './in-the-browser.ts';
import type { Person } from './person.ts';
import { account, heading, member, signIn, type Account } from './steps.ts';

inTheBrowser(
  'dialogs and second steps by keyboard alone',
  ({ site, person }) => {
    const factorsOf = (page: Page) =>
      page.getByRole('region', { name: 'Two-factor authentication' });
    const proofOf = (page: Page) => page.getByRole('dialog', { name: 'Confirm it’s you' });
    const codeIn = (page: Page) => page.getByLabel('Code', { exact: true });

    async function givePassword({ page }: Person, account: Account): Promise<void> {
      await typeAt(page, page.getByLabel('Email', { exact: true }), account.email);
      await typeAt(page, page.getByLabel('Password', { exact: true }), account.password);
      await page.keyboard.press('Enter');
    }

    async function keepCodes(page: Page): Promise<void> {
      await factorsOf(page).getByRole('heading', { name: 'Your recovery codes' }).waitFor();
      await expectFocus(factorsOf(page).getByRole('heading', { name: 'Your recovery codes' }));
      await tabTo(page, page.getByLabel('I’ve saved these codes'));
      await page.keyboard.press('Space');
      await press(page, page.getByRole('button', { name: 'Continue' }));
      await expectFocus(page.getByRole('heading', { name: 'Two-factor authentication' }));
    }

    test('by keyboard, a user adds an app after re-authentication, renews its recovery codes and removes it', async () => {
      const ada = account('Ada');
      await member(site(), ada);
      const browser = await person();
      const { page } = browser;
      await signIn(browser, ada);
      await page.goto('/account');
      site().clock.move(11 * minute);
      browser.expects('403 POST /api/factors/totp', '403 POST /api/factors/recovery-codes');
      const add = page.getByRole('button', { name: 'Add an authenticator app' });
      await press(page, add);
      await leaveByEscape(page, proofOf(page), add);
      await page.keyboard.press('Enter');
      await proofOf(page).waitFor();
      await expectFocus(proofOf(page).getByLabel('Password', { exact: true }));
      await page.keyboard.type(ada.password);
      await page.keyboard.press('Enter');
      await expectFocus(factorsOf(page).getByRole('heading', { name: 'Add an authenticator app' }));
      const secret = (await factorsOf(page).locator('code').innerText()).replaceAll(' ', '');
      await tabTo(page, codeIn(page));
      await page.keyboard.type(nextCode(site(), secret));
      await keepCodes(page);

      site().clock.move(11 * minute);
      const renew = page.getByRole('button', { name: 'Generate new recovery codes' });
      const renewal = page.getByRole('dialog', { name: 'Generate new recovery codes?' });
      await press(page, renew);
      await leaveByEscape(page, renewal, renew);
      await page.keyboard.press('Enter');
      await press(page, renewal.getByRole('button', { name: 'Generate new recovery codes' }));
      await expectFocus(codeIn(page));
      await press(page, page.getByRole('button', { name: 'Use a recovery code instead' }));
      await expectFocus(page.getByLabel('Recovery code', { exact: true }));
      await press(page, page.getByRole('button', { name: /authenticator app/ }));
      await expectFocus(codeIn(page));
      await page.keyboard.type(nextCode(site(), secret));
      await keepCodes(page);

      const remove = factorsOf(page).getByRole('button', { name: 'Remove' });
      const removal = page.getByRole('dialog', { name: 'Remove Authenticator app?' });
      await press(page, remove);
      await leaveByEscape(page, removal, remove);
      await page.keyboard.press('Enter');
      await press(page, removal.getByRole('button', { name: 'Remove' }));
      await page.getByText('Authenticator app removed.').waitFor();
      await expectFocus(page.getByRole('heading', { name: 'Two-factor authentication' }));
    });

    test('by keyboard, a user gives the second factor by app, recovery code or passkey, and signs in by passkey alone', async () => {
      const bea = account('Bea');
      const { secret, recoveryCodes } = await withApp(site(), bea);
      const browser = await person();
      const { page } = browser;
      await plugIn(browser);
      const signOut = async () => {
        await press(page, page.getByRole('banner').getByRole('button', { name: 'Sign out' }));
        await heading(page, 'Sign in');
      };
      await page.goto('/sign-in');
      await givePassword(browser, bea);
      await heading(page, 'Two-factor authentication');
      await expectFocus(codeIn(page));
      await page.keyboard.type(nextCode(site(), secret));
      await heading(page, 'Hello, Bea');

      await press(page, page.getByRole('link', { name: 'Account', exact: true }));
      await heading(page, 'Account settings');
      await press(page, page.getByRole('button', { name: 'Add a passkey' }));
      await expectFocus(factorsOf(page).getByRole('heading', { name: 'Add a passkey' }));
      await typeAt(page, factorsOf(page).getByLabel('Name', { exact: true }), 'My laptop');
      await page.keyboard.press('Enter');
      await page.getByText('My laptop added.').waitFor();
      await expectFocus(page.getByRole('heading', { name: 'Two-factor authentication' }));

      await signOut();
      await press(page, page.getByRole('button', { name: 'Sign in with a passkey' }));
      await heading(page, 'Hello, Bea');
      await signOut();
      await givePassword(browser, bea);
      await heading(page, 'Two-factor authentication');
      await press(page, page.getByRole('button', { name: 'Use a recovery code instead' }));
      await page.keyboard.type(recoveryCodes[0] ?? '');
      await page.keyboard.press('Enter');
      await heading(page, 'Hello, Bea');
    });

    test('by keyboard, a recovery without second factors is started, and the account owner cancels it', async () => {
      const cleo = account('Cleo');
      const { secret } = await withApp(site(), cleo);
      const owner = await person();
      await owner.page.goto('/sign-in');
      await givePassword(owner, cleo);
      await heading(owner.page, 'Two-factor authentication');
      await owner.page.keyboard.type(nextCode(site(), secret));
      await heading(owner.page, 'Hello, Cleo');

      const stranger = await person();
      const { page } = stranger;
      await page.goto('/sign-in');
      await givePassword(stranger, cleo);
      await heading(page, 'Two-factor authentication');
      await press(page, page.getByText('Lost your device?'));
      await press(page, page.getByRole('button', { name: 'I can’t use any of these' }));
      await heading(page, 'Lost all your second factors?');
      await expectFocus(page.getByRole('heading', { level: 1 }));
      await press(page, page.getByRole('button', { name: 'Start 72-hour recovery' }));
      await heading(page, 'Recovery started');
      await expectFocus(page.getByRole('heading', { level: 1 }));
      await press(page, page.getByRole('link', { name: 'Back to sign-in' }));
      await heading(page, 'Sign in');

      await owner.page.reload();
      await press(owner.page, owner.page.getByRole('button', { name: 'Stop the recovery' }));
      await owner.page.getByRole('alert').waitFor({ state: 'hidden' });
      const stopped = owner.page
        .getByRole('status')
        .filter({ hasText: 'A recovery of your second factors was stopped' });
      await expectFocus(stopped);
      await owner.page.keyboard.press('Tab');
      await expectFocus(stopped.getByRole('link', { name: 'Change your password' }));
      await owner.page.keyboard.press('Enter');
      await heading(owner.page, 'Account settings');
      await expectFocus(owner.page.getByRole('heading', { name: 'Password', exact: true }));
      await owner.page.goto('/account');
      await press(owner.page, stopped.getByRole('link', { name: 'Change your password' }));
      await expectFocus(owner.page.getByRole('heading', { name: 'Password', exact: true }));
    });

    test('by keyboard, a Google user re-authenticates at Google, changes the email address, deletes the account and restores it', async () => {
      const dora = await person();
      const { page, context } = dora;
      const agree = async (there: Page) => {
        await heading(there, 'Mock Google');
        await typeAt(there, there.getByLabel('Name', { exact: true }), 'Dora');
        await typeAt(there, there.getByLabel('Email', { exact: true }), 'dora@google.test');
        await press(there, there.getByRole('button', { name: 'Continue' }));
      };
      await page.goto('/sign-up');
      await press(page, page.getByRole('link', { name: 'Continue with Google' }));
      await agree(page);
      await heading(page, 'Hello, Dora');
      await press(page, page.getByRole('link', { name: 'Account', exact: true }));
      await heading(page, 'Account settings');

      site().clock.move(11 * minute);
      dora.expects('403 POST /api/account/email');
      await typeAt(
        page,
        page.getByRole('region', { name: 'Email address' }).getByLabel('Email'),
        'dora@example.com',
      );
      await page.keyboard.press('Enter');
      await proofOf(page).waitFor();
      const opened = context.waitForEvent('page');
      await press(page, proofOf(page).getByRole('button', { name: /Continue with Google/ }));
      const beside = await opened;
      await agree(beside);
      await heading(beside, 'Identity confirmed');
      await beside.close();
      await expectFocus(codeIn(page));
      await page.keyboard.type(await site().visitor().codeFor('dora@example.com'));
      await page.getByText('Your email address is now dora@example.com.').waitFor();
      await expectFocus(page.getByRole('heading', { name: 'Email address' }));

      const close = page.getByRole('button', { name: 'Delete account' });
      const closing = page.getByRole('dialog', { name: 'Delete your account?' });
      await press(page, close);
      await leaveByEscape(page, closing, close);
      await page.keyboard.press('Enter');
      await press(page, closing.getByRole('button', { name: 'Delete my account' }));
      await page.getByText(/Your account is scheduled for deletion/).waitFor();
      await press(page, page.getByRole('link', { name: 'Continue with Google' }));
      await agree(page);
      await heading(page, 'This account is scheduled for deletion');
      await press(page, page.getByRole('button', { name: 'Restore account' }));
      await heading(page, 'Account restored');
      await expectFocus(page.getByRole('heading', { level: 1 }));
    });

    test('by keyboard, an operator requires and stops requiring 2FA, and a user who must enrol adds a factor', async () => {
      const [olga, emil] = [account('Olga'), account('Emil')];
      const program = site().visitor();
      await program.post('/api/operators/claim', {
        ...olga,
        token: (await offerClaim(site().services)).split('token=')[1],
        password: goodPassword,
      });
      const { body } = await program.post('/api/factors/totp');
      await program.post('/api/factors/totp/confirm', {
        id: body.factor.id,
        code: nextCode(site(), body.secret),
      });
      await member(site(), emil);
      const chief = await person();
      const { page } = chief;
      await page.goto('/sign-in');
      await givePassword(chief, olga);
      await heading(page, 'Two-factor authentication');
      await page.keyboard.type(nextCode(site(), body.secret));
      await heading(page, 'Hello, Olga');
      await press(
        page,
        page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Operators' }),
      );
      await heading(page, 'Operators');
      await press(
        page,
        page
          .getByRole('navigation', { name: 'Sections' })
          .getByRole('link', { name: 'Two-factor authentication' }),
      );
      const require = page.getByRole('main').getByRole('button', { name: 'Require 2FA' });
      const requiring = page.getByRole('dialog', { name: 'Require 2FA for all accounts?' });
      await typeAt(page, page.getByLabel('Grace period (days)'), '0');
      await press(page, require);
      await leaveByEscape(page, requiring, require);
      await page.keyboard.press('Enter');
      await press(page, requiring.getByRole('button', { name: 'Require 2FA' }));
      await page.getByText('2FA policy saved: required for all accounts.').waitFor();
      await expectFocus(page.getByRole('heading', { level: 2, name: 'Two-factor authentication' }));

      const enrolling = await person();
      await enrolling.page.goto('/sign-in');
      await givePassword(enrolling, emil);
      await heading(enrolling.page, 'Set up two-factor authentication');
      await press(
        enrolling.page,
        enrolling.page.getByRole('button', { name: 'Add an authenticator app' }),
      );
      await expectFocus(
        factorsOf(enrolling.page).getByRole('heading', { name: 'Add an authenticator app' }),
      );
      const secret = (await factorsOf(enrolling.page).locator('code').innerText()).replaceAll(
        ' ',
        '',
      );
      await tabTo(enrolling.page, codeIn(enrolling.page));
      await enrolling.page.keyboard.type(nextCode(site(), secret));
      await factorsOf(enrolling.page)
        .getByRole('heading', { name: 'Your recovery codes' })
        .waitFor();
      await tabTo(enrolling.page, enrolling.page.getByLabel('I’ve saved these codes'));
      await enrolling.page.keyboard.press('Space');
      await press(enrolling.page, enrolling.page.getByRole('button', { name: 'Continue' }));
      await heading(enrolling.page, 'Hello, Emil');

      const clear = page.getByRole('main').getByRole('button', { name: 'Stop requiring 2FA' });
      await press(page, clear);
      await press(
        page,
        page.getByRole('dialog').getByRole('button', { name: 'Stop requiring 2FA' }),
      );
      await page.getByText('2FA is no longer required.').waitFor();
      expect(await clear.count()).toBe(0);
    });
  },
  { stores: onLibsql },
);
