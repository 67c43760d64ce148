import type { Locator, Page } from 'playwright-core';
import { goodPassword, type Visitor } from '../visitor.ts';
import type { Site } from './in-the-browser.ts';
import type { Person } from './person.ts';

/** Common steps of users, by what they see: roles and labels. */

export interface Account {
  name: string;
  email: string;
  password: string;
}

export function account(name: string): Account {
  return { name, email: `${name.toLowerCase()}@example.com`, password: goodPassword };
}

export async function heading(page: Page, name: string | RegExp): Promise<void> {
  await page.getByRole('heading', { level: 1, name }).waitFor();
}

export async function fillAccount(page: Page, { name, email, password }: Account): Promise<void> {
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Email', { exact: true }).fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
}

export async function signUp(person: Person, account: Account): Promise<void> {
  const { page } = person;
  await page.goto('/sign-up');
  await fillAccount(page, account);
  await page.getByRole('button', { name: 'Create account' }).click();
  await heading(page, 'Check your email');
}

/** The newest code in the sandbox mailbox, read in another tab. */
export async function readCode({ page, context }: Person): Promise<string> {
  const opened = context.waitForEvent('page');
  await page
    .getByRole('main')
    .getByRole('link', { name: /sandbox mailbox/i })
    .click();
  return readMailbox(await opened);
}

/** The code of the newest email on the page; the tab is closed afterwards. */
export async function readMailbox(mailbox: Page): Promise<string> {
  const mail = await mailbox.getByRole('article').first().innerText();
  await mailbox.close();
  const code = /^\d{6}$/m.exec(mail)?.[0];
  if (code === undefined) throw new Error(`No code in this mail:\n${mail}`);
  return code;
}

/** The form submits itself as soon as the code is complete. */
export async function giveCode({ page }: Person, code: string): Promise<void> {
  await page.getByLabel('Code', { exact: true }).fill(code);
}

export async function join(person: Person, account: Account): Promise<void> {
  await signUp(person, account);
  await giveCode(person, await readCode(person));
  await heading(person.page, `Hello, ${account.name}`);
}

/** An existing account, created beside the browser by a client that stays signed in to it. */
export async function member(site: Site, { name, email, password }: Account): Promise<Visitor> {
  const visitor = site.visitor();
  await visitor.join(email, password, name);
  return visitor;
}

export async function signIn({ page }: Person, { email, password, name }: Account): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel('Email', { exact: true }).fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await heading(page, `Hello, ${name}`);
}

/** The devices that the account is signed in on, as its home page lists them. */
export async function devices({ page }: Person): Promise<number> {
  const list = page.getByRole('region', { name: 'Your devices' });
  await list.getByRole('listitem').first().waitFor();
  return list.getByRole('heading', { level: 3 }).count();
}

/** What is announced with a field: its error and its hint. */
export async function describedBy(field: Locator): Promise<string> {
  const ids = (await field.getAttribute('aria-describedby')) ?? '';
  const texts = ids
    .split(' ')
    .filter((id) => id !== '')
    .map((id) => field.page().locator(`[id="${id}"]`).innerText());
  return (await Promise.all(texts)).join(' ');
}
