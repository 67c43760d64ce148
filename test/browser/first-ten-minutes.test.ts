import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../../src/package-root.ts';
import { serverProcesses, type ServerProcess } from '../server-process.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { chromium, openBrowser } from './in-the-browser.ts';
import { Person } from './person.ts';
import { readCode } from './steps.ts';

const guide = await readFile(join(packageRoot, 'docs/guides/first-ten-minutes.md'), 'utf8');
const steps = [...guide.matchAll(/^\d+\. (.+)$/gm)].map(([, text = '']) => text);
const runOfChecks = 150_000;

interface Scene {
  person: Person;
  browser(which: string): Promise<Person>;
  server: ServerProcess;
}

/** Every step that the guide can contain, with what a new user does then. An unknown step fails. */
const sentences: [RegExp, (scene: Scene, ...words: string[]) => Promise<unknown>][] = [
  [
    /^In (?:a|the) (first|second|third) browser, /,
    async (scene, which = '') => (scene.person = await scene.browser(which)),
  ],
  [
    /^Follow the link that the terminal printed\. ?/,
    async ({ person, server }) => person.page.goto(await printedLink(server)),
  ],
  [/^[Oo]pen `([^`]+)`\. ?/, ({ person }, path = '') => person.page.goto(path)],
  [/^load the page again\. ?/, ({ person }) => person.page.reload()],
  [
    /^Type `([^`]+)` into \*\*([^*]+)\*\*\. ?/,
    ({ person }, text = '', label = '') =>
      person.page.getByLabel(label, { exact: true }).fill(text),
  ],
  [/^Press \*\*([^*]+)\*\*\. ?/, ({ person }, name = '') => pressable(person.page, name).click()],
  [
    /^Read the code there and type it into \*\*([^*]+)\*\*\. ?/,
    async ({ person }, label = '') =>
      person.page.getByLabel(label, { exact: true }).fill(await readCode(person)),
  ],
  [
    /^You see \*\*([^*]+)\*\*\.? ?/,
    ({ person }, text = '') =>
      person.page.getByText(text).filter({ visible: true }).first().waitFor(),
  ],
  [
    /^Wait until you see \*\*([^*]+)\*\*\. ?/,
    ({ person }, text = '') => waitFor(person.page, text),
  ],
];

/** The server may answer before it has printed the link. */
async function printedLink(server: ServerProcess): Promise<string> {
  const link = () => /http:\S+\/operator#token=[\w-]+/.exec(server.lines().join('\n'))?.[0];
  await expect.poll(link, { timeout: 10_000 }).toBeDefined();
  return link() ?? '';
}

function pressable(page: Page, name: string) {
  const main = page.getByRole('main');
  return main
    .getByRole('button', { name })
    .or(main.getByRole('link', { name }))
    .or(main.locator('summary', { hasText: name }))
    .first();
}

/** Polls, as a user who waits looks again. */
async function waitFor(page: Page, text: string): Promise<void> {
  const look = async () => (await page.reload(), pressable(page, text).isVisible());
  await expect.poll(look, { timeout: runOfChecks, interval: 2_000 }).toBe(true);
}

async function follow(step: string, scene: Scene): Promise<void> {
  for (let rest = step; rest !== '';) {
    const [pattern, act] = sentences.find(([one]) => one.test(rest)) ?? [];
    const match = pattern?.exec(rest);
    if (!act || !match) throw new Error(`No newcomer knows what to do at: ${rest}`);
    await act(scene, ...match.slice(1));
    rest = rest.slice(match[0].length);
  }
}

describe.skipIf(chromium === null)('the first ten minutes in the browser', () => {
  const servers = serverProcesses();
  let browser: Browser;
  let scene: Scene;
  const people = new Map<string, Person>();

  beforeAll(async () => {
    browser = await openBrowser();
    const server = await servers.start({
      database: { kind: 'libsql', path: `${await temporaryDirectory()}/flowcept.db` },
      atTerminal: true,
    });
    const arrive = async (which: string) => {
      const person = people.get(which) ?? (await Person.arrive(browser, server.config.origin));
      people.set(which, person);
      return person;
    };
    scene = { server, browser: arrive, person: await arrive('first') };
  });
  afterAll(() => browser?.close());

  test('the guide has steps', () => expect(steps.length).toBeGreaterThan(10));

  test.each(steps)('%s', (step) => follow(step, scene), runOfChecks + 30_000);

  test('no page reported an error', () => {
    expect([...people.values()].flatMap(({ faults }) => faults)).toEqual([]);
  });
});
