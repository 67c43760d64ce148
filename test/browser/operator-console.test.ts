import { expect, test } from 'vitest';
import { offerClaim } from '../../src/accounts/claim-operator.ts';
import { minute } from '../../src/clock.ts';
import { inTheBrowser, type Site } from './in-the-browser.ts';
import { look } from './look.ts';
import type { Person } from './person.ts';
import { account, fillAccount, heading, join, signIn } from './steps.ts';

inTheBrowser('the operators’ screen', ({ site, person }) => {
  async function operator(name: string): Promise<Person> {
    const someone = await person();
    const { page } = someone;
    await page.goto(await offerClaim(site().services));
    await fillAccount(page, account(name));
    await page.getByRole('button', { name: 'Create operator account' }).click();
    await heading(page, `Hello, ${name}`);
    return someone;
  }
  const open = async ({ page }: Person, part: string) => {
    await page
      .getByRole('navigation', { name: 'Main' })
      .getByRole('link', { name: 'Operators' })
      .click();
    await heading(page, 'Operators');
    await page
      .getByRole('navigation', { name: 'Sections' })
      .getByRole('link', { name: part })
      .click();
    await page.getByRole('heading', { level: 2, name: part }).waitFor();
  };
  const rowOf = ({ page }: Person, text: string) => page.getByRole('row').filter({ hasText: text });

  test('the last operator is told why the role cannot be removed, and can leave the dialog with Escape', async () => {
    const olive = await operator('Olive');
    olive.expects(/^409 PATCH/);
    await open(olive, 'Accounts');
    await rowOf(olive, 'olive@')
      .getByRole('button', { name: /Remove operator role/ })
      .click();
    const dialog = olive.page.getByRole('dialog');
    await dialog.getByText(/This is your own account/).waitFor();
    await dialog.getByRole('button', { name: 'Remove operator role' }).click();
    await dialog
      .getByText('This is the last operator. Make someone else an operator first.')
      .waitFor();
    await look(olive.page);
    await olive.page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  test('an operator finds an account, makes it an operator after re-authentication, and removes the role', async () => {
    const ada = account('Ada');
    const olga = await operator('Olga');
    await join(await person(), ada);
    await open(olga, 'Accounts');
    await rowOf(olga, ada.email).waitFor();
    await look(olga.page);
    await olga.page.getByLabel('Email or name starts with').fill('aDa');
    await olga.page.getByRole('button', { name: 'Search' }).click();
    await expect.poll(() => rowOf(olga, '@').count()).toBe(1);

    site().clock.move(11 * minute);
    olga.expects(
      `403 PATCH /api/operator/accounts/${await idOf(ada.email, site())}`,
      '401 POST /api/session/confirm',
    );
    await rowOf(olga, ada.email)
      .getByRole('button', { name: /Make operator/ })
      .click();
    const dialog = olga.page.getByRole('dialog');
    await dialog.getByText(/Its sessions end/).waitFor();
    await look(olga.page);
    await dialog.getByRole('button', { name: 'Make operator' }).click();
    const proof = olga.page.getByRole('dialog', { name: 'Confirm it’s you' });
    const password = proof.getByLabel('Password', { exact: true });
    await password.waitFor();
    await expect
      .poll(() => password.evaluate((field) => field === document.activeElement))
      .toBe(true);
    await look(olga.page);
    await password.fill('not this one');
    await proof.getByRole('button', { name: 'Confirm' }).click();
    await proof.getByText('That password is incorrect.').waitFor();
    await password.fill(ada.password);
    await proof.getByRole('button', { name: 'Confirm' }).click();
    await olga.page.getByText(`${ada.email} is now an operator.`).waitFor();
    await dialog.waitFor({ state: 'detached' });

    await rowOf(olga, ada.email)
      .getByRole('button', { name: /Remove operator role/ })
      .click();
    await dialog.getByRole('button', { name: 'Remove operator role' }).click();
    await olga.page.getByText(`${ada.email} is no longer an operator.`).waitFor();
    await olga.page.getByLabel('Email or name starts with').fill('no such user');
    await olga.page.getByRole('button', { name: 'Search' }).click();
    await olga.page.getByText('No email or name starts with “no such user”').waitFor();
    await look(olga.page);
  });

  test('an operator ends all sessions of a user', async () => {
    const bea = account('Bea');
    const olaf = await operator('Olaf');
    const laptop = await person();
    await join(laptop, bea);
    await open(olaf, 'Accounts');
    await rowOf(olaf, bea.email)
      .getByRole('button', { name: /Sign out everywhere/ })
      .click();
    await olaf.page
      .getByRole('dialog')
      .getByRole('button', { name: 'Sign out everywhere' })
      .click();
    await olaf.page.getByText(`${bea.email} was signed out everywhere.`).waitFor();
    await laptop.page.reload();
    await heading(laptop.page, 'Sign in');
    await signIn(laptop, bea);
    await laptop.page.getByRole('link', { name: 'Activity' }).click();
    await laptop.page.getByText('Signed out everywhere by an operator').waitFor();
  });

  test('the console shows and clears active rate limits, shows email with delivery errors, the settings and the audit log', async () => {
    const otto = await operator('Otto');
    const { services, clock } = site();
    await open(otto, 'Rate limits');
    await otto.page.getByText('No active rate limits').waitFor();
    await look(otto.page);
    for (let n = 0; n < 10; n += 1)
      await services.limiter.consume('wrong-password', { key: 'cleo@example.com' });
    await otto.page.reload();
    await rowOf(otto, 'cleo@example.com')
      .getByText('Incorrect passwords', { exact: true })
      .waitFor();
    await look(otto.page);
    await otto.page.getByRole('button', { name: /Clear/ }).click();
    await otto.page.getByRole('dialog').getByRole('button', { name: 'Clear' }).click();
    await otto.page.getByText('“Incorrect passwords” cleared for cleo@example.com.').waitFor();
    await otto.page.getByText('No active rate limits').waitFor();

    const dueAt = new Date(clock.now().getTime() + 5 * minute);
    const message = { subject: 'Hello', text: 'Hello', html: '' };
    const mail = services.mailer.compose({
      to: 'cleo@example.com',
      message,
      challengeId: null,
      expiresAt: new Date(dueAt.getTime() + 60 * minute),
    });
    await services.store.insertMail({ ...mail, dueAt, tries: 4, lastError: 'ECONNECTION CONN' });
    await open(otto, 'Email');
    await rowOf(otto, 'cleo@example.com')
      .getByText('The mail server could not be reached.')
      .waitFor();
    await look(otto.page);
    await otto.page.getByRole('button', { name: /Retry now/ }).click();
    await otto.page.getByRole('dialog').getByRole('button', { name: 'Retry now' }).click();
    await otto.page.getByText('Retrying the email to cleo@example.com.').waitFor();
    await otto.page.getByRole('link', { name: 'In the sandbox mailbox' }).click();
    await rowOf(otto, 'cleo@example.com').first().waitFor();
    await otto.page.getByRole('link', { name: 'Not delivered' }).click();
    await otto.page.getByText('No undelivered emails recently').waitFor();

    await open(otto, 'Settings');
    await rowOf(otto, 'FLOWCEPT_KEYS').getByText('Redacted').waitFor();
    await look(otto.page);
    await open(otto, 'Audit log');
    await rowOf(otto, 'Rate limit cleared by an operator')
      .getByText('Incorrect passwords: cleo@example.com')
      .waitFor();
    await look(otto.page);
  });

  test('a user who is not an operator does not see the console', async () => {
    const dora = await person();
    await join(dora, account('Dora'));
    expect(await dora.page.getByRole('link', { name: 'Operators' }).count()).toBe(0);
    await dora.page.goto('/operators');
    await heading(dora.page, 'Page not found');
    const stranger = await person();
    await stranger.page.goto('/operators?part=limits');
    await heading(stranger.page, 'Sign in');
  });
});

async function idOf(email: string, { services }: Site): Promise<string> {
  return (await services.store.findAccountByEmail(email))?.id ?? '';
}
