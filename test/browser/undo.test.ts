import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import {
  undoLeaves,
  undoPromise,
  undoSince,
  undoTaken,
  undoTakenSteps,
} from '../../src/api/undo.ts';
import type { Visitor } from '../visitor.ts';
import { inTheBrowser, type Site } from './in-the-browser.ts';
import { look } from './look.ts';
import { account, heading, member, signIn } from './steps.ts';

inTheBrowser('“This wasn’t me”', ({ site, person }) => {
  test('the link of a notice ends all sessions, works once, and leads to a new password', async () => {
    const ada = account('Ada');
    await member(site(), ada);
    const thief = await person();
    await signIn(thief, ada);
    const owner = await person();
    await signIn(owner, ada);

    const { page } = owner;
    await page.goto(`/sandbox/mailbox?to=${ada.email}`);
    await page
      .getByRole('link', { name: /\/undo#token=/ })
      .first()
      .click();
    await heading(page, 'Secure your account');
    expect(new URL(page.url()).hash).toBe('');
    for (const sentence of [...Object.values(undoPromise), undoSince, ...undoLeaves])
      await page.getByText(sentence).waitFor();
    expect(
      await page.getByRole('checkbox').isChecked(),
      'what was connected before stays unless that is asked for',
    ).toBe(false);
    await look(page);
    // Opening the link does nothing by itself, because mail programs open links, too.
    await thief.page.reload();
    await heading(thief.page, 'Hello, Ada');
    await page.getByRole('button', { name: /This wasn’t me/ }).click();
    await heading(page, 'Your account is secured');
    await look(page);

    await thief.page.reload();
    await heading(thief.page, 'Sign in');
    expect(
      (await site().visitor().post('/api/sign-in', { email: ada.email, password: ada.password }))
        .status,
    ).toBe(401);
    await page.getByRole('link', { name: 'Reset your password' }).click();
    await heading(page, 'Reset your password');
  });

  test('the link explains how to free an address that another account has, and restores it afterwards', async () => {
    const eve = account('Eve');
    const own = await member(site(), eve);
    await move(site(), own, 'moved-away@example.com');
    const squat = await member(site(), eve);
    const owner = await person();
    const { page } = owner;
    await page.goto(`/sandbox/mailbox?to=${eve.email}`);
    const link =
      (await page
        .getByRole('link', { name: /\/undo#token=/ })
        .last()
        .getAttribute('href')) ?? '';
    await press(page, link);
    await heading(page, /another account has its email address/);
    await page.getByText(undoTaken).waitFor();
    expect(await page.locator('main').getByRole('listitem').allInnerTexts()).toEqual([
      ...undoTakenSteps,
    ]);
    await look(page);
    await page.getByRole('link', { name: 'Reset the other account’s password' }).click();
    await heading(page, 'Reset your password');
    await move(site(), squat, 'other@example.com');
    await press(page, link);
    await heading(page, 'Your account is secured');
  });

  test('a used or missing link explains what to do instead', async () => {
    const bob = account('Bob');
    await member(site(), bob);
    await signIn(await person(), bob);
    const owner = await person();
    const { page } = owner;
    owner.expects('410 POST /api/account/undo');
    await page.goto(`/sandbox/mailbox?to=${bob.email}`);
    const link =
      (await page
        .getByRole('link', { name: /\/undo#token=/ })
        .first()
        .getAttribute('href')) ?? '';
    await press(page, link);
    await heading(page, 'Your account is secured');
    await press(page, link);
    await page.getByText('This link expired or was already used').waitFor();
    await look(page);
    await page.goto('/');
    await page.goto('/undo');
    await page.getByText('Open this page with the link in the email').waitFor();
    await look(page);
  });
});

async function move(site: Site, own: Visitor, email: string): Promise<void> {
  const { body } = await own.post('/api/account/email', { email });
  await own.post(`/api/challenges/${body.challenge.id}/verify`, {
    code: await site.visitor().codeFor(email),
  });
}

async function press(page: Page, link: string): Promise<void> {
  await page.goto('/');
  await page.goto(link);
  await page.getByRole('button', { name: /This wasn’t me/ }).click();
}
