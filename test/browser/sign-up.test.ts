import { afterAll, expect, test } from 'vitest';
import { wrongCode } from '../visitor.ts';
import { inTheBrowser } from './in-the-browser.ts';
import { look } from './look.ts';
import { openMailServer, type MailServer } from './mail-server.ts';
import {
  account,
  describedBy,
  devices,
  fillAccount,
  giveCode,
  heading,
  join,
  readCode,
  signUp,
} from './steps.ts';

inTheBrowser('signing up', ({ site, person }) => {
  test('sign-up leads from the landing page through the emailed code to a home page with the user’s name', async () => {
    const ada = await person();
    const { page } = ada;
    await page.goto('/');
    await look(page);
    await page.getByRole('main').getByRole('link', { name: 'Create account' }).first().click();
    await heading(page, 'Create your account');
    await look(page);

    await fillAccount(page, account('Ada'));
    await page.getByRole('button', { name: 'Create account' }).click();
    await heading(page, 'Check your email');
    await page.getByText('ada@example.com').first().waitFor();
    await look(page);

    await giveCode(ada, await readCode(ada));
    await heading(page, 'Hello, Ada');
    await page.getByText('ada@example.com').first().waitFor();
    await page
      .getByRole('region', { name: 'Your devices' })
      .getByText('This device', { exact: true })
      .waitFor();
    expect(await devices(ada)).toBe(1);
    await look(page);
  });

  test('an invalid field shows its error and takes the focus', async () => {
    const { page } = await person();
    await page.goto('/sign-up');
    await fillAccount(page, { ...account('Bob'), password: 'too short' });
    await page.getByRole('button', { name: 'Create account' }).click();
    const password = page.getByLabel('Password', { exact: true });
    await expect.poll(() => describedBy(password)).toContain('Use at least 15 characters.');
    expect(await password.getAttribute('aria-invalid')).toBe('true');
    expect(await password.evaluate((field) => field === document.activeElement)).toBe(true);
    await look(page);
  });

  test('a corrected form is submitted with one click', async () => {
    const { page } = await person();
    await page.goto('/sign-up');
    await fillAccount(page, { ...account('Gina'), password: 'too short' });
    await page.getByRole('button', { name: 'Create account' }).click();
    const password = page.getByLabel('Password', { exact: true });
    await expect.poll(() => password.getAttribute('aria-invalid')).toBe('true');
    await password.fill(account('Gina').password);
    await page.getByRole('button', { name: 'Create account' }).click();
    await heading(page, 'Check your email');
  });

  test('an error that only the server finds is shown at its field, too', async () => {
    const bob = await person();
    const { page } = bob;
    bob.expects('422 POST /api/sign-up');
    // The page was loaded when the rule was less strict.
    await page.route('/api/deployment', async (route) => {
      const { deployment } = await (await route.fetch()).json();
      await route.fulfill({ json: { deployment: { ...deployment, passwordMinLength: 8 } } });
    });
    await page.goto('/sign-up');
    await fillAccount(page, { ...account('Bob'), password: 'twelve signs' });
    await page.getByRole('button', { name: 'Create account' }).click();
    await expect
      .poll(() => describedBy(page.getByLabel('Password', { exact: true })))
      .toContain('Use at least 15 characters.');
  });

  test('a sign-up that waits for its code survives a reload', async () => {
    const cleo = await person();
    await signUp(cleo, account('Cleo'));
    await cleo.page.reload();
    await heading(cleo.page, 'Check your email');
    await cleo.page.getByText('cleo@example.com').first().waitFor();
    await giveCode(cleo, await readCode(cleo));
    await heading(cleo.page, 'Hello, Cleo');
  });

  test('sign-up counts wrong codes, and accepts the right one afterwards', async () => {
    const dora = await person();
    dora.expects(/^422 POST \/api\/challenges\/[^/]+\/verify$/);
    await signUp(dora, account('Dora'));
    const code = await readCode(dora);
    await giveCode(dora, wrongCode(code));
    await expect
      .poll(() => describedBy(dora.page.getByLabel('Code', { exact: true })))
      .toContain('4 attempts left');
    await look(dora.page);
    await giveCode(dora, code);
    await heading(dora.page, 'Hello, Dora');
  });

  test('sign-up ends after five wrong codes, and tells how to start again', async () => {
    const eve = await person();
    eve.expects(/^422 POST \/api\/challenges\/[^/]+\/verify$/);
    await signUp(eve, account('Eve'));
    const wrong = wrongCode(await readCode(eve));
    for (const left of [
      '4 attempts left',
      '3 attempts left',
      '2 attempts left',
      '1 attempt left',
    ]) {
      await giveCode(eve, '');
      await giveCode(eve, wrong);
      await expect
        .poll(() => describedBy(eve.page.getByLabel('Code', { exact: true })))
        .toContain(left);
    }
    await giveCode(eve, '');
    await giveCode(eve, wrong);
    await eve.page.getByRole('alert').waitFor();
    await look(eve.page);
    await eve.page.getByRole('main').getByRole('link', { name: 'Start again' }).click();
    await heading(eve.page, 'Create your account');
    expect(await eve.page.getByLabel('Email', { exact: true }).inputValue()).toBe(
      'eve@example.com',
    );
  });

  test('signing up with an existing account’s address looks the same, and only the email differs', async () => {
    await join(await person(), account('Finn'));
    const stranger = await person();
    await signUp(stranger, account('Finn'));
    await stranger.page.getByText('finn@example.com').first().waitFor();
    const mail = await site()
      .visitor()
      .get('/sandbox/mailbox?to=finn@example.com', { Accept: 'application/json' });
    expect(mail.body.items[0].subject).toBe('Flowcept: You already have an account');
  });
});

let mailServer: MailServer | undefined;
afterAll(async () => mailServer?.close());

inTheBrowser(
  'signing up with a mail server',
  ({ person }) => {
    test('a code delivered by SMTP is accepted, and the page mentions no sandbox mailbox', async () => {
      const ada = await person();
      await signUp(ada, account('Ada'));
      expect(await ada.page.getByText(/sandbox mailbox/i).count()).toBe(0);
      await look(ada.page);
      await giveCode(ada, (await mailServer?.codeTo('ada@example.com')) ?? '');
      await heading(ada.page, 'Hello, Ada');
      await look(ada.page);
    });
  },
  {
    variables: async () => {
      mailServer ??= await openMailServer();
      return { SMTP_URL: mailServer.url, MAIL_FROM: 'Flowcept <no-reply@example.com>' };
    },
  },
);
