import { expect, it } from 'vitest';
import { expectFocus } from './by-keyboard.ts';
import { inTheBrowser } from './in-the-browser.ts';
import { look } from './look.ts';
import type { Person } from './person.ts';
import { account, heading, join, signIn } from './steps.ts';

const minute = 60_000;

/** Chooses a user at the mock provider. */
async function beThere(
  { page }: Pick<Person, 'page'>,
  provider: string,
  { name, email, verified = true }: { name: string; email: string; verified?: boolean },
): Promise<void> {
  await heading(page, `Mock ${provider}`);
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Email', { exact: true }).fill(email);
  if (!verified) await page.getByLabel('Email is verified').uncheck();
  await page.getByRole('button', { name: 'Continue' }).click();
}

inTheBrowser('signing in with Google and GitHub', ({ site, person }) => {
  for (const provider of ['Google', 'GitHub']) {
    it(`makes an account by ${provider} from the page for new people, and signs in with it`, async () => {
      const ada = await person();
      await ada.page.goto('/sign-up');
      await ada.page.getByRole('link', { name: `Continue with ${provider}` }).click();
      await look(ada.page);
      await beThere(ada, provider, { name: 'Ada', email: `ada@${provider.toLowerCase()}.test` });
      await heading(ada.page, 'Hello, Ada');
      await ada.page.getByText(`Signed in with ${provider}`).waitFor();
      await ada.page.goto('/account');
      await ada.page.getByText('You sign in with Google or GitHub and have no password').waitFor();
      const connected = ada.page.getByRole('listitem', { name: provider, exact: true });
      await connected.getByText(`${provider} is your only way to sign in.`).waitFor();
      expect(await connected.getByRole('button').count()).toBe(0);
      const advice = ada.page.getByRole('region', { name: 'Account security' });
      await advice.getByText('Your account has no second factor.').waitFor();
      expect(await advice.textContent()).not.toContain('password');
      await look(ada.page);

      const returning = await person();
      await returning.page.goto('/sign-in?to=/activity');
      await returning.page.getByRole('link', { name: `Continue with ${provider}` }).click();
      await beThere(returning, provider, {
        name: 'Someone',
        email: `ada@${provider.toLowerCase()}.test`,
      });
      await heading(returning.page, 'Your activity');
    });
  }

  it('a provider user whose address has an account signs in and connects the provider; then both methods work', async () => {
    const grace = await person();
    const owner = account('Grace');
    await join(grace, owner);
    const elsewhere = await person();
    await elsewhere.page.goto('/sign-in');
    await look(elsewhere.page);
    await elsewhere.page.getByRole('link', { name: 'Continue with Google' }).click();
    await beThere(elsewhere, 'Google', { name: 'Grace', email: owner.email });
    await elsewhere.page.getByText('An account with this email address already exists').waitFor();
    await elsewhere.page
      .getByText('Sign in below with your password, then connect Google')
      .waitFor();
    expect(await elsewhere.page.getByRole('main').textContent()).not.toMatch(/\bcode\b/);
    await look(elsewhere.page);
    await signIn(elsewhere, owner);
    await elsewhere.page.goto('/account');
    await elsewhere.page.getByRole('button', { name: 'Connect Google' }).click();
    await beThere(elsewhere, 'Google', { name: 'Grace', email: 'grace@google.test' });
    await elsewhere.page.getByRole('heading', { level: 3, name: 'Google' }).waitFor();
    await look(elsewhere.page);

    const third = await person();
    await third.page.goto('/sign-in');
    await third.page.getByRole('link', { name: 'Continue with Google' }).click();
    await beThere(third, 'Google', { name: 'G', email: 'grace@google.test' });
    await heading(third.page, 'Hello, Grace');

    await elsewhere.page.getByRole('button', { name: 'Disconnect Google' }).click();
    await elsewhere.page
      .getByText('Google disconnected. All other devices were signed out.')
      .waitFor();
    await elsewhere.page.getByRole('button', { name: 'Connect Google' }).waitFor();
  });

  it('a failed provider sign-in says what went wrong, and one click retries it', async () => {
    const linus = await person();
    const { page } = linus;
    await page.goto('/sign-in?to=/activity');
    await page.getByRole('link', { name: 'Continue with GitHub' }).click();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('You cancelled at GitHub').waitFor();
    await page.getByRole('link', { name: 'Try again' }).click();
    await beThere(linus, 'GitHub', { name: 'Linus', email: 'linus@github.test', verified: false });
    await page.getByText('GitHub hasn’t verified your email address').waitFor();
    await page.getByRole('link', { name: 'Try again' }).click();
    await beThere(linus, 'GitHub', { name: 'Linus', email: 'linus@github.test' });
    await heading(page, 'Your activity');
  });

  it('a failed connection says what went wrong under its own heading, and leads back to the account', async () => {
    const rosa = await person();
    await join(rosa, account('Rosa'));
    const { page } = rosa;
    await page.goto('/account');
    await page.getByRole('button', { name: 'Connect Google' }).click();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('You cancelled at Google').waitFor();
    await heading(page, 'Connect Google');
    await look(page);
    await page.getByRole('link', { name: 'Back to account settings' }).click();
    await heading(page, 'Account settings');
    await expectFocus(page.getByRole('heading', { name: 'Connected accounts' }));
  });

  it('connecting a provider requires re-authentication in place, and continues by itself', async () => {
    const barbara = await person();
    const owner = account('Barbara');
    await join(barbara, owner);
    const { page } = barbara;
    await page.goto('/account');
    site().clock.move(11 * minute);
    barbara.expects('403 POST /api/account/providers/github/connect');
    await page.getByRole('button', { name: 'Connect GitHub' }).click();
    const proof = page.getByRole('dialog', { name: 'Confirm it’s you' });
    await proof.getByLabel('Password', { exact: true }).fill(owner.password);
    await proof.getByRole('button', { name: 'Confirm' }).click();
    await heading(page, 'Mock GitHub');
  });

  it('an account without a password re-authenticates at the provider in another tab, and the interrupted action continues', async () => {
    const edsger = await person();
    const { page, context } = edsger;
    const there = { name: 'Edsger', email: 'edsger@google.test' };
    await page.goto('/sign-up');
    await page.getByRole('link', { name: 'Continue with Google' }).click();
    await beThere(edsger, 'Google', there);
    await heading(page, 'Hello, Edsger');
    await page.goto('/account');
    site().clock.move(11 * minute);
    edsger.expects('403 POST /api/factors/totp');
    await page.getByRole('button', { name: 'Add an authenticator app' }).focus();
    await page.keyboard.press('Enter');
    const proof = page.getByRole('dialog', { name: 'Confirm it’s you' });
    await proof.getByText('Choose the Google account that you sign in with.').waitFor();
    expect(await proof.getByLabel('Password', { exact: true }).count()).toBe(0);
    await look(page);

    const opened = context.waitForEvent('page');
    await page.keyboard.press('Enter');
    const beside = await opened;
    await heading(beside, 'Mock Google');
    await beside.getByRole('button', { name: 'Cancel' }).click();
    await beside.getByText('You cancelled at Google').waitFor();
    await proof.waitFor();
    await beside.getByRole('button', { name: 'Try again' }).click();
    await beThere({ page: beside }, 'Google', { ...there, email: 'somebody-else@google.test' });
    await beside.getByText('That Google account isn’t connected to yours').waitFor();
    expect(await beside.evaluate(() => window.opener)).toBeNull();
    await look(beside);
    await beside.getByRole('button', { name: 'Try again' }).click();
    await beThere({ page: beside }, 'Google', there);
    await heading(beside, 'Identity confirmed');
    await look(beside);
    await proof.waitFor({ state: 'detached' });
    await page.getByRole('img', { name: /QR code/ }).waitFor();
  });
});
